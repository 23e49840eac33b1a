"""``perigrid policy``."""

import json

from perigrid.scenario.load import load_scenario
from tests.cli.conftest import call

NODE = load_scenario("three-body").groups[0].orbit.elements[0].name


def test_rules_are_shown_as_cedar():
    result = call("policy", "show", "dawn-dusk-demo")
    assert result.exit_code == 0
    assert '@id("pixels-stay-north")' in result.stdout
    assert result.stdout.index("---- rules") < result.stdout.index("---- pack base")


def test_json_carries_counts_digests_and_text():
    document = json.loads(
        call("policy", "show", "three-body", "--set", "jurisdiction=eu", "--json").stdout
    )
    assert document["policies"] == {"pack eu": 6, "pack base": 13}
    assert "eu-raw-stays" in document["cedar"]["pack eu"]


def test_a_question_is_answered():
    words = ("three-body", "--set", "jurisdiction=eu", "--action", "process", "--node", NODE)
    result = call("policy", "ask", *words, "--fact", "territory=DE", "--json")
    assert result.exit_code == 3
    answer = json.loads(result.stdout)
    assert (answer["decision"], answer["rule"]) == ("deny", "eu-raw-stays")
    assert call("policy", "ask", *words, "--fact", "territory=CN").exit_code == 0
    assert call("policy", "ask", *words, "--fact", "territory").exit_code == 2
    assert call("policy", "ask", *words, "--fact", "colour=red").exit_code == 2
