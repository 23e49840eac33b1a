import math

import numpy as np
import pytest
from sgp4.model import WGS72, Satrec

from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.orbit.design import sun_synchronous_inclination_rad, walker_elements
from perigrid.physics.orbit.numerical import propagate_j2
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.orbit.relative_frame import mean_circular_state, mean_radius_m
from perigrid.physics.orbit.secular import (
    drifted,
    frozen_eccentricity,
    local_time_drift_s_per_year,
    mean_anomaly_rate_rad_s,
    nodal_period_s,
    node_rate_rad_s,
    perigee_rate_rad_s,
)

AXIS_M = 6378137.0 + 650e3


@pytest.mark.parametrize("inclination_deg", [28.5, 53.0, 97.99])
def test_rates_are_those_of_sgp4_to_first_order(inclination_deg):
    inclination = math.radians(inclination_deg)
    motion = math.sqrt(3.986004418e14 / AXIS_M**3)
    record = Satrec()
    record.sgp4init(
        WGS72, "i", 0, 28000.0, 0.0, 0.0, 0.0, 0.001, 0.0, inclination, 0.0, motion * 60.0, 0.0
    )
    # SGP4 adds J2 squared and J4: a few parts in a thousand of each rate.
    scale = 0.006 * abs(node_rate_rad_s(AXIS_M, 0.0, 0.0))
    node = node_rate_rad_s(AXIS_M, 0.001, inclination)
    assert record.nodedot / 60.0 == pytest.approx(node, abs=scale)
    perigee = perigee_rate_rad_s(AXIS_M, 0.001, inclination)
    assert record.argpdot / 60.0 == pytest.approx(perigee, abs=scale)


@pytest.mark.parametrize("inclination_deg", [10.0, 53.0, 97.99])
def test_nodal_period_against_numerical_integration(inclination_deg):
    inclination = math.radians(inclination_deg)
    start = mean_circular_state(mean_radius_m(AXIS_M, inclination), inclination, 0.0, 0.0)
    period = nodal_period_s(AXIS_M, 0.0, inclination)
    turns = 10
    times = np.concatenate([[0.0], turns * period + np.arange(-2.0, 3.0)])
    position, _ = propagate_j2(start[0][:, None], start[1][:, None], times)
    crossing = np.interp(0.0, position[2, 0, 1:], times[1:]) / turns
    # Second order in J2: 1e-5 of the period.
    assert crossing == pytest.approx(period, abs=2e-5 * period)


def test_mean_anomaly_turns_slower_than_the_angle_from_the_node():
    inclination = math.radians(30.0)
    rate = mean_anomaly_rate_rad_s(AXIS_M, 0.0, inclination)
    assert math.tau / rate > nodal_period_s(AXIS_M, 0.0, inclination)


def test_sun_synchronous_orbit_keeps_its_local_time():
    inclination = sun_synchronous_inclination_rad(650e3)
    assert local_time_drift_s_per_year(AXIS_M, 0.0, inclination) == pytest.approx(0.0, abs=1e-6)


def test_drift_of_the_local_time_by_a_tilt_too_large():
    # d(cos i)/cos i = -tan i di: 0.01 degrees of tilt gain 107 s of local time a year.
    middle = sun_synchronous_inclination_rad(650e3) + math.radians(0.005)
    drift = local_time_drift_s_per_year(AXIS_M, 0.0, middle + math.radians(0.005))
    expected = -math.tan(middle) * math.radians(0.01) * 86400.0
    assert drift == pytest.approx(expected, rel=1e-3)


def test_frozen_eccentricity_balances_j3_against_j2():
    assert frozen_eccentricity(7077.7e3, math.radians(98.2)) == pytest.approx(1.04e-3, abs=1e-5)
    assert frozen_eccentricity(7077.7e3, 0.0) == 0.0


def test_a_drifted_orbit_is_where_sgp4_has_it_after_a_month():
    epoch = Epoch.from_iso("2026-03-01T00:00:00Z")
    (one, *_) = walker_elements(
        "a", planes=1, satellites_per_plane=1, phasing=0, altitude_m=550e3,
        inclination_rad=math.radians(53.0), raan_spread_rad=math.tau, first_raan_rad=2.0,
        epoch=epoch,
    )  # fmt: skip
    month_s = 30.0 * 86_400.0
    later = drifted(one, epoch.plus(month_s))
    assert later.epoch == epoch.plus(month_s)
    assert later.bstar == 0.0
    # Node by the direction of the orbit's pole: 134 degrees to the west in between.
    pole, wanted = (
        np.cross(position[:, 0, 0], velocity[:, 0, 0])
        for position, velocity, _ in (
            propagate([later], epoch.plus(month_s), np.zeros(1)),
            propagate([one], epoch.plus(month_s), np.zeros(1)),
        )
    )
    cosine = pole @ wanted / np.linalg.norm(pole) / np.linalg.norm(wanted)
    assert math.degrees(math.acos(cosine)) < 1.0
    assert math.degrees(one.raan_rad - later.raan_rad) % 360.0 == pytest.approx(134.0, abs=2.0)


def test_a_drifted_orbit_comes_back():
    epoch = Epoch.from_iso("2026-03-01T00:00:00Z")
    one = MeanElements("a", 0, epoch, 0.0011, 0.01, 1.2, 1.0, 2.0, 3.0, 1e-4)
    back = drifted(drifted(one, epoch.plus(1e7)), epoch)
    for name in ("raan_rad", "argument_of_perigee_rad", "mean_anomaly_rad"):
        assert getattr(back, name) == pytest.approx(getattr(one, name), abs=1e-6)
