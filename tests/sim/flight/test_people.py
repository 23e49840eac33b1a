"""People in a flight: who is asked, what their answers do, and that nothing is done without."""

import math

import numpy as np
import polars as pl
import pytest
from tests.flight_cases import small

from perigrid.ledger.record import ANSWER, REQUEST, read_record
from perigrid.sim.flight.run import fly

RULES = (
    "rules=["
    "{id: no-br, effect: deny, action: move, product: answer, to_country: BR, reason: none},"
    "{id: hand-us, form: approve, action: move, product: answer, to_country: US},"
    "{id: two-au, form: approve, action: move, product: answer, to_country: AU,"
    " people: {count: 2}}]"
)
PEOPLE = (
    "approvers=[{name: day, role: chief, delay_minutes: 2, delay_spread: 1.5, grants_share: 0.7},"
    "{name: deputy, role: deputy, delay_minutes: 4, delay_spread: 1.5}]"
)
ENVELOPE = "envelopes=[{id: us, countries: [US], actions: [move], until_hours: 0.4, count: 20}]"
CASE = (RULES, PEOPLE, ENVELOPE, "approval={people: 1, valid_hours: 0.5}", "jurisdiction=eu")


@pytest.fixture(scope="module")
def governed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("governed") / "flight"
    result = fly(small(*CASE, "jobs.count=900", "hours=0.6"), folder)
    jobs = pl.read_parquet(folder / "jobs" / "part-*.parquet")
    actions = pl.read_parquet(folder / "actions" / "part-*.parquet")
    return result, folder, jobs, actions


def of(frame, country, jobs, result):
    """Rows about jobs that a country asks for."""
    scenario = result.scenario
    names = [one.name for one in scenario.stations if one.country == country]
    wanted = jobs.filter(pl.col("place").is_in(names))["job_id"]
    return frame.filter(pl.col("job_id").is_in(wanted.implode()))


def test_nothing_is_done_without_leave(governed):
    result, _, jobs, actions = governed
    for country, rules in (
        ("US", {"approval", "envelope:us"}), ("AU", {"approval"}), ("BR", set()),
        ("DE", {"default"}),
    ):  # fmt: skip
        done = of(actions, country, jobs, result).filter(pl.col("kind") == "compute")
        assert set(done["rule"]) == rules, country
    barred = of(actions, "BR", jobs, result)
    assert set(barred["kind"]) == {"close"}
    assert set(barred["rule"]) == {"no-br"}
    assert (barred["t_s"] == of(jobs, "BR", jobs, result)["t_capture_s"]).all()  # at once


def test_an_envelope_holds_for_as_many_as_were_signed_and_as_long(governed):
    _, _, _, actions = governed
    within = actions.filter(pl.col("rule") == "envelope:us")
    assert within.height == 20
    assert within["t_s"].max() < 0.4 * 3600.0
    outside = actions.filter((pl.col("rule") == "hand-us") & (pl.col("kind") == "ask"))
    assert outside["t_s"].max() > within["t_s"].max()


def test_people_are_asked_in_batches_and_their_answers_decide(governed):
    _, folder, _, actions = governed
    entries = list(read_record(folder / "ledger"))
    requests = [one for one in entries if one["kind"] == REQUEST]
    answers = {one["subject"]: one for one in entries if one["kind"] == ANSWER}
    asked = actions.with_row_index("row").filter(pl.col("kind") == "ask")
    rows = [row for one in requests for row in one["rows"]]
    assert sorted(rows) == asked["row"].to_list()  # each once
    assert max(one["count"] for one in requests) > 1
    assert {one["people"] for one in requests if one["rule"] == "two-au"} == {2}
    granted = {
        job: answers[one["subject"]]["t_s"]
        for one in requests
        if one["subject"] in answers and answers[one["subject"]]["until_s"] >= 0.0
        for job in one["jobs"]
    }
    by_leave = actions.filter(pl.col("rule") == "approval")
    assert set(by_leave["job_id"]) <= granted.keys()
    for job, t_s in by_leave.select("job_id", "t_s").rows():
        assert t_s >= granted[job]
    refused = {
        job for one in requests if one["subject"] in answers and one["people"] == 2
        and answers[one["subject"]]["until_s"] < 0.0 for job in one["jobs"]
    }  # fmt: skip
    done = actions.filter(pl.col("kind") == "compute")["job_id"]
    assert refused
    assert not refused & set(done)


def test_waiting_for_people_is_waiting_for_a_rule(governed):
    _, _, jobs, actions = governed
    by_leave = set(actions.filter(pl.col("rule") == "approval")["job_id"])
    waited = jobs.filter(pl.col("job_id").is_in(list(by_leave)))["wait_rule_s"]
    assert (waited > 10.0).all()
    free = set(actions.filter(pl.col("rule") == "default")["job_id"]) - by_leave
    assert (jobs.filter(pl.col("job_id").is_in(list(free)))["wait_rule_s"] == 0.0).mean() > 0.9


def test_who_is_not_answered_in_time_is_told_so(tmp_path):
    slow = "approvers=[{name: ada, role: chief, delay_minutes: 600}]"
    changes = (RULES, slow, "jobs.count=200", "hours=0.4", "jobs.deadline_minutes=6")
    fly(small(*changes), tmp_path / "a")
    actions = pl.read_parquet(tmp_path / "a" / "actions" / "part-*.parquet")
    jobs = pl.read_parquet(tmp_path / "a" / "jobs" / "part-*.parquet")
    late = actions.filter((pl.col("kind") == "close") & (pl.col("reason") == "people"))
    assert late.height > 0
    ended = jobs.filter(pl.col("job_id").is_in(late["job_id"].implode()))
    assert set(ended["reason"]) == {"rule"}
    np.testing.assert_allclose(ended["t_end_s"], ended["t_deadline_s"])
    assert not actions.filter(pl.col("rule") == "approval").height
    assert math.isfinite(ended["wait_rule_s"].sum())
