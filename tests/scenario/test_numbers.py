"""Where every number comes from."""

from __future__ import annotations

import dataclasses

import pytest

from perigrid.base.provenance import CONFIDENCES, Provenance
from perigrid.scenario import library
from perigrid.scenario.load import load_scenario, parse_scenario
from perigrid.scenario.model import Scenario
from scenario_inputs import GEOJSON, MINIMAL, ORBIT, RECENT_TLE, changed


def origins(scenario: Scenario) -> dict[str, Provenance]:
    found = {entry.key: entry for entry in scenario.provenance}
    assert len(found) == len(scenario.provenance), "a key occurs twice"
    return found


def parse(text, **more):
    return parse_scenario(text, "some/folder/m.yaml", folder=None, **more)


def test_a_plain_number_is_assumed_and_names_its_file():
    entry = origins(parse(MINIMAL))["groups.fleet.battery.capacity_wh"]
    assert entry == Provenance(
        "groups.fleet.battery.capacity_wh", 300.0, "Wh", "given in m.yaml without a source", "",
        "assumed",
    )  # fmt: skip


def test_a_number_in_long_form_says_where_it_is_from():
    text = changed(MINIMAL, "capacity_wh: 300",
                   "capacity_wh: {value: 310, source: data sheet, date: 2025-01-31, "
                   "confidence: measured}")  # fmt: skip
    scenario = parse(text)
    entry = origins(scenario)["groups.fleet.battery.capacity_wh"]
    assert (entry.value, entry.source) == (310.0, "data sheet")
    assert (entry.date, entry.confidence) == ("2025-01-31", "measured")
    assert scenario.groups[0].battery.capacity_j == 310 * 3600.0


def test_a_section_says_it_for_all_below_unless_one_is_nearer():
    text = changed(MINIMAL, "capacity_wh: 300",
                   "source: maker, date: 2024, confidence: published, capacity_wh: 300, "
                   "min_soc: {value: 0.2, source: guess}")  # fmt: skip
    found = origins(parse(text + "source: the author\n"))
    assert found["groups.fleet.battery.capacity_wh"].source == "maker"
    assert found["groups.fleet.battery.capacity_wh"].confidence == "published"
    assert found["groups.fleet.battery.min_soc"].source == "guess"
    assert found["groups.fleet.battery.min_soc"].confidence == "assumed"
    assert found["hours"].source == "the author"
    assert found["stations.home.sites.Kiruna.latitude_deg"].source == "the author"


def test_a_default_keeps_its_own_origin():
    text = changed(MINIMAL, "capacity_wh: 300", "source: maker, capacity_wh: 300")
    entry = origins(parse(text))["groups.fleet.battery.min_soc"]
    assert "deepest discharge" in entry.source
    assert entry.date


def test_an_override_is_its_own_source_even_in_a_section_that_has_one():
    text = changed(MINIMAL, "capacity_wh: 300",
                   "source: maker, capacity_wh: {value: 3, source: data sheet}")  # fmt: skip
    for path in ("capacity_wh", "capacity_wh.value", "min_soc"):
        key = path.removesuffix(".value")
        found = origins(parse(text, overrides=(f"groups.fleet.battery.{path}=0.5",)))
        entry = found[f"groups.fleet.battery.{key}"]
        assert (entry.value, entry.source, entry.confidence) == (0.5, "--set", "assumed")


def test_numbers_of_files_have_the_origin_of_their_section(tmp_path):
    (tmp_path / "iss.tle").write_text(RECENT_TLE)
    (tmp_path / "r.geojson").write_text(GEOJSON)
    text = changed(MINIMAL, ORBIT, "element_sets: {file: iss.tle, source: CelesTrak, "
                   "confidence: published}")  # fmt: skip
    text += "demand: {requests: {file: r.geojson}}\n"
    found = origins(parse_scenario(text, "m.yaml", folder=tmp_path))
    motion = found["groups.fleet.orbit.element_sets.elements.0.mean_motion_rev_per_day"]
    assert (motion.value, motion.unit) == (15.72125391, "rev/day")
    assert (motion.source, motion.confidence) == ("CelesTrak", "published")
    assert found["demand.requests.points.Oslo.latitude_deg"].value == 59.91


NOT_NUMBERS = {
    *("norad_id", "jd_midnight", "day_s", "relay_energy_j_per_byte", "relay_hop_s"),
    "s_per_pixel",  # of compute jobs alone, whose own numbers stand under jobs
}


def numbers_in(value: object, name: str = "") -> int:
    """Count the numbers of a model, identifiers and instants left out."""
    if name in NOT_NUMBERS or name == "provenance":
        return 0
    if dataclasses.is_dataclass(value):
        return sum(
            numbers_in(getattr(value, field.name), field.name)
            for field in dataclasses.fields(value)
        )
    if isinstance(value, tuple):
        return sum(numbers_in(item, name) for item in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


@pytest.mark.parametrize("name", library.names())
def test_every_number_of_a_library_scenario_has_a_source(name):
    scenario = load_scenario(name)
    for entry in scenario.provenance:
        assert entry.source, entry.key
        assert entry.date, entry.key
        assert "without a source" not in entry.source, entry.key
        assert entry.unit, entry.key
        assert entry.confidence in CONFIDENCES


@pytest.mark.parametrize("overrides", [(), ("faults.crash_every_hours=9",)])
def test_no_number_of_the_model_is_forgotten(overrides, monkeypatch):
    # all of them, also those that count for nothing where they stand
    monkeypatch.setattr("perigrid.scenario.load.that_count", lambda numbers, *_: numbers)
    scenario = load_scenario("three-body", overrides=overrides)
    # what is done about faults is assumed of nobody where nothing fails
    silent = {} if overrides else {"recovery": None}
    found = numbers_in(dataclasses.replace(scenario, warnings=(), flight_warnings=(), **silent))
    networks = {key.split(".")[1] for key in origins(scenario) if key.startswith("stations.")}
    shared = (
        *("min_elevation_deg", "max_range_km", "antennas", "g_over_t_db_k", "active_w"),
        *("feeder_rate_gbps", "availability", "antenna_m", "antenna_turnaround_s"),
    )
    repeated = len(shared) * (len(scenario.stations) - len(networks))
    derived = 3  # raan_spread_rad by the pattern's name; the two measured stages are not urgent
    relay = 2  # relay_energy_j_per_byte, relay_hop_s
    stated = len(scenario.provenance) - relay
    assert found - repeated - derived == stated


def test_a_section_with_a_key_called_value_is_no_number_in_long_form():
    text = MINIMAL + "\njobs: {count: 5, value: {value: 3, source: contract}}\n"
    assert parse(text).jobs.value == 3.0
    assert origins(parse(text))["jobs.value"].source == "contract"
    for changes in (("jobs.value=2",), ("jobs={value: 4}", "jobs.value=2")):
        assert parse_scenario(MINIMAL, "m", folder=None, overrides=changes).jobs.value == 2.0


def test_no_path_of_a_number_names_a_person():
    text = MINIMAL + "\napprovers:\n  - {name: rosalind, role: pilot, delay_minutes: 3}\n"
    assert origins(parse(text))["approvers.0.delay_minutes"].value == 3.0
    assert "rosalind" not in str(parse(text).provenance)
