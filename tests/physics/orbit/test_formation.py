import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from perigrid.physics.orbit.formation import (
    bounded_states,
    cross_track_hold_m_s_per_year,
    distances_m,
    drag_hold_m_s_per_year,
    neighbour_pairs,
    planar_lattice,
    relative_motion,
    relative_states,
)
from perigrid.physics.orbit.secular import mean_anomaly_rate_rad_s, nodal_period_s

INCLINATION = math.radians(97.99)
MOTION = relative_motion(7028e3, INCLINATION)
CLASSIC = relative_motion(7028e3, INCLINATION, flattening=False)
START = np.array([[100.0], [-200.0], [50.0], [0.1], [-0.3], [0.05]])
TIMES = np.linspace(0.0, 12_000.0, 25)


def test_closed_form_solves_its_equations():
    n, c2 = MOTION.motion_rad_s, 1.0 + MOTION.spread

    def rate(_, state):
        x, _, dx, dy = state
        coupling = 2.0 * n * math.sqrt(c2)
        return [dx, dy, coupling * dy + (5.0 * c2 - 2.0) * n**2 * x, -coupling * dx]

    found = solve_ivp(
        rate, (0.0, TIMES[-1]), START[[0, 1, 3, 4], 0], t_eval=TIMES, rtol=1e-11, atol=1e-9
    )
    states = relative_states(MOTION, START, 0.3, TIMES)[[0, 1, 3, 4], 0]
    np.testing.assert_allclose(states[:2], found.y[:2], atol=1e-4)
    np.testing.assert_allclose(states[2:], found.y[2:], atol=1e-7)


@pytest.mark.parametrize("u", [0.0, 0.3, math.pi / 2, 4.0])
def test_cross_track_rate_and_start(u):
    states = relative_states(MOTION, START, u, np.array([0.0, 0.01]))[:, 0]
    np.testing.assert_allclose(states[:, 0], START[:, 0], atol=1e-9)
    assert (states[2, 1] - states[2, 0]) / 0.01 == pytest.approx(states[5].mean(), abs=1e-6)


def test_no_flattening_is_clohessy_wiltshire():
    n = CLASSIC.motion_rad_s
    angle = n * TIMES
    x0, y0, z0, dx0, dy0, dz0 = START[:, 0]
    sine, cosine = np.sin(angle), np.cos(angle)
    x = (4 - 3 * cosine) * x0 + sine * dx0 / n + 2 * (1 - cosine) * dy0 / n
    y = 6 * (sine - angle) * x0 + y0 - 2 * (1 - cosine) * dx0 / n + (4 * sine - 3 * angle) * dy0 / n
    z = cosine * z0 + sine * dz0 / n
    np.testing.assert_allclose(
        relative_states(CLASSIC, START, 0.7, TIMES)[:3, 0], [x, y, z], atol=1e-8
    )
    assert CLASSIC.axis_ratio == pytest.approx(2.0)


def test_frequencies_agree_with_the_mean_elements():
    # Schweighart and Sedwick's n belongs to the mean radius, Brouwer's to the mean axis.
    k = 1.08262668e-3 * (6378137.0 / 7028e3) ** 2
    radius = 7028e3 * (1.0 - 0.75 * k * (3.0 * math.cos(INCLINATION) ** 2 - 1.0))
    motion = relative_motion(radius, INCLINATION)
    apsidal = mean_anomaly_rate_rad_s(7028e3, 0.0, INCLINATION)
    assert motion.in_plane_rad_s == pytest.approx(apsidal, rel=5e-6)
    draconic = math.tau / nodal_period_s(7028e3, 0.0, INCLINATION)
    assert motion.across_rad_s == pytest.approx(draconic, rel=5e-6)


def test_bounded_paths_close():
    period = math.tau / MOTION.in_plane_rad_s
    start = bounded_states(MOTION, START[:3], START[3])
    end = relative_states(MOTION, start, 0.0, np.array([period]))[:, :, 0]
    np.testing.assert_allclose(end[[0, 1, 3, 4]], start[[0, 1, 3, 4]], atol=1e-7)


def test_square_lattice_of_five_spacings_has_81_points():
    states = planar_lattice(MOTION, 1000.0, 100.0)
    assert states.shape == (6, 81)
    np.testing.assert_allclose(states[:, 0], 0.0, atol=1e-12)
    assert np.abs(states[1]).max() == pytest.approx(1000.0, rel=1e-3)
    assert np.abs(states[0]).max() == pytest.approx(500.0, rel=1e-3)


def test_hexagonal_lattice_packs_more():
    states = planar_lattice(CLASSIC, 1000.0, 100.0, hexagonal=True)
    assert states.shape[1] == 91
    flat = np.stack([states[0], states[1] / 2.0])
    apart = np.linalg.norm(flat[:, :, None] - flat[:, None], axis=0)
    assert apart[apart > 1.0].min() == pytest.approx(100.0)


def test_neighbours_swing_between_one_and_two_spacings():
    states = planar_lattice(CLASSIC, 1000.0, 100.0)
    pairs = neighbour_pairs(CLASSIC, states, 100.0)
    assert pairs.shape == (2, 140)
    times = np.linspace(0.0, math.tau / CLASSIC.in_plane_rad_s, 101)
    distance = distances_m(relative_states(CLASSIC, states, 0.0, times), pairs)
    assert distance.min() == pytest.approx(100.0)
    assert distance.max() == pytest.approx(200.0)
    # Nobody else ever comes nearer.
    every = np.stack(np.triu_indices(81, k=1))
    assert distances_m(relative_states(CLASSIC, states, 0.0, times), every).min() > 99.999


def test_holding_costs():
    assert cross_track_hold_m_s_per_year(CLASSIC, 1000.0) == 0.0
    # 3/2 n k sin^2 i times the height of the swing times n, over a year.
    one = cross_track_hold_m_s_per_year(MOTION, 1000.0)
    assert 40.0 < one < 55.0
    assert cross_track_hold_m_s_per_year(MOTION, 2000.0) == pytest.approx(2.0 * one)
    speed = MOTION.motion_rad_s * 7028e3
    expected = 0.5 * 1e-13 * speed**2 * 1e-3 * 365.24219 * 86400
    assert drag_hold_m_s_per_year(MOTION, 1e-13, -1e-3) == pytest.approx(expected)
