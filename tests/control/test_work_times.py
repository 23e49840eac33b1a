from dataclasses import replace

import numpy as np
import pytest

from missions import CENTRES, COMPUTE, EYES, SCENARIO
from own_stages import own_pipeline
from perigrid.control.work_times import SceneWork, WorkTimes
from perigrid.fleet.build import build_fleet
from perigrid.workload.profile import stage_power_w, stage_time_s

PIPELINE = SCENARIO.pipeline
FLEET = build_fleet(replace(SCENARIO, groups=(COMPUTE, EYES, CENTRES)))
WORKS = WorkTimes(FLEET, PIPELINE)
AREA_M2 = 4.0e8


@pytest.mark.parametrize(("row", "group"), [(0, COMPUTE), (9, CENTRES)])
def test_a_scene_takes_what_its_stages_take_on_that_computer(row: int, group) -> None:
    times_s = {one.name: stage_time_s(one, group.computer, AREA_M2) for one in PIPELINE.stages}
    energies_j = {
        one.name: times_s[one.name] * stage_power_w(one, group.computer) for one in PIPELINE.stages
    }
    work = WORKS.on(row, AREA_M2)
    assert work == SceneWork(times_s, energies_j, ("screen",))
    assert work.work_s == sum(times_s.values())
    assert work.energy_j == sum(energies_j.values())
    assert work.sure_s == times_s["screen"]


def test_time_follows_the_scene_and_the_computer() -> None:
    assert WORKS.on(0, 4.0 * AREA_M2).work_s > 2.0 * WORKS.on(0, AREA_M2).work_s
    assert WORKS.on(9, AREA_M2).work_s < WORKS.on(0, AREA_M2).work_s
    nothing = {"screen": 0.0, "classify": 0.0}
    assert WORKS.on(6, AREA_M2) == SceneWork(nothing, nothing, ("screen",))


def test_by_satellite_and_for_the_largest_scene_that_is_taken() -> None:
    work_s, energy_j = WORKS.by_satellite(AREA_M2)
    computing = [*range(6), *range(9, 13)]
    assert work_s[computing].tolist() == [WORKS.on(row, AREA_M2).work_s for row in computing]
    assert np.isinf(energy_j[6:9]).all()
    largest_s, largest_j = WORKS.of_largest()
    column_s, _ = WORKS.by_satellite(COMPUTE.sensor.swath_m**2)
    assert largest_s[computing].tolist() == column_s[computing].tolist()
    assert largest_s[6:9].tolist() == largest_j[6:9].tolist() == [0.0] * 3


def test_the_least_is_that_of_the_quickest_computer_and_the_smallest_scene() -> None:
    areas_m2 = (AREA_M2, 4.0 * AREA_M2)
    assert WORKS.least([0, 6, 9], areas_m2)[0] == WORKS.on(9, AREA_M2).work_s
    assert WORKS.least([0, 6], areas_m2)[1] == WORKS.on(0, AREA_M2).energy_j
    assert np.isinf(WORKS.least([6], areas_m2)).all()


def test_a_scene_that_leaves_its_computer_after_screening_takes_only_that_in_orbit() -> None:
    parted = WorkTimes(FLEET, PIPELINE, frozenset({"classify"}))
    assert parted.on(0, AREA_M2).work_s == WORKS.on(0, AREA_M2).stage_s["screen"]
    centre = next(iter(FLEET.data_centres))
    assert parted.on(centre, AREA_M2) == WORKS.on(centre, AREA_M2)
    assert parted.on(centre, AREA_M2).stage_s["classify"] > 0.0


def test_at_best_the_cheapest_way_counts() -> None:
    branched = WorkTimes(FLEET, own_pipeline())
    long, short = own_pipeline().stages, own_pipeline().stages[:2]
    every, _ = branched.at_best([long]).by_satellite(AREA_M2)
    assert every.tolist() == branched.by_satellite(AREA_M2)[0].tolist()
    least_s, least_j = branched.at_best([long, short]).by_satellite(AREA_M2)
    work = branched.on(0, AREA_M2)
    assert least_s[0] == work.stage_s["screen"] + work.stage_s["detect"]
    assert least_j[0] == work.stage_j["screen"] + work.stage_j["detect"]
    assert branched.at_best([]).by_satellite(AREA_M2)[0].tolist() == every.tolist()
