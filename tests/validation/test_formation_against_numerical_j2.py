"""The closed form of relative motion against integration of the full J2 problem."""

import math

import numpy as np
import pytest

from perigrid.physics.orbit.formation import planar_lattice, relative_motion, relative_states
from perigrid.physics.orbit.numerical import propagate_j2
from perigrid.physics.orbit.relative_frame import (
    from_relative,
    match_energy,
    mean_circular_state,
    mean_radius_m,
    to_relative,
)

pytestmark = pytest.mark.validation

INCLINATION = math.radians(97.99)
RADIUS_M = mean_radius_m(6378137.0 + 650e3, INCLINATION)
MOTION = relative_motion(RADIUS_M, INCLINATION)
CLASSIC = relative_motion(RADIUS_M, INCLINATION, flattening=False)
PERIOD_S = math.tau / MOTION.in_plane_rad_s
PER_ORBIT = 40


def flown(swarm, orbits, u=0.7, *, matched):
    """Relative states by integration, and the states from which they began."""
    place, speed = mean_circular_state(RADIUS_M, INCLINATION, 0.3, u)
    places, speeds = from_relative(place, speed, swarm)
    if matched:
        speeds = match_energy(place, speed, places, speeds)
    times = np.linspace(0.0, orbits * PERIOD_S, orbits * PER_ORBIT + 1)
    path, rate = propagate_j2(
        np.column_stack([place, places]), np.column_stack([speed, speeds]), times
    )
    return times, to_relative(path[:, 0], rate[:, 0], path[:, 1:], rate[:, 1:])


def gap(states, reference):
    return np.sqrt(np.sum((states - reference)[:3] ** 2, axis=0))


@pytest.mark.parametrize("size", [0.1, 1.0, 10.0])
def test_error_grows_with_size_and_time_as_documented(size):
    swarm = planar_lattice(MOTION, 1000.0, 250.0) * size
    times, free = flown(swarm, 3, matched=False)
    error = gap(free, relative_states(MOTION, swarm, 0.7, times))
    # Mostly drift: 3 % of the separation an orbit, more at 10 km, where it is no longer linear.
    first, last = error[:, : PER_ORBIT + 1].max(), error.max()
    assert first < (0.032 if size <= 1.0 else 0.05) * 1000.0 * size
    assert last == pytest.approx(3.0 * first, rel=0.05)


@pytest.mark.parametrize("size", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("u", [0.0, 0.7, 2.0])
def test_matched_periods_leave_less_than_half_a_percent(size, u):
    swarm = planar_lattice(MOTION, 1000.0, 250.0) * size
    times, held = flown(swarm, 15, u, matched=True)
    error = gap(held, relative_states(MOTION, swarm, u, times))
    assert error.max() < 0.0045 * 1000.0 * size  # J2 is 1e-3: what an average over it leaves
    drift = np.abs(held[1, :, -1] - held[1, :, 0]).max() / 15.0
    assert drift < 1.2e-5 * 1000.0 * size


def test_flattening_is_worth_having():
    # Over a day Clohessy and Wiltshire's period runs 1.7 degrees ahead; ours keeps step.
    swarm = planar_lattice(MOTION, 1000.0, 250.0)
    times, held = flown(swarm, 15, matched=True)
    ours = gap(held, relative_states(MOTION, swarm, 0.7, times)).max()
    classic = gap(held, relative_states(CLASSIC, swarm, 0.7, times)).max()
    assert classic > 5.0 * ours


def test_cross_track_swing_and_its_growth():
    tilt = np.zeros((6, 1))
    tilt[5] = MOTION.across_rad_s * 1000.0  # a difference of inclination: 1 km away from the node
    place, speed = mean_circular_state(RADIUS_M, INCLINATION, 0.3, 0.0)
    # The same orbit, tilted: both are mean-circular, so that only the nodes drift apart.
    twin, pace = mean_circular_state(RADIUS_M, INCLINATION + 1000.0 / RADIUS_M, 0.3, 0.0)
    times = np.linspace(0.0, 15.0 * PERIOD_S, 301)
    path, rate = propagate_j2(np.column_stack([place, twin]), np.column_stack([speed, pace]), times)
    found = to_relative(path[:, 0], rate[:, 0], path[:, 1:], rate[:, 1:])[2, 0]
    wanted = relative_states(MOTION, tilt, 0.0, times)[2, 0]
    still = relative_states(CLASSIC, tilt, 0.0, times)[2, 0]
    # The nodes of orbits 1 km apart in inclination part by 9.7 m in a day.
    assert np.abs(found - wanted).max() < 8.0
    assert np.abs(found - still).max() > 10.0
