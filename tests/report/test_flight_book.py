"""Decisions of a flight of compute jobs, listed, shown and compared."""

import polars as pl
import pytest

from perigrid.base.errors import InputError
from perigrid.base.messages import Close, Compute, Wait
from perigrid.ledger.decisions import Book
from perigrid.ledger.source import open_source
from perigrid.report.decision_diff import diff
from perigrid.report.decision_view import of_job, show
from perigrid.report.run_book import open_book
from perigrid.sim.flight.run import fly
from tests.flight_cases import STORM, small

SHORT = (*STORM, "hours=0.1", "jobs.count=60")


@pytest.fixture(scope="module")
def book(flight_dir):
    return open_book(open_source(flight_dir))


@pytest.fixture(scope="module")
def actions(flight_dir):
    return pl.read_parquet(flight_dir / "actions" / "part-*.parquet")


def test_every_row_is_a_decision(book, actions):
    found = list(book.decisions())
    assert len(found) == actions.height
    assert [one.action.job_id for one in found] == actions["job_id"].to_list()
    kinds = {"compute": Compute, "wait": Wait, "close": Close}
    assert [type(one.action) for one in found] == [kinds[kind] for kind in actions["kind"]]
    assert set(actions["kind"]) == set(kinds)
    for one in (found[0], found[-1]):
        assert book.find(one.number) == one


def test_decisions_of_a_job_are_listed_and_each_is_shown(flight_dir, actions):
    run = open_source(flight_dir)
    job = actions.filter(pl.col("attempt") > 0)["job_id"][0]
    rows = of_job(run, job)
    mine = actions.filter(pl.col("job_id") == job)
    assert [row["t_s"] for row in rows] == mine["t_s"].to_list()
    for row, kept in zip(rows, mine.iter_rows(named=True), strict=True):
        told = show(run, row["decision"]).to_dict()
        assert told["job_id"] == job
        assert told["proof"]["holds"]
        assert told["why"]["verdict"]["rule"] == kept["rule"]
        assert kept["other1"] in told["why"]["words"]
        assert "audit verify --replay" in told["notes"][0]


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two flights of the same jobs, one without one of the satellites' lasers' reach."""
    place = tmp_path_factory.mktemp("pair")
    fly(small(*SHORT), place / "a")
    fly(small(*SHORT, "groups.shell.laser.max_range_km=1000"), place / "b")
    return place / "a", place / "b"


def test_two_flights_of_the_same_jobs_are_compared(pair):
    a, b = map(open_source, pair)
    assert diff(a, a).first is None
    found = diff(a, b)
    assert found.observations == 60
    assert found.first is not None
    counted = [sum(one) for one in zip(*found.counts.values(), strict=True)]
    assert counted == [len(list(open_book(run).decisions())) for run in (a, b)]
    outcomes = [pl.read_parquet(one / "jobs" / "part-*.parquet") for one in pair]
    changed = [
        row
        for row in range(60)
        if any(
            outcomes[0][name][row] != outcomes[1][name][row]
            for name in ("outcome", "node", "reason")
        )
    ]
    assert [one.job_id for one in found.jobs] == changed
    assert changed
    assert any(what for one in found.jobs for what in one.decided)


def test_flights_of_other_jobs_are_not_compared(pair, flight_dir):
    with pytest.raises(InputError, match="other observations"):
        diff(open_source(pair[0]), open_source(flight_dir))


def test_the_plain_book_has_no_decisions_of_a_flight(flight_dir):
    assert list(Book(open_source(flight_dir)).decisions()) == []
