import json
import math
import re
from dataclasses import replace

import pytest

from missions import SCENARIO, with_group
from perigrid.scenario.model import Radiation, Scenario, SunSynchronous, WalkerShell
from perigrid.sim.plan import plan
from tests.flight_cases import small

SHORT = replace(SCENARIO, duration_s=3 * 3600.0)


def test_a_plan_says_what_there_is_and_what_binds() -> None:
    result = plan(SHORT)
    assert json.loads(json.dumps(result)) == result
    assert len(result["satellites"]) == 6
    for satellite in result["satellites"]:
        assert 510.0 < satellite["altitude_km"] < 545.0
        assert 0.5 < satellite["sunlit_share"] < 0.8
        assert satellite["sustained_compute_w"] <= 400.0
    assert result["contacts"]["downlink"]["windows"] > 0
    assert result["contacts"]["relay"]["minutes_per_satellite_day"] > 0.0
    margins = [one["margin"] for one in result["margins"]]
    assert margins == sorted(margins)
    assert {"heat", "energy", "battery", "downlink", "storage", "compute time"} <= {
        one["name"] for one in result["margins"]
    }
    assert result["margins"][0]["where"] in result["binds"]
    assert result["observations"] > 0
    assert len(result["day"]["t_h"]) == len(result["day"]["battery_soc"]) > 0
    assert result["sustained"]["compute_w"] == {"bent-pipe": 400.0}
    assert "bent-pipe holds no laser link" in result["sustained"]["loads"]
    assert all(margin > 0.0 for margin in result["sustained"]["headroom"].values())


def lean(scenario: Scenario) -> Scenario:
    group = scenario.group("compute")
    assert group is not None
    return with_group(scenario, "compute", array=replace(group.array, area_m2=1.8))


def test_too_small_an_array_binds() -> None:
    result = plan(lean(SHORT))
    assert result["fleet"]["sustained_compute_w"] < 400.0
    assert result["binds"].startswith(("energy on", "battery on"))
    assert result["margins"][0]["margin"] < 0.0


def test_held_lasers_leave_less_for_compute() -> None:
    ring = with_group(lean(SHORT), "compute", orbit=SunSynchronous(14, 520.0e3, 10.5))
    result = plan(replace(ring, architectures=("onboard", "orbital")))
    by_name = result["sustained"]["compute_w"]
    assert by_name["orbital"] < by_name["onboard"] - 20.0
    assert result["fleet"]["sustained_compute_w"] == by_name["orbital"]
    assert "orbital" in result["sustained"]["loads"]


def test_the_hardest_architecture_is_planned_for_even_where_nothing_binds() -> None:
    ring = with_group(SHORT, "compute", orbit=SunSynchronous(14, 520.0e3, 10.5))
    onboard, orbital, both = (
        plan(replace(ring, architectures=names))["margins"]
        for names in (("onboard",), ("orbital",), ("onboard", "orbital"))
    )
    assert all(one["margin"] > 0.0 for one in both)
    assert both == orbital != onboard


def test_a_fleet_without_computers_says_so() -> None:
    result = plan(with_group(SHORT, "compute", computer=None, sensor=None))
    assert [one["name"] for one in result["margins"]] == ["deorbit"]
    assert result["groups"][0]["smallest_bus"] is None
    assert result["fleet"]["sustained_compute_w"] == pytest.approx(0.0)
    assert result["sustained"] == {"loads": "", "compute_w": {}, "headroom": {}}


RING = WalkerShell(1, 1, 0, 35_786e3, 0.0, 2.0 * math.pi, 0.0)


def test_a_geostationary_satellite_is_planned_without_air_shadow_or_a_window() -> None:
    still = with_group(SHORT, "compute", orbit=RING)
    result = plan(replace(still, duration_s=1800.0))
    years = result["groups"][0]["lifetime"]["years"]
    assert years == dict.fromkeys(("active", "mean", "quiet", "soonest", "latest"))
    assert result["groups"][0]["lifetime"]["hold_m_s_per_year"] == pytest.approx(0.0, abs=1e-9)
    assert result["groups"][0]["shadow"]["eclipses"] == 0
    assert "deorbit" not in [one["name"] for one in result["margins"]]
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_dose_and_the_worst_season_do_not_hang_on_the_length_of_the_run() -> None:
    dawn = with_group(
        SHORT,
        "compute",
        orbit=SunSynchronous(2, 650e3, 6.0),
        radiation=Radiation(0.01, "commercial", 30.0),
    )
    short, day = (plan(replace(dawn, duration_s=hours * 3600.0)) for hours in (1.0, 24.0))
    assert short["groups"][0]["radiation"] == day["groups"][0]["radiation"]
    assert short["groups"][0]["radiation"]["dose_gy_per_year"] > 1.5
    assert short["groups"][0]["year"] == day["groups"][0]["year"]
    bus = [one["groups"][0]["smallest_bus"]["battery"] for one in (short, day)]
    assert "2026-12-20" < bus[0]["date"] == bus[1]["date"] < "2026-12-25"
    by_name = {one["name"]: one for one in short["margins"]}
    assert "2026-11-10" < by_name["battery"]["date"] < "2027-01-31"  # the season with shadow
    assert short["next_station"] == day["next_station"]


def test_compute_jobs_are_planned_for_over_windows_and_light_of_every_step() -> None:
    result = plan(small("hours=0.2", "jobs.count=40"))
    assert result["observations"] == 40
    assert len(result["day"]["t_h"]) > 40
    assert result["contacts"]["downlink"]["windows"] > 0
    names = {one["name"] for one in result["margins"]}
    assert "heat" in names
    assert not names & {"downlink", "compute time"}


def test_the_run_decides_over_the_year_only_where_its_lasers_come_and_go() -> None:
    ring = with_group(lean(SHORT), "compute", orbit=SunSynchronous(14, 520.0e3, 10.5))
    alone, relayed = (plan(replace(ring, architectures=(one,))) for one in ("onboard", "relay"))
    bus = alone["groups"][0]["smallest_bus"]
    assert all(bus[part]["date"] for part in ("array", "battery", "radiator"))
    assert all(one["date"] for one in alone["margins"] if one["name"] in {"heat", "energy"})
    assert "on 20" in alone["binds"]
    # Relay links last minutes: the run, with each of them where it falls, asks for more.
    with_relay = relayed["groups"][0]["smallest_bus"]
    assert with_relay["battery"]["need"] > bus["battery"]["need"]
    assert not with_relay["battery"]["date"]


def test_what_binds_says_whether_it_is_certain() -> None:
    high = with_group(SHORT, "compute", orbit=SunSynchronous(2, 570.0e3, 10.5), mass_kg=400.0)
    assert re.fullmatch(r"deorbit on sso-\d+: 5 of \S+ years \(-\d+%\)", plan(high)["binds"])
    near = plan(with_group(SHORT, "compute", orbit=SunSynchronous(2, 550.0e3, 10.5)))
    assert near["groups"][0]["lifetime"]["five_year_rule"] == "uncertain"
    assert "uncertain" in near["binds"]


def test_of_a_large_fleet_of_compute_jobs_the_first_orbit_is_looked_at(monkeypatch) -> None:
    mission = small("hours=4", "jobs.count=40")
    whole = plan(mission)
    assert whole["looked_at_hours"] == whole["hours"] == 4.0
    monkeypatch.setattr("perigrid.sim.plan._MOST_STATES", 1000)
    part = plan(mission)
    assert part["hours"] == 4.0
    assert part["looked_at_hours"] == pytest.approx(100.0 / 60.0)
    assert part["observations"] == 40
    assert part["groups"][0]["year"] == whole["groups"][0]["year"]
    # Per satellite and day, so that both say the same of the same orbits.
    minutes = [one["contacts"]["crosslink"]["minutes_per_satellite_day"] for one in (part, whole)]
    assert minutes[0] == pytest.approx(minutes[1], rel=0.05)
