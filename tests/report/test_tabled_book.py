"""Decisions of a flight: found, listed, shown and compared like those of any run."""

import shutil

import polars as pl
import pytest

from perigrid.base.errors import InputError, RunFolderError
from perigrid.ledger.source import open_source
from perigrid.report.decision_diff import diff
from perigrid.report.decision_view import of_job, show
from perigrid.report.run_book import open_book
from tests.flight_cases import STORM, served, small


@pytest.fixture(scope="module")
def book(flight_dir):
    return open_book(open_source(flight_dir))


@pytest.fixture(scope="module")
def actions(flight_dir):
    return pl.read_parquet(flight_dir / "actions" / "part-*.parquet")


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("x", "is no number"),
        ("0", "holds no decisions"),
        ("9999.1", "holds no decisions"),
        ("SEQ", "name one of"),
        ("SEQ.99999999", "name one of"),
    ],
)
def test_numbers_that_are_none_are_refused(book, actions, number, why):
    with pytest.raises(InputError, match=why):
        book.find(number.replace("SEQ", str(actions["sequence"][0])))
    with pytest.raises(InputError, match="nothing was decided about a job 99999"):
        book.of_job(99_999)


def test_an_altered_part_is_not_shown(flight_dir, tmp_path, actions):
    folder = shutil.copytree(flight_dir, tmp_path / "f")
    part = folder / "actions" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    with pytest.raises(RunFolderError, match="altered"):
        show(open_source(folder), f"{actions['sequence'][0]}.0")
    with pytest.raises(RunFolderError, match="altered"):
        diff(open_source(flight_dir), open_source(folder))


def test_decisions_about_a_compute_job_are_listed_and_each_is_shown(flight_dir, actions):
    run = open_source(flight_dir)
    again = pl.read_parquet(flight_dir / "jobs.parquet").filter(pl.col("attempts") > 1)
    job = int(again["job_id"][0])
    rows, mine = of_job(run, job), actions.filter(pl.col("job_id") == job)
    assert [row["t_s"] for row in rows] == mine["t_s"].to_list()
    for row, kept in zip(rows, mine.iter_rows(named=True), strict=True):
        told = show(run, row["decision"]).to_dict()
        assert told["job_id"] == job
        assert told["proof"]["holds"]
        assert told["why"]["verdict"]["rule"] == kept["rule"]


def test_two_runs_of_the_same_compute_jobs_are_compared(tmp_path, flight_dir):
    short = (*STORM, "hours=0.1", "jobs.count=60")
    served(small(*short), tmp_path / "a")
    served(small(*short, "groups.shell.laser.max_range_km=1000"), tmp_path / "b")
    a, b = (open_source(tmp_path / name) for name in "ab")
    assert diff(a, a).first is None
    found = diff(a, b)
    assert found.observations == 60
    assert found.first is not None
    counted = [sum(one) for one in zip(*found.counts.values(), strict=True)]
    assert counted == [len(list(open_book(run).decisions())) for run in (a, b)]
    with pytest.raises(InputError, match="other observations"):
        diff(a, open_source(flight_dir))
