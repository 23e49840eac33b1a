"""Passes shared out evenly, by hand and by counting every second."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions import station
from perigrid.fleet.model import ContactKind
from perigrid.fleet.pass_shares import shared_s
from scheduling_cases import contact_table

DOWN, CROSS = ContactKind.DOWNLINK, ContactKind.CROSSLINK
STATIONS = {8: station("One", 0.0, 0.0, antennas=1), 9: station("Two", 0.0, 0.0, antennas=2)}


def test_by_hand() -> None:
    table = contact_table([(DOWN, 0, 8, 0.0, 10.0), (CROSS, 0, 1, 0.0, 50.0),
                           (DOWN, 1, 8, 4.0, 10.0), (DOWN, 2, 9, 5.0, 9.0)])  # fmt: skip
    assert shared_s(table, STATIONS).tolist() == [7.0, 50.0, 3.0, 4.0]
    both = contact_table([(DOWN, 0, 8, 0.0, 10.0), (DOWN, 0, 9, 4.0, 10.0)])
    assert shared_s(both, STATIONS).tolist() == [7.0, 3.0]  # one radio


rows = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([8, 9]), st.integers(0, 20), st.integers(1, 20)),
    max_size=12, unique_by=lambda row: row[:2],
)  # fmt: skip


@given(rows)
def test_nothing_serves_longer_than_it_can(raw) -> None:
    table = contact_table(
        sorted(((DOWN, a, b, float(s), float(s + n)) for a, b, s, n in raw), key=lambda r: r[3])
    )
    found = shared_s(table, STATIONS)
    seconds = np.arange(40) + 0.5
    seen = (table.t_start_s[:, None] < seconds) & (seconds < table.t_end_s[:, None])
    for column, serves in ((table.source, [1] * 4), (table.target, {8: 1, 9: 2})):
        for node in set(column.tolist()):
            mine = column == node
            at_once = seen[mine].sum(axis=0)
            most_s = np.minimum(at_once, serves[node]).sum()
            assert found[mine].sum() <= most_s + 1e-9
            even = np.minimum(1.0, serves[node] / np.maximum(at_once, 1))
            assert (found[mine] <= (seen[mine] * even).sum(axis=1) + 1e-9).all()
    alone = [row for row in range(len(table)) if not (seen[row] & (seen.sum(axis=0) > 1)).any()]
    assert found[alone] == pytest.approx((table.t_end_s - table.t_start_s)[alone])
