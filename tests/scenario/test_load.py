"""Loading, and what is said about everything that cannot be loaded."""

from __future__ import annotations

import dataclasses
import math
import os
import subprocess
import sys

import pytest

from perigrid.base.errors import ElementSetError, GeometryError, InputError, ScenarioError
from perigrid.base.time import Epoch
from perigrid.scenario.load import load_scenario, parse_scenario
from perigrid.scenario.model import ElementSets, Scenario, SunSynchronous
from scenario_inputs import MINIMAL, ORBIT, RECENT_TLE, changed


def test_a_minimal_scenario_takes_defaults_and_becomes_si(tmp_path):
    path = tmp_path / "mini.yaml"
    path.write_text(MINIMAL)
    scenario = load_scenario(str(path))
    (group,) = scenario.groups
    assert scenario.start == Epoch.from_iso("2026-08-22")
    assert scenario.duration_s == 7200.0
    assert group.orbit == SunSynchronous(2, 500_000.0, 10.5)
    assert group.battery.capacity_j == 300 * 3600.0
    assert group.computer is not None
    assert group.computer.peak_ops_s == 744e12
    assert scenario.stations[0].latitude_rad == pytest.approx(math.radians(67.86), rel=1e-15)
    assert scenario.architectures == ("bent-pipe", "onboard", "orbital")  # no relay is described


def test_no_machine_path_gets_into_a_scenario(tmp_path):
    path = tmp_path / "mini.yaml"
    path.write_text(MINIMAL)
    scenario = load_scenario(str(path))
    assert scenario.source_path == "mini.yaml"
    assert str(tmp_path) not in repr(dataclasses.asdict(scenario))


def test_norway_stays_norway():
    text = changed(MINIMAL, "country: SE, latitude_deg: 67", "country: NO, latitude_deg: 67")
    rule = "rules:\n  - {id: r, effect: deny, to_country: NO, reason: stays home}\n"
    scenario = parse_scenario(text + rule, "m.yaml", folder=None)
    assert scenario.stations[0].country == "NO"
    assert scenario.rules[0].to_country == "NO"


def test_the_model_is_importable_without_the_parser():
    code = (
        "import sys, perigrid.scenario.model;"
        "print([m for m in ('pydantic', 'ruamel', 'ruamel.yaml') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"


def test_element_files_are_found_beside_the_scenario(tmp_path):
    (tmp_path / "iss.tle").write_text(RECENT_TLE)
    path = tmp_path / "m.yaml"
    path.write_text(changed(MINIMAL, ORBIT, "element_sets: {file: iss.tle, source: a friend}"))
    orbit = load_scenario(str(path)).groups[0].orbit
    assert isinstance(orbit, ElementSets)
    assert orbit.elements[0].norad_id == 25544
    assert orbit.source == "a friend"


# (what is wrong, text to replace, replacement, key, text of the line, words of the message)
MALFORMED = [
    ("unknown key", "capacity_wh", "capacity_whh", "groups.0.battery.capacity_whh",
     "capacity_whh", "did you mean 'capacity_wh'"),
    ("unknown section", "stations:", "stationz:", "stationz", "stationz:", "'stations'"),
    ("required key missing", "name: mini\n", "", "name", "perigrid", "is required"),
    ("required number missing", ", altitude_km: 500", "",
     "groups.0.orbit.sun_synchronous.altitude_km", "sun_synchronous", "is required"),
    ("negative capacity", "wh: 300", "wh: -3", "groups.0.battery.capacity_wh", "-3",
     "must be greater than 0 Wh, got -3"),
    ("station at 200 degrees", "longitude_deg: 20.96", "longitude_deg: 200",
     "stations.0.sites.0.longitude_deg", "200", "must be at most 180 deg"),
    ("not a number", "wh: 300", "wh: .nan", "groups.0.battery.capacity_wh", ".nan", "finite"),
    ("infinite", "wh: 300", "wh: -.inf", "groups.0.battery.capacity_wh", "-.inf", "finite"),
    ("overflow", "wh: 300", "wh: 1e999", "groups.0.battery.capacity_wh", "1e999", "finite"),
    ("text for a number", "wh: 300", "wh: plenty", "groups.0.battery.capacity_wh", "plenty",
     "must be a number, got 'plenty'"),
    ("unit in the value", "wh: 300", "wh: 300 Wh", "groups.0.battery.capacity_wh", "300 Wh",
     "must be a number"),
    ("quoted number", "wh: 300", 'wh: "300"', "groups.0.battery.capacity_wh", '"300"',
     "must be a number"),
    ("truth for a number", "wh: 300", "wh: true", "groups.0.battery.capacity_wh", "true",
     "must be a number"),
    ("nothing for a number", "wh: 300", "wh: ", "groups.0.battery.capacity_wh", "capacity_wh",
     "got nothing"),
    ("list for a number", "wh: 300", "wh: [300]", "groups.0.battery.capacity_wh", "[300]",
     "got a list"),
    ("half a satellite", "satellites: 2", "satellites: 2.5",
     "groups.0.orbit.sun_synchronous.satellites", "2.5", "whole number"),
    ("huge integer", "satellites: 2", "satellites: 1" + "0" * 350,
     "groups.0.orbit.sun_synchronous.satellites", "1000", "10000"),
    ("number for text", "name: mini", "name: 12", "name", "12", "must be text"),
    ("unknown role", "role: compute", "role: computer", "groups.0.role", "computer",
     "did you mean 'compute'"),
    ("country in words", "registry_state: SE", "registry_state: Sweden",
     "groups.0.registry_state", "Sweden", "wrong form"),
    ("start is no date", "start: 2026-08-22T00:00:00Z", "start: tomorrow", "start", "tomorrow",
     "not a UTC date-time"),
    ("day that does not exist", "2026-08-22T00", "2026-02-30T00", "start", "02-30",
     "does not exist"),
    ("other format version", "perigrid: 1", "perigrid: 2", "perigrid", "perigrid: 2",
     "must be one of 1"),
    ("no groups", "groups:\n", "groups: []\nold:\n", "groups", "groups", "must not be empty"),
    ("section is a number", "battery: {capacity_wh: 300}", "battery: 3", "groups.0.battery",
     "battery: 3", "must be a section"),
    ("mapping for a list", "data_centres:\n  - {", "data_centres:\n    {", "data_centres",
     "data_centres", "must be a list"),
    ("no orbit at all", ORBIT, "{}", "groups.0.orbit", "orbit", "give exactly one"),
    ("two orbits", ORBIT, ORBIT + "\n      walker: {planes: 1, satellites_per_plane: 1, "
     "altitude_km: 500, inclination_deg: 50}", "groups.0.orbit", "orbit", "exactly one"),
    ("phasing too large", ORBIT, "walker: {planes: 2, satellites_per_plane: 2, phasing: 9, "
     "altitude_km: 500, inclination_deg: 50}", "groups.0.orbit.walker.phasing", "phasing: 9",
     "must be below 4"),
    ("too many satellites", ORBIT, "walker: {planes: 1000, satellites_per_plane: 1000, "
     "altitude_km: 500, inclination_deg: 50}", "groups.0.orbit.walker.planes", "1000",
     "1000000 satellites"),
    ("starts below its floor", "wh: 300", "wh: 300, initial_soc: 0.1",
     "groups.0.battery.initial_soc", "0.1", "starts below min_soc"),
    ("step does not divide", "hours: 2", "hours: 2\nstep_s: 7", "step_s", "step_s: 7",
     "not a whole number of steps"),
    ("no computing group", "role: compute", "role: relay", "groups", "groups",
     "no group has role compute"),
    ("architecture without a relay", "hours: 2", "hours: 2\narchitectures: [relay]",
     "architectures.0", "relay", "needs a relay group with lasers"),
    ("throttles above its limit", "wh: 300}", "wh: 300}\n    thermal: {computer_throttle_c: 90}",
     "groups.0.thermal.computer_limit_c", "thermal", "must be above"),
    ("idles above full power", "wh: 300}", "wh: 300}\n    computer: {idle_w: 500}",
     "groups.0.computer.idle_w", "500", "exceeds active_w"),
    ("long form without a source", "wh: 300", "wh: {value: 300}",
     "groups.0.battery.capacity_wh.source", "300", "needs a source"),
    ("long form with another key", "wh: 300", "wh: {value: 300, source: x, sauce: y}",
     "groups.0.battery.capacity_wh.sauce", "sauce", "did you mean 'source'"),
    ("unknown confidence", "wh: 300", "wh: {value: 3, source: x, confidence: sure}",
     "groups.0.battery.capacity_wh.confidence", "sure", "measured, published"),
    ("long form without a date", "wh: 300", "wh: {value: 3, source: x, date: soon}",
     "groups.0.battery.capacity_wh.date", "soon", "not a date"),
    ("long form of a list", "wh: 300", "wh: {value: [3], source: x}",
     "groups.0.battery.capacity_wh.value", "[3]", "must be a plain number"),
    ("key twice", "hours: 2", "hours: 2\nhours: 3", "", "hours: 3", "given twice, first on line 5"),
    ("tab", "    role: compute", "\trole: compute", "", "role: compute", "tab"),
    ("bracket left open", "{capacity_wh: 300}", "{capacity_wh: 300", "", "", "not valid YAML"),
    ("two documents", "stations:", "---\nstations:", "", "---", "another document"),
    ("alias of nothing", "wh: 300", "wh: *x", "", "*x", "undefined alias"),
    ("tag", "wh: 300", "wh: !!python/object:os.system 3", "", "!!python", "is not used"),
    ("merge key", "capacity_wh: 300", "<<: {a: 1}", "", "<<", "no merge key"),
    ("key that is a list", "wh: 300}", "wh: 300, ? [a] : 1}", "", "[a]", "a key must be a word"),
    ("tle and elements", ORBIT, 'element_sets: {tle: "x", file: y.tle}',
     "groups.0.orbit.element_sets", "element_sets", "exactly one"),
    ("file that is not there", ORBIT, "element_sets: {file: none.tle}",
     "groups.0.orbit.element_sets.file", "none.tle", "no such file"),
    ("file that is a folder", ORBIT, "element_sets: {file: .}",
     "groups.0.orbit.element_sets.file", "file: .", "is a directory"),
    ("grid and requests", "stations:", "demand:\n  land_grid: {}\n  requests: {points: [{name: a, "
     "latitude_deg: 1, longitude_deg: 1}]}\nstations:", "demand.requests", "requests",
     "exclude each other"),
    ("requests of nothing", "stations:", "demand: {requests: {}}\nstations:", "demand.requests",
     "requests", "exactly one"),
    ("two places of one name", "name: Stockholm", "name: Kiruna", "data_centres.0.name",
     "Kiruna", "is the name of a data centre and of a station"),
    ("rule without a reason", "stations:", "rules: [{id: a, effect: deny}]\nstations:",
     "rules.0.reason", "rules", "is required"),
    ("rule with a reason of nothing", "stations:", "rules: [{id: a, effect: deny, reason: null}]\n"
     "stations:", "rules.0.reason", "reason: null", "is required"),
    ("rule named twice", "stations:", "rules:\n  - &r {id: a, effect: deny, reason: b}\n  - *r\n"
     "stations:", "rules.1.id", "id: a", "used twice"),
]  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED, ids=[case[0] for case in MALFORMED])
def test_a_malformed_scenario_is_refused_at_its_place(case, tmp_path):
    _, old, new, key, on_line, words = case
    path = tmp_path / "m.yaml"
    path.write_text(changed(MINIMAL, old, new))
    with pytest.raises(InputError) as caught:
        load_scenario(str(path))
    matching = [p for p in caught.value.problems if p.key == key and words in p.message]
    assert matching, str(caught.value)
    problem = matching[0]
    assert problem.path == str(path)
    assert problem.line > 0
    if key != "data_centres.0.name":
        assert on_line in problem.source_line
    assert problem.remedy
    assert f"--> {path}:{problem.line}:{problem.column}" in problem.render()
    assert "^" in problem.render() or not problem.source_line
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.yaml"]


def test_all_problems_are_told_at_once(tmp_path):
    text = changed(MINIMAL, "capacity_wh: 300", "capacty_wh: 300, min_soc: 2")
    text = changed(text, "registry_state: SE", "registry_state: se")
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "m.yaml", folder=None)
    assert [p.line for p in caught.value.problems] == [10, 13, 13]


def test_the_caret_stands_under_the_key_or_the_value():
    text = changed(MINIMAL, "capacity_wh: 300", "capacity_wh: 300, min_sock: 0.2, max_charge_w: 0")
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "m.yaml", folder=None)
    underlined = [
        p.source_line[p.column - 1 : p.column - 1 + p.width] for p in caught.value.problems
    ]
    assert underlined == ["min_sock", "0"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"  \n \n", "is empty"),
        (b"# only a comment\n", "holds no document"),
        (b"perigrid: 1\nname: \xff\xfe\n", "is not UTF-8"),
        (b"just words", "mapping of keys"),
        (b"- a\n- b\n", "mapping of keys"),
        (b"a: \x07\n", "m.yaml"),
        (b"a: &x [*x]\n", "contains itself"),
        (b"[" * 5000, "nested too deeply"),
        (b"a: " + b"{b: " * 60 + b"}" * 60, "nested too deeply"),
        (b"a: 1: 2", "not valid YAML"),
        (b"%YAML 9.9\n---\na: 1\n", ""),
        (b"x" * 1_000_001, "at most 1 MB"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(content, words, tmp_path):
    path = tmp_path / "m.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"m\.yaml") as caught:
        load_scenario(str(path))
    assert words in str(caught.value)


def test_aliases_cannot_blow_up(tmp_path):
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(ScenarioError, match="more than 200000 values"):
        parse_scenario("\n".join(lines), "m.yaml", folder=None)


@pytest.mark.parametrize("name", ["threebody", "nothing-like-it", "", "a\0b", "x" * 10_000, "/"])
def test_a_name_that_is_neither_file_nor_scenario(name):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)
    assert caught.value.problems[0].remedy


def test_a_mistyped_library_name_gets_a_suggestion():
    with pytest.raises(ScenarioError, match="did you mean 'three-body'"):
        load_scenario("threebody")


def test_a_device_is_not_read():
    with pytest.raises(ScenarioError, match="not a regular file"):
        load_scenario("/dev/zero")


def test_the_class_of_the_error_names_the_kind_of_file(tmp_path):
    (tmp_path / "bad.tle").write_text("1 25544\n")
    (tmp_path / "bad.geojson").write_text("{}")
    elements = changed(MINIMAL, ORBIT, "element_sets: {file: bad.tle}")
    requests = MINIMAL + "demand: {requests: {file: bad.geojson}}\n"
    with pytest.raises(ElementSetError, match=r"bad\.tle"):
        parse_scenario(elements, "m.yaml", folder=tmp_path)
    with pytest.raises(GeometryError, match=r"bad\.geojson"):
        parse_scenario(requests, "m.yaml", folder=tmp_path)


def test_a_result_is_a_scenario():
    assert isinstance(parse_scenario(MINIMAL, "m.yaml", folder=None), Scenario)
