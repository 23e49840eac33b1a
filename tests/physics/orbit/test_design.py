import math

import numpy as np
import pytest
from sgp4.model import WGS72, Satrec

from perigrid.base.elements import ElementArrays
from perigrid.base.time import Epoch
from perigrid.physics.orbit.design import (
    circular_period_s,
    mean_sun_longitude_rad,
    sun_synchronous_elements,
    sun_synchronous_inclination_rad,
    walker_arrays,
    walker_elements,
)
from perigrid.physics.orbit.kozai import kozai_mean_motion_rad_s
from perigrid.physics.orbit.propagate import propagate

EPOCH = Epoch.from_iso("2026-08-22T06:00:00Z")


def walker(**changes):
    arguments = {
        "planes": 4,
        "satellites_per_plane": 3,
        "phasing": 1,
        "altitude_m": 550e3,
        "inclination_rad": math.radians(53.0),
        "raan_spread_rad": math.tau,
        "first_raan_rad": 0.1,
        "epoch": EPOCH,
    }
    return walker_elements("w", **{**arguments, **changes})


def test_walker_order_and_angles():
    elements = walker()
    assert [one.name for one in elements[:4]] == ["w-0000", "w-0001", "w-0002", "w-0003"]
    assert len(elements) == 12
    raans = np.array([one.raan_rad for one in elements]).reshape(4, 3)
    np.testing.assert_allclose(raans, 0.1 + np.arange(4)[:, None] * math.tau / 4 * np.ones(3))
    phase = np.array([one.mean_anomaly_rad for one in elements]).reshape(4, 3)
    np.testing.assert_allclose(np.diff(phase[0]), math.tau / 3)
    # F = 1: the next plane is ahead by 2 pi / 12.
    np.testing.assert_allclose(phase[1, 0] - phase[0, 0], math.tau / 12)


def test_star_spreads_over_half_a_turn():
    raans = [one.raan_rad for one in walker(raan_spread_rad=math.pi, satellites_per_plane=1)]
    np.testing.assert_allclose(np.diff(raans), math.pi / 4)


def kepler_axis_that_sgp4_recovers(altitude_m, inclination_rad):
    record = Satrec()  # the pure-Python record shows its secular coefficients
    motion_rad_min = kozai_mean_motion_rad_s(altitude_m, inclination_rad) * 60.0
    record.sgp4init(
        WGS72, "i", 0, 28000.0, 0.0, 0.0, 0.0, 0.0, 0.0, inclination_rad, 0.0, motion_rad_min, 0.0
    )
    return (3.986008e14 / (record.no_unkozai / 60.0) ** 2) ** (1.0 / 3.0)


@pytest.mark.parametrize("inclination_deg", [0.0, 53.0, 63.4, 97.6])
@pytest.mark.parametrize("altitude_m", [300e3, 550e3, 2000e3])
def test_sgp4_recovers_the_designed_axis(altitude_m, inclination_deg):
    axis = kepler_axis_that_sgp4_recovers(altitude_m, math.radians(inclination_deg))
    assert axis == pytest.approx(6378137.0 + altitude_m, abs=1e-3)


def test_osculating_radius_stays_near_the_design():
    position, _, _ = propagate(walker(), EPOCH, np.arange(0.0, 6000.0, 60.0))
    radius = np.linalg.norm(position, axis=0)
    assert np.abs(radius - (6378137.0 + 550e3)).max() < 10e3


def test_sun_synchronous_node_follows_the_mean_sun():
    elements = sun_synchronous_elements(
        "s", satellites=1, altitude_m=650e3, ltan_hours=6.0, epoch=EPOCH
    )
    days = 60.0
    position, velocity, _ = propagate(elements, EPOCH, np.array([0.0, days * 86400.0]))
    normal = np.cross(position, velocity, axis=0)[:, 0]
    node = np.unwrap(np.arctan2(normal[0], -normal[1]))
    rate_deg_day = math.degrees(node[1] - node[0]) / days
    drift_min_a_year = (rate_deg_day * 365.2422 - 360.0) * 4.0
    # J2 squared and J4, which SGP4 has and the design formula leaves out: 0.3 percent of a turn.
    assert 3.0 < abs(drift_min_a_year) < 6.0


def test_local_time_of_the_node():
    for hours in (6.0, 10.5, 22.0):
        (one,) = sun_synchronous_elements(
            "s", satellites=1, altitude_m=500e3, ltan_hours=hours, epoch=EPOCH
        )
        ahead = (one.raan_rad - mean_sun_longitude_rad(EPOCH)) % math.tau
        assert ahead * 12.0 / math.pi == pytest.approx((hours - 12.0) % 24.0)


def test_ring_is_evenly_spaced():
    ring = sun_synchronous_elements(
        "s", satellites=12, altitude_m=500e3, ltan_hours=6.0, epoch=EPOCH
    )
    phase = np.array([one.mean_anomaly_rad for one in ring])
    np.testing.assert_allclose(np.diff(phase), math.tau / 12)


def test_no_sun_synchronous_orbit_too_high():
    assert sun_synchronous_inclination_rad(5900e3) > math.radians(160.0)
    with pytest.raises(ValueError, match="no sun-synchronous"):
        sun_synchronous_inclination_rad(6100e3)


def test_period_of_a_day():
    assert circular_period_s(35786e3) == pytest.approx(86164.1, abs=1.0)


def test_columns_are_the_same_elements():
    arguments = {
        "planes": 4,
        "satellites_per_plane": 3,
        "phasing": 1,
        "altitude_m": 550e3,
        "inclination_rad": math.radians(53.0),
        "raan_spread_rad": math.tau,
        "first_raan_rad": 0.1,
        "epoch": EPOCH,
    }
    columns = walker_arrays(**arguments)
    assert [columns.one(row, f"w-{row:04d}") for row in range(len(columns))] == walker()


def test_a_million_satellites_are_laid_out_at_once():
    columns = walker_arrays(
        planes=1000,
        satellites_per_plane=1000,
        phasing=1,
        altitude_m=550e3,
        inclination_rad=1.0,
        raan_spread_rad=math.tau,
        first_raan_rad=0.0,
        epoch=EPOCH,
    )
    assert len(columns) == 1_000_000
    assert columns.one(999_999, "last").raan_rad == pytest.approx(math.tau * 0.999)


def test_eccentricity_changes_the_sun_synchronous_inclination():
    # The node turns faster on an eccentric orbit, by (1 - e^2)^-2: less tilt is needed.
    circle = math.cos(sun_synchronous_inclination_rad(700e3))
    ellipse = math.cos(sun_synchronous_inclination_rad(700e3, 0.1))
    assert ellipse / circle == pytest.approx(0.99**2)


def test_columns_hold_the_numbers_of_the_objects():
    shape = {
        "planes": 5,
        "satellites_per_plane": 7,
        "phasing": 2,
        "altitude_m": 600e3,
        "inclination_rad": 1.0,
        "raan_spread_rad": math.pi,
        "first_raan_rad": 6.0,
        "epoch": Epoch.from_iso("2026-08-22T03:00:00Z"),
    }
    columns = walker_arrays(**shape)
    objects = ElementArrays.of(walker_elements("shell", **shape))
    for name in ElementArrays.__slots__:
        assert getattr(columns, name).tolist() == getattr(objects, name).tolist()
