"""What a table and a record of many decisions say has to agree, and people have to have signed."""

import copy

import numpy as np
import polars as pl
import pytest
from tests.flight_cases import small
from tests.sim.flight.test_people import CASE

from perigrid.ledger.audit_batches import check_batches
from perigrid.ledger.audit_records import read_records
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.record import ANSWER, BATCH, EVENTS, REQUEST
from perigrid.ledger.source import open_source
from perigrid.ledger.verdict import Verdict
from perigrid.sim.flight.run import fly

PART = "actions/part-00000.parquet"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audited") / "flight"
    fly(small(*CASE, "jobs.count=500", "hours=0.5"), folder)
    return folder


@pytest.fixture
def found(run):
    return copy.deepcopy(read_records((run / RECORD).read_bytes()))


def doubts(run, found):
    verdict = Verdict("flight")
    check_batches(open_source(run), found, verdict)
    assert bool(verdict.shown) != bool(verdict.doubts)
    return [one.what for one in verdict.doubts]


def first(found, kind, **wanted):
    return next(
        one for one in found.batches
        if one["kind"] == kind and all(one[key] == value for key, value in wanted.items())
    )  # fmt: skip


def test_a_whole_flight_is_not_doubted(run, found):
    assert doubts(run, found) == []
    assert {one["kind"] for one in found.batches} == {BATCH, REQUEST, ANSWER, EVENTS}


@pytest.mark.parametrize("change", [
    {"root": "0" * 64}, {"first": 1}, {"rows": 1},
])  # fmt: skip
def test_a_batch_of_other_decisions_is_found(run, found, change):
    entry = next(one for one in found.batches if one["kind"] == BATCH and one["rows"] > 1)
    entry.update(change)
    assert any("are not the decisions of this batch" in one for one in doubts(run, found))


def test_decisions_made_after_their_batch_or_in_none_are_found(run, found):
    last = [one for one in found.batches if one["kind"] == BATCH][-1]
    late = copy.deepcopy(found)
    late.batches[late.batches.index(last)]["t_s"] = 1.0
    assert doubts(run, late) == ["a decision of this batch was made after it"]
    found.batches.remove(last)
    assert doubts(run, found)[0] == f"{last['rows']} decisions are in no batch"


def test_a_table_that_was_altered_is_found(run, found, tmp_path):
    place = run / PART
    content = place.read_bytes()
    frame = pl.read_parquet(place)
    try:
        rule = frame["rule"].to_list()
        rule[rule.index("no-br")] = "default"
        frame.with_columns(pl.Series("rule", rule)).write_parquet(place)
        assert "are not the decisions of this batch" in doubts(run, found)[0]
        frame.with_columns(pl.lit("rumour").alias("rule")).write_parquet(place)
        assert "cannot be understood" in doubts(run, found)[0]
    finally:
        place.write_bytes(content)


def granting(found):
    return next(
        one for one in found.batches if one["kind"] == ANSWER and one["until_s"] >= 0.0
    )  # fmt: skip


@pytest.mark.parametrize(("field", "value"), [
    ("signature", "00" * 64), ("signed_at_s", 0.5), ("answer", "refuse"), ("signer", "0" * 16),
    ("evidence", "0" * 64), ("subject", "0" * 64),
])  # fmt: skip
def test_what_nobody_signed_is_found(run, found, field, value):
    entry = granting(found)
    entry["approvals"] = [dict(one, **{field: value}) for one in entry["approvals"]]
    said = doubts(run, found)
    assert "does not hold" in said[0]
    assert "this was allowed, and too few people had signed for it" in said


def test_leave_that_was_not_given_is_found(run, found):
    entry = granting(found)
    longer = copy.deepcopy(found)
    granting(longer)["until_s"] += 1.0
    assert doubts(run, longer) == ["this was allowed, and too few people had signed for it"]
    refused = copy.deepcopy(found)
    granting(refused)["until_s"] = -1.0
    assert "had not given it" in doubts(run, refused)[0]
    found.batches.remove(entry)
    assert "had not given it" in doubts(run, found)[0]


@pytest.mark.parametrize("change", [{"rule": "no-br"}, {"people": 9}, {"root": "0" * 64}])
def test_a_request_that_says_something_else_is_found(run, found, change):
    first(found, REQUEST).update(change)
    assert doubts(run, found)


def test_a_request_about_other_decisions_is_found(run, found):
    entry = first(found, REQUEST)
    entry["rows"] = [one + 1 for one in entry["rows"]]
    assert "the request is not about the decisions that it names" in doubts(run, found)


def test_an_answer_that_nobody_asked_for_is_found(run, found):
    granting(found)["subject"] = "0" * 64
    assert "nobody asked for this answer" in doubts(run, found)


def test_envelopes_keep_their_limits(run, found):
    fewer = copy.deepcopy(found)
    fewer.pins["envelopes"]["us"]["count"] = 3
    assert doubts(run, fewer) == ["more decisions by envelope us than it holds"]
    shorter = copy.deepcopy(found)
    shorter.pins["envelopes"]["us"]["until_s"] = 130.0
    assert doubts(run, shorter) == ["decisions by envelope us while it was not in force"]
    unsigned = copy.deepcopy(found)
    event = first(unsigned, EVENTS)["events"][0]
    event["approvals"] = [dict(one, signature="00" * 64) for one in event["approvals"]]
    said = doubts(run, unsigned)
    assert "does not hold" in said[0]
    assert "decisions by envelope us while it was not in force" in said


def test_nothing_is_said_of_runs_without_batches_or_in_doubt(run, found):
    verdict = Verdict("flight")
    verdict.doubt("x", "y")
    check_batches(open_source(run), found, verdict)
    assert len(verdict.doubts) == 1
    assert verdict.shown == []
    assert np.isfinite(found.last_t_s)
