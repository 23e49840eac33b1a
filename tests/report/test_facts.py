import copy
import math

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.report.facts import Comparison, architecture_facts


def test_a_scene_dropped_as_cloudy_is_screened_out_and_not_missed(comparison_record):
    record = comparison_record["architectures"]["orbital"]
    facts = architecture_facts("orbital", record)
    assert facts.screened == record["missed_by"]["cloud"] > 0
    assert facts.missed == record["missed_by"]["contact"] > 0
    assert "cloud" not in facts.missed_by


def test_outcomes_add_up_to_the_observations(comparison_record):
    figures = Comparison.of(comparison_record)
    assert {facts.accounted for facts in figures.architectures} == {figures.observations}


def test_architectures_come_in_their_usual_order(comparison_record):
    record = copy.deepcopy(comparison_record)
    entries = record["architectures"]
    record["architectures"] = {"zeppelin": entries["relay"], **dict(reversed(entries.items()))}
    names = [facts.name for facts in Comparison.of(record).architectures]
    assert names == ["bent-pipe", "relay", "onboard", "orbital", "zeppelin"]


def test_missing_figures_are_not_numbers(comparison_record):
    record = copy.deepcopy(comparison_record["architectures"]["relay"])
    record["time_to_insight_s"] = {"p50": None}
    del record["binding"]
    facts = architecture_facts("relay", record)
    assert math.isnan(facts.p50_s)
    assert math.isnan(facts.p95_s)
    assert facts.bound_by()[0] == ""


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"architectures": {}},
        {"architectures": {"relay": 3}},
        {"architectures": {"relay": {"insights_delivered": "many"}}},
        {"architectures": {"relay": {"bytes": [1, 2]}}},
    ],
)
def test_a_record_that_is_no_comparison_is_refused(record):
    with pytest.raises(RunFolderError):
        Comparison.of(record)


@pytest.mark.parametrize("table", [7, [], {}, {"compute": 7, "carry": {}},
                                   {"compute": {"*": ["moon"]}, "carry": {}}])  # fmt: skip
def test_a_composition_that_is_none_is_an_error(table):
    with pytest.raises(RunFolderError, match="places and links"):
        architecture_facts("mine", {"composition": table})


def test_where_an_architecture_computes():
    mine = {"compute": {"screen": ["origin"], "*": ["data-centre"]}, "carry": {"raw": ["relay"]}}
    assert architecture_facts("mine", {"composition": mine}).in_orbit
    assert architecture_facts("onboard-relay", {}).in_orbit
    assert not architecture_facts("relay", {}).in_orbit
    assert architecture_facts("mine", {}).composed is None
