import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perigrid.base.time import Epoch
from perigrid.physics.chunks import limited_threads
from perigrid.physics.frames import (
    ecef_to_geodetic,
    ecef_velocity,
    geodetic_to_ecef,
    gmst_rad,
    teme_to_ecef,
    teme_to_ecef_state,
    up_vector,
)


def test_sidereal_time_turns_once_in_a_sidereal_day():
    start = Epoch.from_iso("2026-08-22T11:00:00Z")
    angle = gmst_rad(start, np.array([0.0, 86164.0905]))
    assert math.remainder(angle[1] - angle[0], math.tau) == pytest.approx(0.0, abs=1e-8)


def test_sidereal_time_does_not_depend_on_how_the_instant_is_split():
    one = gmst_rad(Epoch.from_iso("2026-08-22"), np.array([200000.0]))
    other = gmst_rad(Epoch.from_iso("2026-08-22").plus(200000.0), np.array([0.0]))
    assert math.remainder(one[0] - other[0], math.tau) == pytest.approx(0.0, abs=1e-12)


def test_turn_keeps_length_and_axis():
    rng = np.random.default_rng(1)
    vector = rng.normal(size=(3, 4, 5))
    turned = teme_to_ecef(vector, rng.uniform(0, 6, 5))
    np.testing.assert_allclose(np.linalg.norm(turned, axis=0), np.linalg.norm(vector, axis=0))
    np.testing.assert_array_equal(turned[2], vector[2])


def test_velocity_is_the_derivative_in_turning_axes():
    start = Epoch.from_iso("2026-08-22")
    times = np.array([99.5, 100.0, 100.5])
    rest = np.array([7e6, 1e6, 2e6])[:, None, None]
    inertial = np.array([100.0, -7000.0, 500.0])[:, None, None]
    position = rest + inertial * times
    angle = gmst_rad(start, times)
    fixed = teme_to_ecef(position, angle)
    velocity = ecef_velocity(fixed, np.broadcast_to(inertial, position.shape), angle)
    numeric = fixed[..., 2] - fixed[..., 0]
    # 7.292115e-5 rad/s turns the axes; the 1982 sidereal rate differs by 1e-12 rad/s.
    np.testing.assert_allclose(numeric[:, 0], velocity[:, 0, 1], atol=1e-3)


@settings(deadline=None)  # compiles on the first call
@given(
    latitude_deg=st.floats(-90, 90),
    longitude_deg=st.floats(-179.999, 180),
    height_m=st.floats(-400.0, 36.0e6),
)
def test_geodetic_round_trip(latitude_deg, longitude_deg, height_m):
    latitude, longitude = np.radians([latitude_deg]), np.radians([longitude_deg])
    position = geodetic_to_ecef(latitude, longitude, np.array([height_m]))
    found = ecef_to_geodetic(position)
    again = geodetic_to_ecef(*found)
    assert np.linalg.norm(again - position) < 1e-3
    assert found[2][0] == pytest.approx(height_m, abs=1e-3)


def test_poles_and_equator():
    position = np.array([[0.0, 0.0, 6378137.0], [0.0, 0.0, 0.0], [6400e3, -6400e3, 0.0]])
    latitude, _, height = ecef_to_geodetic(position)
    np.testing.assert_allclose(latitude, [math.pi / 2, -math.pi / 2, 0.0], atol=1e-12)
    np.testing.assert_allclose(height, [6400e3 - 6356752.3142, 6400e3 - 6356752.3142, 0], atol=1e-3)


def test_geodetic_of_a_grid_keeps_its_shape():
    position = np.ones((3, 2, 5)) * 4e6
    assert all(one.shape == (2, 5) for one in ecef_to_geodetic(position))


def test_up_is_the_gradient_of_height():
    latitude, longitude = np.radians([37.0]), np.radians([-120.0])
    low = geodetic_to_ecef(latitude, longitude, np.array([0.0]))
    high = geodetic_to_ecef(latitude, longitude, np.array([1000.0]))
    np.testing.assert_allclose((high - low) / 1000.0, up_vector(latitude, longitude), atol=1e-9)


def states(n=7, n_times=53):
    rng = np.random.default_rng(2)
    return rng.normal(size=(2, 3, n, n_times)) * 7e6, rng.uniform(0.0, math.tau, n_times)


def test_sidereal_time_follows_ut1():
    start, times = Epoch.from_iso("2026-08-22"), np.array([0.0, 10.0])
    ahead = gmst_rad(start, times, 0.5)
    np.testing.assert_array_equal(ahead, gmst_rad(start.plus(0.5), times))
    each = gmst_rad(start, times, np.array([0.0, 0.5]))
    assert each[0] == gmst_rad(start, times)[0]
    assert each[1] == ahead[1]


def test_states_turn_as_positions_and_velocities_do():
    (position, velocity), angle = states()
    fixed, moving = teme_to_ecef_state(position, velocity, angle)
    np.testing.assert_array_equal(fixed, teme_to_ecef(position, angle))
    np.testing.assert_allclose(moving, ecef_velocity(fixed, velocity, angle), atol=1e-8)


def test_turns_may_write_over_their_input():
    (position, velocity), angle = states()
    fixed, moving = teme_to_ecef_state(position, velocity, angle)
    place, motion = position.copy(), velocity.copy()
    assert teme_to_ecef_state(place, motion, angle, (place, motion))[0] is place
    np.testing.assert_array_equal(place, fixed)
    np.testing.assert_array_equal(motion, moving)
    assert teme_to_ecef(position, angle, position) is position
    np.testing.assert_array_equal(position, fixed)


def test_a_buffer_that_cannot_be_written_in_place_is_refused():
    (position, _), angle = states()
    for wrong in (
        np.empty((3, 7, 106))[:, :, ::2],
        np.empty((3, 7, 52)),
        np.empty((3, 7, 53), "f4"),
    ):
        with pytest.raises(ValueError, match="C-contiguous float64"):
            teme_to_ecef(position, angle, wrong)


def test_geodetic_writes_into_buffers():
    (position, _), _ = states()
    buffers = tuple(np.empty((7, 53)) for _ in range(3))
    found = ecef_to_geodetic(position, buffers)
    for buffer, one, again in zip(buffers, found, ecef_to_geodetic(position), strict=True):
        assert one is buffer
        np.testing.assert_array_equal(one, again)


@pytest.mark.parametrize("height_m", [-1e6, -1e4, 0.0, 5e5, 2e7, 4e8])
def test_geodetic_is_better_than_a_micrometre(height_m):
    latitude = np.concatenate(
        [np.linspace(-math.pi / 2, math.pi / 2, 2001), math.pi / 2 - np.logspace(-12, -1, 50)]
    )
    longitude = np.linspace(-3.1, 3.1, latitude.size)
    position = geodetic_to_ecef(latitude, longitude, np.full(latitude.size, height_m))
    found = ecef_to_geodetic(position)
    assert np.abs(found[0] - latitude).max() * 6.4e6 < 1e-6
    # On the poles themselves the longitude is lost.
    assert np.abs((found[1] - longitude) * np.cos(latitude)).max() * 6.4e6 < 1e-6
    assert np.abs(found[2] - height_m).max() < 1e-6


def test_poles_and_equator_are_exact():
    position = np.array([[0.0, 0.0, 7e6, -7e6], [0.0, 0.0, 0.0, 0.0], [7e6, -7e6, 0.0, 0.0]])
    latitude, longitude, _ = ecef_to_geodetic(position)
    assert latitude.tolist() == [math.pi / 2, -math.pi / 2, 0.0, 0.0]
    assert longitude.tolist() == [0.0, 0.0, 0.0, math.pi]


def test_bytes_do_not_depend_on_the_threads(monkeypatch):
    monkeypatch.setattr("perigrid.physics.frames._STATES_PER_THREAD", 1)
    (position, velocity), angle = states()
    answers = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            fixed, moving = teme_to_ecef_state(position, velocity, angle)
            parts = (teme_to_ecef(position, angle), fixed, moving, *ecef_to_geodetic(position))
        answers.append([part.tobytes() for part in parts])
    assert answers[0] == answers[1] == answers[2]


def test_nan_stays_with_its_own_point():
    (position, velocity), angle = states()
    whole = ecef_to_geodetic(position)
    turned = teme_to_ecef(position, angle)
    position[1, 2, 5] = np.nan
    for one, before in zip(ecef_to_geodetic(position), whole, strict=True):
        assert np.isnan(one[2, 5])
        one[2, 5] = before[2, 5]
        np.testing.assert_array_equal(one, before)
    assert np.isnan(teme_to_ecef(position, angle)[:2, 2, 5]).all()
    assert np.isnan(teme_to_ecef_state(position, velocity, angle)[1][:2, 2, 5]).all()
    assert np.count_nonzero(teme_to_ecef(position, angle) != turned) == 2


@pytest.mark.parametrize("shape", [(3, 0, 4), (3, 4, 0), (3, 5, 1), (3, 5)])
def test_any_number_of_satellites_and_times(shape):
    vector = np.ones(shape) * 5e6
    angle = np.linspace(0.0, 1.0, shape[-1])
    fixed, moving = teme_to_ecef_state(vector, vector, angle)
    assert fixed.shape == moving.shape == teme_to_ecef(vector, angle).shape == shape
    assert ecef_to_geodetic(vector)[2].shape == shape[1:]
