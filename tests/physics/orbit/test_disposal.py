import numpy as np
import pytest

from perigrid.physics.orbit.disposal import CYCLE_YEARS, FIVE_YEARS, Verdict, lifetime

EARTH_M = 6378137.0


def test_the_levels_are_in_order_and_hold_the_cycle_between_them():
    height_m = np.array([400e3, 450e3, 500e3, 550e3])
    found = lifetime(EARTH_M + height_m, np.zeros(4), np.full(4, 1.7), np.full(4, 0.022))
    assert FIVE_YEARS == 5.0
    assert (found.active_years < found.mean_years).all()
    assert (found.mean_years < found.quiet_years).all()
    assert (found.active_years <= found.soonest_years).all()
    assert (found.soonest_years < found.latest_years).all()
    assert (found.latest_years <= found.quiet_years).all()
    # Who is down in months can meet the minimum all the way, who stays for years cannot.
    assert found.soonest_years[0] == pytest.approx(found.active_years[0], rel=0.05)
    assert found.latest_years[3] < 0.5 * found.quiet_years[3]


@pytest.mark.parametrize(
    ("height_m", "verdict"),
    [(400e3, Verdict.KEPT), (510e3, Verdict.UNCERTAIN), (800e3, Verdict.BROKEN)],
)
def test_the_rule_is_uncertain_where_the_cycle_decides(height_m, verdict):
    found = lifetime(EARTH_M + np.array([height_m]), 0.0, 1.7, 0.022)
    assert found.verdict(np.array([True])) is verdict


def test_one_satellite_that_stays_breaks_the_rule_for_all_that_it_asks():
    found = lifetime(EARTH_M + np.array([400e3, 800e3]), 0.0, 1.7, 0.022)
    assert found.verdict(np.array([True, False])) is Verdict.KEPT
    assert found.verdict(np.array([True, True])) is Verdict.BROKEN
    # At solar maximum 800 km keep no satellite for a cycle alone.
    assert found.verdict(np.array([True, True]), limit_years=CYCLE_YEARS) is Verdict.BROKEN
    assert found.soonest_years[1] == np.inf


def test_equal_orbits_share_an_answer_in_their_places():
    axis = EARTH_M + np.array([500e3, 600e3, 500e3])
    found = lifetime(axis, 0.0, 1.7, 0.022)
    assert found.mean_years[0] == found.mean_years[2] < found.mean_years[1]
    assert found.latest_years[0] == found.latest_years[2] < found.latest_years[1]
