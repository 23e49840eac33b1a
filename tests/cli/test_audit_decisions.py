"""``perigrid audit show``, ``diff`` and ``verify --replay`` on flown runs."""

import json
import shlex

from governed import OVERRIDES, SCENARIO, comparison
from tests.cli.conftest import call


def sets(*more):
    return [word for one in (*OVERRIDES, *more) for word in ("--set", one)]


def test_a_whole_comparison_replays():
    result = call("audit", "verify", comparison(), "--replay")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("replayed: every decision follows") == 4
    document = json.loads(call("audit", "verify", comparison() / "onboard", "--json").stdout)
    assert document["runs"][0]["replay"] is None


def test_another_scenario_exits_1_and_says_what_differs():
    run = comparison() / "onboard"
    words = ("audit", "verify", run, "--replay", "--scenario", SCENARIO)
    assert call(*words, *sets()).exit_code == 0
    result = call(*words, *sets("seed=7"))
    assert result.exit_code == 1
    assert "doubt: not replayed: the scenario: the run has" in result.stdout
    document = json.loads(call(*words, *sets("seed=7"), "--json").stdout)
    assert document["ok"] is False
    assert document["runs"][0]["replay"]["differs"]
    assert call("audit", "verify", run, "--replay", "--set", "seed=7").exit_code == 2


def test_a_job_is_listed_and_its_decision_shown():
    run = comparison() / "orbital"
    rows = json.loads(call("audit", "show", run, "--job", 0, "--json").stdout)["decisions"]
    listed = call("audit", "show", run, "--job", 0)
    assert len(listed.stdout.splitlines()) == len(rows) > 0
    number = rows[0]["decision"]
    shown = call("audit", "show", comparison(), number, "--arch", "orbital")
    assert shown.exit_code == 0, shown.output
    assert "Explanation against a replay: the same." in shown.stdout
    document = json.loads(call("audit", "show", run, number, "--json", "--record-only").stdout)
    assert document["why"]["same_as_stored"] is True
    assert document["what_if"] is None


def test_bad_input_exits_2():
    run = comparison() / "orbital"
    assert call("audit", "show", run).exit_code == 2
    assert call("audit", "show", run, "3", "--job", "3").exit_code == 2
    assert call("audit", "show", run, "0").exit_code == 2
    assert call("audit", "show", comparison(), "3").exit_code == 2
    assert call("audit", "diff", run, comparison()).exit_code == 2


def test_two_runs_are_told_apart():
    pair = comparison() / "onboard", comparison() / "without-rules" / "onboard"
    result = call("audit", "diff", *pair)
    assert result.exit_code == 0
    assert "first decisions that differ" in result.stdout
    document = json.loads(call("audit", "diff", *pair, "--json").stdout)
    assert document["same"] is False
    assert document["counts"]["ask ask"][1] == 0


def test_compare_with_and_without_rules(tmp_path):
    words = ["compare", SCENARIO, *sets("hours=0.3"), "--arch", "onboard", "-o", tmp_path / "run"]
    result = call(*words, "--rules", "both")
    assert result.exit_code == 0, result.output
    assert "What the rules cost" in result.stdout
    command = json.loads((tmp_path / "run" / "manifest.json").read_text())["command"]
    assert shlex.split(command)[-2:] == ["--rules", "both"]
    free = call(*words, "--rules", "without", "--json")
    inner = json.loads(free.stdout)["architectures"]["onboard"]
    assert inner["approvals"]["asked"] == 0
    plain = call("compare", "three-body", "--rules", "both", "-o", tmp_path / "none")
    assert plain.exit_code == 2
    assert "no rules to leave out" in plain.stderr
