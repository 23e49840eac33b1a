"""Loop and decision core in one kernel against controller and engine in Python."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from flights import world_of
from missions import COMPUTE, SCENARIO, station, with_group, with_stage
from perigrid.base.architecture import BENT_PIPE, COMPARED, ORBITAL, RELAY, Architecture
from perigrid.control.core import build as core_build
from perigrid.control.core.build import build_asking, build_core
from perigrid.control.core.outside import outside_of
from perigrid.engine.decided import Decided
from perigrid.engine.fly import fly
from perigrid.engine.state import Clock, Status
from perigrid.engine.words import ColumnWords
from perigrid.scenario.model import SunSynchronous
from perigrid.sim.world import World
from tests.engine.recorded import Driven, built, demand_equal, record


def flown(world: World, architecture: Architecture) -> Driven:
    found = record(world, architecture)
    world = found.world
    mission = world.scenario, world.fleet, world.outlook, architecture, world.jobs
    core, words, asked = build_asking(*mission)
    driven = Driven(found, words=ColumnWords(words))
    decided = Decided(core, None if asked is None else outside_of(asked))
    driven.world = fly(built(world, architecture), decided, driven)
    np.testing.assert_array_equal(core.booked_bytes, found.trace.booked_bytes)
    return driven


@pytest.mark.parametrize("architecture", COMPARED, ids=lambda one: one.name)
def test_a_mission_is_decided_and_flown_as_in_python(
    world: World, architecture: Architecture
) -> None:
    demand_equal(flown(world, architecture))


@pytest.fixture(scope="module")
def loaded(world: World) -> World:
    """More work than its computers can do in time."""
    polar = [station(f"polar-{k}", 78.0 * (-1) ** k, 60.0 * k) for k in range(6)]
    scenario = replace(
        with_group(SCENARIO, "compute", orbit=SunSynchronous(14, 520.0e3, 10.5)),
        pipeline=with_stage(SCENARIO.pipeline, "classify", fixed_s=900.0),
        demand=replace(SCENARIO.demand, cell_rad=math.radians(2.0), deadline_s=3600.0),
        stations=(*SCENARIO.stations, *polar),
        duration_s=3 * 3600.0,
    )
    return world_of(scenario, world.bank)


@pytest.mark.parametrize("scheduler", ["fifo", "edf", "lookahead", "price", "planner"])
def test_a_loaded_mission_is_decided_and_flown_as_in_python(loaded: World, scheduler: str) -> None:
    scenario = replace(loaded.scenario, scheduler=scheduler)
    demand_equal(flown(replace(loaded, scenario=scenario), ORBITAL))


def test_a_core_that_is_short_of_room_is_given_more(
    loaded: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_build, "MOST_LATEST", 2)
    demand_equal(flown(loaded, ORBITAL))


def test_a_leg_that_is_dropped_is_decided_and_flown_as_in_python(world: World) -> None:
    battery = replace(COMPUTE.battery, capacity_j=0.02 * COMPUTE.battery.capacity_j)
    scenario = replace(with_group(SCENARIO, "compute", battery=battery), scheduler="lookahead")
    dark = world_of(scenario, world.bank)
    lit = (dark.outlook.t_s < 3600.0) | (dark.outlook.t_s >= 9000.0)
    dark = replace(dark, outlook=replace(dark.outlook, array_w=dark.outlook.array_w * lit))
    demand_equal(flown(dark, BENT_PIPE))


def test_the_state_of_a_core_is_its_own_arrays_and_grows_with_it(world: World) -> None:
    core, _ = build_core(world.scenario, world.fleet, world.outlook, RELAY, world.jobs)
    decided = Decided(core)
    state = decided.state()
    assert "array_w" not in state
    assert np.shares_memory(state["plan.free_s"], core.plan.free_s)
    w = built(world, RELAY)
    w.clock[Clock.BATCH] = math.inf
    assert decided(w) == Status.END
    longer = {"spare": np.zeros(2 * len(core.spare), dtype=np.int64)}
    decided.make_room(longer)
    assert len(decided.core.spare) == len(longer["spare"])
