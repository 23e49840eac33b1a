"""Edges of the shadow of an oblate Earth against lines of sight to the limb of a spherical Sun.

None of our shadow's geometry is used: the limb is seen as points, each hidden or not behind the
ellipsoid, and an edge is where the last of them appears or the first goes.
"""

import math

import numpy as np
import pytest

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, EARTH_FLATTENING, SUN_RADIUS_M
from perigrid.physics.eclipse_windows import Shadow, shadow_windows
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.sun import sun_position_m
from tests.validation.eclipse_year import START, YEAR_S, dawn_dusk, geostationary, low_orbit

pytestmark = pytest.mark.validation

LIMIT_S = 0.1
POINTS = 720
AXES = np.array([1.0, 1.0, 1.0 / (1.0 - EARTH_FLATTENING)]) / EARTH_EQUATORIAL_RADIUS_M
# Orbit, step of the search [s], and of its edges in a year each how manieth is looked at.
ORBITS = {
    "500 km, 51.6 deg": (low_orbit, 60.0, 40),
    "650 km, dawn-dusk": (dawn_dusk, 60.0, 10),
    "geostationary": (geostationary, 300.0, 1),
}


def hidden(place, sun):
    """Which points of the Sun's limb the Earth hides: (n, POINTS) bool."""
    to_sun = sun - place
    distance = np.linalg.norm(to_sun, axis=1, keepdims=True)
    towards = to_sun / distance
    side = np.cross(towards, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(towards, side)
    angle = np.linspace(0.0, math.tau, POINTS, endpoint=False)
    sine = SUN_RADIUS_M / distance
    tangent = (sine / np.sqrt(1.0 - sine**2))[:, :, None]
    round_it = side[:, None] * np.cos(angle)[:, None] + other[:, None] * np.sin(angle)[:, None]
    ray = (towards[:, None] + tangent * round_it) * AXES
    start = (place * AXES)[:, None]
    along = -np.sum(start * ray, axis=2) / np.sum(ray * ray, axis=2)
    nearest = start + along[:, :, None] * ray
    return (along > 0.0) & (np.sum(nearest * nearest, axis=2) < 1.0)


def inside(orbit, kind, t_s):
    """Whether a satellite is in a part of the shadow at each time."""
    # Times have to rise for the propagator.
    order = np.argsort(t_s)
    position, _, _ = propagate(orbit, START, t_s[order])
    out = np.empty(len(t_s), dtype=bool)
    seen = hidden(position[:, 0].T, sun_position_m(START, t_s[order]).T)
    out[order] = seen.all(axis=1) if kind is Shadow.UMBRA else seen.any(axis=1)
    return out


@pytest.mark.parametrize("kind", list(Shadow))
@pytest.mark.parametrize("name", list(ORBITS))
def test_every_edge_of_a_year_is_where_the_limb_appears_and_goes(name, kind):
    orbit, step_s, stride = ORBITS[name]
    grid = np.arange(0.0, YEAR_S, step_s)
    position, velocity, _ = propagate(orbit(), START, grid)
    stays = shadow_windows(position, velocity, grid, sun_position_m(START, grid)).of(0, kind)
    stays = stays[(stays[:, 0] > 0.0) & (stays[:, 1] < grid[-1])]
    stays = stays[stays[:, 1] - stays[:, 0] > 60.0][::stride]
    assert len(stays) > 40
    for edges_s, within in ((stays[:, 0], 1.0), (stays[:, 1], -1.0)):
        assert inside(orbit(), kind, edges_s + within * LIMIT_S).all()
        assert not inside(orbit(), kind, edges_s - within * LIMIT_S).any()
