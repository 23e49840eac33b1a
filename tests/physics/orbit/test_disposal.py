import numpy as np

from perigrid.physics.orbit.disposal import FIVE_YEARS, lifetime

EARTH_M = 6378137.0


def test_five_years():
    found = lifetime(
        EARTH_M + np.array([400e3, 550e3, 800e3]), np.zeros(3), np.full(3, 1.7), np.full(3, 0.022)
    )
    assert FIVE_YEARS == 5.0
    assert found.within().tolist() == [True, False, False]
    assert found.within(25.0).tolist() == [True, True, False]
    assert found.surely_within().tolist() == [True, False, False]
    assert (found.active_years < found.mean_years).all()
    assert (found.mean_years < found.quiet_years).all()


def test_equal_orbits_share_an_answer_in_their_places():
    axis = EARTH_M + np.array([500e3, 600e3, 500e3])
    found = lifetime(axis, 0.0, 1.7, 0.022)
    assert found.mean_years[0] == found.mean_years[2] < found.mean_years[1]
