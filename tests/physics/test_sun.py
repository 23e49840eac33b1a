import math

import numpy as np
import pytest

from perigrid.base.constants import ASTRONOMICAL_UNIT_M
from perigrid.base.time import Epoch
from perigrid.physics.frames import gmst_rad, teme_to_ecef
from perigrid.physics.sun import sun_elevation_rad, sun_position_m


def test_distance_over_a_year():
    times = np.arange(0.0, 366.0) * 86400.0
    distance = np.linalg.norm(sun_position_m(Epoch.from_iso("2026-01-01"), times), axis=0)
    assert distance.min() / ASTRONOMICAL_UNIT_M == pytest.approx(0.9833, abs=1e-4)
    assert distance.max() / ASTRONOMICAL_UNIT_M == pytest.approx(1.0167, abs=1e-4)
    assert np.argmin(distance) < 6  # perihelion in early January


def test_declination_stays_within_the_obliquity():
    sun = sun_position_m(Epoch.from_iso("2026-01-01"), np.arange(0.0, 366.0) * 86400.0)
    declination = np.degrees(np.arcsin(sun[2] / np.linalg.norm(sun, axis=0)))
    assert declination.max() == pytest.approx(23.436, abs=0.01)
    assert declination.min() == pytest.approx(-23.436, abs=0.01)


def test_elevation_at_the_sub_solar_point_and_opposite():
    start, times = Epoch.from_iso("2026-06-21T09:30:00Z"), np.array([0.0])
    sun = teme_to_ecef(sun_position_m(start, times), gmst_rad(start, times))
    latitude = np.arcsin(sun[2] / np.linalg.norm(sun, axis=0))
    longitude = np.arctan2(sun[1], sun[0])
    assert sun_elevation_rad(latitude, longitude, sun)[0] == pytest.approx(math.pi / 2, abs=1e-6)
    behind = sun_elevation_rad(-latitude, longitude + math.pi, sun)
    assert behind[0] == pytest.approx(-math.pi / 2, abs=1e-6)


def test_sun_stands_south_at_noon_and_low_in_the_evening():
    start = Epoch.from_iso("2026-03-20")
    times = np.array([43200.0, 64800.0])
    sun = teme_to_ecef(sun_position_m(start, times), gmst_rad(start, times))
    place = np.radians([48.0, 48.0]), np.zeros(2)
    noon, evening = np.degrees(sun_elevation_rad(*place, sun))
    # Equinox: 90 - 48 deg at noon; the equation of time (-7.5 min) lifts 18 h by 1.9 deg cos(lat).
    assert noon == pytest.approx(42.0, abs=0.2)
    assert 0.0 < evening < 2.0


def test_one_time_is_as_many():
    start, times = Epoch.from_iso("2026-01-01"), np.arange(0.0, 400.0) * 9e4
    together = sun_position_m(start, times)
    assert together.shape == (3, 400)
    apart = np.concatenate([sun_position_m(start, times[k : k + 1]) for k in range(400)], axis=1)
    np.testing.assert_allclose(apart, together, rtol=1e-12, atol=1.0)
    assert sun_position_m(start, np.empty(0)).shape == (3, 0)


def test_a_year_brings_the_sun_back():
    first, later = sun_position_m(
        Epoch.from_iso("2026-01-01"), np.array([0.0, 365.2422 * 86400.0])
    ).T
    # The planets pull by some 10 arc seconds, and a degree of the Sun's way is a day.
    cosine = first @ later / np.linalg.norm(first) / np.linalg.norm(later)
    assert math.acos(min(1.0, cosine)) < math.radians(0.02)
