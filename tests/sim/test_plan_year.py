"""The year of a plan."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, START, with_group
from perigrid.base.architecture import ORBITAL
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import ContactKind
from perigrid.fleet.outlook import build_outlook
from perigrid.fleet.sizing import group_sizing, year_sizing
from perigrid.scenario.model import SunSynchronous
from perigrid.sim.plan_year import GroupYear, sizing_section, year_margins, year_section

# Beside the day-night line, where August has no shadow and December has.
DAWN = replace(
    with_group(SCENARIO, "compute", orbit=SunSynchronous(3, 650e3, 6.0)), duration_s=3 * 3600.0
)


def year_of(scenario, laser_w=0.0):
    fleet = build_fleet(scenario)
    return GroupYear.of(fleet, 0, START, np.full(fleet.n_satellites, laser_w))


def sized(scenario, links=frozenset()):
    fleet = build_fleet(scenario)
    by_run = (build_outlook(scenario, fleet), links) if links else None
    return sizing_section(year_of(scenario), fleet, 0, by_run)


def test_the_year_names_its_darkest_day():
    section = year_section(year_of(DAWN))
    assert json.loads(json.dumps(section)) == section
    assert "2026-12-20" < section["darkest"]["date"] < "2026-12-25"
    assert section["darkest"]["dark_min"] == pytest.approx(19.5, abs=0.3)
    assert "2026-12-20" < section["weakest"]["date"] < "2026-12-25"
    assert section["warmest"]["environment_w_mean"] == max(
        one["environment_w_mean"] for one in section["days"]
    )
    assert section["days"][0]["date"] == "2026-08-22"
    assert section["days"][0]["dark_min"] == 0.0


def test_the_battery_is_sized_for_december_and_the_margins_say_so():
    bus = sized(DAWN)
    for part in ("array", "battery"):
        assert "2026-12-20" < bus[part]["date"] < "2026-12-25"
    assert bus["battery"]["need"] > 100.0
    # The run alone, in August, asks for next to nothing.
    fleet = build_fleet(DAWN)
    august = replace(year_of(DAWN), planes=tuple(
        replace(one, day=one.day[:1], beta_rad=one.beta_rad[:1], illumination=one.illumination[:1],
                array_w=one.array_w[:1], environment_w=one.environment_w[:1])
        for one in year_of(DAWN).planes
    ))  # fmt: skip
    run = sizing_section(august, fleet, 0, (build_outlook(DAWN, fleet), frozenset()))
    assert run["battery"]["need"] < 1.0
    margins = {one.name: one for one in year_margins(year_of(DAWN))}
    assert "2026-11-10" < margins["battery"].date < "2027-01-31"  # the season with shadow
    august_w = {one.name: one.have for one in year_margins(august)}
    assert margins["battery"].have < august_w["battery"]


def test_lasers_held_take_from_the_year():
    alone, held = (
        {one.name: one.have for one in year_margins(year_of(DAWN, w))} for w in (0.0, 90.0)
    )
    assert held["energy"] == pytest.approx(alone["energy"] - 90.0, abs=1.0)
    assert held["heat"] < alone["heat"]
    small, large = (
        year_sizing(one.group, one.planes, one.held_w).smallest
        for one in (year_of(DAWN), year_of(DAWN, 90.0))
    )
    assert large.array_area_m2 > small.array_area_m2


def test_the_larger_of_what_run_and_year_ask_for_is_taken():
    ring = with_group(SCENARIO, "compute", orbit=SunSynchronous(14, 520e3, 10.5))
    short = replace(ring, duration_s=11_400.0, stations=())
    fleet = build_fleet(short)
    outlook, links = build_outlook(short, fleet), ContactKind.of(ORBITAL.every_link)
    bare, held = sized(short), sized(short, links)
    for part in ("array", "battery", "radiator"):
        assert 0.0 < bare[part]["need"] <= held[part]["need"]
        assert bare[part]["kg"] > 0.0
    assert held["array"]["need"] > bare["array"]["need"]
    year = year_of(short)  # without a laser: the run with them asks for more
    by_run = group_sizing(fleet, outlook, 0, links, life_years=5.0)
    by_year = year_sizing(year.group, year.planes, year.held_w, life_years=5.0).smallest
    assert by_year.array_area_m2 < by_run.array_area_m2
    assert held["array"]["need"] == by_run.array_area_m2
    assert held["array"]["date"] == ""


def test_a_group_without_computers_has_light_and_no_more():
    eyes = with_group(DAWN, "compute", computer=None)
    assert year_margins(year_of(eyes)) == []
    assert sized(eyes) is None
    assert year_section(year_of(eyes))["darkest"]["dark_min"] > 19.0


def test_where_no_size_would_do_there_is_none():
    hot = with_group(
        DAWN,
        "compute",
        thermal=replace(COMPUTE.thermal, computer_throttle_k=290.0, conductance_w_k=1.0),
    )
    assert sized(hot) is None
