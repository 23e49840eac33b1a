"""The Sun against worked examples and published instants."""

import math

import numpy as np
import pytest

from perigrid.base.constants import ASTRONOMICAL_UNIT_M
from perigrid.base.time import Epoch
from perigrid.physics.sun import sun_position_m

pytestmark = pytest.mark.validation

ARC_SECOND = math.radians(1.0 / 3600.0)


def apparent(iso):
    sun = sun_position_m(Epoch.from_iso(iso), np.array([0.0]))[:, 0]
    return sun, np.linalg.norm(sun)


def test_meeus_example_25b():
    # J. Meeus, Astronomical Algorithms, 2nd ed. (1998), example 25.b (VSOP87), 1992 October 13.0
    # TD: right ascension 13h13m30.763s, declination -7d47m01.94s, distance 0.99760775 au. Our time
    # argument is UTC with today's offset to TT, 59 s off in 1992: 2 arc seconds.
    sun, distance = apparent("1992-10-12T23:58:50.816Z")
    right_ascension = math.radians(15.0 * (13 + 13 / 60 + 30.763 / 3600))
    declination = -math.radians(7 + 47 / 60 + 1.94 / 3600)
    reference = np.array(
        [
            math.cos(declination) * math.cos(right_ascension),
            math.cos(declination) * math.sin(right_ascension),
            math.sin(declination),
        ]
    )
    apart = math.acos(min(1.0, float(sun @ reference / distance)))
    assert (
        apart < 24.0 * ARC_SECOND
    )  # nutation (TEME's equinox is the mean one), the offset to TT, the series
    assert distance / ASTRONOMICAL_UNIT_M == pytest.approx(0.99760775, abs=1e-4)


@pytest.mark.parametrize(
    ("iso", "longitude_deg"),
    [
        # Earth's seasons 2025 and 2026, US Naval Observatory, to the minute.
        ("2025-03-20T09:01:00Z", 0.0),
        ("2025-06-21T02:42:00Z", 90.0),
        ("2025-09-22T18:19:00Z", 180.0),
        ("2025-12-21T15:03:00Z", 270.0),
        ("2026-03-20T14:46:00Z", 0.0),
        ("2026-06-21T08:24:00Z", 90.0),
        ("2026-09-23T00:05:00Z", 180.0),
        ("2026-12-21T20:50:00Z", 270.0),
    ],
)
def test_seasons(iso, longitude_deg):
    sun, _ = apparent(iso)
    obliquity = math.radians(23.4362)  # of date
    longitude = math.atan2(sun[1] * math.cos(obliquity) + sun[2] * math.sin(obliquity), sun[0])
    apart = math.remainder(longitude - math.radians(longitude_deg), math.tau)
    assert abs(apart) < 60.0 * ARC_SECOND
