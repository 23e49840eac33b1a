"""Rules that close places and refuse steps, in flights whose tables show it.

More of them fly in engine/test_agreed.py.
"""

from dataclasses import replace

import pytest
from tests.engine.agreed import LOADED, RULED
from tests.engine.test_agreed import BEYOND, refuses

from perigrid.scenario.load import load_scenario
from perigrid.scenario.policy_model import PolicyFile
from perigrid.sim.run import simulate
from perigrid.sim.world import build_world


def mission(name, *sets):
    return build_world(load_scenario(name, overrides=sets))


@pytest.fixture(scope="module")
def loaded():
    return mission("three-body", *LOADED)


@pytest.fixture
def says(tmp_path):
    """Fly, and tell whether any rule closed a way, refused an action or put one off."""

    def said(world, name):
        (tmp_path / name).mkdir()
        simulate(world, world.scenario.architecture(name), tmp_path / name)
        return refuses(tmp_path / name)

    return lambda world, *names: any(said(world, name) for name in names)


def test_a_rule_by_who_held_it(loaded, says):
    ruled = (*LOADED, f"rules=[{RULED[BEYOND]}]", "handling={data_export_classes: [c]}")
    world = replace(loaded, scenario=load_scenario("three-body", overrides=ruled))
    assert says(world, "ground-anywhere")


def test_a_rule_by_territory(says):
    noon = ("start=2026-08-22T09:00:00Z", "hours=2", "rules=[{id: eu, form: eu-only}]")
    world = mission("three-body", *noon)
    assert says(world, "onboard")
    assert says(world, "relay")


TIMED = {
    "an hour in between": ("downlink", "context.now_s >= 1800 && context.now_s < 5400"),
    "all stations but one": (
        "downlink",
        'context.now_s >= 2400 && context.now_s < 7200 && resource != Node::"Troll"',
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", TIMED.values(), ids=TIMED)
def test_rules_that_read_the_clock(loaded, says, rule):
    action, condition = rule
    text = (
        f'@id("timed") @reason("so") forbid (principal, action == Action::"{action}", resource) '
        f"when {{ {condition} }};"
    )
    governance = replace(loaded.scenario.governance, policies=(PolicyFile("law/t.cedar", text),))
    scenario = replace(loaded.scenario, governance=governance)
    world = replace(loaded, scenario=scenario)
    assert says(world, "bent-pipe", "orbital", "ground-anywhere")
