import math

import numpy as np
import pytest

from perigrid.base.constants import (
    ASTRONOMICAL_UNIT_M,
    EARTH_EQUATORIAL_RADIUS_M,
    SUN_RADIUS_M,
)
from perigrid.physics.eclipse import illumination

SUN = np.array([[ASTRONOMICAL_UNIT_M], [0.0], [0.0]])


def at(x, y):
    return np.array([[[x]], [[y]], [[0.0]]])


def test_full_light_before_and_beside_the_earth():
    assert illumination(at(7e6, 0.0), SUN)[0, 0] == 1.0
    assert illumination(at(-7e6, 7e6), SUN)[0, 0] == 1.0


def test_dark_behind_the_earth():
    assert illumination(at(-7e6, 0.0), SUN)[0, 0] == 0.0


def test_half_light_where_the_limb_crosses_the_disc():
    # On the line from the Sun's centre tangent to the Earth, half the disc is covered, but for
    # the limb's curvature on the sky.
    tilt = math.asin(EARTH_EQUATORIAL_RADIUS_M / ASTRONOMICAL_UNIT_M)
    foot = np.array([math.sin(tilt), math.cos(tilt)]) * EARTH_EQUATORIAL_RADIUS_M
    along = np.array([-math.cos(tilt), math.sin(tilt)])
    x, y = foot + 2.5e6 * along
    assert illumination(at(x, y), SUN)[0, 0] == pytest.approx(0.5, abs=2e-3)


def test_penumbra_edges_match_the_cone_geometry():
    # Similar triangles: cone radii at depth d behind the Earth's centre.
    depth = 3e6
    penumbra_angle = math.asin((SUN_RADIUS_M + EARTH_EQUATORIAL_RADIUS_M) / ASTRONOMICAL_UNIT_M)
    umbra_angle = math.asin((SUN_RADIUS_M - EARTH_EQUATORIAL_RADIUS_M) / ASTRONOMICAL_UNIT_M)
    outer = EARTH_EQUATORIAL_RADIUS_M / math.cos(penumbra_angle) + depth * math.tan(penumbra_angle)
    inner = EARTH_EQUATORIAL_RADIUS_M / math.cos(umbra_angle) - depth * math.tan(umbra_angle)
    assert illumination(at(-depth, outer + 1.0), SUN)[0, 0] == 1.0
    assert illumination(at(-depth, outer - 5.0), SUN)[0, 0] < 1.0
    assert illumination(at(-depth, inner - 1.0), SUN)[0, 0] == 0.0
    assert illumination(at(-depth, inner + 5.0), SUN)[0, 0] > 0.0


def test_light_falls_steadily_through_the_penumbra():
    y = np.linspace(6.40e6, 6.32e6, 400)
    position = np.stack([np.full_like(y, -3e6), y, np.zeros_like(y)])[:, None, :]
    lit = illumination(position, np.repeat(SUN, len(y), axis=1))[0]
    assert lit[0] == 1.0
    assert lit[-1] == 0.0
    assert np.all(np.diff(lit) <= 0.0)
    assert np.count_nonzero((lit > 0) & (lit < 1)) > 20


def test_covered_share_matches_counting_points_of_the_disc():
    position = at(-3e6, 6.373e6)
    sun_radius = math.asin(SUN_RADIUS_M / ASTRONOMICAL_UNIT_M)
    grid = np.linspace(-1.0, 1.0, 1501)
    u, v = (part[np.hypot(*np.meshgrid(grid, grid)) < 1.0] for part in np.meshgrid(grid, grid))
    to_sun = SUN[:, 0] - position[:, 0, 0]
    to_sun /= np.linalg.norm(to_sun)
    side = np.array([-to_sun[1], to_sun[0], 0.0])
    rays = to_sun[:, None] + math.tan(sun_radius) * (side[:, None] * u + np.eye(3)[:, [2]] * v)
    rays /= np.linalg.norm(rays, axis=0)
    start = position[:, 0, 0]
    along = -start @ rays
    miss = np.linalg.norm(start) ** 2 - along**2
    blocked = (along > 0) & (miss < EARTH_EQUATORIAL_RADIUS_M**2)
    counted = 1.0 - blocked.mean()
    assert 0.1 < counted < 0.9
    assert illumination(position, SUN)[0, 0] == pytest.approx(counted, abs=2e-3)


def test_annular_far_beyond_the_umbra():
    far = 3e9
    lit = illumination(at(-far, 0.0), SUN)[0, 0]
    sun_disc = math.asin(SUN_RADIUS_M / (ASTRONOMICAL_UNIT_M + far))
    earth_disc = math.asin(EARTH_EQUATORIAL_RADIUS_M / far)
    assert lit == pytest.approx(1.0 - (earth_disc / sun_disc) ** 2)


def test_nan_stays_nan():
    assert np.isnan(illumination(at(np.nan, 0.0), SUN)[0, 0])
