"""The queue of what is to come against a sorted list."""

import heapq

import numpy as np

from perigrid.base.architecture import RELAY
from perigrid.engine.queue import push, take_first
from perigrid.engine.state import Count
from tests.engine.plain import plain


def test_entries_come_by_time_then_in_the_order_of_entering(world):
    w, rng, wanted = plain(world, RELAY), np.random.default_rng(0), []
    first = int(w.counts[Count.ORDER])
    for number in range(400):
        if wanted and rng.random() < 0.45:
            assert take_first(w) == heapq.heappop(wanted)[2:]
        else:
            t_s = float(rng.integers(0, 9))
            push(w, t_s, number % 4, number, number % 3)
            heapq.heappush(wanted, (t_s, number, number % 4, number, number % 3))
        assert w.counts[Count.QUEUED] == len(wanted)
    while wanted:
        assert take_first(w) == heapq.heappop(wanted)[2:]
    assert w.counts[Count.ORDER] > first >= len(world.jobs), "observations come before"
