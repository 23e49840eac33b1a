import numpy as np
import pytest

from perigrid.physics.orbit.numerical import energy_j_kg, gravity_j2_m_s2, propagate_j2

PLACE = np.array([[7.0e6], [1.0e5], [2.0e5]])
SPEED = np.array([[10.0], [1.0e3], [7.4e3]])


def test_gravity_is_the_slope_of_the_potential():
    still = np.zeros(3)
    slope = np.empty(3)
    for axis in range(3):
        step = np.zeros(3)
        step[axis] = 1.0
        ahead, behind = (energy_j_kg(PLACE[:, 0] + sign * step, still) for sign in (1, -1))
        slope[axis] = -(ahead - behind) / 2.0
    np.testing.assert_allclose(gravity_j2_m_s2(PLACE)[:, 0], slope, atol=2e-8)


def test_energy_and_polar_momentum_are_kept():
    position, velocity = propagate_j2(PLACE, SPEED, np.linspace(0.0, 20_000.0, 11))
    energy = energy_j_kg(position, velocity)[0]
    assert np.ptp(energy) < 1e-10 * abs(energy[0])
    momentum = np.cross(position, velocity, axis=0)[2, 0]
    assert np.ptp(momentum) < 1e-10 * abs(momentum[0])


def test_a_satellite_moves_the_same_alone_and_in_company():
    times = np.array([0.0, 3000.0])
    alone, _ = propagate_j2(PLACE, SPEED, times)
    pair, _ = propagate_j2(np.hstack([PLACE, 1.1 * PLACE]), np.hstack([SPEED, SPEED]), times)
    assert alone[:, 0, 1] == pytest.approx(pair[:, 0, 1], abs=1e-3)
