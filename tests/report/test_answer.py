import copy

import pytest

from perigrid.report.answer import answer_sentence, findings
from perigrid.report.facts import Comparison
from perigrid.report.words import duration


@pytest.fixture
def record(comparison_record):
    return copy.deepcopy(comparison_record)


def set_all(record, **changes):
    """Make all architectures equal, then change some: name=(p50, energy, delivered)."""
    for name, entry in record["architectures"].items():
        p50_s, energy_j, delivered = changes.get(name.replace("-", "_"), (100.0, 10.0, 50))
        entry["time_to_insight_s"] = {
            "p50": 1.0, "p95": 2 * p50_s, "mean": p50_s, "p50_all": p50_s
        }  # fmt: skip
        entry["energy_j_per_insight"] = {"total": energy_j, "space": energy_j, "ground": 0.0}
        entry["insights_delivered"] = delivered
    return record


def test_names_every_median(record):
    answer = answer_sentence(record)
    for name, entry in record["architectures"].items():
        assert f"{name} {duration(entry['time_to_insight_s']['p50_all'], 2)}" in answer


def test_fastest_comes_first(record):
    first = findings(Comparison.of(record))[0]
    medians = {
        name: entry["time_to_insight_s"]["p50_all"]
        for name, entry in record["architectures"].items()
    }
    order = sorted(medians, key=medians.get)
    assert sorted(order, key=first.index) == order


def test_says_where_orbit_loses(record):
    answer = answer_sentence(set_all(record, relay=(10.0, 5.0, 80)))
    assert "takes 10 times longer at the median than relay" in answer
    assert "uses 2 times more energy per insight than relay" in answer
    assert "delivers 38 % fewer insights than relay" in answer


def test_says_so_if_orbit_loses_nowhere(record):
    answer = answer_sentence(set_all(record, orbital=(10.0, 5.0, 80)))
    assert "loses to neither ground way" in answer
    assert "cost and carbon are not counted" in answer
    assert "50 % less energy" in answer


def test_counts_bytes_that_reach_the_ground_and_those_between_satellites(record):
    record["architectures"]["bent-pipe"]["bytes"]["downlink"] = 1e12
    record["architectures"]["orbital"]["bytes"] |= {"downlink": 1e9, "crosslink": 5e11}
    answer = answer_sentence(record)
    assert "Orbital sent 99.9 % fewer bytes to the ground than bent-pipe" in answer
    assert "500 GB between satellites" in answer


def test_nothing_delivered_is_said(record):
    for entry in record["architectures"].values():
        entry["time_to_insight_s"] = dict.fromkeys(("p50", "p95", "mean", "p50_all"))
        entry["energy_j_per_insight"] = {"total": None, "space": None, "ground": None}
        entry["insights_delivered"] = 0
    assert answer_sentence(record).startswith("No insight was delivered")


def test_more_than_half_still_waiting_is_said_and_is_no_median(record):
    record["architectures"]["bent-pipe"]["time_to_insight_s"]["p50_all"] = None
    first = findings(Comparison.of(record))[0]
    assert first.endswith("bent-pipe more than half still waiting at the end.")


def test_one_architecture_alone_makes_no_claims_about_others(record):
    record["architectures"] = {"onboard": record["architectures"]["onboard"]}
    answer = answer_sentence(record)
    assert "onboard" in answer
    assert "loses" not in answer
    assert "bent-pipe" not in answer


def test_satellites_without_energy_are_spoken_of(record):
    assert "ran out" not in answer_sentence(record)
    record["architectures"]["bent-pipe"]["unserved_j"] = 3.2e7
    said = findings(Comparison.of(record))[-1]
    assert "ran out of energy: 32 MJ in bent-pipe" in said


def test_computers_beyond_survival_are_spoken_of(record):
    assert "hotter or colder" not in answer_sentence(record)
    record["architectures"]["orbital"]["outside_temperature_s"] = 7200.0
    said = findings(Comparison.of(record))[-1]
    assert "hotter or colder than they survive, summed over satellites: 2 h in orbital" in said


def test_who_delivered_nothing_is_not_praised_for_sending_little(record):
    for name in ("onboard", "orbital"):
        record["architectures"][name] |= {
            "insights_delivered": 0,
            "bytes": {"downlink": 0, "relay": 0, "crosslink": 0, "terrestrial": 0},
        }
    assert "fewer bytes" not in answer_sentence(record)


def nothing_delivered(entry):
    entry["time_to_insight_s"] = dict.fromkeys(("p50", "p95", "mean", "p50_all"))
    entry["energy_j_per_insight"] = {"total": None, "space": None, "ground": None}
    entry["insights_delivered"] = 0


def test_without_observations_nothing_is_compared(record):
    record["observations"] = 0
    for entry in record["architectures"].values():
        nothing_delivered(entry)
    assert answer_sentence(record) == "Nothing was observed, so there is nothing to compare."


def test_no_verdict_over_ground_ways_that_delivered_nothing(record):
    for name in ("bent-pipe", "relay"):
        nothing_delivered(record["architectures"][name])
    answer = answer_sentence(record)
    for claim in ("loses", "fewer bytes", "less energy"):
        assert claim not in answer
    assert "bent-pipe and relay delivered nothing" in answer


def test_a_verdict_where_nobody_delivered_is_silent(record):
    for entry in record["architectures"].values():
        nothing_delivered(entry)
    silent = [f"No insight was delivered from {record['observations']:,} observations."]
    assert findings(Comparison.of(record)) == silent
    record["architectures"] = {"onboard": record["architectures"]["onboard"]}
    assert findings(Comparison.of(record)) == silent


def test_an_orbit_that_left_most_waiting_has_lost_on_time(record):
    set_all(record, relay=(10.0, 10.0, 50))
    record["architectures"]["orbital"]["time_to_insight_s"]["p50_all"] = None
    answer = answer_sentence(record)
    assert "Where orbit loses: orbital has more than half of its scenes still waiting" in answer
    assert "where relay took 10 s at the median" in answer


def test_a_verdict_names_only_what_was_compared(record):
    set_all(record)
    for entry in record["architectures"].values():
        entry["time_to_insight_s"]["p50_all"] = None
    assert "On energy and insights delivered, orbital loses to neither" in answer_sentence(record)
    del record["architectures"]["relay"]
    assert "orbital does not lose to bent-pipe" in answer_sentence(record)


def test_two_groups_of_insights_are_told_beside_the_median(record):
    set_all(record)
    record["architectures"]["onboard"]["time_groups"] = {
        "quick_share": 0.44, "quick_s": 2.0, "rest_s": 5400.0
    }  # fmt: skip
    answer = answer_sentence(record)
    assert "In two groups" in answer
    assert "onboard 44 % within 2 s and the later ones after 1.5 h." in answer
    assert answer.count("within") == 1


def test_compute_jobs_have_answers_and_no_insights(record):
    record = set_all(record, relay=(10.0, 5.0, 80)) | {"workload": "batch"}
    answer = answer_sentence(record)
    assert "more energy per answer than relay" in answer
    assert "fewer answers than relay" in answer
    assert "insight" not in answer
    assert "less energy on each answer" in answer_sentence(set_all(record, orbital=(1.0, 5.0, 80)))
