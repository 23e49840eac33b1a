"""Small contact plans and an independent search over their time-expanded graph."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from perigrid.control.contact_plan.table import ContactTable, contact_table

Row = tuple[int, int, int, int, int, int]
"""Source, target, start, end, seconds a byte takes, light time; whole, so that sums are exact."""

N_NODES = 6
LAST_S = 60


def table_of(rows: list[Row], n_nodes: int = N_NODES) -> ContactTable:
    """A product of 1 byte takes the given seconds."""
    columns = np.array(rows, dtype=float).reshape(-1, 6).T
    source, target = columns[0].astype(np.int64), columns[1].astype(np.int64)
    return contact_table(
        n_nodes, source, target, columns[2], columns[3], 8.0 / columns[4], columns[5]
    )


def rows_of(raw: list[Row]) -> list[Row]:
    """Turn spans into ends."""
    return [(a, b, start, start + span, pace, light) for a, b, start, span, pace, light in raw]


def expanded_arrivals(
    rows: list[Row], source: int, ready: int, size: int, free: list[int], hold: list[int]
) -> list[float]:
    """Walk every (node, second) that can be reached; nothing is shared with the search."""
    reached = {(source, ready)}
    todo = [(source, ready)]
    best = [float("inf")] * N_NODES
    best[source] = ready
    while todo:
        node, second = todo.pop()
        moves = [(node, second + 1)] if second < LAST_S * 2 else []
        for k, (start_node, target, opens, closes, pace, light) in enumerate(rows):
            over = second + size * pace
            if start_node == node and max(opens, free[k]) <= second < closes and over <= closes:
                arrival = over + light
                best[target] = min(best[target], arrival)
                moves.append((target, arrival + hold[target]))
        for move in moves:
            if move not in reached:
                reached.add(move)
                todo.append(move)
    return best


node = st.integers(0, N_NODES - 1)
raw_row = st.tuples(
    node, node, st.integers(0, 40), st.integers(1, 20), st.integers(1, 4), st.integers(0, 3)
)
plans = st.lists(raw_row.filter(lambda row: row[0] != row[1]), min_size=1, max_size=14).map(rows_of)
