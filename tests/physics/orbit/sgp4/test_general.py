"""Kepler's equation of the general kernels at the ends of its range."""

import numpy as np
import pytest

from perigrid.physics.orbit.sgp4.model import Sgp4Set
from tests.physics.orbit.sgp4.sets import START, from_axis


@pytest.mark.parametrize("eccentricity", [0.02, 0.3, 0.7])
def test_radius_lies_between_perigee_and_apogee(eccentricity):
    rng = np.random.default_rng(1)
    axis_km = 7500.0 / (1.0 - eccentricity)
    e = np.full(20, eccentricity)
    sets = from_axis(rng, np.full(20, axis_km), e, rng.uniform(0.3, 2.8, 20), np.zeros(20))
    position, _, error = Sgp4Set.from_arrays(sets).propagate(START, np.linspace(0.0, 86400.0, 400))
    radius_km = np.linalg.norm(position, axis=0) / 1000.0
    assert not error.any()
    # J2 and the Moon move it by a few parts in a thousand.
    assert radius_km.min() > 0.995 * 7500.0
    assert radius_km.max() < 1.01 * axis_km * (1.0 + eccentricity)
