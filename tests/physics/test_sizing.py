from dataclasses import replace

import numpy as np
import pytest

from perigrid.physics.battery_ageing import SPACE_LITHIUM_ION, battery_remaining_share
from perigrid.physics.sizing import HeatRules, Margins, StorageRules, size_for_load
from perigrid.physics.sustained import BatteryLimits, HeatLimits, sustained_compute_w
from tests.physics.textbook import textbook_array_w, textbook_battery_j

DT_S = 30.0
STORAGE = StorageRules(min_soc=0.7, charge_efficiency=0.96, discharge_efficiency=0.94)
HEAT = HeatRules(4.0e3, 3.0e4, 20.0, 0.88, 270.0, 333.0)


def profile(eclipses=(0.36,), orbits=6, per_orbit=190, peak_w_m2=390.0):
    """Array power and absorbed heat per square metre; a row for each share of darkness."""
    phase = np.arange(orbits * per_orbit) % per_orbit / per_orbit
    lit = np.array([phase < 1.0 - dark for dark in eclipses])
    return np.where(lit, peak_w_m2, 0.0), 70.0 + 40.0 * lit


def sized(supply, outside, storage=STORAGE, heat=HEAT, **changes):
    settings = {"compute_w": 250.0, "bus_load_w": 120.0}
    return size_for_load(
        supply, outside, DT_S, storage=storage, heat=heat, **{**settings, **changes}
    )


def test_the_textbook_is_met_where_it_holds():
    supply, outside = profile()
    found = sized(supply, outside)
    lit_s = (supply[0, :190] > 0.0).sum() * DT_S
    dark_s = 190 * DT_S - lit_s
    array_w = textbook_array_w(
        370.0, lit_s, 370.0, dark_s, day_efficiency=1.0, eclipse_efficiency=0.96 * 0.94
    )
    assert found.array_area_m2 == pytest.approx(array_w / 390.0, rel=1e-9)
    battery_j = textbook_battery_j(370.0, dark_s, depth_fraction=0.3, discharge_efficiency=0.94)
    assert found.battery_capacity_j == pytest.approx(battery_j, rel=1e-6)
    assert found.depth_share == pytest.approx(0.3, rel=1e-6)
    assert found.cycles_per_year == pytest.approx(365.25 * 86400.0 / (190 * DT_S), rel=0.2)


def sustained_of(found, supply, outside, heat=HEAT, storage=STORAGE, **changes):
    capacity_j = found.battery_end_of_life_j
    settings = {"bus_load_w": 120.0, "idle_w": 1.0, "installed_w": 1000.0}
    return sustained_compute_w(
        found.array_area_m2 * supply,
        found.radiator_area_m2 * outside,
        DT_S,
        battery=BatteryLimits(
            capacity_j,
            storage.min_soc * capacity_j,
            storage.charge_efficiency,
            storage.discharge_efficiency,
            storage.charge_rate * capacity_j / 3600.0,
            storage.discharge_rate * capacity_j / 3600.0,
        ),
        heat=HeatLimits(
            heat.computer_heat_capacity_j_k,
            heat.radiator_heat_capacity_j_k,
            heat.conductance_w_k,
            heat.emissivity,
            found.radiator_area_m2,
            heat.initial_k,
            heat.max_computer_k,
        ),
        **{**settings, **changes},
    )


@pytest.mark.parametrize("eclipses", [(0.36,), (0.2, 0.36, 0.05)])
def test_what_is_sized_for_a_load_sustains_just_it(eclipses):
    supply, outside = profile(eclipses)
    found = sized(supply, outside)
    back = sustained_of(found, supply, outside)
    assert back.compute_w.min() == pytest.approx(250.0, abs=0.01)
    for limit in (back.heat_w, back.energy_w, back.battery_w):
        assert limit.min() == pytest.approx(250.0, abs=0.01)


def test_loads_that_change_in_time_come_back_too():
    supply, outside = profile((0.36, 0.3))
    load = 100.0 + 60.0 * np.random.default_rng(4).random(supply.shape)
    found = sized(supply, outside, bus_load_w=load)
    back = sustained_of(found, supply, outside, bus_load_w=load)
    assert back.compute_w.min() == pytest.approx(250.0, abs=0.01)


def test_margins_are_room_in_what_is_sustained():
    supply, outside = profile()
    plain = sized(supply, outside)
    wide = sized(supply, outside, margins=Margins(0.1, 0.2, 0.15))
    assert wide.array_area_m2 == pytest.approx(1.1 * plain.array_area_m2)
    assert wide.radiator_area_m2 == pytest.approx(1.15 * plain.radiator_area_m2)
    assert wide.battery_capacity_j >= 1.15 * plain.battery_capacity_j
    assert sustained_of(wide, supply, outside).compute_w[0] > 270.0


def test_the_worst_row_decides():
    supply, outside = profile((0.36, 0.1))
    both = sized(supply, outside)
    worst = sized(supply[:1], outside[:1])
    assert both.array_area_m2 == pytest.approx(worst.array_area_m2, rel=1e-9)
    assert both.battery_capacity_j == pytest.approx(worst.battery_capacity_j, rel=1e-6)


def test_more_load_needs_more_of_everything():
    supply, outside = profile()
    small, large = (sized(supply, outside, compute_w=load) for load in (200.0, 260.0))
    assert large.array_area_m2 > small.array_area_m2
    assert large.battery_capacity_j > small.battery_capacity_j
    assert large.radiator_area_m2 > small.radiator_area_m2


def test_a_slow_charger_needs_a_larger_battery():
    supply, outside = profile()
    # 0.15 of the capacity an hour: the rate decides, not the window.
    slow = replace(STORAGE, min_soc=0.0, charge_rate=0.15)
    quick = replace(slow, charge_rate=5.0)
    wide = Margins(array_share=0.05)
    limited = sized(supply, outside, storage=slow, margins=wide)
    free = sized(supply, outside, storage=quick, margins=wide)
    assert limited.battery_capacity_j > 1.5 * free.battery_capacity_j


def test_a_battery_is_bought_for_its_last_year():
    supply, outside = profile()
    aged = sized(supply, outside, storage=replace(STORAGE, fade=SPACE_LITHIUM_ION, life_years=5.0))
    new = sized(supply, outside)
    assert aged.battery_end_of_life_j == new.battery_capacity_j
    left = battery_remaining_share(
        SPACE_LITHIUM_ION, aged.cycles_per_year * 5.0, aged.depth_share, 5.0
    )
    assert aged.battery_capacity_j * left == pytest.approx(aged.battery_end_of_life_j, rel=1e-9)
    assert aged.depth_share < new.depth_share


def test_full_light_needs_no_battery():
    supply, outside = profile((0.0,))
    found = sized(supply, outside)
    assert found.battery_capacity_j == found.depth_share == found.cycles_per_year == 0.0
    assert found.array_area_m2 == pytest.approx(370.0 / 390.0)


def test_what_cannot_be_sized_says_why():
    supply, outside = profile()
    with pytest.raises(ValueError, match="no light"):
        sized(np.zeros_like(supply), outside)
    with pytest.raises(ValueError, match="no radiator"):
        sized(supply, outside, heat=replace(HEAT, conductance_w_k=2.0))
    lasting = replace(SPACE_LITHIUM_ION, calendar_loss_share=0.5)
    with pytest.raises(ValueError, match="by time alone"):
        sized(supply, outside, storage=replace(STORAGE, fade=lasting, life_years=9.0))


def test_a_year_is_sized_by_its_darkest_day():
    # Twelve days, one a month, of an orbit whose shadow comes and goes.
    dark = 0.18 - 0.18 * np.cos(2.0 * np.pi * np.arange(12) / 12.0)
    supply, outside = profile(dark)
    outside[3] += 200.0  # a warm day in light
    found = sized(supply, outside)
    darkest = sized(supply[6:7], outside[6:7])
    assert found.array_area_m2 == pytest.approx(darkest.array_area_m2, rel=1e-9)
    assert found.battery_capacity_j == pytest.approx(darkest.battery_capacity_j, rel=1e-6)
    assert (found.array_row, found.battery_row, found.radiator_row) == (6, 6, 3)
    # The mean over the year would be too small: energy does not keep for months.
    assert sized(supply.reshape(1, -1), outside.reshape(1, -1)).array_area_m2 < found.array_area_m2


def test_rows_may_have_steps_of_their_own():
    supply, outside = profile((0.36, 0.36))
    slow = sized(supply[:1], outside[:1])
    mixed = size_for_load(
        supply, outside, np.array([0.5 * DT_S, DT_S]), compute_w=250.0, bus_load_w=120.0,
        storage=STORAGE, heat=HEAT,
    )  # fmt: skip
    assert mixed.battery_row == 1  # its night is twice as long
    assert mixed.battery_capacity_j == pytest.approx(slow.battery_capacity_j, rel=1e-6)
    assert mixed.cycles_per_year == pytest.approx(slow.cycles_per_year)
