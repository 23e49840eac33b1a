"""``perigrid plan``."""

import json

from tests.cli.conftest import call


def test_json_lists_every_satellite():
    result = call("plan", "three-body", "--hours", "1", "--json")
    assert result.exit_code == 0
    plan = json.loads(result.stdout)
    assert len(plan["satellites"]) == plan["fleet"]["satellites"] == 12
    assert set(plan["contacts"]) == {"downlink", "crosslink", "relay"}


def test_the_text_says_what_binds():
    result = call("plan", "three-body", "--hours", "1")
    assert result.exit_code == 0
    assert "SCS-01 A" in result.stdout
    assert "no job was run" in result.stdout
