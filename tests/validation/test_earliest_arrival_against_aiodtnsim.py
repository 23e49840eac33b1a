"""Earliest arrival against the contact graph routing of aiodtnsim (not among the dependencies).

Its time-varying Dijkstra plans the first bit only: sizes are 0, and contacts of the same two nodes
may not overlap. Among arrivals within a millisecond it prefers fewer hops, so times are whole
hundredths of a second.
"""

from collections import defaultdict

import numpy as np
import pytest

from perigrid.control.contact_plan.search import earliest_arrival
from perigrid.control.contact_plan.table import contact_table

pytestmark = pytest.mark.validation

dijkstra = pytest.importorskip("aiodtnsim.simulation.cgr.tvdijkstra")
contact_plan = pytest.importorskip("tvgutil.contact_plan")
tvg = pytest.importorskip("tvgutil.tvg")


def disjoint_contacts(rng, n_nodes, count):
    """Columns of contacts; those of a pair follow one another."""
    source = rng.integers(0, n_nodes, count)
    target = (source + rng.integers(1, 12, count)) % n_nodes
    opens = np.sort(rng.integers(0, 8_640_000, count)) / 100.0
    closes = opens + rng.integers(1_000, 60_000, count) / 100.0
    over = defaultdict(float)
    kept = []
    for row in range(count):
        pair = (source[row], target[row])
        if opens[row] >= over[pair]:
            over[pair] = closes[row]
            kept.append(row)
    light = rng.integers(1, 40, len(kept)) / 100.0
    return source[kept], target[kept], opens[kept], closes[kept], np.full(len(kept), 1e6), light


@pytest.mark.parametrize("seed", range(3))
def test_arrivals_and_reach_are_the_same(seed):
    rng = np.random.default_rng(seed)
    n_nodes = 120
    columns = disjoint_contacts(rng, n_nodes, 4000)
    table = contact_table(n_nodes, *columns)
    plan = [
        contact_plan.SimplePredictedContactTuple(a, b, start, end, rate, 1.0, light)
        for a, b, start, end, rate, light in zip(*(c.tolist() for c in columns), strict=True)
    ]
    graph = tvg.from_contact_plan(plan, contact_plan.SimplePredictedContactTuple)
    for source in rng.integers(0, n_nodes, 20).tolist():
        ready_s = float(rng.integers(0, 20_000))
        found = earliest_arrival(table, np.full(len(table), -np.inf), source, ready_s, 0.0)
        told = dijkstra.tvdijkstra(
            graph, source, start_time=ready_s, node_blacklist=set(), contact_blacklist=set()
        )
        theirs = np.array([told.get_metrics(node).eat for node in range(n_nodes)])
        assert np.array_equal(np.isfinite(found.arrival_s), np.isfinite(theirs))
        reached = np.isfinite(theirs)
        assert reached.sum() > n_nodes // 2
        # Both add the same hundredths in the same order.
        np.testing.assert_allclose(found.arrival_s[reached], theirs[reached], rtol=0, atol=1e-9)
