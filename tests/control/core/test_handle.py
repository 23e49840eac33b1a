"""The compiled core beside the Python controller: every decision, word and number the same."""

from dataclasses import replace

import pytest

from core_cases import compare, fly
from perigrid.base.architecture import ANY, Architecture
from perigrid.scenario.load import load_scenario
from perigrid.scenario.policy_model import PolicyFile
from perigrid.sim.world import build_world

# Passes over twelve stations, work that takes a computer minutes: what waits is what is decided.
SITES = ", ".join(
    f"{{name: {name}, country: {country}, latitude_deg: {latitude}, longitude_deg: {longitude}}}"
    for name, country, latitude, longitude in (
        ("Miyun", "CN", 40.45, 116.86), ("Svalbard", "'NO'", 78.23, 15.39),
        ("Troll", "AQ", -72.01, 2.53), ("Inuvik", "CA", 68.32, -133.55),
        ("Magallanes", "CL", -52.94, -70.85), ("Singapore", "SG", 1.35, 103.82),
    )
)  # fmt: skip
LOADED = (
    "hours=3", "demand.deadline_hours=1", "pipeline.classify.ops_per_pixel=2e9",
    f"stations.home.sites=[{SITES}]",
)  # fmt: skip


def mission(name, *sets):
    return build_world(load_scenario(name, overrides=sets))


def assert_decides_alike(world, name):
    architecture = world.scenario.architecture(name)
    world = world.under(architecture)
    flown = fly(world, architecture)
    found = compare(world, architecture, flown)
    assert found.differences == []
    assert found.instants == len(flown.batches) > 0
    assert found.decisions == sum(len(decisions) for _, decisions in flown.batches) > 0
    return flown


@pytest.fixture(scope="module")
def three_body():
    return mission("three-body", "hours=3")


@pytest.mark.parametrize(
    "name",
    ["bent-pipe", "relay", "onboard", "orbital", "onboard-relay", "hosted", "ground-anywhere"],
)
def test_every_built_in_architecture(three_body, name):
    assert_decides_alike(three_body, name)


@pytest.fixture(scope="module")
def loaded():
    return mission("three-body", *LOADED)


@pytest.mark.parametrize("architecture", ["orbital", "onboard"])
@pytest.mark.parametrize("scheduler", ["fifo", "edf", "lookahead", "price"])
def test_a_loaded_mission_under_every_scheduler(loaded, scheduler, architecture):
    world = replace(loaded, scenario=replace(loaded.scenario, scheduler=scheduler))
    assert_decides_alike(world, architecture)


@pytest.mark.parametrize("name", ["bent-pipe", "relay", "ground-anywhere", "hosted"])
def test_imagers_that_compute_nothing(name):
    assert_decides_alike(mission("imagers-and-data-centre", "hours=4"), name)


@pytest.mark.parametrize("name", ["bent-pipe", "onboard", "orbital"])
def test_a_graph_of_stages(name):
    assert_decides_alike(mission("examples/ships.yaml"), name)


@pytest.mark.parametrize("name", ["onboard", "orbital"])
def test_a_ring_at_dawn_and_dusk(name):
    assert_decides_alike(mission("dawn-dusk-demo", "hours=3"), name)


EVERY = ["downlink", "crosslink", "relay"]
COMPOSED = {
    "orbit or ground": ({ANY: ["origin", "satellite", "data-centre"]}, {ANY: EVERY}),
    "screened in orbit": ({"screen": ["origin"], ANY: ["data-centre"]}, {ANY: EVERY}),
    "screened here, done there": (
        {"screen": ["origin"], ANY: ["satellite"]},
        {ANY: ["crosslink", "downlink"]},
    ),
    "anywhere, answers by relay": (
        {ANY: ["origin", "satellite"]},
        {"raw": ["crosslink"], ANY: ["relay"]},
    ),
}


@pytest.mark.parametrize("scheduler", ["edf", "lookahead", "price"])
@pytest.mark.parametrize("composed", COMPOSED.values(), ids=COMPOSED)
def test_compositions(loaded, composed, scheduler):
    scenario = replace(
        loaded.scenario,
        scheduler=scheduler,
        own_architectures=(Architecture.of("composed", *composed),),
    )
    assert_decides_alike(replace(loaded, scenario=scenario), "composed")


RULED = {
    "raw pixels stay": "{id: stay, form: no-raw-export, to_country: CN}",
    "raw pixels not to one state": (
        "{id: not-norway, effect: deny, action: move, product: raw, to_country: 'NO', reason: no}"
    ),
    "answers to one operator": (
        "{id: answers, effect: deny, action: move, product: answer, to_operator: adaspace, "
        "reason: no}"
    ),
    "no computing": "{id: idle, effect: deny, action: compute, reason: no}",
    "a closed area": (
        "{id: area, form: close-area, area: {south_deg: -60, north_deg: 60, west_deg: -180, "
        "east_deg: 180, closed_from: 2026-08-22T19:30:00Z, closed_until: 2026-08-22T20:00:00Z}}"
    ),
    "who held it": "{id: bar, form: bar-export, export_class: c, to_operator: starlink}",
}


@pytest.mark.parametrize("rule", RULED.values(), ids=RULED)
def test_rules_that_refuse(loaded, rule):
    ruled = (*LOADED, f"rules=[{rule}]", "handling={data_export_classes: [c]}")
    world = replace(loaded, scenario=load_scenario("three-body", overrides=ruled))
    found = [refuses(world, name) for name in ("bent-pipe", "orbital", "ground-anywhere")]
    assert any(found)


def refuses(world, name):
    """Fly; tell whether any rule closed a way or refused an action."""
    batches = assert_decides_alike(world, name).batches
    said = [str(one) for _, decisions in batches for one in decisions]
    return any("closed by" in one or one.startswith("Refused") for one in said)


def test_a_rule_by_territory():
    noon = ("start=2026-08-22T09:00:00Z", "hours=2", "rules=[{id: eu, form: eu-only}]")
    world = mission("three-body", *noon)
    assert refuses(world, "onboard")
    assert refuses(world, "relay")


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
def test_rules_that_read_the_clock(loaded, rule):
    action, condition = rule
    text = (
        f'@id("timed") @reason("so") forbid (principal, action == Action::"{action}", resource) '
        f"when {{ {condition} }};"
    )
    governance = replace(loaded.scenario.governance, policies=(PolicyFile("law/t.cedar", text),))
    scenario = replace(loaded.scenario, governance=governance)
    world = replace(loaded, scenario=scenario)
    found = [
        says(assert_decides_alike(world, name), "timed", "closed by", "a rule closes")
        for name in ("bent-pipe", "orbital", "ground-anywhere")
    ]
    assert any(found)


def says(flown, *words):
    """Whether any of some words stand in what was decided."""
    said = [str(one) for _, decisions in flown.batches for one in decisions]
    return any(word in one for one in said for word in words)
