import math

import numpy as np
import pytest

from perigrid.physics.orbit.numerical import energy_j_kg, propagate_j2
from perigrid.physics.orbit.relative_frame import (
    from_relative,
    match_energy,
    mean_circular_state,
    mean_radius_m,
    to_relative,
)

INCLINATION = math.radians(53.0)
RADIUS_M = mean_radius_m(6378137.0 + 550e3, INCLINATION)
RNG = np.random.default_rng(3)


def chief(u=0.4):
    return mean_circular_state(RADIUS_M, INCLINATION, 1.0, u)


def test_there_and_back():
    place, speed = chief()
    states = RNG.normal(size=(6, 5)) * np.array([[1e3], [1e3], [1e3], [1.0], [1.0], [1.0]])
    position, velocity = from_relative(place, speed, states)
    np.testing.assert_allclose(to_relative(place, speed, position, velocity), states, atol=1e-7)


def test_rates_are_the_change_of_the_places():
    place, speed = chief()
    states = np.array([[500.0], [1000.0], [300.0], [0.3], [-1.0], [0.2]])
    position, velocity = from_relative(place, speed, states)
    both = (np.column_stack([place, position]), np.column_stack([speed, velocity]))
    path, rate = propagate_j2(*both, np.array([0.0, 0.01]))
    relative = to_relative(path[:, 0], rate[:, 0], path[:, 1:], rate[:, 1:])
    change = (relative[:3, 0, 1] - relative[:3, 0, 0]) / 0.01
    np.testing.assert_allclose(change, relative[3:, 0].mean(axis=1), atol=1e-6)


@pytest.mark.parametrize("u", [0.0, 1.0, 2.2])
def test_mean_circular_orbit_has_no_free_oscillation(u):
    place, speed = chief(u)
    path, _ = propagate_j2(place[:, None], speed[:, None], np.arange(0.0, 6000.0, 30.0))
    radius = np.linalg.norm(path[:, 0], axis=0)
    double = 1.0 - 2.0 * (path[2, 0] / radius / math.sin(INCLINATION)) ** 2
    k = 1.08262668e-3 * (6378137.0 / RADIUS_M) ** 2
    known = RADIUS_M * (1.0 + 0.25 * k * math.sin(INCLINATION) ** 2 * double)
    # What is left is of second order in J2; an osculating circle would leave 10 km.
    assert np.abs(radius - known).max() < 20.0


def test_matched_energy():
    place, speed = chief()
    position, velocity = from_relative(place, speed, RNG.normal(size=(6, 4)) * 100.0)
    matched = match_energy(place, speed, position, velocity)
    np.testing.assert_allclose(
        energy_j_kg(position, matched), energy_j_kg(place, speed), rtol=1e-15
    )
    np.testing.assert_allclose(np.cross(matched, velocity, axis=0), 0.0, atol=1e-6)
