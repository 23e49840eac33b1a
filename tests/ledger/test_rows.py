"""Rows of tables as bytes."""

import numpy as np

from perigrid.ledger.rows import bytes_of

ROW = [("t_s", "<f8"), ("job", "<i4")]


def test_rows_are_seen_as_bytes_of_the_same_memory():
    table = np.zeros((3, 2), dtype=ROW)
    seen = bytes_of(table)
    assert seen.shape == (3, 24)
    table[1, 0] = 1.5, 7
    assert seen[1].tobytes() == table[1].tobytes()
    assert not seen[[0, 2]].any()
