"""People in the loop: they are waited for, and stops and ends of authority are heeded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flights import table, world_of
from missions import SCENARIO, with_stage
from perigrid.base.architecture import ONBOARD, ORBITAL, RELAY, Architecture
from perigrid.engine.books import begin
from perigrid.engine.computers import submit
from perigrid.engine.people import is_stopped, start_allowed, was_barred
from perigrid.engine.state import Count, Doing
from perigrid.engine.state import World as Flown
from perigrid.fleet.model import ContactKind, NodeKind
from perigrid.scenario.model import Scenario
from perigrid.scenario.oversight import PlannedOrder, Terms
from perigrid.sim.oversight import Oversight as People
from perigrid.sim.run import simulate
from perigrid.sim.world import World
from tests.engine.plain import plain
from tests.engine.stops import STOPS, mission
from tests.sim.test_oversight import ASK, STOP, TWO


def flown(world: World, scenario: Scenario, architecture: Architecture, folder: Path) -> Any:
    """Fly, and give the jobs and how often each kind of event came."""
    jobs = simulate(world_of(scenario, world.bank), architecture, folder).jobs
    return jobs, dict(table(folder, "events")["kind"].value_counts().iter_rows())


@pytest.mark.parametrize("architecture", [ONBOARD, ORBITAL], ids=lambda one: one.name)
def test_people_are_waited_for(world: World, architecture: Architecture, tmp_path: Path) -> None:
    jobs, kinds = flown(world, mission(rules=(ASK,)), architecture, tmp_path)
    assert kinds["ApprovalAnswered"] > 20
    assert jobs["wait_rule_s"].max() > 240.0


@pytest.mark.parametrize("architecture", [ONBOARD, ORBITAL, RELAY], ids=lambda one: one.name)
def test_stops_keep_acts_from_beginning(
    world: World, architecture: Architecture, tmp_path: Path
) -> None:
    pipeline = with_stage(SCENARIO.pipeline, "screen", fixed_s=200.0)
    scenario = mission(oversight={"orders": STOPS}, pipeline=pipeline)
    _, kinds = flown(world, scenario, architecture, tmp_path)
    assert kinds["Ordered"] == len(STOPS)
    assert kinds["AuthorityExpired"] > 0
    legs = table(tmp_path, "legs").join(table(tmp_path, "actions"), on="decision")
    decided = legs.filter((pl.col("kind") == "crosslink") & (pl.col("verdict") == "allow"))
    assert not decided["t_s"].is_between(12_060.0, 13_799.0).any(), "all have heard by then"


def test_authority_that_ends_in_the_queue_never_acts(world: World, tmp_path: Path) -> None:
    pipeline = with_stage(SCENARIO.pipeline, "screen", fixed_s=400.0)
    ask = replace(ASK, action="compute", product="any")
    short = Terms(people=1, valid_s=900.0)
    scenario = mission(rules=(ask,), pipeline=pipeline, terms=short)
    _, kinds = flown(world, scenario, ONBOARD, tmp_path)
    assert min(kinds["ApprovalAnswered"], kinds["AuthorityExpired"]) > 0


# ------------------------------------------------------------------ part by part


def stopped(world: World, *orders: PlannedOrder, **changes: Any) -> tuple[World, Flown]:
    """A mission with orders, and its arrays before the first step."""
    governed = world_of(mission(oversight={"orders": orders}, **changes), world.bank)
    return governed, plain(governed, RELAY)


def moves(w: Flown, kind: str, source: int, target: int, start_s: float) -> bool:
    """Whether a move of one leg is not begun, because a stop had come."""
    me, leg = w.jobs[0], w.legs[0]
    me.first_leg, me.legs = 0, 1
    leg.kind, leg.source, leg.target = int(ContactKind[kind]), source, target
    leg.t_start_s = start_s
    return bool(was_barred(w, 0))


def test_a_booked_crossing_is_not_begun_once_a_stop_is_there(world: World) -> None:
    governed, w = stopped(world, STOP)
    people = People(governed)
    (event,) = people.opening()
    people.ordered(event)
    heard_s = [one.latency_s for one in people._stops[0][1]]
    row = heard_s.index(min(heard_s))
    t_s = 3600.0 + heard_s[row]
    assert moves(w, "CROSSLINK", row, 1, t_s + 1.0)
    assert not moves(w, "CROSSLINK", row, 1, t_s - 1.0)
    assert not moves(w, "DOWNLINK", row, 1, t_s + 1.0), "what goes down is safe"
    figures = people.figures()["stops"][0]
    assert figures["reached"] <= figures["nodes"]


@pytest.mark.parametrize(
    ("now_s", "expires_s", "begins"),
    [(3599.0, 1e9, True), (3601.0, 1e9, False), (5400.0, 1e9, True), (5400.0, 5400.0, False)],
)
def test_a_stage_begins_neither_under_a_stop_nor_without_authority(
    world: World, now_s: float, expires_s: float, begins: bool
) -> None:
    governed, w = stopped(world, STOP)
    node = next(iter(governed.fleet.data_centres))  # the ground hears at once
    begin(w, 0, int(Doing.COMPUTE), 0.0)
    w.jobs[0].at, w.jobs[0].work_s, w.jobs[0].expires_s = node, 100.0, expires_s
    w.counts[Count.EXPIRING] = 1
    submit(w, node, 0, 0.0)
    start_allowed(w, node, now_s)
    assert w.jobs[0].running == begins
    assert w.nodes[node].busy == begins


def test_a_stop_of_a_relay_satellite_holds_what_was_booked_over_the_network(world: World) -> None:
    assert world.fleet.relays is not None
    gateway = int(world.fleet.rows(NodeKind.GATEWAY)[0])
    for name in (world.fleet.names[world.fleet.n_satellites + 3], world.fleet.relays.name):
        _, w = stopped(world, replace(STOP, nodes=(name,)))
        assert moves(w, "RELAY", 0, gateway, 3700.0), name
        assert not moves(w, "CROSSLINK", 0, gateway, 3700.0)
        assert not moves(w, "RELAY", 0, gateway, 3500.0)


def test_a_node_is_held_by_every_stop_that_counts_and_nothing_lifted(world: World) -> None:
    row = world.fleet.n_satellites  # the ground hears at once
    _, w = stopped(
        world,
        STOP,
        replace(STOP, at_s=3700.0, for_s=60.0),
        replace(STOP, kind="resume", at_s=3800.0, nodes=(world.fleet.names[row],)),
        replace(STOP, kind="resume", at_s=3900.0, person="ops"),
        replace(STOP, kind="resume", at_s=4000.0),
        terms=replace(TWO, order_roles=("flight-director",)),
    )
    assert not is_stopped(w, row, 3599.0)
    assert is_stopped(w, row, 3600.0)
    assert is_stopped(w, row, 3770.0), "the second stop ended by itself, the first goes on"
    assert is_stopped(w, row, 3810.0), "a resume of one node lifts no stop of all"
    assert is_stopped(w, row, 3910.0), "nor does one of somebody who may give no orders"
    assert not is_stopped(w, row, 4000.0)
