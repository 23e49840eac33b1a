import itertools
import math

import numpy as np
import pytest

from perigrid.physics.chunks import limited_threads
from perigrid.physics.heat import two_node_steady_k, two_node_step
from perigrid.physics.power import battery_step
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


def some_fleet(rows=6, steps=300, seed=5):
    """Array power, heat from outside and load, different for every satellite and step."""
    rng = np.random.default_rng(seed)
    phase = (np.arange(steps) / 57.0 + rng.random((rows, 1))) % 1.0
    array = np.where(phase < 0.64, 600.0 * rng.uniform(0.7, 1.4, (rows, 1)), 0.0)
    outside = 120.0 + 60.0 * (phase < 0.64)
    load = 90.0 + 60.0 * rng.random((rows, steps))
    return array, outside, load


SMALL = BatteryLimits(1.5e6, 3.0e5, 0.95, 0.93, 450.0, 500.0)
WARM = HeatLimits(4.0e3, 3.0e4, 12.0, 0.88, 0.9, 263.0, 333.0)


def flown(power, array, outside, load, dt_s):
    """Fly the span until it repeats itself, by the steps of `power` and `heat`."""
    stored, computer, radiator = (np.array([x]) for x in (SMALL.capacity_j, 263.0, 263.0))
    for _ in range(6):
        begin, short, hottest, lowest = stored[0], 0.0, computer[0], stored[0]
        for supply, absorbed, bus in zip(array, outside, load, strict=True):
            step = battery_step(
                stored,
                np.array([supply]),
                np.array([power + bus]),
                dt_s,
                **{name: getattr(SMALL, name) for name in SMALL.__slots__},
            )
            heat = two_node_step(
                computer,
                radiator,
                np.array([power]),
                np.array([absorbed + bus]),
                dt_s,
                computer_heat_capacity_j_k=4.0e3,
                radiator_heat_capacity_j_k=3.0e4,
                conductance_w_k=12.0,
                emissivity=0.88,
                area_m2=0.9,
            )
            stored, computer, radiator = step.stored_j, heat.computer_k, heat.radiator_k
            short += step.unserved_j[0]
            hottest = max(hottest, computer[0])
            lowest = min(lowest, stored[0])
    return begin - stored[0], short, hottest, lowest


def test_the_kernel_agrees_with_the_steps_of_power_and_heat():
    array, outside, load = some_fleet(rows=3)
    found = sustained(array, outside, SMALL, WARM, bus_load_w=load, installed_w=500.0, idle_w=1.0)
    for row in range(3):
        compute = found.compute_w[row]
        fallen, short, hottest, lowest = flown(compute, array[row], outside[row], load[row], 100.0)
        assert short == 0.0
        assert fallen <= 1e-9 * SMALL.capacity_j
        # The kernel calls temperatures settled at 1e-5 K from flight to flight.
        assert 333.0 - hottest == pytest.approx(found.heat_margin_k[row], abs=1e-5)
        assert lowest - SMALL.floor_j == pytest.approx(found.battery_margin_j[row], abs=1e-3)
        fallen, short, hottest, _ = flown(
            compute + 0.002, array[row], outside[row], load[row], 100.0
        )
        assert short > 0.0 or fallen > 1e-9 * SMALL.capacity_j or hottest > 333.0


def test_a_constant_load_may_be_given_as_a_number_or_as_an_array():
    array, outside, _ = some_fleet()
    number = sustained(array, outside, SMALL, WARM, bus_load_w=110.0)
    spread = sustained(array, outside, SMALL, WARM, bus_load_w=np.full_like(array, 110.0))
    np.testing.assert_array_equal(number.compute_w, spread.compute_w)


def test_more_load_never_sustains_more():
    array, outside, load = some_fleet()
    results = [
        sustained(array, outside, SMALL, WARM, bus_load_w=load + more, idle_w=0.0)
        for more in (0.0, 20.0, 40.0)
    ]
    for less, more in itertools.pairwise(results):
        for limit in ("heat_w", "energy_w", "battery_w", "compute_w"):
            assert np.all(getattr(more, limit) <= getattr(less, limit))


def test_margins_are_zero_only_at_the_limit_that_binds():
    found = sustained(orbit())
    assert found.binding == ("energy",)
    assert 0.0 <= found.energy_margin_w[0] < 0.01
    assert found.heat_margin_k[0] > 10.0
    assert found.battery_margin_j[0] > 1e6
    hot = HeatLimits(5e3, 2e4, 50.0, 0.9, 1.2, 300.0, 340.0)
    warm = sustained(np.full((1, 1000), 5000.0), heat=hot, installed_w=1000.0)
    assert 0.0 <= warm.heat_margin_k[0] < 0.001
    assert warm.energy_margin_w[0] > 1000.0


def test_a_bus_too_hot_by_itself_has_a_negative_margin():
    tiny = HeatLimits(5e3, 2e4, 50.0, 0.9, 0.05, 300.0, 340.0)
    found = sustained(np.full((1, 400), 5000.0), heat=tiny)
    assert found.compute_w[0] == 0.0
    assert found.heat_margin_k[0] < 0.0


def test_bytes_do_not_depend_on_the_threads():
    array, outside, load = some_fleet(rows=11)
    results = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            results.append(sustained(array, outside, SMALL, WARM, bus_load_w=load))
    for other in results[1:]:
        assert other.binding == results[0].binding
        for name in ("compute_w", "heat_w", "battery_w", "heat_margin_k", "battery_margin_j"):
            np.testing.assert_array_equal(getattr(other, name), getattr(results[0], name))


@pytest.mark.parametrize("steps", [1, 6, 60])
def test_heat_limit_of_a_short_span_is_the_one_that_settles(steps):
    # Time constant of hours, span of minutes: a cold start must not pass for a margin.
    heavy = HeatLimits(
        computer_heat_capacity_j_k=5e4,
        radiator_heat_capacity_j_k=5e5,
        conductance_w_k=20.0,
        emissivity=0.9,
        area_m2=2.0,
        initial_k=263.15,
        max_computer_k=333.15,
    )
    array, absorbed = np.full((1, steps), 1e4), np.full((1, steps), 200.0)
    found = sustained(array, absorbed, heat=heavy)
    steady_k, _ = two_node_steady_k(
        np.array([found.heat_w[0]]),
        np.array([100.0 + 200.0]),
        conductance_w_k=20.0,
        emissivity=0.9,
        area_m2=2.0,
    )
    assert steady_k[0] == pytest.approx(333.15, abs=0.05)
