import math

import numpy as np
import pytest

from perigrid.physics.attitude import ATTITUDES, POINTINGS, array_cosines, body_axes, face_cosines
from perigrid.physics.chunks import limited_threads


def fleet(rows=7, times=50, seed=3):
    """Satellites on inclined, slightly eccentric paths, with the Sun anywhere."""
    rng = np.random.default_rng(seed)
    position = 7.0e6 * rng.normal(size=(3, rows, times))
    velocity = 7.5e3 * rng.normal(size=(3, rows, times))
    sun = 1.5e11 * rng.normal(size=(3, times))
    return position, velocity, sun


def unit(vector):
    return vector / np.linalg.norm(vector, axis=0)


@pytest.mark.parametrize("attitude", ATTITUDES)
def test_axes_are_right_handed_unit_vectors(attitude):
    x, y, z = body_axes(attitude, *fleet())
    for axis in (x, y, z):
        np.testing.assert_allclose(np.linalg.norm(axis, axis=0), 1.0, atol=1e-12)
    np.testing.assert_allclose(np.cross(x, y, axis=0), z, atol=1e-12)


def test_each_attitude_points_as_it_says():
    position, velocity, sun = fleet()
    up, ahead = unit(position), unit(velocity)
    normal = unit(np.cross(position, velocity, axis=0))
    to_sun = unit(sun[:, None] - position)
    axes = {mode: body_axes(mode, position, velocity, sun) for mode in ATTITUDES}
    close = {"atol": 1e-9}
    np.testing.assert_allclose(axes["sun"][2], to_sun, **close)
    np.testing.assert_allclose(np.sum(axes["sun"][1] * normal, axis=0), 0.0, **close)
    np.testing.assert_allclose(axes["nadir"][2], -up, **close)
    assert np.all(np.sum(axes["nadir"][0] * ahead, axis=0) > 0.0)
    np.testing.assert_allclose(axes["velocity"][0], ahead, **close)
    np.testing.assert_allclose(axes["velocity"][1], -normal, **close)
    np.testing.assert_allclose(axes["yaw-steering"][2], -up, **close)
    np.testing.assert_allclose(np.sum(axes["yaw-steering"][1] * to_sun, axis=0), 0.0, **close)
    assert np.all(np.sum(axes["yaw-steering"][0] * to_sun, axis=0) >= 0.0)
    np.testing.assert_allclose(axes["single-axis"][1], normal, **close)
    best = np.sqrt(1.0 - np.sum(normal * to_sun, axis=0) ** 2)
    np.testing.assert_allclose(np.sum(axes["single-axis"][2] * to_sun, axis=0), best, **close)


def test_face_cosines_are_the_axes_projected():
    state = fleet()
    face = np.array([1.0, -2.0, 0.5])
    axes = body_axes("velocity", *state)
    normal = np.tensordot(face / np.linalg.norm(face), axes, axes=1)
    found = face_cosines("velocity", tuple(face), *state)
    to_sun = unit(state[2][:, None] - state[0])
    np.testing.assert_allclose(found.sun, np.sum(normal * to_sun, axis=0), atol=1e-12)
    np.testing.assert_allclose(found.nadir, -np.sum(normal * unit(state[0]), axis=0), atol=1e-12)


def test_opposite_faces_of_a_box_see_opposite_things():
    state = fleet()
    for mode in ATTITUDES:
        one, other = (face_cosines(mode, (0.0, sign, 0.0), *state) for sign in (1.0, -1.0))
        np.testing.assert_allclose(one.sun, -other.sun, atol=1e-12)
        np.testing.assert_allclose(one.nadir, -other.nadir, atol=1e-12)
        six = [face_cosines(mode, tuple(row), *state).sun for row in np.eye(3)]
        np.testing.assert_allclose(sum(one**2 for one in six), 1.0, atol=1e-9)


def test_array_pointings():
    state = fleet()
    found = {name: array_cosines(name, *state) for name in POINTINGS}
    np.testing.assert_allclose(found["sun"].sun, 1.0, atol=1e-12)
    np.testing.assert_allclose(found["yaw-steering"].sun, 1.0, atol=1e-12)
    np.testing.assert_allclose(found["nadir"].nadir, -1.0, atol=1e-12)
    np.testing.assert_array_equal(found["fixed"].sun, found["nadir"].sun)
    assert np.all(found["single-axis"].sun <= 1.0)
    forward = array_cosines("fixed", *state, normal_lvlh=(1.0, 0.0, 0.0))
    np.testing.assert_allclose(forward.nadir, 0.0, atol=1e-12)
    normal = unit(np.cross(state[0], state[1], axis=0))
    across = array_cosines("fixed", *state, normal_lvlh=(0.0, 3.0, 0.0))
    to_sun = unit(state[2][:, None] - state[0])
    np.testing.assert_allclose(across.sun, np.sum(normal * to_sun, axis=0), atol=1e-12)


def test_axes_stay_defined_where_a_mode_leaves_a_turn_open():
    position = np.array([[[7.0e6]], [[0.0]], [[0.0]]])
    velocity = np.array([[[0.0]], [[7.5e3]], [[0.0]]])
    # The Sun along the orbit normal of the Earth's centre, seen from the satellite.
    for sun in ([[7.0e6], [0.0], [1.5e11]], [[1.5e11], [0.0], [0.0]]):
        for mode in ATTITUDES:
            x, y, z = body_axes(mode, position, velocity, np.array(sun))
            np.testing.assert_allclose(np.cross(x, y, axis=0), z, atol=1e-12)
            assert math.isclose(np.linalg.norm(z), 1.0)


def test_bytes_do_not_depend_on_the_threads():
    state = fleet(rows=40)
    with limited_threads(1):
        alone = body_axes("yaw-steering", *state), array_cosines("single-axis", *state)
    for threads in (2, 5):
        with limited_threads(threads):
            np.testing.assert_array_equal(body_axes("yaw-steering", *state), alone[0])
            np.testing.assert_array_equal(array_cosines("single-axis", *state).sun, alone[1].sun)


def test_mistakes_are_named():
    state = fleet(1, 1)
    with pytest.raises(ValueError, match="yaw-steering"):
        body_axes("tumbling", *state)
    with pytest.raises(ValueError, match="single-axis"):
        array_cosines("zenith", *state)
    with pytest.raises(ValueError, match="no direction"):
        face_cosines("nadir", (0.0, 0.0, 0.0), *state)
