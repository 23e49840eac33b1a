"""What the core is built from, and how large it may get."""

from dataclasses import replace

import numpy as np
import pytest

from core_cases import core
from missions import SCENARIO, station
from perigrid.base.architecture import ONBOARD, ORBITAL
from perigrid.base.errors import ScenarioError
from perigrid.control.core import build
from perigrid.control.core.build import build_core, enlarged
from perigrid.control.core.curves import HORIZON_S
from perigrid.control.core.rule_table import MOST_HOLDERS
from perigrid.scenario.load import load_scenario
from perigrid.scenario.policy_model import PolicyFile
from perigrid.sim.world import build_world


def test_room_for_more_jobs_that_wait_than_at_first(monkeypatch):
    monkeypatch.setattr(build, "MOST_LATEST", 4)
    world = build_world(load_scenario("three-body", overrides=("hours=0.5",)))
    architecture = world.scenario.architecture("orbital")
    mission = world.scenario, world.fleet, world.outlook, architecture, world.jobs
    made = build_core(*mission).core
    assert len(made.latest) == made.con["spare"] == 4
    larger = enlarged(made)
    assert len(larger.latest) == len(larger.latest_s) == larger.con["spare"] == 8
    assert sorted(larger.spare[:8]) == list(range(8))
    assert np.shares_memory(larger.jobs, made.jobs)


def test_forecasts_of_compute_jobs_know_the_light_beyond_the_end():
    made = []
    for hours in (1, 4):
        small = ("groups.shell.orbit.walker.planes=2", f"hours={hours}", "jobs.count=1",
                 "groups.shell.orbit.walker.satellites_per_plane=2")  # fmt: skip
        world = build_world(load_scenario("mega-constellation", overrides=small))
        mission = world.scenario, world.fleet, world.outlook
        made.append(build_core(*mission, ORBITAL, world.jobs).core)
    short, long = made
    count = len(short.outlook_s)
    assert short.con["end_s"] == 3600.0
    assert short.outlook_s[-1] >= 3600.0 + HORIZON_S
    np.testing.assert_array_equal(short.outlook_s, long.outlook_s[:count])
    np.testing.assert_allclose(short.array_w, long.array_w[:, :count], rtol=1e-9)
    np.testing.assert_allclose(short.environment_w, long.environment_w[:, :count], rtol=1e-9)
    assert np.ptp(short.array_w[:, short.outlook_s > 3600.0]) > 0.0


def asking(operators, asked):
    """Stations of so many operators, and rules that ask whether some of them held a scene."""
    names = [f"owner-{number}" for number in range(operators)]
    sites = tuple(station(name, 10.0, 10.0, operator=name) for name in names)
    rules = "\n".join(
        f'@id("after-{name}") forbid (principal, action == Action::"downlink", resource) '
        f'when {{ context.held_by.contains("{name}") }};'
        for name in names[:asked]
    )
    governance = replace(SCENARIO.governance, policies=(PolicyFile("law/held.cedar", rules),))
    return replace(SCENARIO, stations=(*SCENARIO.stations, *sites), governance=governance)


def test_only_holders_that_rules_tell_apart_count():
    made = core(ONBOARD, scenario=asking(MOST_HOLDERS + 4, 3))
    assert made._core.con["n_holders"] == 2**3


def test_too_many_holders_are_refused_with_what_to_do():
    with pytest.raises(ScenarioError, match="rules tell 11 kinds of holders") as told:
        core(ONBOARD, scenario=asking(MOST_HOLDERS + 1, MOST_HOLDERS + 1))
    (problem,) = told.value.problems
    assert "owner-0, owner-1, owner-10, owner-2" in problem.message
    assert (problem.key, problem.remedy[:9]) == ("rules", "let rules")
