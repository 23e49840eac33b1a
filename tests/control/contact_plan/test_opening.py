"""Ways over nodes that are open only at times."""

from __future__ import annotations

import math

import numpy as np
import pytest

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan.opening import Open, search_open
from perigrid.control.contact_plan.table import ContactTable, contact_table

ROWS = np.arange(4)
EVERYWHERE = np.ones(4, dtype=bool)


def table(*contacts: tuple[int, int, float, float]) -> ContactTable:
    """Contacts of 8 bit/s, without delay: a byte takes a second."""
    source, target, start_s, end_s = (np.array(column) for column in zip(*contacts, strict=True))
    rates = np.full(len(source), BITS_PER_BYTE)
    return contact_table(4, source, target, start_s.astype(float), end_s.astype(float), rates,
                         np.zeros(len(source)))  # fmt: skip


def closed(node: int, *spans: tuple[float, float]):
    """A node that may not be sent to in some spans."""

    def opens_s(row: int, t_s: float) -> float:
        for begin_s, end_s in spans:
            if row == node and begin_s <= t_s < end_s:
                t_s = end_s
        return t_s

    return opens_s


def arrival_s(contacts: ContactTable, node: int, opens_s, nbytes: float = 10.0) -> float:
    found = search_open(contacts, ROWS, contacts.start_s.copy(), 0, 0.0, nbytes,
                        Open(EVERYWHERE, opens_s))  # fmt: skip
    return float(found.arrivals.arrival_s[node])


def test_without_times_it_is_the_plain_search():
    contacts = table((0, 1, 0, 100))
    assert arrival_s(contacts, 1, None) == 10.0
    assert arrival_s(contacts, 1, closed(1)) == 10.0


def test_a_leg_waits_for_the_opening_within_its_window():
    contacts = table((0, 1, 0, 100))
    assert arrival_s(contacts, 1, closed(1, (0, 30))) == 40.0
    assert arrival_s(contacts, 1, closed(1, (0, 30), (30, 50))) == 60.0
    assert arrival_s(contacts, 1, closed(1, (0, 95))) == math.inf  # no time is left
    assert arrival_s(contacts, 1, closed(1, (0, math.inf))) == math.inf


def test_what_begins_in_time_may_end_after_the_closing():
    assert arrival_s(table((0, 1, 20, 100)), 1, closed(1, (25, math.inf))) == 30.0


def test_another_way_is_taken_if_it_is_sooner_than_the_opening():
    contacts = table((0, 1, 0, 100), (0, 2, 0, 100), (2, 3, 40, 100), (1, 3, 0, 100))
    assert arrival_s(contacts, 3, None) == 20.0
    assert arrival_s(contacts, 3, closed(1, (0, 60))) == 50.0
    assert arrival_s(contacts, 3, closed(1, (0, 15))) == 35.0


def test_the_way_begins_when_a_rule_lets_it():
    contacts = table((0, 1, 0, 100))
    found = search_open(contacts, ROWS, contacts.start_s.copy(), 0, 0.0, 10.0,
                        Open(EVERYWHERE, closed(1, (0, 30))))  # fmt: skip
    assert found.opens_s(0) == 30.0
    free = search_open(contacts, ROWS, contacts.start_s.copy(), 0, 0.0, 10.0, Open(EVERYWHERE))
    assert free.opens_s(0) == -math.inf


def test_it_agrees_with_trying_every_way():
    rng = np.random.default_rng(7)
    for _ in range(60):
        contacts = [
            (int(a), int(b), float(s), float(s + d))
            for a, b, s, d in zip(rng.integers(0, 3, 8), rng.integers(1, 4, 8),
                                  rng.integers(0, 60, 8), rng.integers(5, 60, 8), strict=True)
            if a != b
        ]  # fmt: skip
        spans = [(float(b), float(b + rng.integers(5, 40))) for b in rng.integers(0, 80, 2)]
        opens_s = closed(int(rng.integers(1, 4)), *sorted(spans))
        best = _every_way(contacts, 0, 0.0, frozenset(), opens_s)
        ours = [arrival_s(table(*contacts), node, opens_s) for node in (1, 2, 3)]
        assert ours == pytest.approx([best.get(node, math.inf) for node in (1, 2, 3)])


def _every_way(contacts, at, t_s, passed, opens_s):
    """Earliest arrivals by trying all orders of contacts, waiting for what is closed."""
    best: dict[int, float] = {}
    for source, target, start_s, end_s in contacts:
        if source != at or target in passed or target == 0:
            continue
        begin_s = max(t_s, start_s)
        while (later_s := opens_s(target, begin_s)) > begin_s:
            begin_s = later_s
        if begin_s + 10.0 > end_s:
            continue
        found = {target: begin_s + 10.0}
        found |= {
            node: value
            for node, value in _every_way(
                contacts, target, begin_s + 10.0, passed | {at}, opens_s
            ).items()
            if node != target
        }
        for node, value in found.items():
            best[node] = min(value, best.get(node, math.inf))
    return best
