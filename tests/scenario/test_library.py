"""The scenarios that come with Perigrid."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario import library
from perigrid.scenario.elements import read_element_sets
from perigrid.scenario.load import load_scenario
from perigrid.scenario.model import ElementSets, SunSynchronous, WalkerShell

TOOL = Path(__file__).parents[2] / "tools" / "index_library.py"
SCS01 = Path(__file__).parents[3] / "shared" / "data" / "orbits" / "three_body_scs01.tle"


def test_the_library_is_listed_and_described():
    assert set(library.names()) >= {"three-body", "starlink-relay", "bupt-1", "dawn-dusk-demo"}
    assert [row["name"] for row in library.listing()] == list(library.names())


def test_what_is_listed_is_what_is_there():
    listed = importlib.util.spec_from_file_location("index_library", TOOL)
    tool = importlib.util.module_from_spec(listed)
    listed.loader.exec_module(tool)
    assert library.listing() == tool.index(), "run python tools/index_library.py"


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(ScenarioError, match="did you mean 'bupt-1'"):
        library.read("bupt1")


@pytest.mark.parametrize("name", library.names())
def test_every_library_scenario_loads_under_its_own_name(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.source_path == name
    assert load_scenario(scenario.source_path).digest == scenario.digest
    assert scenario.summary != "-"


def test_all_kinds_of_orbit_and_demand_are_there():
    scenarios = [load_scenario(name) for name in library.names()]
    kinds = {type(group.orbit) for scenario in scenarios for group in scenario.groups}
    assert kinds == {ElementSets, SunSynchronous, WalkerShell}
    assert {scenario.demand.kind for scenario in scenarios} == {"land-grid", "requests"}


def test_three_body_is_what_was_published():
    scenario = load_scenario("three-body")
    fleet, relay = scenario.group("compute"), scenario.group("relay")
    assert fleet is not None
    assert relay is not None
    assert isinstance(fleet.orbit, ElementSets)
    assert isinstance(relay.orbit, WalkerShell)
    assert [e.norad_id for e in fleet.orbit.elements] == list(range(63982, 63994))
    assert fleet.computer is not None
    assert fleet.computer.peak_ops_s == 744e12
    assert fleet.laser is not None
    assert fleet.laser.max_rate_bps == 100e9
    assert len(fleet.orbit.elements) * fleet.storage_bytes == 30e12
    assert relay.orbit.planes * relay.orbit.satellites_per_plane == 1584
    assert math.degrees(relay.orbit.inclination_rad) == pytest.approx(53.0)
    assert scenario.architectures == ("bent-pipe", "relay", "onboard", "orbital")
    assert scenario.rules == ()
    bands = (4 + 6 / 4 + 3 / 36) * 12
    assert fleet.sensor is not None
    assert fleet.sensor.raw_bits_per_pixel == pytest.approx(bands)


@pytest.mark.skipif(not SCS01.exists(), reason="no published element file at hand")
def test_three_body_flies_the_published_elements():
    published = read_element_sets(SCS01.read_text(), SCS01.name)
    orbit = load_scenario("three-body").groups[0].orbit
    assert isinstance(orbit, ElementSets)
    for ours, theirs in zip(orbit.elements, published, strict=True):
        assert abs(ours.epoch.seconds_since(theirs.epoch)) < 1e-6
        for name in (
            "norad_id",
            "name",
            "mean_motion_rad_s",
            "eccentricity",
            "inclination_rad",
            "raan_rad",
            "argument_of_perigee_rad",
            "mean_anomaly_rad",
            "bstar",
        ):
            assert getattr(ours, name) == getattr(theirs, name)
