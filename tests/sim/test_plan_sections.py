"""Parts of a plan beyond power."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from missions import SCENARIO, START, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.long_track import long_track
from perigrid.fleet.outlook import build_outlook
from perigrid.scenario.model import Radiation
from perigrid.sim.plan_sections import (
    lifetime_section,
    radiation_section,
    shadow_section,
    station_section,
)

SHORT = replace(SCENARIO, duration_s=6 * 3600.0)
SHIELDED = with_group(SHORT, "compute", radiation=Radiation(0.01, "commercial", 30.0))


@pytest.fixture(scope="module")
def track():
    return long_track(SHORT.group("compute"), START)


def test_eclipses_last_as_long_as_the_dark_steps():
    ephemeris = satellite_ephemeris(SHORT)
    found = shadow_section(ephemeris, slice(0, 6))
    fleet = build_fleet(SHORT)
    dark_share = 1.0 - build_outlook(SHORT, fleet, ephemeris).illumination.mean()
    assert found["longest_min"] == pytest.approx(34.4, abs=0.5)
    # Six hours hold less than four orbits.
    assert 3 * fleet.n_satellites <= found["eclipses"] <= 5 * fleet.n_satellites
    assert 0.3 < dark_share < 0.4


def test_radiation_is_told_with_its_range_and_its_margin(track):
    section, margins = radiation_section(build_fleet(SHIELDED), 0, track, START)
    assert json.loads(json.dumps(section)) == section
    for rates in section["faults_per_day"].values():
        assert rates["low"] <= rates["value"] <= rates["high"]
    (dose,) = margins
    assert dose.need >= 5.0 * section["dose_gy_per_year"]
    thicker = replace(SHIELDED.group("compute").radiation, shield_m=0.02)
    safer = build_fleet(with_group(SHORT, "compute", radiation=thicker))
    assert radiation_section(safer, 0, track, START)[1][0].margin > dose.margin


def test_without_a_word_on_radiation_there_is_no_section(track):
    fleet = build_fleet(with_group(SHORT, "compute", radiation=None))
    assert radiation_section(fleet, 0, track, START) == (None, [])


def test_the_sun_decides_over_a_low_orbit_and_a_high_one_breaks_the_rule():
    low, low_margins = lifetime_section(build_fleet(SHORT), 0, START)
    assert low["years"]["active"] < low["years"]["mean"] < low["years"]["quiet"]
    assert low["years"]["active"] <= low["years"]["soonest"] < low["years"]["latest"]
    assert low["years"]["latest"] > 5.0 > low["years"]["soonest"]
    assert low["five_year_rule"] == "uncertain"
    assert low_margins[0].have == 5.0
    assert low_margins[0].uncertain
    light = with_group(SHORT, "compute", mass_kg=100.0)
    assert lifetime_section(build_fleet(light), 0, START)[0]["five_year_rule"] == "kept"
    orbit = replace(SHORT.group("compute").orbit, altitude_m=1.2e6)
    high, high_margins = lifetime_section(
        build_fleet(with_group(SHORT, "compute", orbit=orbit)), 0, START
    )
    assert high["five_year_rule"] == "broken"
    assert all(one.margin < 0.0 and not one.uncertain for one in high_margins)
    assert json.loads(json.dumps(high)) == high


def test_the_next_station_is_told_beside_what_there_is():
    fleet = build_fleet(SHORT)
    tracks = [long_track(one, START) for one in fleet.groups]
    section = station_section(SHORT, fleet, tracks)
    assert json.loads(json.dumps(section)) == section
    minutes = {
        name: section[name]["minutes_per_satellite_day"]
        for name in ("today", "most_contact", "shortest_gap", "best_named")
    }
    assert max(minutes, key=minutes.get) == "most_contact"
    assert minutes["today"] < minutes["best_named"]
    assert section["shortest_gap"]["longest_gap_h"] <= section["today"]["longest_gap_h"]
    silent = build_fleet(with_group(SHORT, "compute", radio=None))
    assert station_section(SHORT, silent, tracks) is None
