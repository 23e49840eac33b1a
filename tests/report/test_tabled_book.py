"""Decisions of a flight: found, listed, shown and compared like those of any run."""

import shutil

import polars as pl
import pytest

from perigrid.base.errors import InputError, RunFolderError
from perigrid.ledger.source import open_source
from perigrid.report.decision_diff import diff
from perigrid.report.decision_view import show
from perigrid.report.run_book import open_book


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
