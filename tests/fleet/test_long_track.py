"""Days of a group's orbits for radiation and stations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, START
from perigrid.fleet.build import elements_of
from perigrid.fleet.ephemeris import group_ephemeris
from perigrid.fleet.long_track import TRACK_DAYS, evenly, long_track
from perigrid.fleet.radiation import group_radiation
from perigrid.scenario.model import ElementSets, Radiation, SunSynchronous

DAWN = replace(
    COMPUTE,
    orbit=SunSynchronous(3, 650e3, 6.0),
    radiation=Radiation(shield_m=0.01, device="commercial", checkpoint_s=30.0),
)


def test_whole_days_by_the_minute_from_the_start():
    track = long_track(DAWN, START)
    assert track.t_s[0] == 0.0
    assert track.t_s[-1] == TRACK_DAYS * 86_400.0
    assert (np.diff(track.t_s) == 60.0).all()
    assert track.satellite.tolist() == [0, 1, 2]
    flown = group_ephemeris(DAWN, START, track.t_s[:2])
    apart_m = np.linalg.norm(
        track.ephemeris.position_ecef_m[:, :, :2] - flown.position_ecef_m, axis=0
    )
    assert apart_m.max() < 1.0
    assert ((track.altitude_m > 630e3) & (track.altitude_m < 690e3)).all()


def test_the_dose_of_one_satellite_of_a_ring_is_that_of_the_others():
    # An orbit of three hours meets the Anomaly or not; five days meet all of it.
    track = long_track(DAWN, START)
    dose = group_radiation(DAWN, track, slice(0, 3), START).dose_gy_per_year
    assert dose.max() / dose.min() < 1.02
    assert dose.mean() == pytest.approx(1.94, abs=0.02)


def test_a_satellite_about_to_come_down_is_held():
    (low, *_) = elements_of(replace(DAWN, orbit=SunSynchronous(1, 180e3, 6.0)), START)
    falling = replace(DAWN, orbit=ElementSets((replace(low, bstar=0.05),), "test"))
    track = long_track(falling, START)
    assert track.altitude_m.min() > 160e3


@pytest.mark.parametrize(
    ("count", "chosen"), [(3, [0, 1, 2]), (4, [0, 1, 2, 3]), (9, [0, 2, 4, 6])]
)
def test_rows_are_chosen_evenly(count, chosen):
    assert evenly(count, 4).tolist() == chosen


def test_of_a_large_group_some_are_flown():
    large = long_track(replace(DAWN, orbit=SunSynchronous(120, 650e3, 6.0)), START)
    assert len(large.satellite) == large.altitude_m.shape[0] == 48
    assert large.satellite[-1] == 117
