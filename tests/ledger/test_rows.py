"""Rows of decisions: what is hashed in flight comes out of the table again."""

import numpy as np
import polars as pl
import pytest
from tests.flight_cases import STORM, small

from perigrid.control.dispatch.codes import NAMES
from perigrid.ledger.merkle import leaf_hash
from perigrid.ledger.rows import OTHER, ROW, bytes_of, leaves_of, pinned_words
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.tables import actions_frame
from perigrid.sim.flight.world import Count


@pytest.fixture(scope="module")
def logged():
    """A flight with its decisions still in the log."""
    scenario = small(*STORM, "hours=0.4", "jobs.count=300")
    flight = build_flight(scenario)
    for leg in Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0):
        fly_leg(flight.world, leg, lambda: None)
    fleet = flight.fleet
    words = pinned_words(flight.rules.names, NAMES, fleet.n_satellites, min(fleet.stations))
    return flight, actions_frame(flight, 1), words


def test_the_table_gives_the_leaves_that_were_hashed(logged):
    flight, frame, words = logged
    rows = int(flight.world.counts[Count.LOGGED])
    assert rows == frame.height > 300
    assert set(frame["kind"]) == {"compute", "wait", "close"}
    found = leaves_of(frame, words, flight.fleet.names)
    assert (found == flight.world.leaves[:rows]).all()
    for row in (0, rows - 1):
        said = flight.world.log[row].tobytes() + flight.world.log_others[row].tobytes()
        assert found[row].tobytes() == leaf_hash(said)


@pytest.mark.parametrize("column", [
    "t_s", "job_id", "kind", "source", "target", "reason", "attempt", "candidates", "rule",
    "other1", "other2_t_answer_s", "other3_why",
])  # fmt: skip
def test_no_column_can_be_changed(logged, column):
    flight, frame, words = logged
    row = next(k for k, kind in enumerate(frame["kind"]) if kind == "compute")
    values = frame[column].to_list()
    others = ["approval"] if column == "rule" else values
    values[row] = next(one for one in others if one != values[row])
    altered = frame.with_columns(pl.Series(column, values, dtype=frame[column].dtype))
    before = leaves_of(frame, words, flight.fleet.names)
    after = leaves_of(altered, words, flight.fleet.names)
    assert np.flatnonzero((before != after).any(axis=1)).tolist() == [row]


def test_words_that_are_not_pinned_are_refused(logged):
    flight, frame, words = logged
    strange = frame.with_columns(pl.lit("rumour").alias("rule"))
    with pytest.raises(pl.exceptions.PolarsError):
        leaves_of(strange, words, flight.fleet.names)


def test_rows_are_packed():
    table = np.zeros((2, 3), dtype=OTHER)
    assert bytes_of(table).shape == (2, 39)
    assert np.shares_memory(bytes_of(table), table)
    assert np.dtype(ROW).itemsize == 42
