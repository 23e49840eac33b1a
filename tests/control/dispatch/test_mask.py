"""Satellites that rules forbid."""

from dataclasses import replace

from tests.flight_cases import small

from perigrid.control.dispatch.mask import forbidden_mask
from perigrid.control.policy.build import build_gate
from perigrid.fleet.build import build_fleet
from perigrid.scenario.model import Rule


def mask(*rules):
    scenario = replace(small(), rules=rules)
    fleet = build_fleet(scenario)
    return forbidden_mask(build_gate(scenario, fleet), fleet)


def rule(effect, action="any", country="any"):
    return Rule("r", effect, action, "any", country, "any", "because")


def test_denied_and_asked_places_are_masked():
    assert not mask().any()
    assert mask(rule("deny")).all()
    assert mask(rule("deny", "compute")).all()
    assert mask(rule("ask", "move")).all()
    assert mask(rule("deny", country="SE")).all()
    assert not mask(rule("deny", country="US")).any()
