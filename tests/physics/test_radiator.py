"""Two faces in the light of Sun and Earth."""

import numpy as np
import pytest

from perigrid.base.constants import (
    ASTRONOMICAL_UNIT_M,
    EARTH_ALBEDO,
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_INFRARED_W_M2,
    SOLAR_CONSTANT_W_M2,
)
from perigrid.physics.chunks import limited_threads
from perigrid.physics.radiator import (
    ATTITUDES,
    Face,
    aged_absorptivity,
    front_normal,
    two_face_environment_w,
)
from perigrid.physics.view_factor import plate_sphere_view_factor

SUN = np.array([[ASTRONOMICAL_UNIT_M], [0.0], [0.0]])
WHITE, SILVER = Face(2.0, 0.88, 0.2), Face(1.5, 0.8, 0.1)
RADIUS_M = EARTH_EQUATORIAL_RADIUS_M + 550e3


def orbit(n=4, n_times=25):
    rng = np.random.default_rng(2)
    position = rng.normal(size=(3, n, n_times))
    position *= RADIUS_M / np.linalg.norm(position, axis=0)
    velocity = np.cross(position, rng.normal(size=(3, n, n_times)), axis=0)
    sun = ASTRONOMICAL_UNIT_M * np.array([[0.6], [-0.48], [0.64]]) * np.ones((1, n_times))
    return position, velocity, sun, rng.uniform(0.0, 1.0, (n, n_times))


def plain(position, sun, lit, normal, faces):
    """Write the same out in numpy, a term at a time."""
    to_sun = sun[:, None, :] / np.linalg.norm(sun, axis=0)
    radius = np.linalg.norm(position, axis=0)
    irradiance = SOLAR_CONSTANT_W_M2 * (ASTRONOMICAL_UNIT_M / np.linalg.norm(sun, axis=0)) ** 2
    psi = np.clip(np.sum(position * to_sun, axis=0) / radius, 0.0, None)
    total = 0.0
    for face, out in zip(faces, (normal, -normal), strict=True):
        cosine = np.clip(-np.sum(out * position, axis=0) / radius, -1.0, 1.0)
        view = plate_sphere_view_factor(cosine, radius / EARTH_EQUATORIAL_RADIUS_M)
        direct = irradiance * lit * np.clip(np.sum(out * to_sun, axis=0), 0.0, None)
        albedo = EARTH_ALBEDO * irradiance * view * psi
        infrared = EARTH_INFRARED_W_M2 * view
        total += face.area_m2 * (face.absorptivity * (direct + albedo) + face.emissivity * infrared)
    return total


@pytest.mark.parametrize("attitude", ATTITUDES)
def test_every_attitude_against_plain_numpy(attitude):
    position, velocity, sun, lit = orbit()
    normal = front_normal(attitude, position, velocity, sun)
    np.testing.assert_allclose(np.linalg.norm(normal, axis=0), 1.0, rtol=1e-12)
    ours = two_face_environment_w(position, sun, lit, normal, front=WHITE, back=SILVER)
    expected = plain(position, sun, lit, normal, (WHITE, SILVER))
    np.testing.assert_allclose(ours, expected, rtol=1e-11)


def test_what_the_attitudes_face():
    position, velocity, sun, _ = orbit()
    to_sun = sun[:, None, :] / np.linalg.norm(sun, axis=0)
    up = position / np.linalg.norm(position, axis=0)

    def cosines(attitude):
        normal = front_normal(attitude, position, velocity, sun)
        return np.sum(normal * up, axis=0), np.sum(normal * to_sun, axis=0)

    np.testing.assert_allclose(cosines("zenith")[0], 1.0)
    np.testing.assert_allclose(cosines("sun")[1], 1.0)
    for attitude in ("velocity", "orbit-normal", "sun-edge-on"):
        np.testing.assert_allclose(cosines(attitude)[0], 0.0, atol=1e-12)
    np.testing.assert_allclose(cosines("sun-edge-on")[1], 0.0, atol=1e-12)
    ahead = np.sum(front_normal("velocity", position, velocity, sun) * velocity, axis=0)
    assert np.all(ahead > 0.0)


def test_the_sun_overhead_leaves_an_upright_panel():
    position = np.array([RADIUS_M, 0.0, 0.0])[:, None, None]
    velocity = np.array([0.0, 7.5e3, 0.0])[:, None, None]
    normal = front_normal("sun-edge-on", position, velocity, SUN)
    np.testing.assert_allclose(normal[:, 0, 0], [0.0, 0.0, 1.0])


def test_a_panel_edge_on_to_sun_and_earth_gets_least_direct_light():
    position, velocity, sun, _ = orbit(n_times=200)
    lit = np.ones(position.shape[1:])

    def mean_w(attitude):
        normal = front_normal(attitude, position, velocity, sun)
        return two_face_environment_w(position, sun, lit, normal, front=WHITE, back=WHITE).mean()

    assert mean_w("sun-edge-on") == min(mean_w(attitude) for attitude in ATTITUDES)


def albedo_integral(zenith_rad, n=400):
    """Light on a level plate from a diffuse sphere, point by point of the cap in view."""
    ratio = RADIUS_M / EARTH_EQUATORIAL_RADIUS_M
    edge = np.arccos(1.0 / ratio)
    angle = (np.arange(n) + 0.5) * edge / n
    around = (np.arange(2 * n) + 0.5) * np.pi / n
    sine, cosine = np.sin(angle)[:, None], np.cos(angle)[:, None]
    lit = np.cos(zenith_rad) * cosine + np.sin(zenith_rad) * sine * np.cos(around)
    distance = np.sqrt(1.0 + ratio**2 - 2.0 * ratio * cosine)
    leaving, arriving = (ratio * cosine - 1.0) / distance, (ratio - cosine) / distance
    weight = sine * (edge / n) * (np.pi / n) * leaving * arriving / distance**2 / np.pi
    return float(np.sum(np.maximum(lit, 0.0) * weight))


def test_albedo_by_the_point_below_against_the_integral_over_the_cap():
    view = plate_sphere_view_factor(1.0, RADIUS_M / EARTH_EQUATORIAL_RADIUS_M)
    overhead = albedo_integral(0.0)
    for zenith_deg in (0.0, 30.0, 60.0, 80.0, 90.0, 100.0):
        zenith = np.radians(zenith_deg)
        simple = view * max(np.cos(zenith), 0.0)
        assert abs(simple - albedo_integral(zenith)) < 0.03 * overhead
    # The point below is the brightest in view: the simple model never falls short at noon.
    assert view > overhead


def test_the_threads_do_not_show():
    position, velocity, sun, lit = orbit(n=300, n_times=60)
    normal = front_normal("velocity", position, velocity, sun)
    answers = set()
    for threads in (1, 2, 5):
        with limited_threads(threads):
            done = two_face_environment_w(position, sun, lit, normal, front=WHITE, back=SILVER)
            answers.add(done.tobytes())
    assert len(answers) == 1


def test_absorptivity_rises_to_its_limit():
    assert aged_absorptivity(0.2, 0.02, 5.0) == pytest.approx(0.3)
    assert aged_absorptivity(0.2, 0.02, 50.0, limit_absorptivity=0.6) == 0.6
    assert aged_absorptivity(0.9, 0.1, 10.0) == 1.0


def test_what_cannot_be_is_refused():
    position, velocity, sun, _ = orbit()
    with pytest.raises(ValueError, match="attitude 'tumbling'"):
        front_normal("tumbling", position, velocity, sun)
    with pytest.raises(ValueError, match="area"):
        Face(-1.0, 0.9, 0.1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        Face(1.0, 1.9, 0.1)
