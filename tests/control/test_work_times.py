from dataclasses import replace

import pytest

from missions import CENTRES, COMPUTE, EYES, SCENARIO
from perigrid.control.work_times import SceneWork, WorkTimes
from perigrid.fleet.build import build_fleet
from perigrid.workload.profile import stage_power_w, stage_time_s

PIPELINE = SCENARIO.pipeline
FLEET = build_fleet(replace(SCENARIO, groups=(COMPUTE, EYES, CENTRES)))
WORKS = WorkTimes(FLEET, PIPELINE)
AREA_M2 = 4.0e8


@pytest.mark.parametrize(("row", "group"), [(0, COMPUTE), (9, CENTRES)])
def test_a_scene_takes_what_its_stages_take_on_that_computer(row: int, group) -> None:
    stages = (PIPELINE.screen, PIPELINE.classify)
    times_s = [stage_time_s(stage, group.computer, AREA_M2) for stage in stages]
    powers_w = [stage_power_w(stage, group.computer) for stage in stages]
    energy_j = times_s[0] * powers_w[0] + times_s[1] * powers_w[1]
    assert WORKS.on(row, AREA_M2) == SceneWork(*times_s, energy_j)
    assert WORKS.on(row, AREA_M2).work_s == sum(times_s)


def test_time_follows_the_scene_and_the_computer() -> None:
    assert WORKS.on(0, 4.0 * AREA_M2).work_s > 2.0 * WORKS.on(0, AREA_M2).work_s
    assert WORKS.on(9, AREA_M2).work_s < WORKS.on(0, AREA_M2).work_s
    assert WORKS.on(6, AREA_M2) == SceneWork(0.0, 0.0, 0.0)


def test_by_satellite_and_for_the_largest_scene_that_is_taken() -> None:
    work_s, energy_j = WORKS.by_satellite(AREA_M2)
    assert work_s.tolist() == [WORKS.on(row, AREA_M2).work_s for row in range(13)]
    assert energy_j[6:9].tolist() == [0.0] * 3
    largest_s, _ = WORKS.of_largest()
    assert largest_s.tolist() == WORKS.by_satellite(COMPUTE.sensor.swath_m**2)[0].tolist()
