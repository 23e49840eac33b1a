import math

import numpy as np
import pytest

from perigrid.base.constants import (
    ASTRONOMICAL_UNIT_M,
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_FLATTENING,
    SUN_RADIUS_M,
)
from perigrid.physics.chunks import limited_threads
from perigrid.physics.eclipse import illumination, shadow_cones, smooth_illumination

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


def test_the_shadow_is_that_of_an_ellipsoid():
    # Above the pole the limb is lower by the flattening, beside the equator it is not.
    depth, lower = 3e6, EARTH_EQUATORIAL_RADIUS_M * EARTH_FLATTENING
    sine = (SUN_RADIUS_M - EARTH_EQUATORIAL_RADIUS_M) / ASTRONOMICAL_UNIT_M
    umbra = EARTH_EQUATORIAL_RADIUS_M / math.sqrt(1.0 - sine**2) - depth * sine
    over_the_pole = np.array([[[-depth]], [[0.0]], [[umbra - lower]]])
    edge = np.array([[[0.0]], [[0.0]], [[200.0]]])  # the Sun is no ellipsoid: 50 m lower again
    for lit in (illumination, smooth_illumination):
        assert lit(over_the_pole - edge, SUN)[0, 0] == 0.0
        assert lit(over_the_pole + edge, SUN)[0, 0] > 0.0
        assert lit(over_the_pole + 5.0 * edge, SUN, flattening=0.0)[0, 0] == 0.0
        assert lit(at(-depth, umbra - 10.0), SUN)[0, 0] == pytest.approx(0.0, abs=1e-6)


def test_nan_stays_nan():
    assert np.isnan(illumination(at(np.nan, 0.0), SUN)[0, 0])


def cloud(radius_m, n=40, n_times=301):
    """Places all round at one height, most of them near the shadow's edge."""
    rng = np.random.default_rng(7)
    sun = np.repeat(SUN, n_times, axis=1)
    beside = EARTH_EQUATORIAL_RADIUS_M + 0.02 * radius_m * rng.uniform(-0.5, 0.5, (n, n_times))
    beside[::4] = rng.uniform(0.0, radius_m, beside[::4].shape)
    beside = np.minimum(beside, radius_m)
    depth = np.sqrt(radius_m**2 - beside**2) * np.sign(rng.uniform(-0.2, 1.0, beside.shape))
    around = rng.uniform(0.0, math.tau, beside.shape)
    return np.stack([-depth, beside * np.cos(around), beside * np.sin(around)]), sun


def by_discs(position, sun):
    """Share in view from the two discs for every place, without the quick decision by cones."""
    to_sun = sun[:, None, :] - position
    distance, radius = np.linalg.norm(to_sun, axis=0), np.linalg.norm(position, axis=0)
    a = np.arcsin(SUN_RADIUS_M / distance)
    b = np.arcsin(np.minimum(1.0, EARTH_EQUATORIAL_RADIUS_M / radius))
    c = np.arccos(np.clip(-np.sum(position * to_sun, axis=0) / radius / distance, -1.0, 1.0))
    lit = np.where(c >= a + b, 1.0, 0.0)
    part = (c > np.abs(b - a)) & (c < a + b)
    a, b, c = a[part], b[part], c[part]
    x = (c**2 + a**2 - b**2) / (2.0 * c)
    y = np.sqrt(a**2 - x**2)
    lens = a**2 * np.arctan2(y, x) + b**2 * np.arctan2(y, c - x) - c * y
    lit[part] = 1.0 - lens / (np.pi * a**2)
    return lit


@pytest.mark.parametrize("radius_m", [6.4e6, 6.6e6, 7.0e6, 42.164e6])
def test_the_quick_decision_changes_nothing(radius_m):
    position, sun = cloud(radius_m)
    lit = illumination(position, sun, flattening=0.0)
    assert np.count_nonzero((lit > 0) & (lit < 1)) > 100
    np.testing.assert_allclose(lit, by_discs(position, sun), atol=1e-11)


@pytest.mark.parametrize(
    ("radius_m", "worst"), [(6.578e6, 0.01), (6.9e6, 0.007), (42.164e6, 0.007)]
)
def test_the_ramp_stays_near_the_discs(radius_m, worst):
    position, sun = cloud(radius_m)
    apart = smooth_illumination(position, sun) - illumination(position, sun)
    assert 0.0 < np.abs(apart).max() < worst


def test_the_ramp_has_no_corner():
    y = np.linspace(6.42e6, 6.30e6, 200001)
    position = np.stack([np.full_like(y, -3e6), y, np.zeros_like(y)])[:, None, :]
    light = smooth_illumination(position, np.repeat(SUN, len(y), axis=1))[0]
    slope = np.diff(light) / np.diff(y)
    assert light[0] == 1.0
    assert light[-1] == 0.0
    assert np.all(slope >= 0.0)
    # Two corners of a straight ramp would make jumps of the whole slope from sample to sample.
    assert np.abs(np.diff(slope)).max() < 1e-3 * slope.max()


@pytest.mark.parametrize("work", [illumination, smooth_illumination])
def test_bytes_do_not_depend_on_the_threads(work, monkeypatch):
    monkeypatch.setattr("perigrid.physics.eclipse._STATES_PER_THREAD", 1)
    position, sun = cloud(7.0e6, n=13)
    answers = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            answers.append(work(position, sun).tobytes())
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("work", [illumination, smooth_illumination])
@pytest.mark.parametrize(("n", "n_times"), [(0, 4), (4, 0), (5, 1), (1, 5)])
def test_shapes_and_buffers(work, n, n_times):
    position = np.full((3, n, n_times), -5e6)
    sun = np.repeat(SUN, n_times, axis=1)
    buffer = np.empty((n, n_times))
    assert work(position, sun, buffer) is buffer
    np.testing.assert_array_equal(buffer, 1.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("work", [illumination, smooth_illumination])
def test_one_bad_place_leaves_its_neighbours_alone(work, bad):
    position, sun = cloud(7.0e6, n=3, n_times=17)
    whole = work(position, sun)
    position[1, 1, 8] = bad
    broken = work(position, sun)
    assert np.isnan(broken[1, 8]) or bad == np.inf
    broken[1, 8] = whole[1, 8]
    np.testing.assert_array_equal(broken, whole)


def test_on_the_line_of_the_sun_and_below_the_surface():
    position = np.zeros((3, 1, 4))
    position[0, 0] = [7e6, -7e6, 6.0e6, -6.0e6]
    lit = illumination(position, np.repeat(SUN, 4, axis=1))[0]
    # Below the ground the horizon is a plane through the place: lit by day, dark by night.
    assert lit.tolist() == [1.0, 0.0, 1.0, 0.0]


def test_a_smaller_earth_casts_a_smaller_shadow():
    place = at(-3e6, 6.36e6)
    assert illumination(place, SUN)[0, 0] < 0.3
    assert illumination(place, SUN, earth_radius_m=6.3e6)[0, 0] == 1.0
    assert smooth_illumination(place, SUN, earth_radius_m=6.3e6)[0, 0] == 1.0


def test_umbra_ends_where_geometry_says():
    cones = shadow_cones(SUN)[:, 0]
    # Similar triangles: tip of the umbra at R D / (R_sun - R).
    tip = (
        EARTH_EQUATORIAL_RADIUS_M * ASTRONOMICAL_UNIT_M / (SUN_RADIUS_M - EARTH_EQUATORIAL_RADIUS_M)
    )
    assert cones[3] / cones[4] == pytest.approx(tip, rel=1e-12)
    np.testing.assert_array_equal(cones[:3], [1.0, 0.0, 0.0])
