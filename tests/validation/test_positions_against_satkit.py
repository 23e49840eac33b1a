"""SGP4, frames and the shadow against satkit, an independent library in Rust."""

import numpy as np
import pytest

from perigrid.physics.eclipse import illumination
from perigrid.physics.frames import ecef_to_geodetic, gmst_rad, teme_to_ecef
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.sun import sun_position_m
from tests.validation.element_sets import as_tle
from tests.validation.fleet import START, every, satellites

satkit = pytest.importorskip("satkit")
pytestmark = pytest.mark.validation


def instants(t_s):
    zero = satkit.time(2026, 8, 22)
    return [zero + satkit.duration(seconds=float(t)) for t in t_s]


def test_sgp4_within_a_millimetre():
    times = every(300.0)
    worst_m = worst_m_s = 0.0
    for number, designed in enumerate(satellites(), start=1):
        first, second, elements = as_tle(designed, number)
        tle = satkit.TLE.from_lines([first, second])
        tle = tle[0] if isinstance(tle, list) else tle
        theirs, their_velocity = satkit.sgp4(
            tle, instants(times), gravconst=satkit.sgp4_gravconst.wgs72
        )
        position, velocity, _ = propagate([elements], START, times)
        worst_m = max(worst_m, np.abs(position[:, 0].T - theirs).max())
        worst_m_s = max(worst_m_s, np.abs(velocity[:, 0].T - their_velocity).max())
    assert worst_m < 1e-3  # measured 1e-7 m
    assert worst_m_s < 1e-6


def test_earth_fixed_and_geodetic():
    times = every(3600.0)
    position, _, _ = propagate(satellites(), START, times)
    fixed = teme_to_ecef(position, gmst_rad(START, times))
    latitude, longitude, height = ecef_to_geodetic(fixed)
    worst_m = worst_rad = worst_height_m = 0.0
    for k, instant in enumerate(instants(times)):
        turn = satkit.frametransform.qteme2itrf(instant)  # without Earth orientation data
        for n in range(position.shape[1]):
            theirs = turn * position[:, n, k]
            worst_m = max(worst_m, np.linalg.norm(theirs - fixed[:, n, k]))
            place = satkit.itrfcoord(*fixed[:, n, k])
            angles = place.latitude_rad - latitude[n, k], place.longitude_rad - longitude[n, k]
            worst_rad = max(worst_rad, *np.abs(angles))
            worst_height_m = max(worst_height_m, abs(place.altitude - height[n, k]))
    assert worst_m < 0.01  # measured 0.5 mm
    assert worst_rad < 1e-9
    assert worst_height_m < 1e-3


def test_share_of_the_sun_in_view():
    times = every(5.0, 7200.0)
    position, _, _ = propagate(satellites(), START, times)
    sun = sun_position_m(START, times)
    lit = illumination(position, sun, flattening=0.0)  # satkit has a sphere
    theirs = np.array(
        [
            [satkit.sun.shadowfunc(sun[:, k], position[:, n, k]) for k in range(len(times))]
            for n in range(position.shape[1])
        ]
    )
    penumbra = np.count_nonzero((theirs > 0) & (theirs < 1))
    worst = np.abs(lit - theirs).max()
    assert penumbra > 10
    assert worst < 1e-6  # measured 4e-9


def test_entry_and_exit_with_their_own_sun_within_two_seconds():
    times = every(1.0, 7200.0)
    position, _, _ = propagate(satellites(), START, times)
    ours = illumination(position, sun_position_m(START, times), flattening=0.0)
    coarse = [satkit.sun.pos_mod(instant) for instant in instants(times[::60])]
    theirs_sun = np.array([np.interp(times, times[::60], row) for row in np.array(coarse).T])
    worst_s = 0.0
    for n in range(position.shape[1]):
        theirs = np.array(
            [satkit.sun.shadowfunc(theirs_sun[:, k], position[:, n, k]) for k in range(len(times))]
        )
        for level in (0.01, 0.5, 0.99):
            mine = np.flatnonzero(np.diff(ours[n] > level))
            other = np.flatnonzero(np.diff(theirs > level))
            assert len(mine) == len(other) > 0
            worst_s = max(worst_s, np.abs(mine - other).max())
    assert worst_s <= 2.0
