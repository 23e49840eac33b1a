import math

import numpy as np
import pytest

from perigrid.physics.heat import two_node_steady_k
from perigrid.physics.sustained import BatteryLimits, HeatLimits, sustained_compute_w

BIG_BATTERY = BatteryLimits(
    capacity_j=1e9,
    floor_j=0.0,
    charge_efficiency=0.95,
    discharge_efficiency=0.9,
    max_charge_w=1e6,
    max_discharge_w=1e6,
)
COLD = HeatLimits(
    computer_heat_capacity_j_k=5e3,
    radiator_heat_capacity_j_k=2e4,
    conductance_w_k=50.0,
    emissivity=0.9,
    area_m2=1000.0,
    initial_k=280.0,
    max_computer_k=350.0,
)


def orbit(count=240, dark=0.35):
    """Array power over an orbit: 1000 W in the light, nothing in the dark."""
    phase = np.linspace(0.0, 4.0, count, endpoint=False) % 1.0
    return np.where(phase < 1.0 - dark, 1000.0, 0.0)[None]


def sustained(array_w, environment_w=None, battery=BIG_BATTERY, heat=COLD, **changes):
    settings = {"bus_load_w": 100.0, "idle_w": 20.0, "installed_w": 2000.0}
    environment = np.zeros_like(array_w) if environment_w is None else environment_w
    return sustained_compute_w(
        array_w, environment, 100.0, battery=battery, heat=heat, **{**settings, **changes}
    )


def test_energy_limit_matches_the_orbit_average():
    array = orbit()
    found = sustained(array)
    lit = (array > 0).mean()
    # eta_c (1000 - L) lit = L (1 - lit) / eta_d
    load = 0.95 * 1000.0 * lit / ((1.0 - lit) / 0.9 + 0.95 * lit)
    assert found.energy_w[0] == pytest.approx(load - 100.0, abs=0.2)
    assert found.compute_w[0] == pytest.approx(load - 100.0, abs=0.2)
    assert found.binding == ("energy",)


def test_small_battery_binds():
    dark_s = 0.35 * 60 * 100.0
    small = BatteryLimits(
        capacity_j=200.0 * dark_s / 0.9,
        floor_j=0.0,
        charge_efficiency=0.95,
        discharge_efficiency=0.9,
        max_charge_w=1e6,
        max_discharge_w=1e6,
    )
    found = sustained(orbit(), battery=small)
    assert found.binding == ("battery",)
    # 200 W through the eclipse, of which the bus takes 100 W.
    assert found.compute_w[0] == pytest.approx(100.0, abs=0.2)
    assert found.energy_w[0] > 300.0


def test_discharge_power_binds():
    weak = BatteryLimits(1e9, 0.0, 0.95, 0.9, 1e6, 250.0)
    assert sustained(orbit(), battery=weak).compute_w[0] == pytest.approx(150.0, abs=0.2)


def test_heat_binds_at_the_steady_state():
    hot = HeatLimits(5e3, 2e4, 50.0, 0.9, 1.2, 300.0, 340.0)
    array = np.full((1, 1000), 5000.0)
    found = sustained(array, np.full_like(array, 60.0), heat=hot, installed_w=1000.0)
    assert found.binding == ("heat",)
    computer, _ = two_node_steady_k(
        found.heat_w, np.array([160.0]), conductance_w_k=50.0, emissivity=0.9, area_m2=1.2
    )
    assert computer[0] == pytest.approx(340.0, abs=0.01)


def test_installed_power_binds():
    found = sustained(np.full((2, 200), 9000.0), installed_w=300.0)
    np.testing.assert_allclose(found.compute_w, 300.0)
    assert found.binding == ("computer", "computer")


def test_no_sustained_compute_below_idle():
    found = sustained(np.full((1, 200), 110.0))
    assert found.compute_w[0] == 0.0
    assert found.battery_w[0] == pytest.approx(10.0, abs=0.1)
    assert sustained(np.full((1, 200), 50.0)).compute_w[0] == 0.0


def test_satellites_are_independent():
    both = np.concatenate([orbit(), orbit(dark=0.2)])
    together = sustained(both)
    for row in range(2):
        alone = sustained(both[row : row + 1])
        assert together.compute_w[row] == alone.compute_w[0]
    assert together.compute_w[1] > together.compute_w[0]
    assert not math.isnan(together.heat_w[0])
