"""Classes of a flight's jobs and places: what the gate says of them, and what envelopes hold."""

from dataclasses import replace

import numpy as np
from tests.flight_cases import small

from perigrid.control.dispatch.rules import flight_rules, unasked
from perigrid.control.policy.classes import ANSWER, BRING, PROCESS
from perigrid.control.policy.verdicts import ALLOW, ASK, DENY, STRICTNESS
from perigrid.fleet.build import build_fleet
from perigrid.scenario.model import Governance, PolicyFile, Rule

CODE = {name: STRICTNESS[name] for name in (DENY, ASK, ALLOW)}


def made(scenario, source=None, release_s=None):
    fleet = build_fleet(scenario)
    if source is None:
        source = np.arange(len(fleet.stations), dtype=np.int32) + fleet.n_satellites
    release_s = np.zeros(len(source)) if release_s is None else np.asarray(release_s)
    return flight_rules(scenario, fleet, np.asarray(source, dtype=np.int32), release_s), fleet


def ruled(*rules, **changes):
    return made(replace(small(), rules=rules, **changes))[0]


def rule(effect, action="any", country="any", product="any"):
    return Rule("r", effect, action, product, country, "any", "because")


def test_rules_close_places_and_leave_acts_to_people():
    free = ruled()
    assert free.names == ("default", "approval")
    assert (free.verdicts["decision"][:, :, :ANSWER] == CODE[ALLOW]).all()
    assert not free.spans["shut"].any()
    assert ruled(rule("deny")).spans["shut"].all()
    assert not ruled(rule("deny")).open_places().any()
    computing = ruled(rule("deny", "compute")).verdicts["decision"]
    assert (computing[:, :, BRING] == CODE[ALLOW]).all()
    assert (computing[:, :, PROCESS] == CODE[DENY]).all()
    assert (ruled(rule("ask", "move")).verdicts["decision"][:, :, BRING] == CODE[ASK]).all()
    abroad = ruled(rule("deny", "move", "BR", "answer"))
    assert 0 < abroad.spans["shut"].mean() < 0.5  # data from Brazil alone is answered to there
    assert abroad.open_places().any()


def test_what_a_rule_closes_for_a_time_is_closed_then():
    text = (
        '@id("curfew") forbid (principal, action == Action::"move", resource) '
        "when { context.now_s >= 3600 && context.now_s < 7200 };"
    )
    found = ruled(governance=Governance(policies=(PolicyFile("law/a.cedar", text),)))
    assert found.spans["begins_s"][:3].tolist() == [0.0, 3600.0, 7200.0]
    bring = found.verdicts["decision"][:3, 0, BRING]
    assert bring.tolist() == [CODE[ALLOW], CODE[DENY], CODE[ALLOW]]
    rules = [found.names[one] for one in found.verdicts["rule"][:3, 0, BRING]]
    assert rules == ["default", "curfew", "default"]


def test_jobs_differ_by_when_their_data_were_taken_where_a_rule_asks():
    text = (
        '@id("old") forbid (principal, action == Action::"process", resource) '
        "when { context.captured_s >= 600 };"
    )
    scenario = replace(small(), governance=Governance(policies=(PolicyFile("law/a.cedar", text),)))
    n = build_fleet(scenario).n_satellites
    found, _ = made(scenario, [n] * 4, [0.0, 599.9, 600.0, 5000.0])
    assert found.job_class[0] == found.job_class[1] != found.job_class[2]
    assert found.spans["shut"][found.first[found.job_class]].tolist() == [0, 0, 1, 1]


def test_data_in_orbit_are_from_nobody_knows_where():
    scenario = small("jobs.origin=satellites")
    assert not made(scenario, range(10))[0].spans["shut"].any()
    found, _ = made(small("jobs.origin=satellites", "jurisdiction=eu"), range(10))
    assert found.spans["shut"].all()
    assert "error:missing-attribute" in found.names


def test_what_a_flight_does_not_ask_is_said():
    scenario = small()
    assert unasked(*made(scenario)) == ()
    first = build_fleet(scenario).names[:3]
    owners = ", ".join(first)
    apart = small(
        f"operators=[{{name: partner, satellites: [{owners}]}}]",
        "parties=[{name: partner, home: US, authorising_state: US}]", "jurisdiction=eu",
    )  # fmt: skip
    crossed, lent = unasked(*made(apart))
    assert "3 of 48 satellites" in crossed
    assert "demo, partner" in lent
