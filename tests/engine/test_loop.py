"""The compiled loop against the engine in Python, with the decisions that were made there."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import pytest

from flights import world_of
from missions import COMPUTE, SCENARIO, station, with_group, with_stage
from perigrid.base.architecture import BENT_PIPE, ONBOARD, ORBITAL, RELAY, Architecture
from perigrid.control.core.messages import EventKind
from perigrid.scenario.load import load_scenario
from perigrid.scenario.model import SunSynchronous
from perigrid.sim.world import World, build_world
from tests.engine.recorded import demand_equal, drive, record

FOUR = (BENT_PIPE, ONBOARD, ORBITAL, RELAY)


@cache
def library(name: str, hours: float) -> World:
    return build_world(load_scenario(name, overrides=(f"hours={hours}",)))


@pytest.mark.parametrize("architecture", FOUR, ids=lambda one: one.name)
def test_a_small_mission_is_flown_as_in_python(world: World, architecture: Architecture) -> None:
    demand_equal(drive(record(world, architecture)))


@pytest.mark.parametrize("architecture", FOUR, ids=lambda one: one.name)
def test_three_body_is_flown_as_in_python(architecture: Architecture) -> None:
    demand_equal(drive(record(library("three-body", 4), architecture)))


@pytest.mark.parametrize(
    ("name", "architecture"),
    [
        ("dawn-dusk-demo", "orbital"),
        ("imagers-and-data-centre", "hosted"),
        ("imagers-and-data-centre", "ground-anywhere"),
        ("examples/ships.yaml", "onboard"),
        ("examples/ships.yaml", "hosted"),
    ],
)
def test_other_missions_are_flown_as_in_python(name: str, architecture: str) -> None:
    world = library(name, 6)
    demand_equal(drive(record(world, world.scenario.architecture(architecture))))


def test_queues_and_slow_computers_are_as_in_python(world: World) -> None:
    polar = [station(f"polar-{k}", 78.0 * (-1) ** k, 60.0 * k) for k in range(6)]
    scenario = replace(
        with_group(
            SCENARIO,
            "compute",
            orbit=SunSynchronous(14, 520.0e3, 10.5),
            thermal=replace(COMPUTE.thermal, radiator_area_m2=0.6),
        ),
        pipeline=with_stage(SCENARIO.pipeline, "classify", fixed_s=900.0),
        demand=replace(SCENARIO.demand, cell_rad=math.radians(2.0), deadline_s=3600.0),
        stations=(*SCENARIO.stations, *polar),
        duration_s=3 * 3600.0,
        scheduler="edf",
    )
    found = record(world_of(scenario, world.bank), ORBITAL)
    demand_equal(drive(found))
    jobs = found.trace.jobs
    assert jobs["wait_compute_s"].max() > 900.0, "they queue"
    assert jobs["wait_heat_s"].max() > 0.0, "they are slowed down"
    assert jobs["crosslink_bytes"].sum() > 0.0


@pytest.mark.parametrize("architecture", [BENT_PIPE, ORBITAL], ids=lambda one: one.name)
def test_satellites_without_energy_are_as_in_python(
    world: World, architecture: Architecture
) -> None:
    battery = replace(COMPUTE.battery, capacity_j=0.02 * COMPUTE.battery.capacity_j)
    dark = world_of(
        replace(with_group(SCENARIO, "compute", battery=battery), scheduler="lookahead"),
        world.bank,
    )
    lit = (dark.outlook.t_s < 3600.0) | (dark.outlook.t_s >= 9000.0)
    dark = replace(dark, outlook=replace(dark.outlook, array_w=dark.outlook.array_w * lit))
    driven = drive(record(dark, architecture))
    demand_equal(driven)
    kinds = {int(kind) for rows in driven.events for kind in rows["kind"]}
    assert {EventKind.CAPTURE_REFUSED, EventKind.MOVE_FAILED} <= kinds or architecture is ORBITAL
