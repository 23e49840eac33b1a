import numpy as np
import pytest

from missions import COMPUTE
from perigrid.fleet.bus_steps import step_battery, step_heat


def test_the_battery_keeps_the_bus_floor_and_capacity() -> None:
    floor_j = COMPUTE.battery.capacity_j * COMPUTE.battery.min_soc
    stored_j = np.array([floor_j, COMPUTE.battery.capacity_j, 0.5 * COMPUTE.battery.capacity_j])
    dark = step_battery(COMPUTE, stored_j, np.zeros(3), np.full(3, 200.0), 60.0)
    assert dark.stored_j[0] == floor_j
    assert dark.unserved_j.tolist() == [12_000.0, 0.0, 0.0]
    assert dark.stored_j[2] == pytest.approx(stored_j[2] - 12_000.0 / 0.96)
    bright = step_battery(COMPUTE, stored_j, np.full(3, 500.0), np.full(3, 200.0), 60.0)
    assert bright.spilled_j[1] == pytest.approx(18_000.0)


def test_heat_flows_from_the_computer_to_the_radiator() -> None:
    warm, cold = np.array([320.0]), np.array([280.0])
    step = step_heat(COMPUTE, warm, cold, np.zeros(1), np.zeros(1), 60.0)
    assert step.computer_k[0] < 320.0
    lost_j = (320.0 - step.computer_k[0]) * COMPUTE.thermal.computer_heat_capacity_j_k
    gained_j = (step.radiator_k[0] - 280.0) * COMPUTE.thermal.radiator_heat_capacity_j_k
    assert lost_j == pytest.approx(gained_j + step.radiated_j[0], rel=1e-9)
