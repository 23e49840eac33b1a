import numpy as np
import pytest

from missions import COMPUTE
from perigrid.fleet.bus_steps import step_battery, step_heat
from perigrid.fleet.columns import battery_numbers, node_numbers
from perigrid.physics.heat import two_node_advance
from perigrid.physics.power import battery_advance


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


def test_the_numbers_for_kernels_are_those_of_the_steps() -> None:
    whole = step_battery(COMPUTE, np.array([9e5]), np.array([50.0]), np.array([200.0]), 60.0)
    one = battery_advance(9e5, 50.0, 200.0, 60.0, *battery_numbers(COMPUTE))
    assert (whole.stored_j[0], whole.served_j[0], whole.unserved_j[0]) == one[:3]
    heat = step_heat(
        COMPUTE, np.array([310.0]), np.array([280.0]), np.array([90.0]), np.array([40.0]), 60.0
    )
    alone = two_node_advance(310.0, 280.0, 90.0, 40.0, 60.0, *node_numbers(COMPUTE))
    assert alone == pytest.approx((heat.computer_k[0], heat.radiator_k[0], heat.radiated_j[0]))
