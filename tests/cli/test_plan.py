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


def test_the_picture_is_written(tmp_path):
    result = call("plan", "three-body", "--hours", "1", "-q", "-o", str(tmp_path / "plan.svg"))
    assert result.exit_code == 0
    assert (tmp_path / "plan.svg").read_text().startswith("<svg")


def test_a_picture_that_cannot_be_written_is_named(tmp_path):
    place = tmp_path / "missing" / "plan.svg"
    result = call("plan", "three-body", "--hours", "1", "-q", "-o", str(place))
    assert result.exit_code == 2
    assert "plan.svg" in result.stderr
