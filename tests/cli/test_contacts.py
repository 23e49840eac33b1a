"""``perigrid contacts``."""

import csv
import json
import re
from pathlib import Path

import pytest

from perigrid.sim.contact_list import WINDOW_COLUMNS
from tests.cli.conftest import call

PAGE = Path(__file__).parents[2] / "docs" / "contact-plan.md"
PLAN = """\
@ 2026/08/22-19:00:00
a contact +10 +20 7 2 100
a contact +15 +40 2 31 100
a range +0 +99 2 7 1
"""


@pytest.fixture
def plan(tmp_path):
    place = tmp_path / "plan.ionrc"
    place.write_text(PLAN)
    return place


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contacts")
    words = ("--ion", folder / "plan.ionrc", "--csv", folder / "windows.csv", "--json")
    return folder, call("contacts", "three-body", "--hours", "1", *words)


def test_windows_are_listed_and_written(exported):
    folder, result = exported
    assert result.exit_code == 0
    listed = json.loads(result.stdout)
    assert sum(pair["windows"] for pair in listed["pairs"]) == len(listed["windows"]) > 0
    with (folder / "windows.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == WINDOW_COLUMNS
    assert len(rows) == len(listed["windows"])


def test_what_is_exported_can_be_imported(exported):
    folder, result = exported
    first = json.loads(result.stdout)["windows"][0]
    place = folder / "plan.ionrc"
    names = dict(re.findall(r"^# node (\d+) = (.*)$", place.read_text(), re.MULTILINE))
    source = next(number for number, name in names.items() if name == first["source"])
    answer = call("contacts", "--from-ion", place, "--source", source, "--bytes", "1e6", "--json")
    assert answer.exit_code == 0
    reached = {
        names[str(one["node"])]: one["t_arrival_s"] for one in json.loads(answer.stdout)["arrivals"]
    }
    assert first["start_s"] <= reached[first["target"]] < first["end_s"]


def test_the_table_names_pairs():
    result = call("contacts", "three-body", "--hours", "0.5", "-q")
    assert result.exit_code == 0
    assert "SCS-01 A" in result.stdout
    assert re.search(r"\d+ windows, \d+ pairs, from 2026-", result.stdout)


def test_arrivals_over_a_plan_are_told(plan):
    result = call("contacts", "--from-ion", plan, "--source", "7", "--bytes", "500")
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[1] == ["2", "+16.000", "s", "2026-08-22T19:00:16Z", "7", ">", "2"]
    assert lines[2][:3] == ["31", "+21.000", "s"]
    assert "1 contacts have no range" in result.stderr


def test_a_node_out_of_reach_is_never_reached(plan):
    late = call("contacts", "--from-ion", plan, "--source", "7", "--ready", "18", "--json", "-q")
    (first, *_) = json.loads(late.stdout)["arrivals"]
    assert first == {"node": 2, "t_arrival_s": None, "way": [], "hops": []}
    text = call("contacts", "--from-ion", plan, "--source", "31", "-q")
    assert "never" in text.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name a SCENARIO, or a file with --from-ion"),
        (("three-body", "--source", "1"), "--source needs --from-ion"),
        (("three-body", "--ready", "0"), "--ready needs --from-ion"),
        (("three-body", "--decimals"), "--decimals needs --ion"),
        (("--from-ion", "PLAN"), "--from-ion needs --source"),
        (("three-body", "--from-ion", "PLAN", "--source", "7"), "takes the place of a SCENARIO"),
        (("--from-ion", "PLAN", "--source", "7", "--csv", "x"), "--csv goes with a SCENARIO"),
        (("--from-ion", "PLAN", "--source", "8"), "no contact of the plan names node 8"),
        (("--from-ion", "none.ionrc", "--source", "8"), "no such file"),
    ],
)
def test_what_does_not_go_together_is_said(plan, words, message):
    result = call("contacts", *(plan if word == "PLAN" else word for word in words))
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_wrong_line_is_shown(plan):
    plan.write_text(PLAN + "a contact +50 +45 7 2 100\n")
    result = call("contacts", "--from-ion", plan, "--source", "7")
    assert result.exit_code == 2
    assert f"{plan}:5:15" in result.stderr
    assert "help: exchange the two times" in result.stderr


def test_the_pages_example_runs_as_printed(capsys):
    page = PAGE.read_text(encoding="utf-8")
    ((code, printed),) = re.findall(
        r"^```python\n(.*?)^```\n+```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL
    )
    exec(compile(code, PAGE.name, "exec"), {})
    assert capsys.readouterr().out == printed
