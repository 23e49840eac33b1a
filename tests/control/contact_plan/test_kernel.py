import numpy as np
import pytest

from perigrid.control.contact_plan.kernel import search
from perigrid.control.contact_plan.search import NOTHING_BOOKED
from perigrid.control.contact_plan.table import contact_table


def searched(table, source, nbytes):
    free_s, hold_s = np.full(len(table), -np.inf), np.zeros(table.n_nodes)
    return search(
        table.first_pair, table.pairs, table.windows, free_s, NOTHING_BOOKED, table.entered, hold_s,
        (source, -1), (0.0, np.inf), nbytes,
    )  # fmt: skip


def plain_search(columns, n_nodes, source, nbytes):
    """Bellman-Ford over contacts, until nothing falls any more."""
    arrival = np.full(n_nodes, np.inf)
    arrival[source] = 0.0
    start_node, target, opens, closes, rate, light = columns
    while True:
        ready = arrival[start_node]
        over = np.maximum(ready, opens) + nbytes * 8.0 / rate
        reach = np.where((ready < closes) & (over <= closes), over + light, np.inf)
        better = arrival.copy()
        np.minimum.at(better, target, reach)
        if np.array_equal(better, arrival):
            return arrival
        arrival = better


@pytest.mark.parametrize("permanent", [False, True])
def test_a_large_plan_equals_label_correction_over_all_its_contacts(permanent):
    rng = np.random.default_rng(5)
    n_nodes, count = 300, 20_000
    source = rng.integers(0, n_nodes, count)
    target = (source + rng.integers(1, 40, count)) % n_nodes
    opens = rng.uniform(0.0, 80_000.0, count)
    spans = rng.uniform(10.0, 900.0, count)
    if permanent:
        opens[:600] = 0.0
        spans[:600] = 86_400.0
    rate, light = rng.choice([1e6, 2e7, 1e9], count), rng.uniform(0.001, 0.1, count)
    columns = (source, target, opens, opens + spans, rate, light)
    table = contact_table(n_nodes, *columns)
    for nbytes in (0.0, 1e6, 3e8):
        arrival_s, via = searched(table, 7, nbytes)
        assert np.array_equal(arrival_s, plain_search(columns, n_nodes, 7, nbytes))
        assert np.array_equal(via >= 0, np.isfinite(arrival_s) & (np.arange(n_nodes) != 7))
