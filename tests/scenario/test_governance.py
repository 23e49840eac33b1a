import math

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario.governance import REASONS
from perigrid.scenario.load import parse_scenario
from scenario_inputs import MINIMAL


def load(text: str):
    return parse_scenario(MINIMAL + text, "m.yaml", folder=None)


def test_everything_about_governance_is_read():
    scenario = load(
        "jurisdiction: [eu, us]\n"
        "parties:\n"
        "  - {name: demo, home: US, authorising_state: none, barred: [y, x, y]}\n"
        "  - {name: other, home: DE}\n"
        "operators: [{name: other, satellites: [fleet-0000]}]\n"
        "handling: {purpose: floods, customer: government, licence: tier-1, people_visible: true,\n"
        "  data_export_classes: [x], weights_export_classes: [z, y]}\n"
    )
    governance = scenario.governance
    assert governance.jurisdictions == ("eu", "us")
    first, second = governance.parties
    assert (first.authorising_state, first.barred) == ("", ("x", "y"))
    assert (second.authorising_state, second.barred) == ("DE", ())
    assert governance.handling.weights_export_classes == ("y", "z")
    assert (governance.handling.licence, governance.handling.people_visible) == ("tier-1", True)
    assert load("jurisdiction: china\n").governance.jurisdictions == ("china",)
    assert load("").governance.handling.licence == ""


def test_governance_is_part_of_the_digest():
    texts = ["", "jurisdiction: eu\n", "handling: {purpose: floods}\n",
             "parties: [{name: demo, home: US}]\n"]  # fmt: skip
    assert len({load(text).digest for text in texts}) == 4


@pytest.mark.parametrize("form", REASONS)
def test_every_form_is_read(form):
    keys = {
        "no-raw-export": ", to_country: SE",
        "close-area": ", area: {south_deg: 10, north_deg: 20, west_deg: 170, east_deg: -170}",
        "min-gsd": ", finest: {gsd_m: 0.5}",
        "purpose": ", purposes: [floods]",
        "bar-export": ", export_class: 9x515",
    }.get(form, "")
    (rule,) = load(f"rules:\n  - {{id: a, form: {form}{keys}}}\n").rules
    assert (rule.form, rule.reason) == (form, REASONS[form])
    assert rule.effect == ("ask" if form == "approve" else "deny")


def test_people_are_counted_and_named():
    rule = "rules:\n  - {id: a, form: approve, people: {count: 2, roles: [pilot]}}\n"
    rule += "approvers: [{name: one, role: pilot}]\n"
    assert (load(rule).rules[0].approvers, load(rule).rules[0].roles) == (2, ("pilot",))


def test_an_area_is_closed_between_two_instants():
    (rule,) = load(
        "rules:\n  - {id: a, form: close-area, area: {south_deg: -10, north_deg: 20, west_deg: 1,"
        " east_deg: 2, closed_from: '2026-08-22T00:30:00Z'}}\n"
    ).rules
    assert rule.area.from_s == 1800.0
    assert rule.area.until_s == 7200.0  # the run's end
    assert rule.area.south_rad == pytest.approx(-math.pi / 18.0)


@pytest.mark.parametrize(
    ("rule", "said", "key"),
    [
        ("{id: a, effect: deny}", "is required", "rules.0.reason"),
        ("{id: a, reason: x}", "is required", "rules.0.effect"),
        ("{id: a, form: min-gsd}", "is required", "rules.0.finest"),
        ("{id: a, form: close-area}", "is required", "rules.0.area"),
        ("{id: a, form: eu-only, to_country: SE}", "no key of eu-only", "rules.0.to_country"),
        ("{id: a, effect: deny, reason: x, people: {count: 1}}", "asks nobody", "rules.0.effect"),
        ("{id: a, form: eu}", "eu-only", "rules.0.form"),
        (
            "{id: a, form: close-area, area: "
            "{south_deg: 2, north_deg: 1, west_deg: 0, east_deg: 1}}",
            "not south of",
            "rules.0.area",
        ),
    ],
)
def test_a_rule_that_does_not_hang_together_is_refused_at_its_key(rule, said, key):
    with pytest.raises(ScenarioError) as caught:
        load(f"rules:\n  - {rule}\n")
    (problem,) = caught.value.problems
    assert problem.key == key
    assert said in problem.message + problem.remedy
    assert problem.line


@pytest.mark.parametrize(
    "text",
    ["jurisdiction: mars\n", "jurisdiction: [eu, 7]\n", "handling: {customer: army}\n",
     "parties: [{name: a, home: Germany}]\n",
     "parties: [{name: a, home: DE}, {name: a, home: FR}]\n",
     "policies: ''\n", "policies: here\n"],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text):
    with pytest.raises(ScenarioError) as caught:
        load(text)
    assert all(problem.line and problem.remedy for problem in caught.value.problems)


def test_an_area_that_closes_before_it_opens_is_never_closed():
    area = (
        "rules: [{id: a, form: close-area, area: {south_deg: 1, north_deg: 2, west_deg: 1, "
        "east_deg: 2, closed_from: '2026-08-22T02:00:00Z', closed_until: '2026-08-22T0%d:00:00Z'}}]"
    )
    load(area % 3)
    for hour in (1, 2):
        with pytest.raises(ScenarioError, match="closed_until is not after closed_from"):
            load(area % hour)
