import math

import numpy as np
import pytest

from perigrid.physics.contacts.tracks import (
    advised_step_s,
    bounds_of,
    copy_states,
    cubic_of,
    cubic_position,
    cubic_velocity,
    flagged_runs,
    new_flags,
    step_of,
)
from tests.physics.contacts.grids import MU_M3_S2, low_orbits, orbit, teme


def track_of(elements, times, row=0):
    position, velocity = teme(elements, times)
    states = np.empty((len(times), 6))
    copy_states(position, velocity, row, states)
    return states, times


def positions(track, times):
    grid = track[1]
    return np.array([cubic_position(cubic_of(track, step_of(grid, t)), t) for t in times])


def kepler(perigee_m, eccentricity, times):
    """Undisturbed motion in the plane of the orbit from the perigee on."""
    axis = perigee_m / (1.0 - eccentricity)
    mean = math.sqrt(MU_M3_S2 / axis**3) * times
    anomaly = mean.copy()
    for _ in range(60):
        anomaly -= (anomaly - eccentricity * np.sin(anomaly) - mean) / (
            1.0 - eccentricity * np.cos(anomaly)
        )
    root = math.sqrt(1.0 - eccentricity**2)
    rate = math.sqrt(MU_M3_S2 / axis) / (1.0 - eccentricity * np.cos(anomaly))
    position = [axis * (np.cos(anomaly) - eccentricity), axis * root * np.sin(anomaly)]
    velocity = [-rate * np.sin(anomaly), rate * root * np.cos(anomaly)]
    zero = np.zeros_like(times)
    return np.stack([*position, zero]), np.stack([*velocity, zero])


@pytest.mark.parametrize(
    ("radius_m", "eccentricity"), [(6928e3, 0.0), (6778e3, 0.16), (6628e3, 0.73)]
)
def test_the_advised_step_keeps_the_path_within_the_error(radius_m, eccentricity):
    step_s = advised_step_s(radius_m, eccentricity, 0.5)
    times = (np.arange(60) - 30.5) * step_s
    states = np.concatenate(kepler(radius_m, eccentricity, times)).T
    fine = np.linspace(times[0], times[-1], 5000)
    apart = positions((states, times), fine) - kepler(radius_m, eccentricity, fine)[0].T
    assert np.linalg.norm(apart, axis=1).max() == pytest.approx(0.5, rel=0.05)


def test_the_advised_step_at_550_km():
    assert advised_step_s(6928e3) == pytest.approx(66.0, abs=0.5)


def test_cubic_meets_the_samples_and_its_velocity_is_its_derivative():
    times = np.array([0.0, 40.0, 100.0, 130.0])
    track = track_of(low_orbits(1), times)
    cubic = cubic_of(track, 1)
    np.testing.assert_allclose(cubic_position(cubic, 40.0), track[0][1, :3], rtol=1e-14)
    np.testing.assert_allclose(cubic_position(cubic, 100.0), track[0][2, :3], rtol=1e-14)
    np.testing.assert_allclose(cubic_velocity(cubic, 100.0), track[0][2, 3:], rtol=1e-12)
    later, sooner = (np.array(cubic_position(cubic, t)) for t in (70.01, 69.99))
    np.testing.assert_allclose((later - sooner) / 0.02, cubic_velocity(cubic, 70.0), rtol=1e-6)


@pytest.mark.parametrize("step_s", [30.0, 300.0])
@pytest.mark.parametrize("height_m", [560e3, 39_000e3])
def test_bounds_hold_on_the_whole_path(step_s, height_m):
    times = np.arange(0.0, 86_401.0, step_s)
    track = track_of([orbit(500e3, height_m, 63.4, 10.0, 90.0, 200.0)], times)
    low, high, speed, acceleration, bulge = bounds_of(track)
    path = positions(track, np.arange(0.0, 86_400.0, 3.0))
    radius = np.linalg.norm(path, axis=1)
    assert low <= radius.min()
    assert low > radius.min() - 2.5 * bulge - 2e5 * (step_s / 300.0) ** 2
    assert radius.max() <= high
    assert np.linalg.norm(np.diff(path, axis=0), axis=1).max() / 3.0 <= speed
    bend = np.linalg.norm(path[2:] - 2.0 * path[1:-1] + path[:-2], axis=1) / 9.0
    inside = (np.arange(1, len(path) - 1) * 3.0) % step_s > 3.0
    assert bend[inside].max() <= acceleration * (1.0 + 1e-6)
    assert bulge == pytest.approx(acceleration * step_s**2 / 8.0)


def test_bounds_of_a_track_with_nan_are_nan():
    times = np.arange(0.0, 600.0, 60.0)
    for place in ((0, 0), (4, 2), (9, 5)):
        states, _ = track_of(low_orbits(1), times)
        states[place] = np.nan
        assert math.isnan(bounds_of((states, times))[2])


@pytest.mark.parametrize("t", [-1.0, 0.0, 59.9, 60.0, 100.0, 299.0, 300.0, 400.0])
def test_step_of_an_uneven_grid(t):
    times = np.array([0.0, 60.0, 61.0, 200.0, 300.0])
    expected = int(np.clip(np.searchsorted(times, t, side="right") - 1, 0, 3))
    assert step_of(times, t) == expected


@pytest.mark.parametrize("seed", range(20))
def test_flagged_runs_as_a_plain_loop_finds_them(seed):
    random = np.random.default_rng(seed)
    count = int(random.integers(2, 60))
    times = np.cumsum(random.uniform(1.0, 9.0, count))
    flags, words = new_flags(count)
    flags[:count] = random.random(count) < random.choice([0.05, 0.3, 0.9])
    out = np.empty((count, 2))
    found = out[: flagged_runs(flags, words, times, out)]
    # Steps beside a flag, joined where they touch.
    steps = (flags[: count - 1] != 0) | (flags[1:count] != 0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], steps, [False]])))
    np.testing.assert_array_equal(found, times[edges.reshape(-1, 2)])
