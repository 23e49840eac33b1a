import copy
import re

import pytest

from perigrid.report.plan_view import plan_text

PLAN = {
    "scenario": "three-body",
    "title": "Three-Body [a day]",
    "start": "2026-10-01T00:00:00Z",
    "hours": 24.0,
    "looked_at_hours": 24.0,
    "satellites": [
        {
            "name": f"SCS-01 {letter}",
            "altitude_km": 519.3,
            "sunlit_share": 0.62,
            "array_w_mean": 425.0,
            "sustained_compute_w": 121.9,
            "bound_by": "battery",
            "element_age_days": {"A": 1.5, "B": None, "C": 0.0}[letter],
        }
        for letter in "ABC"
    ],
    "fleet": {
        "satellites": 2,
        "relays": 1584,
        "stations": 21,
        "sunlit_share": 0.62,
        "array_w_mean": 425.0,
        "bus_load_w": 120.0,
        "compute_peak_w": 165.0,
        "sustained_compute_w": 121.9,
        "environment_w_max": 124.0,
    },
    "contacts": {
        "downlink": {
            "windows": 12,
            "minutes_per_satellite_day": 46.0,
            "gigabytes_per_satellite_day": 305.0,
            "median_window_s": 167.0,
        }
    },
    "margins": [
        {
            "name": name,
            "have": have,
            "need": need,
            "unit": "W",
            "where": "SCS-01 A",
            "note": "",
            "margin": have / need - 1.0,
            "date": date,
            "uncertain": name == "deorbit",
        }
        for name, have, need, date in (
            ("battery", 121.9, 165.0, "2026-12-22"),
            ("deorbit", 5.0, 4.9, ""),
            ("storage", 2500.0, 10.0, ""),
        )
    ],
    "binds": "battery on SCS-01 A, -26%",
    "sustained": {"loads": "the bus and the laser links that orbital holds; not the radio"},
    "groups": [
        {
            "name": "ring",
            "satellites": 3,
            "takes_scenes": True,
            "array_w_mean": 425.0,
            "bus_load_w": 120.0,
            "compute_peak_w": 165.0,
            "sustained_compute_w": 121.9,
            "shadow": {"eclipses": 15, "longest_min": 35.6},
            "year": {"darkest": {"dark_min": 36.2, "date": "2027-05-24"}},
            "radiation": {
                "device": "commercial",
                "shield_mm_al": 10.0,
                "dose_gy_per_year": 0.634,
                "anomaly_share": 0.057,
                "faults_per_day": {
                    name: {"value": 0.01, "low": 0.0, "high": 0.1}
                    for name in ("corrected", "uncorrectable", "interrupt", "latch_up", "silent")
                },
                "checkpoint_min": 553.0,
            },
            "lifetime": {
                "years": {
                    "active": 1.14,
                    "mean": 2.68,
                    "quiet": None,
                    "soonest": 1.2,
                    "latest": 6.2,
                },
                "five_year_rule": "uncertain",
                "hold_m_s_per_year": 34.8,
                "mass_kg": 200.0,
            },
            "smallest_bus": {
                "years": 5.0,
                "array": {
                    "have": 2.0,
                    "need": 1.93,
                    "unit": "m2",
                    "kg": 5.25,
                    "date": "2027-06-23",
                },
                "battery": {"have": 700.0, "need": 704.0, "unit": "Wh", "kg": 6.29, "date": ""},
                "radiator": {
                    "have": 1.0,
                    "need": 1.04,
                    "unit": "m2",
                    "kg": 3.65,
                    "date": "2026-12-24",
                },
                "structure_kg": 5.06,
            },
        }
    ],
    "next_station": {
        "places": 193,
        "days": 5.0,
        "today": {"minutes_per_satellite_day": 71.0, "longest_gap_h": 9.76},
        "most_contact": {
            "name": "",
            "latitude_deg": -77.7,
            "longitude_deg": 90.0,
            "minutes_per_satellite_day": 172.0,
            "longest_gap_h": 6.76,
        },
        "shortest_gap": {
            "name": "",
            "latitude_deg": 69.5,
            "longitude_deg": -18.0,
            "minutes_per_satellite_day": 172.0,
            "longest_gap_h": 2.08,
        },
        "best_named": {
            "name": "Punta Arenas",
            "latitude_deg": -53.2,
            "longitude_deg": -70.9,
            "minutes_per_satellite_day": 110.0,
            "longest_gap_h": 8.95,
        },
    },
}


def with_first(**changes):
    """The plan with something else in its only group."""
    return {**PLAN, "groups": [{**PLAN["groups"][0], **changes}]}


@pytest.fixture(scope="module")
def text():
    return plan_text(PLAN)


def test_says_what_binds(text):
    assert "What binds: battery on SCS-01 A, -26%" in text
    assert "250 times" in text


def test_shows_margins_and_contacts_in_human_units(text):
    for words in (
        "305 W",
        "122 W of 165 W",
        "46 min",
        "305 GB",
        "2.78 min",
        "519 km",
        "36 h old",
        "not the radio",
    ):
        assert words in text, words
    assert "designed" in text
    assert "0 s old" in text


def test_a_run_that_was_not_looked_at_to_its_end_says_so(text):
    assert "three-body, 24 h from" in text
    short = plan_text({**PLAN, "looked_at_hours": 5.0 / 3.0})
    assert "three-body, the first 1.67 of 24 h from" in short


def test_fits_the_terminal_and_keeps_brackets(text):
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "Three-Body [a day]" in text


def test_of_a_large_fleet_only_the_first_are_listed():
    plan = copy.deepcopy(PLAN)
    plan["satellites"] = [{**plan["satellites"][0], "name": f"S{i:04d}"} for i in range(1584)]
    text = plan_text(plan)
    assert "the first 24 of 1584" in text
    assert "S0023" in text
    assert "S0024" not in text


def test_a_fleet_without_computers():
    plan = copy.deepcopy(PLAN)
    plan["fleet"] |= {"compute_peak_w": 0.0, "sustained_compute_w": 0.0}
    assert "–" in plan_text(plan)


def test_shadow_radiation_and_life_are_told_with_their_ranges(text):
    for words in (
        "15, the longest 35.6 min",
        "0.634 Gy a year behind 10 mm Al",
        "one in 100 d (10 d to never)",
        "36.2 min without the Sun on 2027-05-24",
        "2.7 years (active Sun 1.1 years, quiet never)",
        "1.2 years to 6.2 years",
        "uncertain: the Sun's cycle decides",
        "34.8 m/s a year",
    ):
        assert words in text, words


def test_the_smallest_bus_stands_beside_what_there_is(text):
    assert re.search(r"array +2 m2 +1.93 m2 +5.25 kg +2027-06-23\n", text)
    assert re.search(r"battery +700 Wh +704 Wh +6.29 kg +the run\n", text)


def test_a_plan_without_radiation_or_a_bus_that_would_do():
    text = plan_text(with_first(radiation=None, smallest_bus=None))
    assert "Smallest bus" not in text
    assert "dose" not in text


def test_a_satellite_above_all_air_stays_and_the_rule_asks_nothing_of_it():
    life = {
        "years": dict.fromkeys(("active", "mean", "quiet", "soonest", "latest")),
        "five_year_rule": None,
        "hold_m_s_per_year": 4e-58,
    }
    unhurt = dict.fromkeys(PLAN["groups"][0]["radiation"]["faults_per_day"], dict.fromkeys(
        ("value", "low", "high"), 0.0))  # fmt: skip
    radiation = {**PLAN["groups"][0]["radiation"], "faults_per_day": unhurt, "checkpoint_min": None}
    text = plan_text(with_first(lifetime=life, radiation=radiation))
    for line in (
        r"down by drag alone +never\n",
        r"five-year rule +asks nothing above 2,000 km\n",
        r"to hold the altitude +no drag worth a burn\n",
        r"resets of the computer +none\n",
    ):
        assert re.search(line, text), line


def test_a_margin_tells_its_day_and_whether_it_is_certain(text):
    assert re.search(r"battery +122 W +165 W +-26% +SCS-01 A, 2026-12-22\n", text)
    assert re.search(r"deorbit .*uncertain, \+2% +SCS-01 A\n", text)


def test_one_more_station_is_named_by_its_name_or_its_place(text):
    for line in (
        r"as it is +1.18 h +9.76 h\n",
        r"most time in view +78 S, 90 E +2.87 h +6.76 h\n",
        r"shortest silence +70 N, 18 W +2.87 h +2.08 h\n",
        r"best named place +Punta Arenas +1.83 h +8.95 h\n",
    ):
        assert re.search(line, text), line
    assert "One more station" not in plan_text({**PLAN, "next_station": None})


@pytest.mark.parametrize(
    ("soonest", "latest", "words"),
    [(2.0, None, "2 years to more than 11"), (None, None, "after more than 11 years")],
)
def test_who_outlasts_a_cycle_of_the_sun(soonest, latest, words):
    life = PLAN["groups"][0]["lifetime"]
    years = {**life["years"], "soonest": soonest, "latest": latest}
    assert words in plan_text(with_first(lifetime={**life, "years": years}))


def test_an_orbit_in_full_light():
    bright = plan_text(with_first(year={"darkest": {"dark_min": 0.0, "date": "2026-08-22"}}))
    assert re.search(r"darkest orbit of the year +in full light\n", bright)


def test_unlike_groups_are_shown_one_by_one():
    ring = PLAN["groups"][0]
    eyes = {**ring, "name": "eyes", "compute_peak_w": 0.0, "radiation": None, "smallest_bus": None}
    text = plan_text({**PLAN, "groups": [ring, eyes]}, width=120)
    titles = " ".join(text.split())
    assert re.search(r"\neyes +3 +takes +425 W +120 W +– +–\n", text)
    assert "years from now: ring " in titles
    assert "years from now: eyes" not in titles
    assert titles.count("Shadow, radiation and life in orbit: ") == 2
    assert ": ring" not in plan_text(PLAN)
