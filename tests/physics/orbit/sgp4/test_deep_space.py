"""Small inclinations, where node and perigee are joined, go on smoothly."""

import numpy as np

from perigrid.physics.orbit.sgp4.model import Sgp4Set
from tests.physics.orbit.sgp4.sets import START, from_axis


def test_velocity_is_the_derivative_of_position():
    rng = np.random.default_rng(1)
    inclination = np.concatenate([rng.uniform(0.0, 0.19, 30), rng.uniform(0.22, 3.0, 30)])
    sets = from_axis(
        rng, np.full(60, 42164.0), rng.uniform(0.0, 0.01, 60), inclination, np.zeros(60)
    )
    times = 40000.0 + np.array([-10.0, 0.0, 10.0])
    position, velocity, error = Sgp4Set.from_arrays(sets).propagate(START, times)
    assert not error.any()
    slope = (position[..., 2] - position[..., 0]) / 20.0
    # Published velocities leave out the derivatives of the slow terms: 1e-4 of 3 km/s.
    np.testing.assert_allclose(slope, velocity[..., 1], rtol=0, atol=0.5)
