"""Names and compositions as a user writes them."""

import pytest

from perigrid.base.architecture import BUILT_IN, Architecture
from perigrid.base.errors import ScenarioError
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.model import Scenario
from scenario_inputs import MINIMAL

HYBRID = "{name: mixed, compute: {screen: [origin], '*': [data-centre]}, carry: {raw: [downlink]}}"


def parsed(items: str, *overrides: str) -> Scenario:
    text = MINIMAL + f"architectures: {items}\n"
    return parse_scenario(text, "m.yaml", folder=None, overrides=overrides)


def test_a_bare_name_is_a_built_in_one() -> None:
    scenario = parsed("[onboard, {name: bent-pipe}]")
    assert scenario.architectures == ("onboard", "bent-pipe")
    assert scenario.own_architectures == ()
    assert scenario.architecture("onboard") is BUILT_IN["onboard"]


def test_a_composition_is_its_own() -> None:
    scenario = parsed(f"[{HYBRID}, onboard]")
    assert scenario.architectures == ("mixed", "onboard")
    mixed = Architecture.of(
        "mixed", {"screen": ["origin"], "*": ["data-centre"]}, {"raw": ["downlink"]}
    )
    assert scenario.own_architectures == (mixed,)
    assert scenario.architecture("mixed") == mixed


def test_it_is_changed_from_the_command_line() -> None:
    whole = parsed("[onboard]", f"architectures=[{HYBRID}]")
    assert whole.architectures == ("mixed",)
    part = parsed(f"[{HYBRID}]", "architectures.0.compute.screen=[data-centre]")
    assert part.architecture("mixed").places("screen") == {"data-centre"}


@pytest.mark.parametrize(
    ("items", "key", "words"),
    [
        ("[bent-pipes]", "architectures.0", "no architecture is called 'bent-pipes'"),
        ("[onboard, onboard]", "architectures.1", "named twice"),
        ("[{name: x, compute: {'*': [moon]}, carry: {'*': [relay]}}]",
         "architectures.0.compute.*.0", "must be one of origin, satellite"),
        ("[{name: x, compute: {'*': [origin]}, carry: {'*': [pigeon]}}]",
         "architectures.0.carry.*.0", "must be one of downlink, crosslink"),
        ("[{name: x, compute: {'*': []}, carry: {'*': [downlink]}}]",
         "architectures.0.compute.*", "must not be empty"),
        ("[{name: x, compute: {}, carry: {'*': [downlink]}}]",
         "architectures.0.compute", "must not be empty"),
        ("[{name: x, compute: {sceen: [origin], '*': [origin]}, carry: {'*': [downlink]}}]",
         "architectures.0.compute.sceen", "no task is called 'sceen'"),
        ("[{name: x, compute: {'*': [origin]}, carry: {rwa: [downlink], '*': [downlink]}}]",
         "architectures.0.carry.rwa", "no class of product is called 'rwa'"),
        ("[{name: orbital, compute: {'*': [origin]}, carry: {'*': [downlink]}}]",
         "architectures.0.name", "name of a built-in architecture"),
        ("[{name: Orbital, compute: {'*': [origin]}, carry: {'*': [downlink]}}]",
         "architectures.0.name", "name of a built-in architecture"),
        ("[{name: ledger, compute: {'*': [origin]}, carry: {'*': [downlink]}}]",
         "architectures.0.name", "name of something else"),
        ("[{name: x, compute: {'*': [origin]}}]", "architectures.0.carry", "is required"),
        ("[{name: x, carry: {'*': [downlink]}}]", "architectures.0.compute", "is required"),
        ("[{name: x, compute: {screen: [origin]}, carry: {'*': [downlink]}}]",
         "architectures.0", "a place for task classify"),
        ("[{name: x, compute: {'*': [data-centre]}, carry: {raw: [crosslink]}}]",
         "architectures.0", "brings raw pixels from origin to where screen runs"),
        ("[{name: x, compute: {'*': [origin]}, carry: {raw: [downlink]}}]",
         "architectures.0", "brings answer to the ground"),
        ("[{name: x, compute: {screen: [data-centre], classify: [origin]}, "
         "carry: {'*': [downlink]}}]", "architectures.0", "from data-centre to where classify"),
        ("[{name: x, compute: {screen: [satellite], classify: [origin, data-centre]}, "
         "carry: {'*': [downlink, crosslink]}}]", "architectures.0", "either in orbit or on the"),
        ("[relay]", "architectures.0", "needs a relay group"),
        ("[onboard-relay]", "architectures.0", "needs a relay group"),
        ("[{name: 'a b', compute: {'*': [origin]}, carry: {'*': [downlink]}}]",
         "architectures.0.name", "has the wrong form"),
        ("[7]", "architectures.0", "must be a section of keys"),
        ("[]", "architectures", "must not be empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_flown_is_refused_at_its_place(items: str, key: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parsed(items)
    problem = caught.value.problems[0]
    assert problem.key == key
    assert words in problem.message
    assert (problem.path, problem.line > 1) == ("m.yaml", True)
    assert problem.remedy


def test_an_unknown_name_lists_all_there_are() -> None:
    with pytest.raises(ScenarioError) as caught:
        parsed(f"[{HYBRID}, mixd]")
    problem = caught.value.problems[0]
    assert "did you mean" in problem.message
    assert all(name in problem.remedy for name in (*BUILT_IN, "mixed"))
