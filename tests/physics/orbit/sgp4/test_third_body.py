import numpy as np

from perigrid.physics.orbit.sgp4.third_body import moon_longitude_rad, moon_of, pull_of, sun_of
from tests.physics.orbit.sgp4.sets import random_sets
from tests.physics.orbit.sgp4.test_initialise import orbits_of


def orbits():
    return orbits_of(random_sets(20, 1, perigee_km=(2e4, 4e4), eccentricity=(0.0, 0.2)))


def test_directions_are_of_length_one():
    some = orbits()
    for body in (sun_of(some), moon_of(some, np.linspace(3e4, 5e4, 20))):
        for sine, cosine in (
            (body.perigee_sine, body.perigee_cosine),
            (body.inclination_sine, body.inclination_cosine),
            (body.node_sine, body.node_cosine),
        ):
            np.testing.assert_allclose(np.square(sine) + np.square(cosine), 1.0, atol=2e-8)


def test_the_moon_stays_within_its_inclinations_to_the_equator():
    # 23.4 degrees of the ecliptic, more or less the Moon's 5.1.
    body = moon_of(orbits(), np.linspace(3e4, 3e4 + 6798.0, 20))
    degrees = np.degrees(np.arccos(body.inclination_cosine))
    assert 18.2 < degrees.min() < 18.8
    assert 28.2 < degrees.max() < 28.8


def test_the_moons_perigee_turns_in_8_85_years():
    turn = moon_longitude_rad(np.array([8.85 * 365.25])) - moon_longitude_rad(np.zeros(1))
    np.testing.assert_allclose(turn, 2.0 * np.pi, rtol=1e-3)


def test_a_circular_orbit_keeps_its_eccentricity():
    some = orbits()
    some.eccentricity[:] = 0.0
    pull = pull_of(sun_of(some), some)
    np.testing.assert_array_equal(pull.rates[0], 0.0)
    assert pull.rates.shape == (5, 20)
    assert pull.periodic.shape == (12, 20)
