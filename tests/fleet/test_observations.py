from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from missions import SCENARIO, SENSOR, START, with_group
from perigrid.base.jobs import Job
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import group_ephemeris, satellite_ephemeris
from perigrid.fleet.observations import demand_targets, observe, scene_spacing_s
from perigrid.physics.frames import geodetic_to_ecef, gmst_rad, teme_to_ecef
from perigrid.physics.sun import sun_elevation_rad, sun_position_m
from perigrid.scenario.model import Scenario

_LONG = replace(SCENARIO, duration_s=30.0 * 3600.0)


def _fly(scenario: Scenario, seed: int = 1) -> tuple[Job, ...]:
    fleet = build_fleet(scenario)
    return observe(scenario, fleet, satellite_ephemeris(scenario), 16, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def jobs() -> tuple[Job, ...]:
    return _fly(_LONG)


def test_jobs_are_numbered_by_the_shutter(jobs: tuple[Job, ...]):
    assert len(jobs) > 200
    assert [job.job_id for job in jobs] == list(range(len(jobs)))
    keys = [(job.t_capture_s, job.origin) for job in jobs]
    assert keys == sorted(keys)
    assert jobs[0].t_capture_s >= 0.0
    assert jobs[-1].t_capture_s <= _LONG.duration_s


def test_jobs_carry_the_size_of_a_scene(jobs: tuple[Job, ...]):
    job = jobs[0]
    assert job.raw_bytes == pytest.approx(4000.0**2 * 96.0 / 8.0)
    assert job.area_m2 == 1.6e9
    assert job.deadline_s == job.t_capture_s + SCENARIO.demand.deadline_s
    counts = np.bincount([job.scene for job in jobs], minlength=16)
    assert len(counts) == 16
    assert counts.min() > 0, "scenes are drawn evenly"
    assert counts.max() < 4 * len(jobs) / 16


def test_photographs_are_taken_by_day(jobs: tuple[Job, ...]):
    t_s = np.array([job.t_capture_s for job in jobs])
    sun = teme_to_ecef(sun_position_m(START, t_s), gmst_rad(START, t_s))
    elevation = sun_elevation_rad(
        np.array([job.latitude_rad for job in jobs]),
        np.array([job.longitude_rad for job in jobs]),
        sun,
    )
    assert elevation.min() >= SENSOR.min_sun_elevation_rad


def test_photographs_lie_within_the_pointing_range(jobs: tuple[Job, ...]):
    for job in jobs[::20]:
        at = group_ephemeris(SCENARIO.groups[0], START, np.array([job.t_capture_s]))
        satellite = at.position_ecef_m[:, job.origin, 0]
        target = geodetic_to_ecef(
            np.array([job.latitude_rad]), np.array([job.longitude_rad]), np.zeros(1)
        )[:, 0]
        look = target - satellite
        cosine = -(look @ satellite) / np.linalg.norm(look) / np.linalg.norm(satellite)
        assert math.acos(cosine) <= SENSOR.max_off_nadir_rad + 1.0e-6


def test_a_target_is_not_due_before_its_revisit_time(jobs: tuple[Job, ...]):
    last: dict[int, float] = {}
    again = 0
    for job in jobs:
        if job.target in last:
            again += 1
            assert job.t_capture_s - last[job.target] >= SCENARIO.demand.revisit_s
        last[job.target] = job.t_capture_s
    assert again > 10


def test_an_imager_takes_one_scene_at_a_time():
    dense = replace(
        SCENARIO, demand=replace(SCENARIO.demand, cell_rad=math.radians(1.0), revisit_s=86_400.0)
    )
    spacing = scene_spacing_s(SENSOR, satellite_ephemeris(dense), slice(None))
    assert spacing == pytest.approx(np.full(6, 40.0e3 / 7.05e3), rel=0.02)
    found = _fly(dense)
    gaps = [
        np.diff([job.t_capture_s for job in found if job.origin == satellite])
        for satellite in range(6)
    ]
    assert min(gap.min() for gap in gaps if len(gap)) >= spacing.min()
    slower = _fly(with_group(dense, "compute", sensor=replace(SENSOR, swath_m=400.0e3)))
    assert len(slower) < len(found)


def test_the_first_pass_of_each_target_is_taken_unless_the_imager_is_busy():
    sparse = replace(SCENARIO, demand=replace(SCENARIO.demand, cell_rad=math.radians(10.0)))
    fleet, track = build_fleet(sparse), satellite_ephemeris(sparse)
    from perigrid.fleet.observations import in_daylight
    from perigrid.physics.coverage import target_passes

    latitude, longitude = demand_targets(sparse.demand)
    places = geodetic_to_ecef(latitude, longitude, np.zeros(len(latitude)))
    passes = target_passes(
        track.position_ecef_m, track.velocity_ecef_m_s, track.t_s, places, SENSOR.max_off_nadir_rad
    )
    lit = in_daylight(sparse, SENSOR, passes, latitude, longitude)
    first = {}
    for target, t_s in zip(passes.target[lit].tolist(), passes.t_s[lit].tolist(), strict=True):
        first.setdefault(target, t_s)
    found = observe(sparse, fleet, track, 4, np.random.default_rng(0))
    taken = {job.target: job.t_capture_s for job in found}
    assert 0 < len(taken) <= len(first)
    assert sum(taken[target] == first[target] for target in taken) >= 0.9 * len(first)


def test_the_seed_draws_the_scenes_and_nothing_else():
    one, same, other = _fly(SCENARIO, 1), _fly(SCENARIO, 1), _fly(SCENARIO, 2)
    assert one == same
    assert [replace(job, scene=0) for job in one] == [replace(job, scene=0) for job in other]
    assert [job.scene for job in one] != [job.scene for job in other]


def test_requests_are_targets():
    demand = replace(
        SCENARIO.demand,
        kind="requests",
        request_latitude_rad=(0.6, -0.2),
        request_longitude_rad=(1.0, 0.5),
        request_names=("a", "b"),
    )
    latitude, longitude = demand_targets(demand)
    assert latitude.tolist() == [0.6, -0.2]
    assert longitude.tolist() == [1.0, 0.5]
    found = _fly(replace(_LONG, demand=demand))
    assert {job.target for job in found} == {0, 1}
    assert {job.latitude_rad for job in found} == {0.6, -0.2}


def test_no_sensor_or_no_target_no_jobs():
    assert _fly(with_group(SCENARIO, "compute", sensor=None)) == ()
    nothing = replace(SCENARIO.demand, kind="requests")
    assert _fly(replace(SCENARIO, demand=nothing)) == ()
    by_night = replace(SENSOR, min_sun_elevation_rad=math.radians(89.9))
    assert _fly(with_group(SCENARIO, "compute", sensor=by_night)) == ()
