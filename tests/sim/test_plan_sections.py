"""Parts of a plan beyond power."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from missions import SCENARIO, START, with_group
from perigrid.base.architecture import ORBITAL
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.model import ContactKind
from perigrid.fleet.outlook import build_outlook
from perigrid.scenario.model import Radiation
from perigrid.sim.plan_sections import (
    lifetime_section,
    radiation_section,
    shadow_section,
    sizing_section,
)

SHORT = replace(SCENARIO, duration_s=6 * 3600.0)
SHIELDED = with_group(SHORT, "compute", radiation=Radiation(0.01, "commercial", 30.0))


@pytest.fixture(scope="module")
def outlook():
    return build_outlook(SHORT, build_fleet(SHORT))


def test_eclipses_last_as_long_as_the_dark_steps():
    ephemeris = satellite_ephemeris(SHORT)
    found = shadow_section(ephemeris, slice(0, 6))
    fleet = build_fleet(SHORT)
    dark_share = 1.0 - build_outlook(SHORT, fleet, ephemeris).illumination.mean()
    assert found["longest_min"] == pytest.approx(34.4, abs=0.5)
    # Six hours hold less than four orbits.
    assert 3 * fleet.n_satellites <= found["eclipses"] <= 5 * fleet.n_satellites
    assert 0.3 < dark_share < 0.4


def test_radiation_is_told_with_its_range_and_its_margin(outlook):
    section, margins = radiation_section(build_fleet(SHIELDED), 0, outlook, START)
    assert json.loads(json.dumps(section)) == section
    for rates in section["faults_per_day"].values():
        assert rates["low"] <= rates["value"] <= rates["high"]
    (dose,) = margins
    assert dose.need >= 5.0 * section["dose_gy_per_year"]
    thicker = replace(SHIELDED.group("compute").radiation, shield_m=0.02)
    safer = build_fleet(with_group(SHORT, "compute", radiation=thicker))
    assert radiation_section(safer, 0, outlook, START)[1][0].margin > dose.margin


def test_without_a_word_on_radiation_there_is_no_section(outlook):
    fleet = build_fleet(with_group(SHORT, "compute", radiation=None))
    assert radiation_section(fleet, 0, outlook, START) == (None, [])


def test_a_low_orbit_keeps_the_five_year_rule_and_a_high_one_breaks_it():
    low, low_margins = lifetime_section(build_fleet(SHORT), 0, START)
    assert low["years"]["active"] < low["years"]["mean"] < low["years"]["quiet"]
    assert low["down_in_five_years"] == (low["years"]["mean"] <= 5.0)
    assert low_margins[0].have == 5.0
    orbit = replace(SHORT.group("compute").orbit, altitude_m=1.2e6)
    high, high_margins = lifetime_section(
        build_fleet(with_group(SHORT, "compute", orbit=orbit)), 0, START
    )
    assert not high["down_in_five_years"]
    assert all(one.margin < 0.0 for one in high_margins)
    assert json.loads(json.dumps(high)) == high


def test_the_smallest_bus_grows_with_what_it_must_hold(outlook):
    fleet = build_fleet(SHORT)
    bare = sizing_section(fleet, 0, outlook, ())
    held = sizing_section(fleet, 0, outlook, ContactKind.of(ORBITAL.every_link))
    for part in ("array", "battery", "radiator"):
        assert 0.0 < bare[part]["need"] <= held[part]["need"]
        assert bare[part]["kg"] > 0.0
    nothing = build_fleet(with_group(SHORT, "compute", computer=None))
    assert sizing_section(nothing, 0, outlook, ()) is None
