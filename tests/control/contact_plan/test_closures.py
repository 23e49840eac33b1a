"""What faults close and what may not carry a product."""

import numpy as np
import pytest

from perigrid.control.contact_plan.closures import Closures
from perigrid.control.contact_plan.table import contact_table
from perigrid.fleet.model import ContactKind

KIND = np.array([int(ContactKind.DOWNLINK), int(ContactKind.CROSSLINK), int(ContactKind.RELAY)])
FREE = np.array([0.0, 5.0, 10.0])
INF = np.inf
NONE = np.zeros(3, dtype=np.bool_)


@pytest.fixture
def closures() -> Closures:
    """Contacts 0 to 1, 0 to 2 and 2 to 1."""
    columns = [np.array([0.0, 0.0, 0.0]), np.full(3, 100.0), np.full(3, 1e6), np.zeros(3)]
    table = contact_table(3, np.array([0, 0, 2]), np.array([1, 2, 1]), *columns)
    return Closures(table, KIND[table.row_of])


def away(**until_s: float) -> np.ndarray:
    return np.array([until_s.get(f"n{node}", -INF) for node in range(3)])


def test_nothing_closed_is_the_same_array(closures: Closures) -> None:
    assert closures.free_s(FREE, None) is FREE
    assert closures.barred(None) is None


def test_other_kinds_are_never_free(closures: Closures) -> None:
    only = closures.free_s(FREE, frozenset({ContactKind.CROSSLINK}))
    assert only.tolist() == [INF, 5.0, INF]
    some = frozenset({ContactKind.DOWNLINK, ContactKind.RELAY})
    assert closures.barred(some).tolist() == [False, True, False]
    assert FREE.tolist() == [0.0, 5.0, 10.0]


def test_a_node_is_kept_off_until_it_is_back_but_a_contact_for_good(closures: Closures) -> None:
    closures.follow(np.array([True, False, False]), away(n2=50.0))
    assert closures.free_s(FREE, None).tolist() == [INF, 50.0, 50.0]
    closures.follow(np.array([True, False, False]), away())
    assert closures.free_s(FREE, None).tolist() == [INF, 5.0, 10.0]


def test_both_hold_together(closures: Closures) -> None:
    closures.follow(NONE, away(n1=30.0))
    found = closures.free_s(FREE, frozenset({ContactKind.RELAY}))
    assert found.tolist() == [INF, INF, 30.0]
