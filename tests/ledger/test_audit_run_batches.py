"""What tables of a run of observations say has to be what was hashed before it was done."""

import copy

import polars as pl
import pytest

from missions import SCENARIO
from perigrid.base.architecture import RELAY
from perigrid.ledger.audit_records import read_records
from perigrid.ledger.audit_run_batches import check_run_batches
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.record import BATCH
from perigrid.ledger.source import open_source
from perigrid.ledger.tables import RUN_ACTIONS, RUN_LEGS, RUN_OTHERS
from perigrid.ledger.verdict import Verdict
from perigrid.sim.run import simulate
from perigrid.sim.world import build_world

SCHEMAS = {"actions": RUN_ACTIONS, "legs": RUN_LEGS, "others": RUN_OTHERS}
NOT_HASHED = {("actions", "reason"), ("others", "why"), ("actions", "heard")}
"""Sentences, made from what stands beside them, and how many events came before."""
CELLS = [
    (table, column) for table, schema in SCHEMAS.items() for column in schema
    if (table, column) not in NOT_HASHED
]  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audited")
    simulate(build_world(SCENARIO), RELAY, folder)
    return folder


@pytest.fixture
def found(run):
    return copy.deepcopy(read_records((run / RECORD).read_bytes()))


def doubts(run, found):
    verdict = Verdict("run")
    check_run_batches(open_source(run), found, verdict)
    assert bool(verdict.shown) != bool(verdict.doubts)
    return [one.what for one in verdict.doubts]


def altered(run, found, table, change):
    """Doubts of a run in which one part of a table is another."""
    place = run / table / "part-00000.parquet"
    content = place.read_bytes()
    try:
        frame = pl.read_parquet(place)
        other = change(frame)
        assert not other.equals(frame)
        other.write_parquet(place)
        return doubts(run, found)
    finally:
        place.write_bytes(content)


def test_a_whole_run_is_not_doubted(run, found):
    assert doubts(run, found) == []
    assert len([one for one in found.batches if one["kind"] == BATCH]) > 1
    assert all(pl.read_parquet(run / table).height > 3 for table in SCHEMAS)


@pytest.mark.parametrize(("table", "column"), CELLS)
def test_any_cell_that_was_altered_is_found(run, found, table, column):
    def change(frame):
        values = frame[column].to_list()
        words = sorted({one for one in values if isinstance(one, str)})
        row = next((k for k, one in enumerate(values) if one and one == one), 0)
        if words:
            values[row] = next((one for one in words if one != values[row]), "rumour")
        else:
            values[row] = 1 if values[row] != values[row] else values[row] + 1
        return frame.with_columns(pl.Series(column, values, dtype=frame.schema[column]))

    assert altered(run, found, table, change)


@pytest.mark.parametrize("table", SCHEMAS)
def test_a_row_that_was_dropped_or_put_in_is_found(run, found, table):
    assert altered(run, found, table, lambda frame: frame[1:])
    assert altered(run, found, table, lambda frame: frame[:-1])
    assert altered(run, found, table, lambda frame: pl.concat([frame, frame[-1:]]))


def test_decisions_that_changed_places_are_found(run, found):
    def change(frame):
        numbers = frame["decision"]
        return pl.concat([frame[1:2], frame[:1], frame[2:]]).with_columns(numbers)

    assert "are not the decisions of this batch" in altered(run, found, "actions", change)[0]


@pytest.mark.parametrize("change", [{"root": "0" * 64}, {"first": 1}, {"rows": 1}])
def test_a_batch_of_other_decisions_is_found(run, found, change):
    next(one for one in found.batches if one["kind"] == BATCH).update(change)
    assert any("are not the decisions of this batch" in one for one in doubts(run, found))


def test_decisions_made_after_their_batch_or_in_none_are_found(run, found):
    last = [one for one in found.batches if one["kind"] == BATCH][-1]
    late = copy.deepcopy(found)
    late.batches[late.batches.index(last)]["t_s"] = 1.0
    assert doubts(run, late) == ["a decision of this batch was made after it"]
    found.batches.remove(last)
    assert doubts(run, found) == [f"{last['rows']} decisions are in no batch"]
