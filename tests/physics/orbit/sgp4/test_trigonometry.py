import math

import numba as nb
import numpy as np
import pytest

from perigrid.physics.orbit.sgp4.trigonometry import KERNEL, TURN_RAD, rotated, wrapped
from perigrid.physics.orbit.sgp4.trigonometry import sine_cosine as part


@nb.njit(**KERNEL)
def sine_cosine(angle_rad):
    return part(angle_rad)


@pytest.mark.parametrize("size", [0.1, 3.0, 50.0])
def test_sine_and_cosine_to_the_last_bits(size):
    angles = np.linspace(-size, size, 2001)
    found = np.array([sine_cosine(float(x)) for x in angles])
    # The float nearest to 2 pi is 2.4e-16 short of it, once per turn.
    tolerance = 3e-16 + 2.5e-16 * size / TURN_RAD
    np.testing.assert_allclose(found[:, 0], np.sin(angles), rtol=0, atol=tolerance)
    np.testing.assert_allclose(found[:, 1], np.cos(angles), rtol=0, atol=tolerance)


@pytest.mark.parametrize("angle", [1e5, -3.3e5, 1e6])
def test_large_angles_are_taken_modulo_the_float_as_fmod_does(angle):
    s, c = sine_cosine(angle)
    rest = math.fmod(angle, TURN_RAD)
    assert s == pytest.approx(math.sin(rest), abs=1e-15)
    assert c == pytest.approx(math.cos(rest), abs=1e-15)
    assert wrapped(angle) == pytest.approx(rest % TURN_RAD, abs=1e-15)


def test_no_number_stays_none():
    assert all(math.isnan(value) for value in sine_cosine(math.nan))
    assert all(math.isnan(value) for value in sine_cosine(math.inf))
    assert math.isnan(wrapped(math.nan))


@pytest.mark.parametrize("turn", [0.0, 1e-9, -0.02, 0.03])
def test_rotation_by_a_small_angle(turn):
    s, c = rotated(math.sin(0.7), math.cos(0.7), turn)
    assert s == pytest.approx(math.sin(0.7 + turn), abs=3e-16)
    assert c == pytest.approx(math.cos(0.7 + turn), abs=3e-16)
