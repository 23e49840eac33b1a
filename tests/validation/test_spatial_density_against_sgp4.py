"""Spatial density of the real catalogue by formula against positions by SGP4."""

import gzip
import math
from pathlib import Path

import numpy as np
import pytest

from perigrid.base.time import Epoch
from perigrid.physics.debris import collisions_per_year, spatial_density_per_m3
from perigrid.physics.orbit.kozai import brouwer_axis_m
from perigrid.physics.orbit.propagate import propagate
from tests.validation.element_sets import from_record, tle_records

pytestmark = pytest.mark.validation

DEBRIS = Path(__file__).parents[3] / "shared" / "data" / "orbits" / "debris_2026-08-22.tle.gz"
EARTH_M = 6378137.0
EDGES_M = np.arange(300e3, 2001e3, 100e3)


@pytest.fixture(scope="module")
def fragments():
    if not DEBRIS.exists():
        pytest.skip("needs the shared data file orbits/debris_2026-08-22.tle.gz")
    records = tle_records(gzip.decompress(DEBRIS.read_bytes()).decode())
    return [from_record(record) for record, *_ in records]


def density_of(elements):
    motion, e, inclination = np.array(
        [(one.mean_motion_rad_s, one.eccentricity, one.inclination_rad) for one in elements]
    ).T
    return spatial_density_per_m3(brouwer_axis_m(motion, e, inclination), e, EDGES_M)


def test_counts_in_shells(fragments):
    volume = 4.0 / 3.0 * math.pi * np.diff((EARTH_M + EDGES_M) ** 3)
    expected = density_of(fragments) * volume
    times = np.random.default_rng(5).uniform(0.0, 86400.0, 20)
    position, _, error = propagate(fragments, Epoch.from_iso("2026-08-22"), times)
    radius = np.where(error == 0, np.linalg.norm(position, axis=0), np.nan)
    counted = np.histogram(radius[np.isfinite(radius)], EARTH_M + EDGES_M)[0] / len(times)
    # Shells of 100 km, 20 glances; J2 moves radii by up to 10 km about the mean ellipse.
    np.testing.assert_allclose(expected, counted, atol=4.0 * np.sqrt(counted.max()), rtol=0.1)
    assert expected.sum() == pytest.approx(counted.sum(), rel=0.02)


def test_the_indicator_has_the_known_size(fragments):
    density = density_of(fragments)
    # Fragments crowd between 700 and 900 km, about 1e-8 a cubic kilometre: one encounter within
    # 10 m2 in tens of thousands of years.
    assert 700e3 <= EDGES_M[np.argmax(density)] <= 900e3
    assert 1e-9 < density.max() * 1e9 < 5e-8
    assert 1e-6 < collisions_per_year(density, 10.0).max() < 1e-3
