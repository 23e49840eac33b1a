"""The compiled core as a controller: batch by batch what the Python one answers."""

from dataclasses import replace

import pytest
from tests.control.core.test_authority import MISSIONS
from tests.control.core.test_handle import LOADED, mission
from tests.control.core.test_plug_in import CURIOUS, built_in

from core_cases import fly
from perigrid.base.messages import AskApproval
from perigrid.base.registry import SCHEDULERS
from perigrid.control.core import controller
from perigrid.control.core.controller import CoreController
from perigrid.scenario.load import load_scenario
from perigrid.sim.world import build_world
from plug_ins import install


def demand_alike(world, name):
    """Handle what a Python controller handled; how often people were asked."""
    architecture = world.scenario.architecture(name)
    world = world.under(architecture)
    flown = fly(world, architecture)
    core = CoreController(world.scenario, world.fleet, world.outlook, architecture, world.jobs)
    for events, decisions in flown.batches:
        assert core.handle(events) == decisions
    said = [one.action for _, decisions in flown.batches for one in decisions]
    assert said
    return sum(isinstance(one, AskApproval) for one in said)


@pytest.mark.parametrize(
    "name", ["raw, in orbit, grants", "expired in the queue", "faults while they think", "envelope"]
)
@pytest.mark.parametrize("scheduler", ["", "planner", "mine"])
def test_people_answer_and_order_in_events(name, scheduler, tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, SCHEDULERS, "mine", "Mine", built_in("Price"))
    file, architecture, sets, _ = MISSIONS[name]
    changed = (f"scheduler={scheduler}",) if scheduler else ()
    world = build_world(load_scenario(file, overrides=(*sets, *changed)))
    assert demand_alike(world, architecture) > 0


def test_tables_that_are_too_short_grow(monkeypatch, tmp_path):
    monkeypatch.setattr(controller, "_ROWS", 4)
    install(tmp_path, monkeypatch, SCHEDULERS, "mine", "Mine", CURIOUS)
    world = mission("three-body", *LOADED)
    for scheduler in ("lookahead", "mine"):
        demand_alike(
            replace(world, scenario=replace(world.scenario, scheduler=scheduler)), "orbital"
        )
