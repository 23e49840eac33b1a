import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import networks
from perigrid.fleet.network.outages import OutageProcess, draw_outages
from perigrid.fleet.network.repair import repair_paths
from perigrid.fleet.network.shortest import scipy_paths, shortest_paths
from perigrid.fleet.network.snapshot import snapshot
from perigrid.physics.chunks import limited_threads
from perigrid.physics.topology import nearest_pairs

N = 120
EVERYBODY = np.arange(N + 8)


def same(one, other):
    assert one.delay_s.tobytes() == other.delay_s.tobytes()
    assert one.previous.tobytes() == other.previous.tobytes()


@pytest.mark.parametrize("step_s", [1.0, 15.0, 60.0, 900.0])
def test_a_chain_of_repairs_equals_fresh_runs_to_the_last_bit(step_s):
    graphs = networks.snapshots(times=np.arange(12) * step_s)
    found = shortest_paths(graphs[0], EVERYBODY)
    for graph in graphs[1:]:
        found = repair_paths(graph, found)
        same(found, shortest_paths(graph, EVERYBODY))
        assert found.delay_s.tobytes() == scipy_paths(graph, EVERYBODY).delay_s.tobytes()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), node_up_s=st.sampled_from([300.0, 3000.0]))
def test_repairs_stay_exact_while_nodes_and_lasers_fail_and_return(seed, node_up_s):
    times = np.arange(6) * 120.0
    lasers = len(networks.grid(12, 10).pairs)
    outages = draw_outages(
        N + 8, lasers, OutageProcess(node_up_s, 300.0), OutageProcess(900.0, 300.0), 720.0, seed
    )
    graphs = networks.snapshots(times=times, down=[outages.at(t) for t in times])
    found = shortest_paths(graphs[0], EVERYBODY)
    for graph in graphs[1:]:
        found = repair_paths(graph, found, found)  # in place
        same(found, shortest_paths(graph, EVERYBODY))


def test_repairs_stay_exact_when_lasers_join_others():
    at, ground = networks.positions(12, 10, np.array([0.0, 300.0])), networks.ground_nodes(8)
    graphs = []
    for k in range(2):
        pairs = nearest_pairs(
            at[:, :, k], neighbours=4, terminals=4, max_range_m=6.0e6, grazing_altitude_m=80.0e3
        )
        mesh = networks.mesh_grid(pairs, N)
        graphs.append(snapshot(mesh, at[:, :, k], ground, networks.LASER))
    assert not np.array_equal(graphs[0].mesh.pairs, graphs[1].mesh.pairs)
    same(
        repair_paths(graphs[1], shortest_paths(graphs[0], EVERYBODY)),
        shortest_paths(graphs[1], EVERYBODY),
    )


def test_of_equal_paths_fresh_and_repaired_runs_name_the_same():
    # A torus of equal delays has many paths of equal length, to the last bit.
    (graph,) = networks.snapshots()
    equal = type(graph)(
        graph.mesh, graph.neighbour, np.full_like(graph.laser_delay_s, 0.25),
        graph.ground_start, graph.ground_satellite,
        np.full_like(graph.up_s, 0.5), np.full_like(graph.down_s, 0.5), graph.missed,
        graph.laser_cut,
    )  # fmt: skip
    fresh = shortest_paths(equal, EVERYBODY)
    same(repair_paths(equal, shortest_paths(graph, EVERYBODY)), fresh)
    # The lowest-numbered of all neighbours that lie on a quickest path.
    for k in (0, N + 2):
        best = fresh.delay_s[k]
        for node in range(N):
            row = slice(graph.mesh.row_start[node], graph.mesh.row_start[node + 1])
            ties = [v for v in graph.neighbour[row].tolist() if best[v] + 0.25 == best[node]]
            if ties and node != k:
                assert fresh.previous[k, node] == min(ties)


def test_threads_do_not_matter():
    graphs = networks.snapshots(times=(0.0, 30.0))
    with limited_threads(1):
        one = repair_paths(graphs[1], shortest_paths(graphs[0], EVERYBODY))
    for threads in (2, 5):
        with limited_threads(threads):
            same(one, repair_paths(graphs[1], shortest_paths(graphs[0], EVERYBODY)))


def test_paths_of_another_network_are_refused():
    (small,) = networks.snapshots(n_ground=3)
    (large,) = networks.snapshots(n_ground=4)
    with pytest.raises(ValueError, match="another number of nodes"):
        repair_paths(large, shortest_paths(small, np.arange(3)))
