import numpy as np
import pytest

import networks
from perigrid.fleet.network.arcs import Arcs, pair_links, quickest
from perigrid.fleet.network.shortest import shortest_paths

N = 120


def arcs_between(graph, source, target):
    tail, head, delay = pair_links(graph, source, target)
    return Arcs.sorted(N + 8, tail, head, delay, np.full(len(tail), -1))


@pytest.mark.parametrize(("source", "target"), [(N, N + 5), (3, N + 1), (N + 2, 17), (4, 90)])
def test_the_quickest_way_is_that_of_the_search_from_one_source(source, target):
    (graph,) = networks.snapshots()
    arcs = arcs_between(graph, source, target)
    best, way = quickest(arcs, arcs.cost_s, np.ones(len(arcs.head), dtype=np.bool_), source, target)
    found = shortest_paths(graph, np.array([source]))
    assert best[target] == found.delay_s[0, target]
    assert [source, *arcs.head[way].tolist()] == found.path(0, target).tolist()


def test_closed_arcs_are_not_used():
    (graph,) = networks.snapshots()
    arcs = arcs_between(graph, N, N + 5)
    is_open = np.ones(len(arcs.head), dtype=np.bool_)
    before, way = quickest(arcs, arcs.cost_s, is_open, N, N + 5)
    is_open[way[1]] = False
    after, other = quickest(arcs, arcs.cost_s, is_open, N, N + 5)
    assert after[N + 5] > before[N + 5]
    assert way[1] not in other
    is_open[:] = False
    assert len(quickest(arcs, arcs.cost_s, is_open, N, N + 5)[1]) == 0


def test_sorted_arcs_keep_their_twins():
    tail, head = np.array([2, 0, 1, 0]), np.array([0, 2, 0, 1])
    arcs = Arcs.sorted(3, tail, head, np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 0, 3, 2]))
    assert arcs.tail.tolist() == [0, 0, 1, 2]
    assert arcs.head.tolist() == [1, 2, 0, 0]
    assert arcs.cost_s.tolist() == [4.0, 2.0, 3.0, 1.0]
    assert arcs.twin.tolist() == [2, 3, 0, 1]
    assert arcs.start.tolist() == [0, 2, 3, 4]


@pytest.mark.parametrize(("source", "target"), [(5, 5), (-1, 3), (0, N + 8)])
def test_pairs_that_are_none_are_refused(source, target):
    (graph,) = networks.snapshots()
    with pytest.raises(ValueError, match="two different nodes"):
        pair_links(graph, source, target)
