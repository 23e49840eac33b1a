"""People in the compiled loop, against the engine in Python with the decisions made there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flights import world_of
from missions import SCENARIO, with_stage
from perigrid.base.architecture import ONBOARD, ORBITAL, RELAY, Architecture
from perigrid.control.core.messages import EventKind
from perigrid.scenario.model import Scenario
from perigrid.scenario.oversight import Oversight, PlannedOrder, Terms
from perigrid.sim.world import World
from tests.engine.recorded import Driven, demand_equal, drive, record
from tests.sim.test_oversight import ASK, PEOPLE, STOP, TWO

STOPS = (
    replace(STOP, reason="all"),
    PlannedOrder("stop", "day", 6000.0, 5400.0, ("sso-0000", "sso-0001", "relay"), "some"),
    PlannedOrder("resume", "ops", 9000.0, 1800.0, ("sso-0000", "sso-0001", "relay"), "better"),
    PlannedOrder("stop", "ops", 12000.0, 1800.0, (), "again"),
)


def mission(**changes: Any) -> Scenario:
    oversight = Oversight(PEOPLE, changes.pop("terms", TWO), **changes.pop("oversight", {}))
    return replace(SCENARIO, duration_s=6 * 3600.0, oversight=oversight, **changes)


def flown(world: World, scenario: Scenario, architecture: Architecture) -> Driven:
    driven = drive(record(world_of(scenario, world.bank), architecture))
    demand_equal(driven)
    return driven


def kinds(driven: Driven) -> set[int]:
    return {int(kind) for rows in driven.events for kind in rows["kind"]}


@pytest.mark.parametrize("architecture", [ONBOARD, ORBITAL], ids=lambda one: one.name)
def test_people_are_waited_for_as_in_python(world: World, architecture: Architecture) -> None:
    driven = flown(world, mission(rules=(ASK,)), architecture)
    assert EventKind.APPROVAL_ANSWERED in kinds(driven)
    assert driven.found.trace.jobs["wait_rule_s"].max() > 240.0


@pytest.mark.parametrize("architecture", [ONBOARD, ORBITAL, RELAY], ids=lambda one: one.name)
def test_stops_keep_acts_from_beginning_as_in_python(
    world: World, architecture: Architecture
) -> None:
    pipeline = with_stage(SCENARIO.pipeline, "screen", fixed_s=200.0)
    driven = flown(world, mission(oversight={"orders": STOPS}, pipeline=pipeline), architecture)
    assert {EventKind.ORDERED, EventKind.AUTHORITY_EXPIRED} <= kinds(driven)


def test_authority_that_ends_in_the_queue_never_acts_as_in_python(world: World) -> None:
    pipeline = with_stage(SCENARIO.pipeline, "screen", fixed_s=400.0)
    ask = replace(ASK, action="compute", product="any")
    short = Terms(people=1, valid_s=900.0)
    scenario = mission(rules=(ask,), pipeline=pipeline, terms=short)
    driven = flown(world, scenario, ONBOARD)
    assert {EventKind.APPROVAL_ANSWERED, EventKind.AUTHORITY_EXPIRED} <= kinds(driven)
