"""Rules that close places and refuse steps, in flights whose tables show it."""

from dataclasses import replace

import pytest
from tests.engine.agreed import LOADED, RULED

from flights import table
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
        actions = table(tmp_path / name, "actions")
        texts = actions["reason"].to_list()
        if list((tmp_path / name).glob("others*")):
            texts += table(tmp_path / name, "others")["why"].to_list()
        closed = any("closed by" in one or "a rule closes" in one for one in texts)
        return closed or bool((actions["verdict"] == "deny").any())

    return lambda world, *names: any(said(world, name) for name in names)


@pytest.mark.parametrize("rule", [one for name, one in RULED.items() if "people" not in name])
def test_rules_that_refuse(loaded, says, rule):
    ruled = (*LOADED, f"rules=[{rule}]", "handling={data_export_classes: [c]}")
    world = replace(loaded, scenario=load_scenario("three-body", overrides=ruled))
    assert says(world, "bent-pipe", "orbital", "ground-anywhere")


def test_a_rule_by_territory(says):
    noon = ("start=2026-08-22T09:00:00Z", "hours=2", "rules=[{id: eu, form: eu-only}]")
    world = mission("three-body", *noon)
    assert says(world, "onboard")
    assert says(world, "relay")


TIMED = {
    "a curfew": ("downlink", "context.now_s >= 3600"),
    "none before an hour": ("downlink", "context.now_s < 4200"),
    "an hour in between": ("downlink", "context.now_s >= 1800 && context.now_s < 5400"),
    "no crosslinks for an hour": ("move", "context.now_s >= 1800 && context.now_s < 5400"),
    "no computing for an hour": ("process", "context.now_s >= 1800 && context.now_s < 5400"),
    "old scenes stay": ("downlink", "context.now_s - context.captured_s > 2400"),
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
