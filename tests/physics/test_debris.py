import math

import numpy as np
import pytest

from perigrid.physics.debris import collisions_per_year, latitude_factor, spatial_density_per_m3

EARTH_M = 6378137.0


def test_circular_orbits_fill_their_shell():
    edges = np.array([400e3, 500e3, 600e3])
    density = spatial_density_per_m3(EARTH_M + np.array([450e3, 460e3, 550e3]), np.zeros(3), edges)
    volume = 4.0 / 3.0 * math.pi * np.diff((EARTH_M + edges) ** 3)
    np.testing.assert_allclose(density * volume, [2.0, 1.0])


def test_no_object_is_lost_or_doubled():
    rng = np.random.default_rng(1)
    axis, e = EARTH_M + rng.uniform(600e3, 2000e3, 200), rng.uniform(0.0, 0.05, 200)
    edges = np.arange(0.0, 3000e3, 13e3)
    volume = 4.0 / 3.0 * math.pi * np.diff((EARTH_M + edges) ** 3)
    assert np.sum(spatial_density_per_m3(axis, e, edges) * volume) == pytest.approx(200.0)


def test_against_kesslers_formula_inside_a_thin_shell():
    axis, e, height = EARTH_M + 1000e3, 0.05, 900e3
    r, low, high = EARTH_M + height, axis * (1.0 - e), axis * (1.0 + e)
    kessler = 1.0 / (4.0 * math.pi**2 * r * axis * math.sqrt((r - low) * (high - r)))
    edges = height + np.array([-50.0, 50.0])
    density = spatial_density_per_m3(np.array([axis]), np.array([e]), edges)
    assert density[0] == pytest.approx(kessler, rel=1e-6)


def test_latitude_factor_has_mean_one():
    inclination = np.array([math.radians(53.0)])
    sine = (np.arange(200_000) + 0.5) / 200_000
    factor = [latitude_factor(inclination, math.asin(s))[0] for s in sine[::200]]
    # The pole of the integrand at the edge costs a coarse sum 2 %.
    assert np.mean(factor) == pytest.approx(1.0, abs=0.05)
    assert latitude_factor(inclination, math.radians(60.0))[0] == 0.0


def test_collisions():
    # 1e-8 per km3, 10 m2, 10 km/s: 1e-17 * 10 * 1e4 * 3.156e7 s.
    assert collisions_per_year(np.array([1e-17]), 10.0)[0] == pytest.approx(3.156e-5, rel=1e-3)
