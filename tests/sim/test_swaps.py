"""Swap checks that a wrong model cannot pass: change the world, and the answer must follow."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from flights import fly, world_of
from missions import SCENARIO, station, with_group
from perigrid.base.architecture import BENT_PIPE, COMPARED, ONBOARD, ORBITAL, Architecture
from perigrid.ledger.record import ACTIONS, EVENTS, read_record
from perigrid.scenario.model import Scenario, SunSynchronous
from perigrid.sim.run import simulate
from perigrid.sim.sustained import sustained_mean_w
from perigrid.sim.world import World
from perigrid.workload.cloud_detector import CloudDetector
from perigrid.workload.scene_bank import build_bank

HOURS_6 = 6 * 3600.0
MISSION = replace(SCENARIO, duration_s=HOURS_6, scheduler="lookahead")


def group_of(scenario: Scenario) -> object:
    group = scenario.group("compute")
    assert group is not None
    return group


def test_doubling_the_ground_stations_lowers_the_bent_pipes_median(
    world: World, comparison: tuple[dict, Path]
) -> None:
    twice = (
        *SCENARIO.stations,
        station("Sanya", 18.31, 109.31),
        station("Punta Arenas", -53.0, -70.9),
    )
    more = fly(world_of(replace(MISSION, stations=twice), world.bank), BENT_PIPE)
    before = comparison[0]["architectures"]["bent-pipe"]["time_to_insight_s"]["p50"]
    assert more.summary["time_to_insight_s"]["p50"] < before


def close_ring() -> Scenario:
    """Enough satellites on one ring that neighbours see each other."""
    ring = SunSynchronous(14, 520.0e3, 10.5)
    return replace(with_group(MISSION, "compute", orbit=ring), duration_s=4 * 3600.0)


def decided(folder: Path) -> list[object]:
    """Everything that happened and was decided, without what names the run."""
    kept = [entry for entry in read_record(folder / "ledger") if entry["kind"] in {EVENTS, ACTIONS}]
    return [(one["t_s"], one["log"], one.get("events"), one.get("decisions")) for one in kept]


def test_lasers_help_and_removing_them_makes_orbital_equal_onboard(
    world: World, tmp_path: Path
) -> None:
    linked = world_of(close_ring(), world.bank)
    cut = world_of(with_group(close_ring(), "compute", laser=None), world.bank)
    with_lasers = fly(linked, ORBITAL)
    without = simulate(cut, ORBITAL, tmp_path / "orbital")
    onboard = simulate(cut, ONBOARD, tmp_path / "onboard")
    assert without.jobs.equals(onboard.jobs)
    assert decided(tmp_path / "orbital") == decided(tmp_path / "onboard")
    p50 = [run.summary["time_to_insight_s"]["p50"] for run in (with_lasers, onboard)]
    assert p50[0] < p50[1]


def test_an_eclipse_heavy_orbit_lowers_sustained_compute(world: World) -> None:
    group = group_of(MISSION)
    lean = replace(group.array, area_m2=2.2)
    powers_w = []
    for ltan_hours in (6.0, 12.0):
        orbit = SunSynchronous(2, 520.0e3, ltan_hours)
        mission = with_group(MISSION, "compute", orbit=orbit, array=lean)
        flown = world_of(mission, world.bank)
        powers_w.append(sustained_mean_w(flown.fleet, flown.outlook))
    dawn_dusk_w, noon_w = powers_w
    assert 0.0 < noon_w < 0.9 * dawn_dusk_w


def test_a_smaller_radiator_throttles(world: World) -> None:
    group = group_of(MISSION)
    computer = replace(group.computer, host_ops_s=group.computer.host_ops_s / 300.0, host_w=360.0)
    throttles = []
    for area_m2 in (group.thermal.radiator_area_m2, 0.35):
        thermal = replace(group.thermal, radiator_area_m2=area_m2)
        mission = with_group(MISSION, "compute", computer=computer, thermal=thermal)
        mission = replace(mission, scheduler="fifo", duration_s=4 * 3600.0)
        throttles.append(fly(world_of(mission, world.bank), ONBOARD).summary)
    wide, narrow = throttles
    assert wide["throttle_min"] == 1.0
    assert narrow["throttle_min"] < 1.0
    assert narrow["binding"]["heat"] > wide["binding"]["heat"] == 0.0
    assert narrow["sustained_compute_w"] < wide["sustained_compute_w"]


def test_a_cloudier_world_raises_the_bytes_saved_on_board(world: World) -> None:
    saved = []
    for mean in (0.3, 0.8):
        demand = replace(MISSION.demand, cloud_cover_mean=mean)
        bank = build_bank(MISSION.pipeline, demand, np.random.default_rng(5), 24, CloudDetector())
        cloudy = world_of(replace(MISSION, demand=demand), bank)
        saved.append(fly(cloudy, ONBOARD).summary["bytes_saved"]["pixels"])
    assert saved[1] > 1.5 * saved[0] > 0.0


def test_a_farther_deadline_never_loses_insights(world: World) -> None:
    counts = []
    for deadline_s in (600.0, 7200.0, 60_000.0):
        mission = replace(MISSION, demand=replace(MISSION.demand, deadline_s=deadline_s))
        summary = fly(world_of(mission, world.bank), BENT_PIPE).summary
        counts.append(summary["insights_delivered"])
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


@pytest.mark.parametrize("architecture", list(COMPARED))
def test_the_same_world_flies_the_same_way_twice(
    world: World, comparison: tuple[dict, Path], architecture: Architecture
) -> None:
    again = fly(world, architecture).summary
    compared = comparison[0]["architectures"][architecture.name]
    # The record of a run that is compared says so, so that it stands for no other run.
    assert again.pop("ledger_head") != compared["ledger_head"]
    assert again == {key: value for key, value in compared.items() if key != "ledger_head"}
