import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.time import Epoch
from perigrid.physics.frames import (
    ecef_to_geodetic,
    ecef_velocity,
    geodetic_to_ecef,
    gmst_rad,
    teme_to_ecef,
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
