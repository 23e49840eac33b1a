"""Designed repeat orbits against the element sets of the satellites that fly them."""

import math

import numpy as np
import pytest

from perigrid.physics.orbit.kozai import brouwer_axis_m
from perigrid.physics.orbit.repeat import sun_synchronous_repeat
from tests.validation.element_sets import from_record, shared, tle_records

pytestmark = pytest.mark.validation

FLEETS = {(16, 233): (39084, 49260), (10, 143): (40697, 42063, 60989)}


@pytest.mark.parametrize("cycle", FLEETS)
def test_axis_and_inclination(cycle):
    altitude, inclination = sun_synchronous_repeat(*cycle)
    records = tle_records(shared("eo_fleets.tle"))
    flown = [from_record(record) for record, *_ in records if record.satnum in FLEETS[cycle]]
    assert len(flown) == len(FLEETS[cycle])
    axes = brouwer_axis_m(
        np.array([one.mean_motion_rad_s for one in flown]),
        np.array([one.eccentricity for one in flown]),
        np.array([one.inclination_rad for one in flown]),
    )
    # First order in J2 against SGP4's elements: 100 m and 0.05 degrees (0.04 at Landsat, whose
    # inclination is let drift about the mean).
    np.testing.assert_allclose(axes, 6378137.0 + altitude, atol=100.0)
    for one in flown:
        assert math.degrees(one.inclination_rad) == pytest.approx(
            math.degrees(inclination), abs=0.05
        )
