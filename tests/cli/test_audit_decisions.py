"""``perigrid audit show``, ``diff`` and ``verify --replay`` on flown runs."""

import json
import shlex
import shutil

import pytest

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


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("manifest.json", b"{", 2),
        ("manifest.json", b"[]", 2),
        ("jobs.parquet", b"PAR1", 0),
        ("ledger/record.jsonl", b"", 2),
    ],
)
def test_an_altered_file_is_named_and_nothing_is_told_from_it(tmp_path, name, content, shown):
    whole = comparison() / "orbital"
    number = json.loads(call("audit", "show", whole, "--job", 0, "--json").stdout)
    number = number["decisions"][0]["decision"]
    altered = tmp_path / "altered"
    shutil.copytree(whole, altered)
    (altered / name).write_bytes(content)
    assert call("audit", "verify", altered).exit_code == 1
    for words, code in (
        (("diff", altered, whole), 2),
        (("diff", whole, altered), 2),
        (("show", altered, number, "--record-only"), shown),
        (("show", altered, "--job", 0), shown),
    ):
        result = call("audit", *words)
        assert result.exit_code == code, result.output
        if code:
            assert f"{altered}/{name}" in result.stderr
            assert "see perigrid audit verify" in result.stderr
            assert result.stdout == ""


def test_a_named_architecture_is_never_passed_over():
    single = call("audit", "show", comparison() / "orbital", "--job", 0, "--arch", "onboard")
    assert single.exit_code == 2
    assert "no comparison" in single.stderr
    absent = call("audit", "show", comparison(), "--job", 0, "--arch", "relay")
    assert absent.exit_code == 2
    assert "no run of relay" in absent.stderr


def test_a_scenario_without_replay_is_refused():
    result = call("audit", "verify", comparison() / "orbital", "--scenario", SCENARIO)
    assert result.exit_code == 2
    assert "--replay" in result.stderr
