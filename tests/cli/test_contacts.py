"""``perigrid contacts``."""

import csv
import json
import re
import time
from pathlib import Path

import pytest

from perigrid.sim.contact_list import PASS_COLUMNS, WINDOW_COLUMNS
from tests.cli.conftest import call

PAGE = Path(__file__).parents[2] / "docs" / "contact-plan.md"
PLAN = """\
@ 2026/08/22-19:00:00
a contact +10 +20 7 2 100
a contact +15 +40 2 31 100
a range +0 +99 2 7 1
"""
TWO_DISHES = """\
perigrid: 1
name: two-dishes
title: One satellite that two dishes see at once
start: 2026-08-22T00:00:00Z
hours: 2
seed: 1
groups:
  - name: lone
    role: compute
    operator: Isar
    registry_state: DE
    orbit: {sun_synchronous: {satellites: 1, altitude_km: 600, ltan_hours: 10}}
    sensor: {max_off_nadir_deg: 30}
stations:
  - name: ground
    role: operator
    operator: Isar
    min_elevation_deg: 0
    sites:
      - {name: Weilheim, country: DE, latitude_deg: 78.2, longitude_deg: 11.1}
      - {name: Nearby, country: DE, latitude_deg: 78.1, longitude_deg: 11.2}
data_centres:
  - {name: Munich, operator: Isar, country: DE, latitude_deg: 48.1, longitude_deg: 11.6}
demand: {requests: {points: [{name: here, latitude_deg: 48.0, longitude_deg: 11.0}]}}
pipeline: {executed_scenes: 4}
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


def test_what_is_in_sight_is_listed_with_what_cannot_be_used_and_where_it_is_crowded(tmp_path):
    table, scenario = tmp_path / "passes.csv", tmp_path / "dishes.yaml"
    many, slow = "groups.lone.orbit.sun_synchronous.satellites=20", "antenna_turnaround_s: 450"
    scenario.write_text(
        TWO_DISHES.replace("    sites:", f"    antennas: 1\n    {slow}\n    sites:")
    )
    words = ("contacts", scenario, "--set", many, "--access")
    result = call(*words, "--csv", table)
    assert result.exit_code == 0
    with table.open() as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == PASS_COLUMNS
    used = sum(row["fate"] == "open" for row in rows)
    assert 0 < used < len(rows)
    assert {row["fate"] for row in rows} == {"open", "too short"}
    assert f"{len(rows)} passes, " in result.stdout
    told = "crowded: more satellites in sight than antennas"
    assert told in result.stdout
    listed = json.loads(call(*words, "--json").stdout)
    assert [one["fate"] for one in listed["access"]] == [row["fate"] for row in rows]
    assert sum(one["open"] for one in listed["stations"]) == used
    assert max(one["crowded_s"] for one in listed["stations"]) > 0.0
    assert told in call(*words[:-1]).stdout


def test_the_clock_on_the_wall_changes_nothing(tmp_path, monkeypatch):
    scenario = tmp_path / "dishes.yaml"
    scenario.write_text(TWO_DISHES)
    written = []
    with monkeypatch.context() as patch:
        for zone in ("UTC", "America/New_York", "Asia/Kolkata"):
            patch.setenv("TZ", zone)
            time.tzset()
            place = tmp_path / "windows.csv"
            assert call("contacts", scenario, "--csv", place).exit_code == 0
            written.append(place.read_bytes())
    time.tzset()
    assert len(set(written)) == 1


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
