"""Satellites that rules forbid."""

from dataclasses import replace

import numpy as np
from tests.flight_cases import small

from perigrid.control.dispatch.mask import forbidden_mask, unasked
from perigrid.control.policy.build import build_gate
from perigrid.fleet.build import build_fleet
from perigrid.scenario.model import Governance, PolicyFile, Rule


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


def test_what_a_rule_closes_at_any_time_is_masked():
    text = (
        '@id("curfew") forbid (principal, action == Action::"move", resource) '
        "when { context.now_s >= 3600 && context.now_s < 7200 };"
    )
    policies = Governance(policies=(PolicyFile("law/a.cedar", text),))
    scenario = replace(small(), governance=policies)
    fleet = build_fleet(scenario)
    assert forbidden_mask(build_gate(scenario, fleet), fleet).all()


def test_what_a_flight_does_not_ask_is_said():
    assert unasked(np.zeros(4, np.uint8)) == unasked(np.ones(4, np.uint8)) == ()
    (said,) = unasked(np.array([0, 1, 0, 0], np.uint8))
    assert "1 of 4 satellites" in said
