import json

import polars as pl
import pytest

from perigrid.base.errors import InputError, RunFolderError
from perigrid.base.time import Epoch
from perigrid.report.explain import explain
from perigrid.report.read import RunReader
from perigrid.report.steps import recorded_steps
from tests.report.conftest import ARCHITECTURES, NODES


def job_with(folder, outcome, reason=None):
    """The first job of that outcome among those whose story is in the ledger."""
    jobs = pl.read_parquet(folder / "jobs.parquet").head(60)
    fitting = jobs.filter(
        (pl.col("outcome") == outcome)
        & (pl.lit(value=True) if reason is None else pl.col("reason") == reason)
    )
    return fitting.row(0, named=True)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_delivered_job_is_told_from_shutter_to_answer(comparison_dir, architecture):
    folder = comparison_dir / architecture
    job = job_with(folder, "delivered")
    told = explain(folder, job["job_id"])
    kinds = [step.kind for step in told.steps]
    assert kinds[0] == "capture"
    assert kinds[-1] == "end"
    assert {"decide", "wait", "send", "arrive"} <= set(kinds)
    times = [step.t_s for step in told.steps]
    assert times == sorted(times)
    text = told.text()
    assert job["satellite"] in text
    assert "Delivered after" in text
    assert f"bound by {told.bound_by}" in text
    station = "Hitra" if architecture == "relay" else "Sanya"
    assert f"to {station} to open" in text


def test_waits_add_up_to_the_time_it_took(comparison_dir):
    folder = comparison_dir / "bent-pipe"
    job = job_with(folder, "delivered")
    told = explain(folder, job["job_id"])
    assert sum(told.waits_s.values()) == pytest.approx(told.elapsed_s)
    assert told.elapsed_s == pytest.approx(job["time_to_insight_s"])
    assert told.bound_by == "contact"


def test_a_cloudy_scene_is_screened_out_and_not_called_missed(comparison_dir):
    folder = comparison_dir / "orbital"
    text = explain(folder, job_with(folder, "missed", "cloud")["job_id"]).text()
    assert "screened out: the detector saw 98% cloud" in text
    assert "Screened out after" in text
    assert "issed" not in text


def test_a_missed_job_says_why(comparison_dir):
    folder = comparison_dir / "orbital"
    text = explain(folder, job_with(folder, "missed", "contact")["job_id"]).text()
    assert "missed: no way down before the deadline" in text
    assert "for contact" in text


def test_a_job_given_up_early_is_missed_at_its_deadline(make_comparison):
    folder = make_comparison(n_jobs=60) / "orbital"
    job = job_with(folder, "missed", "contact")
    rows = pl.read_parquet(folder / "jobs.parquet")
    later = (pl.col("job_id") == job["job_id"]).cast(pl.Float64) * 900.0
    names = ("t_end_s", "wait_contact_s")
    rows.with_columns(*(pl.col(name) + later for name in names)).write_parquet(
        folder / "jobs.parquet"
    )
    told = explain(folder, job["job_id"])
    given_up, missed = told.steps[-2:]
    assert given_up.words.startswith("given up: no way down before the deadline")
    assert missed.words == "missed: the deadline passes"
    assert missed.t_s - given_up.t_s == pytest.approx(900.0)
    assert told.elapsed_s == pytest.approx(sum(told.waits_s.values()))


def test_a_job_in_flight_keeps_its_plans_apart(make_comparison):
    folder = make_comparison(n_jobs=60, step_s=3600.0) / "bent-pipe"
    told = explain(folder, job_with(folder, "in_flight")["job_id"])
    text = told.text()
    assert "Still in flight" in text
    assert "planned, after the end of the run" in text
    assert "the run ended with the job still on its way" in text


def test_times_are_utc_from_the_start(comparison_dir):
    folder = comparison_dir / "relay"
    job = job_with(folder, "delivered")
    start = Epoch.from_iso("2030-01-01T12:00:00Z")
    told = explain(folder, job["job_id"], start)
    assert start.clock(job["t_capture_s"]) in told.text()
    assert told.to_dict()["steps"][0]["utc"] == start.plus(job["t_capture_s"]).iso()


def test_dict_is_json_and_says_what_bound_it(comparison_dir):
    record = explain(comparison_dir / "onboard", 3).to_dict()
    assert json.loads(json.dumps(record)) == record
    assert record["bound_by"] == "contact"
    assert record["waits_s"].keys() == {
        "contact", "heat", "battery", "link", "compute", "storage", "rule"
    }  # fmt: skip


def test_unknown_job_names_the_valid_range(comparison_dir):
    with pytest.raises(InputError, match="from 0 to 499"):
        explain(comparison_dir / "relay", 500)
    with pytest.raises(InputError, match="no job -1"):
        explain(comparison_dir / "relay", -1)


def test_a_comparison_asks_for_one_of_its_runs(comparison_dir):
    with pytest.raises(InputError, match="orbital"):
        explain(comparison_dir, 3)


def test_job_numbers_are_not_mixed_up(comparison_dir):
    folder = comparison_dir / "relay"
    jobs = pl.read_parquet(folder / "jobs.parquet")
    for job_id in (1, 10):
        satellite = jobs["satellite"][job_id]
        sends = [step.words for step in explain(folder, job_id).steps if step.kind == "send"]
        assert sends[0].startswith(satellite)


def test_a_ledger_that_makes_no_sense_is_a_typed_error(make_comparison):
    folder = make_comparison(n_jobs=70, step_s=3600.0) / "relay"
    place = folder / "ledger" / "record.jsonl"
    place.write_text(place.read_text().replace('"t_window_s"', '"t_widow_s"'))
    with pytest.raises(RunFolderError, match="cannot be understood"):
        explain(folder, 3)


MESSAGES = [
    ({"type": "Wait", "until_s": 3600.0, "cause": "battery", "reason": "charge at its floor"},
     "waits for battery, to be looked at again in 1 h: charge at its floor"),
    ({"type": "AskApproval", "rule": "export", "subject": {"job_id": 3}},
     "asked a person, as rule export wants"),
    ({"type": "Computed", "node": 0, "stage": "screen", "outcome": 0.12},
     "screen done on SCS-01 A: it found 12%"),
    ({"type": "ApprovalAnswered", "granted": False}, "a person refused it"),
    ({"type": "TaskLost", "node": 0, "stage": "screen", "kept_s": 90.0},
     "a crash of SCS-01 A broke off screen; 1 min 30 s of it is saved"),
    ({"type": "MoveFailed", "node": 0, "leg": 0, "kind": "acquisition"},
     "the transfer broke off (the lasers did not lock); SCS-01 A still holds it"),
    ({"type": "MoveFailed", "node": -1, "leg": 0, "kind": "loss"},
     "the transfer broke off (fault: loss); no copy is left"),
    ({"type": "Computed", "node": 0, "stage": "classify", "outcome": None, "suspect": True},
     "classify done on SCS-01 A; a check finds the result suspect"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "words"), MESSAGES)
def test_every_kind_of_message_has_words(make_comparison, message, words):
    folder = make_comparison(n_jobs=70, step_s=3600.0) / "relay"
    message = {**message, "job_id": 3}
    is_event = message["type"] in {"Computed", "ApprovalAnswered", "TaskLost", "MoveFailed"}
    record = {"sequence": 0, "t_s": 0.0, "kind": "events" if is_event else "actions"}
    verdict = {"decision": "allow", "rule": "", "reason": ""}
    record |= (
        {"events": [message]}
        if is_event
        else {"decisions": [{"action": message, "verdict": verdict}]}
    )
    (folder / "ledger" / "record.jsonl").write_text(json.dumps(record) + "\n")
    told = explain(folder, 3)
    assert words in [step.words for step in told.steps]


def test_a_refusal_names_the_rule(make_comparison):
    from perigrid.report.read import RunReader

    folder = make_comparison(n_jobs=70, step_s=3600.0) / "relay"
    action = {"type": "Compute", "job_id": 3, "node": 0, "stage": "screen", "reason": ""}
    verdict = {"decision": "deny", "rule": "no-export", "reason": "raw pixels stay in CN"}
    record = {"sequence": 0, "t_s": 5.0, "decisions": [{"action": action, "verdict": verdict}]}
    (folder / "ledger" / "record.jsonl").write_text(json.dumps(record) + "\n")
    steps = recorded_steps(RunReader(folder), 3, 1e9)
    assert [step.words for step in steps] == ["refused by rule no-export: raw pixels stay in CN"]


def with_alternatives(folder, alternatives):
    """Rewrite the ledger so that every move had these alternatives."""
    place = folder / "ledger" / "record.jsonl"
    lines = []
    for line in place.read_text().splitlines():
        record = json.loads(line)
        for decision in record["decisions"]:
            if decision["action"]["type"] == "Move":
                decision["action"]["alternatives"] = alternatives
        lines.append(json.dumps(record, separators=(",", ":")))
    place.write_text("\n".join(lines) + "\n")


def test_alternatives_stand_under_their_decision(make_comparison):
    folder = make_comparison(n_jobs=60, step_s=3600.0) / "bent-pipe"
    job = job_with(folder, "delivered")
    number = NODES.index("Kashi")
    later = {"node": number, "t_answer_s": job["t_end_s"] + 60.0, "why": "later"}
    closed = {"node": NODES.index("Miyun"), "t_answer_s": None, "why": "closed by rule keep-home"}
    with_alternatives(folder, [later, closed])
    told = explain(folder, job["job_id"])
    lines = told.text().splitlines()
    at = next(i for i, line in enumerate(lines) if "decided: send raw pixels" in line)
    assert lines[at + 1].strip().startswith("not Kashi: ")
    assert lines[at + 1].endswith(" later")
    assert lines[at + 2].strip() == "not Miyun: closed by rule keep-home"
    steps = told.to_dict()["steps"]
    weighed = next(step for step in steps if step["kind"] == "decide")["alternatives"]
    assert [one["place"] for one in weighed] == ["Kashi", "Miyun"]
    assert weighed[1]["t_answer_s"] is None
    assert steps[0]["alternatives"] is None


def test_a_decision_without_alternatives_says_so(comparison_dir):
    folder = comparison_dir / "orbital"
    told = explain(folder, job_with(folder, "delivered")["job_id"])
    assert "no alternative was weighed" in told.text()
    decided = [step for step in told.to_dict()["steps"] if step["kind"] == "decide"]
    assert all(step["alternatives"] == [] for step in decided)


def test_every_outcome_of_a_compute_job_has_its_story(flight_dir):
    jobs, seen = RunReader(flight_dir).table("jobs"), set()
    for row in jobs.iter_rows(named=True):
        if (row["outcome"], row["reason"]) in seen:
            continue
        seen.add((row["outcome"], row["reason"]))
        story = explain(flight_dir, row["job_id"])
        assert story.outcome == row["outcome"]
        assert sum(story.waits_s.values()) == pytest.approx(story.elapsed_s, abs=1e-5)
        text = story.text()
        assert text.startswith(f"Job {row['job_id']} of the orbital run: {row['place']} (")
        assert f"asked for at {row['place']}: " in text
        for step in story.steps:
            for lost in step.alternatives or ():
                assert f"not {lost.place}: " in text
        word = {"delivered": "Delivered after", "missed": "Missed after"}
        assert f"\n{word.get(row['outcome'], 'Still in flight')}" in text
        assert "insight" not in text
        assert "shutter" not in text
        assert "pixels" not in text
    assert {outcome for outcome, _ in seen} >= {"delivered", "missed"}


def test_a_compute_job_decided_again_shows_each_decision(flight_dir):
    jobs = RunReader(flight_dir).table("jobs", where=pl.col("attempts") > 1)
    story = explain(flight_dir, jobs["job_id"][0])
    given = [step for step in story.steps if step.words.startswith("decided: compute on")]
    assert len(given) == jobs["attempts"][0]
    assert [step.t_s for step in story.steps] == sorted(step.t_s for step in story.steps)


def test_a_flight_has_no_other_jobs(flight_dir):
    with pytest.raises(InputError, match="has no job 99999"):
        explain(flight_dir, 99_999)
