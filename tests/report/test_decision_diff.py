"""Two runs side by side: where they part, and what came of it."""

import polars as pl
import pytest

from flights import table
from governed import comparison, study
from perigrid.base.errors import InputError, RunFolderError
from perigrid.ledger.source import open_source
from perigrid.report.decision_diff import SHOWN, diff


def run(name):
    return open_source(comparison() / name)


def jobs(name):
    return pl.read_parquet(comparison() / name / "jobs.parquet").sort("job_id")


def test_a_run_against_itself_is_the_same():
    found = diff(run("orbital"), run("orbital"))
    assert found.first is None
    assert found.jobs == ()
    assert found.unlike == {}
    assert found.to_dict()["same"] is True
    assert found.text().endswith("every decision is the same")


@pytest.mark.parametrize(
    ("a", "b", "unlike"),
    [
        ("orbital", "without-rules/orbital", {"digest", "policies"}),
        ("onboard", "orbital", {"architecture"}),
    ],
)
def test_changed_jobs_are_those_that_the_tables_say(a, b, unlike):
    found = diff(run(a), run(b))
    assert set(found.unlike) == unlike
    both = jobs(a).join(jobs(b), on="job_id", suffix="_b")
    changed = both.filter(
        (pl.col("outcome") != pl.col("outcome_b"))
        | (pl.col("node") != pl.col("node_b"))
        | (pl.col("reason") != pl.col("reason_b"))
    )
    assert [one.job_id for one in found.jobs] == changed["job_id"].to_list() != []
    for column, runs in enumerate((a, b)):
        told = table(comparison() / runs, "actions")
        assert sum(pair[column] for pair in found.counts.values()) == told.height
    assert len(found.to_dict()["jobs"]) == len(found.jobs)


def test_the_rule_that_parted_them_is_named():
    found = diff(run("onboard"), run("without-rules/onboard"))
    first_a, first_b = found.first
    assert first_a["by"] == "ask by hand"
    assert first_b["by"] == "allow by default"
    assert first_a["t_s"] == first_b["t_s"]
    denied = [one for one in found.jobs if one.reason[0] == "rule"]
    assert denied
    assert all(one.rules[0] == "ask by hand" for one in denied)
    text = found.text()
    assert "first decisions that differ\n  A " in text
    assert f"and {len(found.jobs) - SHOWN:,} more jobs" in text


def test_runs_of_other_observations_are_refused(tmp_path):
    study("hours=0.5").run("onboard", tmp_path / "short")
    with pytest.raises(InputError, match="other observations"):
        diff(run("onboard"), open_source(tmp_path / "short"))


def test_a_comparison_is_no_run():
    with pytest.raises(RunFolderError, match="no table of jobs"):
        diff(open_source(comparison()), run("onboard"))
