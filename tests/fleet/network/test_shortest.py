import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

import networks
from perigrid.fleet.network.shortest import ShortestPaths, scipy_paths, shortest_paths
from perigrid.physics.chunks import limited_threads

N = 120
EVERYBODY = np.arange(N + 8)


@pytest.mark.parametrize("hop_s", [0.0, 1.0e-3])
def test_delays_are_scipys_to_the_last_bit_for_every_pair(hop_s):
    for graph in networks.snapshots(times=(0.0, 700.0), hop_s=hop_s):
        ours, reference = shortest_paths(graph, EVERYBODY), scipy_paths(graph, EVERYBODY)
        assert np.array_equal(ours.delay_s, reference.delay_s)
        assert np.array_equal(ours.previous, reference.previous)


def test_paths_are_networkx_paths_that_never_touch_the_ground():
    (graph,) = networks.snapshots()
    found = shortest_paths(graph, EVERYBODY)
    tail, head = graph.link_ends()
    delay = np.concatenate([graph.laser_delay_s, graph.up_s, graph.down_s])
    whole = nx.DiGraph()
    whole.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), delay.tolist(), strict=True))
    for a in range(N, N + 8):
        for b in range(N, N + 8):
            if a == b:
                continue
            space = whole.subgraph([node for node in whole if node < N or node in {a, b}])
            path = found.path(a, b).tolist()
            assert path == nx.dijkstra_path(space, a, b)
            assert max(path[1:-1]) < N


def test_relaying_through_the_ground_would_be_quicker_for_some():
    (graph,) = networks.snapshots(n_ground=60)
    tail, head = graph.link_ends()
    delay = np.concatenate([graph.laser_delay_s, graph.up_s, graph.down_s])
    there = np.isfinite(delay)
    joined = csr_array((delay[there], (tail[there], head[there])), shape=(N + 60, N + 60))
    relayed = dijkstra(joined, indices=np.arange(N, N + 60))[:, N:]
    own = shortest_paths(graph, np.arange(N, N + 60)).delay_s[:, N:].copy()
    np.fill_diagonal(own, 0.0)
    assert (own >= relayed).all()
    assert np.mean(own > relayed + 1e-9) > 0.01


def test_a_path_from_a_place_to_itself_goes_up_and_down():
    (graph,) = networks.snapshots()
    found = shortest_paths(graph, np.array([N]))
    path = found.path(0, N)
    assert path[[0, -1]].tolist() == [N, N]
    assert len(path) == 3
    assert found.path(0, int(path[1])).tolist() == path[:2].tolist()


def test_what_cannot_be_reached_has_no_path():
    (graph,) = networks.snapshots(elevation_deg=89.9)
    lonely = np.flatnonzero(np.diff(graph.ground_start) == 0)
    assert len(lonely)
    found = shortest_paths(graph, np.array([0, N + int(lonely[0])]))
    assert np.isinf(found.delay_s[0, N + lonely]).all()
    assert np.isinf(found.delay_s[1]).all()
    assert (found.previous[1] == -1).all()
    assert len(found.path(0, N + int(lonely[0]))) == 0


def test_threads_do_not_matter_and_room_is_used_again():
    (graph,) = networks.snapshots()
    with limited_threads(1):
        one = shortest_paths(graph, EVERYBODY)
    for threads in (2, 5):
        with limited_threads(threads):
            room = ShortestPaths.empty(EVERYBODY, N + 8)
            other = shortest_paths(graph, EVERYBODY, room)
        assert other.delay_s is room.delay_s
        assert one.delay_s.tobytes() == other.delay_s.tobytes()
        assert one.previous.tobytes() == other.previous.tobytes()


@pytest.mark.parametrize("wrong", [-1, N + 8])
def test_sources_that_do_not_exist_are_refused(wrong):
    (graph,) = networks.snapshots()
    with pytest.raises(IndexError, match="outside of the nodes"):
        shortest_paths(graph, np.array([wrong]))
