"""Time in shadow on a circular orbit: cylinder of the Earth's radius, textbook formula."""

import math

import numpy as np
import pytest

from perigrid.base.constants import ASTRONOMICAL_UNIT_M, EARTH_EQUATORIAL_RADIUS_M
from perigrid.physics.eclipse import illumination

pytestmark = pytest.mark.validation


def closed_form(altitude_m, beta_rad):
    radius = EARTH_EQUATORIAL_RADIUS_M + altitude_m
    share = math.sqrt(radius**2 - EARTH_EQUATORIAL_RADIUS_M**2) / (radius * math.cos(beta_rad))
    return math.acos(share) / math.pi if share < 1.0 else 0.0


def ours(altitude_m, beta_rad, count=7200):
    angle = np.linspace(0.0, math.tau, count, endpoint=False)
    first = np.array([math.cos(beta_rad), 0.0, -math.sin(beta_rad)])
    second = np.array([0.0, 1.0, 0.0])
    radius = EARTH_EQUATORIAL_RADIUS_M + altitude_m
    position = radius * (first[:, None] * np.cos(angle) + second[:, None] * np.sin(angle))
    sun = np.zeros((3, count))
    sun[0] = ASTRONOMICAL_UNIT_M
    return 1.0 - illumination(position[:, None], sun, flattening=0.0).mean()


@pytest.mark.parametrize("altitude_m", [400e3, 550e3, 650e3, 1200e3])
@pytest.mark.parametrize("beta_deg", [0.0, 30.0, 60.0, 75.0])
def test_mean_darkness(altitude_m, beta_deg):
    beta = math.radians(beta_deg)
    difference = ours(altitude_m, beta) - closed_form(altitude_m, beta)
    # The Sun's disc is 0.0093 rad wide: the shadow's edge is blurred evenly to both sides, so what
    # is left is of second order in it.
    assert abs(difference) < 0.0093**2
