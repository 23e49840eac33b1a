"""Designed repeat orbits against the element sets of the satellites that fly them."""

import math

import numpy as np
import pytest

from perigrid.physics.orbit.kozai import brouwer_axis_m
from perigrid.physics.orbit.repeat import sun_synchronous_repeat

pytestmark = pytest.mark.validation

# Mean motion [rev/day], eccentricity and inclination [deg] of 22 August 2026, from CelesTrak
# (T. S. Kelso), general perturbations data of the US Space Force.
FLOWN = {
    "Landsat 8": (14.57103549, 0.0001263, 98.2253),
    "Landsat 9": (14.57098833, 0.0001272, 98.2235),
    "Sentinel-2A": (14.30817406, 0.0001296, 98.5642),
    "Sentinel-2B": (14.30814793, 0.0001239, 98.5649),
    "Sentinel-2C": (14.30815351, 0.0001410, 98.5652),
}
FLEETS = {
    (16, 233): ("Landsat 8", "Landsat 9"),
    (10, 143): ("Sentinel-2A", "Sentinel-2B", "Sentinel-2C"),
}


@pytest.mark.parametrize("cycle", FLEETS)
def test_axis_and_inclination(cycle):
    altitude, inclination = sun_synchronous_repeat(*cycle)
    motion, eccentricity, inclined_deg = np.array([FLOWN[name] for name in FLEETS[cycle]]).T
    axes = brouwer_axis_m(motion * math.tau / 86400.0, eccentricity, np.radians(inclined_deg))
    # First order in J2 against SGP4's elements: 100 m and 0.05 degrees (0.04 at Landsat, whose
    # inclination is let drift about the mean).
    np.testing.assert_allclose(axes, 6378137.0 + altitude, atol=100.0)
    np.testing.assert_allclose(inclined_deg, math.degrees(inclination), atol=0.05)
