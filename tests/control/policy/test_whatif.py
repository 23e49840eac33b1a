from dataclasses import replace

import pytest

from missions import SCENARIO
from perigrid.base.errors import InputError
from perigrid.control.policy.build import build_policies
from perigrid.control.policy.whatif import ask, overview
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import NodeKind
from perigrid.scenario.model import PolicyFile

FLEET = build_fleet(SCENARIO)
SATELLITE = FLEET.names[0]


def test_one_question_by_hand():
    assert ask(SCENARIO, FLEET, "process", SATELLITE, {}).decision == "allow"
    facts = {"customer": "weapon-adjacent"}
    assert ask(SCENARIO, FLEET, "task", SATELLITE, facts).rule == "weapon-adjacent-by-people"
    assert ask(SCENARIO, FLEET, "task", SATELLITE, facts, by_person=True).decision == "allow"
    assert ask(SCENARIO, FLEET, "process", SATELLITE, {"safe_mode": "true"}).rule == "safe-mode"
    burn = {"pc_1e9": "200000", "commit_deadline_s": "60"}
    assert ask(SCENARIO, FLEET, "manoeuvre", SATELLITE, burn).rule == "manoeuvre-urgent"
    assert (
        ask(SCENARIO, FLEET, "load_model", SATELLITE, {"model_known": "false"}).decision == "deny"
    )
    tagged = {"export_classes": "a, b", "held_barred": "b"}
    assert ask(SCENARIO, FLEET, "move", SATELLITE, tagged).rule == "barred-holder"


@pytest.mark.parametrize(
    ("action", "facts"),
    [
        ("fly", {}),
        ("move", {"colour": "red"}),
        ("move", {"gsd_cm": "fine"}),
        ("move", {"gsd_cm": "²"}),
        ("move", {"people_visible": "perhaps"}),
        ("move", {"level": "half"}),
        ("move", {"level": "Raw"}),
        ("move", {"customer": "Civil"}),
        ("move", {"held_by": "Adda"}),
        ("move", {"areas": "gulf"}),
        ("move", {"territory": "UK"}),
        ("move", {"territory": "Germany"}),
        ("move", {"territory": "FR,de"}),
    ],
)
def test_what_cannot_be_asked(action, facts):
    with pytest.raises(InputError) as caught:
        ask(SCENARIO, FLEET, action, SATELLITE, facts)
    assert caught.value.problems[0].remedy


def test_a_region_may_stand_for_its_states():
    assert ask(SCENARIO, FLEET, "move", SATELLITE, {"territory": "EU-adequate,FR"})


def test_a_misspelt_node_is_no_answer():
    with pytest.raises(InputError, match="no node is called") as caught:
        ask(SCENARIO, FLEET, "move", SATELLITE + "x", {})
    assert SATELLITE in caught.value.problems[0].remedy


def test_an_overview_counts_and_pins():
    found = overview(SCENARIO, build_policies(SCENARIO, FLEET))
    assert found["policies"] == {"pack base": 13}
    assert set(found["digests"]) == {"policies", "schema", "entities"}


def test_a_gateway_is_asked_about_with_the_relay_satellites_on_the_way():
    ours = replace(SCENARIO.governance, jurisdictions=("eu",))
    scenario = replace(SCENARIO, governance=ours)
    fleet = build_fleet(scenario)
    gateway = fleet.names[int(fleet.rows(NodeKind.GATEWAY)[0])]
    said = ask(scenario, fleet, "downlink", gateway, {"territory": "DE"})
    assert said.rule == "eu-raw-stays"
    assert "144 relay satellites of Relay (registered in US) on the way" in said.reason
    assert ask(scenario, fleet, "downlink", gateway, {"territory": "BR"}).decision == "allow"


def test_a_time_can_be_asked_about():
    text = (
        '@id("curfew") forbid (principal, action == Action::"downlink", resource) '
        "when { context.now_s >= 3600 };"
    )
    ours = replace(SCENARIO.governance, policies=(PolicyFile("law/a.cedar", text),))
    scenario = replace(SCENARIO, governance=ours)
    for t_s, decision in ((3599, "allow"), (3600, "deny")):
        found = ask(scenario, FLEET, "downlink", "Kiruna", {"now_s": str(t_s)})
        assert found.decision == decision
