from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from perigrid.fleet.model import ContactKind
from perigrid.fleet.windows import (
    contact_rows,
    label_runs,
    merge_contacts,
    no_contacts,
    rows_by_label,
)


@given(st.lists(st.integers(-1, 2), max_size=40))
def test_runs_rebuild_the_labels(labels: list[int]):
    column = np.array(labels, dtype=np.int64)
    rebuilt = np.full(len(labels), -1)
    first, stop = label_runs(column)
    for a, b in zip(first, stop, strict=True):
        assert a < b
        assert (rebuilt[a:b] == -1).all()
        rebuilt[a:b] = column[a]
    np.testing.assert_array_equal(rebuilt, column)


@given(st.lists(st.integers(-1, 2), max_size=40))
def test_runs_are_as_long_as_can_be(labels: list[int]):
    column = np.array(labels, dtype=np.int64)
    first, stop = label_runs(column)
    for a, b in zip(first, stop, strict=True):
        assert a == 0 or column[a - 1] != column[a]
        assert b == len(column) or column[b] != column[a]


def test_merged_rows_are_sorted_by_start_and_keep_their_columns():
    late = contact_rows(
        ContactKind.DOWNLINK,
        source=[0, 1],
        target=[9, 8],
        t_start_s=[50.0, 5.0],
        t_end_s=[60.0, 9.0],
        rate_bps=[1.0, 2.0],
        light_time_s=[0.1, 0.2],
        max_elevation_rad=[0.5, 0.6],
    )
    early = contact_rows(
        ContactKind.RELAY,
        source=[2],
        target=[7],
        t_start_s=[1.0],
        t_end_s=[2.0],
        rate_bps=[3.0],
        light_time_s=[0.3],
        hops=[4],
    )
    both = merge_contacts([late, early, no_contacts()])
    assert both.t_start_s.tolist() == [1.0, 5.0, 50.0]
    assert both.source.tolist() == [2, 1, 0]
    assert both.rate_bps.tolist() == [3.0, 2.0, 1.0]
    assert both.hops.tolist() == [4, 0, 0]
    assert np.isnan(both.max_elevation_rad[0])
    assert len(no_contacts()) == 0


def test_rows_by_label_are_listed_in_order():
    found = rows_by_label(np.array([2, 0, 2, 3, 0]), 5)
    assert [rows.tolist() for rows in found] == [[1, 4], [], [0, 2], [3], []]
    assert [len(rows) for rows in rows_by_label(np.empty(0, dtype=np.int64), 3)] == [0, 0, 0]
