"""What the core is built from, and what it leaves to the Python controller."""

import numpy as np
import pytest

from core_cases import compare, fly
from perigrid.base.architecture import ORBITAL
from perigrid.control.core import build
from perigrid.control.core.build import build_core, can_decide, enlarged
from perigrid.scenario.load import load_scenario
from perigrid.sim.world import build_world


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        ((), ""),
        (("scheduler=price",), ""),
        (("scheduler=planner",), ""),
        (("jurisdiction=eu",), ""),
        (("rules=[{id: a, form: approve, action: move}]",), ""),
        (("autonomy={hours: 2}",), ""),
    ],
)
def test_what_stands_against_the_core(sets, words):
    scenario = load_scenario("three-body", overrides=sets)
    assert can_decide(scenario, ORBITAL) == words


def test_faults_do_not_stand_against_the_core():
    scenario = load_scenario("examples/fault-storm.yaml")
    assert can_decide(scenario, ORBITAL) == ""


def test_room_for_more_jobs_that_wait_than_at_first(monkeypatch):
    monkeypatch.setattr(build, "MOST_LATEST", 4)
    sets = ("hours=2", "demand.deadline_hours=1", "pipeline.classify.ops_per_pixel=2e9")
    world = build_world(load_scenario("three-body", overrides=sets))
    architecture = world.scenario.architecture("orbital")
    core, _ = build_core(world.scenario, world.fleet, world.outlook, architecture, world.jobs)
    assert len(core.latest) == core.con["spare"] == 4
    larger = enlarged(core)
    assert len(larger.latest) == len(larger.latest_s) == larger.con["spare"] == 8
    assert sorted(larger.spare[:8]) == list(range(8))
    assert np.shares_memory(larger.jobs, core.jobs)
    flown = fly(world, architecture)
    found = compare(world, architecture, flown)
    assert found.enlarged > 0
    assert found.differences == []
