"""Values that nothing in a mission can be."""

from __future__ import annotations

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.vocabulary import Vocabulary, remedy_for
from scenario_inputs import MINIMAL


def load(text: str):
    return parse_scenario(MINIMAL + text, "m.yaml", folder=None)


RULE = "rules: [{{id: a, {}}}]\n"


@pytest.mark.parametrize(
    ("text", "key", "said", "remedy"),
    [
        (RULE.format("form: no-raw-export, to_country: UK"), "rules.0.to_country",
         "no state has the code 'UK'", "'GB'"),
        (RULE.format("form: no-raw-export, to_country: EL"), "rules.0.to_country", "EL", "'GR'"),
        (RULE.format("effect: deny, to_operator: demmo, reason: x"), "rules.0.to_operator",
         "no operator is called 'demmo'", "'demo'"),
        (RULE.format("form: bar-export, export_class: eu-dual-us"), "rules.0.export_class",
         "carry the class 'eu-dual-us'", "'eu-dual-use'"),
        (RULE.format("form: approve, people: {count: 1, roles: [aprover]}"),
         "rules.0.people.roles.0", "nobody signs in the role 'aprover'", "'approver'"),
        ("approval: {order_roles: [aprover]}\n", "approval.order_roles.0", "aprover", "approver"),
        ("parties: [{name: demmo, home: SE}]\n", "parties.0.name", "demmo", "'demo'"),
        ("parties: [{name: demo, home: UK}]\n", "parties.0.home", "UK", "'GB'"),
        ("parties: [{name: demo, home: SE, authorising_state: UK}]\n",
         "parties.0.authorising_state", "UK", "'GB'"),
        ("parties: [{name: demo, home: SE, barred: [uslm]}]\n", "parties.0.barred.0", "uslm",
         "usml"),
        ("envelopes: [{id: e, until_hours: 1, count: 1, countries: [UK]}]\n",
         "envelopes.0.countries.0", "UK", "'GB'"),
        ("envelopes: [{id: e, until_hours: 1, count: 1, territories: [Germany]}]\n",
         "envelopes.0.territories.0", "Germany", "'DE'"),
        ("operators: [{name: other, satellites: [fleet-0000]}]\n"
         "grants: [{id: g, lender: demo, borrower: other, compute_hours: 1, until_hours: 1, "
         "territories: [Unionn]}]\n", "grants.0.territories.0", "Unionn", "such as DE"),
    ],
)  # fmt: skip
def test_a_value_that_nothing_can_be_is_an_error_at_its_place(text, key, said, remedy):
    with pytest.raises(ScenarioError, match=said) as caught:
        load(text)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert problem.line > 0
    assert remedy in problem.remedy


def test_countries_of_nodes_are_codes_too():
    with pytest.raises(ScenarioError, match="no state has the code 'UK'"):
        parse_scenario(MINIMAL.replace("country: SE", "country: UK"), "m.yaml", folder=None)
    made_up = parse_scenario(MINIMAL.replace("country: SE", "country: XX"), "m", folder=None)
    assert "XX" in Vocabulary.of(made_up).states


def test_what_is_there_is_known():
    names = Vocabulary.of(
        load(
            "approvers: [{name: ops, role: pilot}]\n"
            "handling: {data_export_classes: [own]}\n"
            "operators: [{name: other, satellites: [fleet-0000]}]\n"
            "rules: [{id: gulf, form: close-area, area: "
            "{south_deg: 1, north_deg: 2, west_deg: 1, east_deg: 2}}]\n"
        )
    )
    assert names.operators == {"demo", "other"}
    assert names.roles == {"pilot"}
    assert names.classes >= {"own", "eu-dual-use"}
    assert names.areas >= {"gulf"}
    assert {"GB", "RE", "XK"} <= names.states
    assert "EU" in names.regions


def test_an_area_that_closes_before_it_opens_is_never_closed():
    area = (
        "rules: [{id: a, form: close-area, area: {south_deg: 1, north_deg: 2, west_deg: 1, "
        "east_deg: 2, closed_from: '2026-08-22T02:00:00Z', closed_until: '2026-08-22T0%d:00:00Z'}}]"
    )
    load(area % 3)
    for hour in (1, 2):
        with pytest.raises(ScenarioError, match="closed_until is not after closed_from"):
            load(area % hour)


def test_the_remedy_names_what_was_meant_or_what_there_is():
    assert remedy_for("Raw", {"raw", "derived"}) == "did you mean 'raw'?"
    assert remedy_for("zzz", {"raw", "derived"}) == "it may be derived, raw"
    assert remedy_for("x", ()) == "the scenario has none"
