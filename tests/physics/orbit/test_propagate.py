import math
from dataclasses import replace

import numpy as np
import pytest
from sgp4.api import WGS72, Satrec

from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.orbit.design import walker_elements
from perigrid.physics.orbit.propagate import propagate

START = Epoch.from_iso("2026-08-22")


def low_orbit(count=3):
    return walker_elements(
        "low",
        planes=1,
        satellites_per_plane=count,
        phasing=0,
        altitude_m=550e3,
        inclination_rad=math.radians(53.0),
        raan_spread_rad=math.tau,
        first_raan_rad=0.3,
        epoch=START,
    )


def test_shape_and_no_error():
    position, velocity, error = propagate(low_orbit(3), START, np.arange(0.0, 600.0, 60.0))
    assert position.shape == velocity.shape == (3, 3, 10)
    assert error.shape == (3, 10)
    assert error.dtype == np.uint8
    assert not error.any()


def test_same_as_the_library_one_satellite_at_a_time():
    elements = low_orbit(1)[0]
    record = Satrec()
    record.sgp4init(
        WGS72,
        "i",
        0,
        elements.epoch.jd_midnight - 2433281.5,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        elements.inclination_rad,
        elements.mean_anomaly_rad,
        elements.mean_motion_rad_s * 60.0,
        elements.raan_rad,
    )
    _, km, km_s = record.sgp4_tsince(37.0)
    position, velocity, _ = propagate([elements], START, np.array([37.0 * 60.0]))
    np.testing.assert_allclose(position[:, 0, 0], np.array(km) * 1e3, atol=1e-6)
    np.testing.assert_allclose(velocity[:, 0, 0], np.array(km_s) * 1e3, atol=1e-9)


def test_start_shifts_time():
    elements = low_orbit(2)
    late = START.plus(3600.0)
    shifted, _, _ = propagate(elements, late, np.array([0.0, 60.0]))
    same, _, _ = propagate(elements, START, np.array([3600.0, 3660.0]))
    np.testing.assert_allclose(shifted, same, atol=1e-3)


def test_velocity_is_the_derivative_of_position():
    position, velocity, _ = propagate(low_orbit(2), START, np.array([99.5, 100.0, 100.5]))
    # Central difference over 1 s: third derivative of a 7 km/s, 1.1e-3 rad/s motion / 24.
    numeric = position[..., 2] - position[..., 0]
    np.testing.assert_allclose(numeric, velocity[..., 1], atol=0.01)


def test_each_satellite_is_on_its_own():
    elements = low_orbit(7)
    times = np.arange(0.0, 300.0, 30.0)
    whole, _, _ = propagate(elements, START, times)
    alone, _, _ = propagate(elements[4:5], START, times)
    np.testing.assert_array_equal(whole[:, 4:5], alone)


def test_epochs_between_two_floats_of_days_are_kept_apart():
    # 1e-7 s is below what one float of days resolves, and 0.8 mm of motion.
    one = low_orbit(1)[0]
    later = replace(one, epoch=one.epoch.plus(1e-7))
    here, velocity, _ = propagate([one], START, np.array([500.0]))
    there, _, _ = propagate([later], START, np.array([500.0]))
    moved = np.linalg.norm(there - here)
    assert moved == pytest.approx(np.linalg.norm(velocity) * 1e-7, rel=0.01)


def test_error_code_of_an_impossible_orbit():
    broken = MeanElements("broken", 1, START, 1e-3, 1.5, 0.9, 0.0, 0.0, 0.0)
    position, _, error = propagate([broken, *low_orbit(1)], START, np.array([0.0, 60.0]))
    assert np.all(error[0] > 0)
    assert np.all(np.isnan(position[:, 0]))
    assert not error[1].any()


@pytest.mark.parametrize("count", [0])
def test_no_satellites(count):
    position, _, error = propagate([], START, np.array([0.0]))
    assert position.shape == (3, count, 1)
    assert error.shape == (count, 1)
