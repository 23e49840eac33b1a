import numpy as np
import pytest

from perigrid.physics.battery_ageing import (
    SPACE_LITHIUM_ION,
    BatteryFade,
    battery_remaining_share,
    equivalent_full_cycles,
    typical_depth_share,
)


def test_new_is_whole_and_nothing_falls_below_zero():
    assert battery_remaining_share(SPACE_LITHIUM_ION, 0.0, 0.3, 0.0) == 1.0
    assert battery_remaining_share(SPACE_LITHIUM_ION, 1e7, 1.0, 30.0) == 0.0


def test_the_cell_that_the_numbers_come_from_is_met():
    # Cycling 20 % and calendar 1 %.
    left = battery_remaining_share(SPACE_LITHIUM_ION, 5 * 5500.0, 0.30, 5.0)
    assert left == pytest.approx(0.79)


def test_more_cycles_depth_or_years_leave_less():
    deep = BatteryFade(3e-5, 1.5, 0.01, 0.5)
    base = battery_remaining_share(deep, 5000.0, 0.3, 3.0)
    for worse in ((9000.0, 0.3, 3.0), (5000.0, 0.4, 3.0), (5000.0, 0.3, 8.0)):
        assert battery_remaining_share(deep, *worse) < base


def test_a_depth_exponent_above_one_spares_shallow_cycles():
    deep = BatteryFade(3e-5, 1.5, 0.0, 0.5)
    # The same charge in four shallow cycles or one deep one.
    shallow = 1.0 - battery_remaining_share(deep, 4000.0, 0.2, 0.0)
    whole = 1.0 - battery_remaining_share(deep, 1000.0, 0.8, 0.0)
    assert whole / shallow == pytest.approx(2.0)


def test_arrays_go_element_by_element():
    years = np.array([0.0, 1.0, 4.0])
    left = battery_remaining_share(BatteryFade(0.0, 1.0, 0.02, 0.5), 0.0, 0.0, years)
    np.testing.assert_allclose(left, [1.0, 0.98, 0.96])


@pytest.mark.parametrize("bad", [(-1.0, 0.3, 1.0), (1.0, 1.2, 1.0), (1.0, 0.3, -1.0)])
def test_impossible_lives_are_refused(bad):
    with pytest.raises(ValueError, match="depth lies between"):
        battery_remaining_share(SPACE_LITHIUM_ION, *bad)


def test_cycles_and_depth_of_a_run():
    # Two discharges of 40 % and 20 %, one with a pause, then a flat row.
    store = np.array([[10.0, 8.0, 8.0, 6.0, 9.0, 10.0, 8.0, 10.0], [10.0] * 8])
    np.testing.assert_allclose(typical_depth_share(store, 10.0), [0.3, 0.0])
    drawn = np.maximum(-np.diff(store, axis=1), 0.0).sum(axis=1)
    np.testing.assert_allclose(equivalent_full_cycles(drawn, 10.0), [0.6, 0.0])
