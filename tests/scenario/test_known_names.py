"""Values that nothing in a mission can be."""

from __future__ import annotations

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.vocabulary import Vocabulary
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
