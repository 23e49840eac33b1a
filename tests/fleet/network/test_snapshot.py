import math

import numpy as np
import pytest

import networks
from perigrid.fleet.network.snapshot import Down, GroundNodes, LaserLimits, snapshot
from perigrid.fleet.relay_mesh import mesh_grid
from perigrid.physics.chunks import limited_threads

C = 299_792_458.0
N = 120


def by_hand(at, ground, laser, hop_s):
    """Links as a dictionary, written down anew with plain loops."""
    links = {}
    for a, b in networks.grid(12, 10).pairs.tolist():
        p, q = at[:, a], at[:, b]
        share = min(max(-(p @ (q - p)) / ((q - p) @ (q - p)), 0.0), 1.0)
        lowest = np.linalg.norm(p + share * (q - p)) - 6_378_137.0
        length = math.dist(p, q)
        if length <= laser.max_range_m and lowest >= laser.grazing_altitude_m:
            links[a, b] = links[b, a] = length / C + hop_s
    for g in range(len(ground)):
        for s in range(at.shape[1]):
            look = at[:, s] - ground.position_m[:, g]
            length = float(np.linalg.norm(look))
            sine = float(look @ ground.up[:, g]) / length
            if sine >= math.sin(ground.min_elevation_rad[g]) and length <= ground.max_range_m[g]:
                links[N + g, s], links[s, N + g] = length / C, length / C + hop_s
    return links


def test_links_and_delays_are_those_written_down_by_hand():
    at, ground = networks.positions(12, 10, np.zeros(1))[:, :, 0], networks.ground_nodes(8)
    graph = snapshot(networks.grid(12, 10), at, ground, networks.LASER, hop_s=2.0e-3)
    delay = np.concatenate([graph.laser_delay_s, graph.up_s, graph.down_s])
    tail, head = graph.link_ends()
    ends = zip(tail.tolist(), head.tolist(), strict=True)
    found = {link: d for link, d in zip(ends, delay.tolist(), strict=True) if d < math.inf}
    expected = by_hand(at, ground, networks.LASER, 2.0e-3)
    assert found.keys() == expected.keys()
    assert [found[key] for key in expected] == pytest.approx(list(expected.values()), rel=1e-12)
    assert graph.n_links == len(tail)


def test_range_limits_ground_links_too():
    at, wide = networks.positions(12, 10, np.zeros(1))[:, :, 0], networks.ground_nodes(8)
    near = GroundNodes(wide.position_m, wide.up, np.full(8, -math.pi / 2.0), np.full(8, 1.0e6))
    graph = snapshot(networks.grid(12, 10), at, near, networks.LASER)
    ranges = np.linalg.norm(near.position_m[:, :, None] - at[:, None, :], axis=0)
    assert len(graph.ground_satellite) == np.count_nonzero(ranges <= 1.0e6) > 0


def test_the_ground_is_split_into_sources_and_sinks():
    (graph,) = networks.snapshots()
    matrix = graph.split_graph().toarray()
    assert matrix.shape == (N + 16, N + 16)
    assert (matrix[:, N : N + 8] == 0.0).all()  # nothing leads into a source
    assert (matrix[N + 8 :] == 0.0).all()  # nothing leads out of a sink
    assert (matrix[N : N + 8, :N] > 0.0).any(axis=1).all()


def test_what_is_down_has_no_links():
    at, ground = networks.positions(12, 10, np.zeros(1))[:, :, 0], networks.ground_nodes(8)
    mesh = networks.grid(12, 10)
    down = Down(np.zeros(N + 8, dtype=np.bool_), np.zeros(len(mesh.pairs), dtype=np.bool_))
    whole = snapshot(mesh, at, ground, networks.LASER, down=down)
    served = int(whole.ground_satellite[0])
    down.node[[served, N + 3]] = True
    down.laser[7] = True
    graph = snapshot(mesh, at, ground, networks.LASER, down=down)
    tail, head = graph.link_ends()
    there = np.isfinite(np.concatenate([graph.laser_delay_s, graph.up_s, graph.down_s]))
    links = set(zip(tail[there].tolist(), head[there].tolist(), strict=True))
    w_tail, w_head = whole.link_ends()
    w_there = np.isfinite(np.concatenate([whole.laser_delay_s, whole.up_s, whole.down_s]))
    a, b = mesh.pairs[7].tolist()
    expected = {
        (i, j)
        for i, j in zip(w_tail[w_there].tolist(), w_head[w_there].tolist(), strict=True)
        if not {i, j} & {served, N + 3} and {i, j} != {a, b}
    }
    assert links == expected
    assert len(expected) < np.count_nonzero(w_there)


def test_what_is_down_is_missed_by_who_would_have_a_link_to_it():
    at, ground = networks.positions(12, 10, np.zeros(1))[:, :, 0], networks.ground_nodes(8)
    mesh, laser = networks.grid(12, 10), networks.LASER
    whole = snapshot(mesh, at, ground, laser)
    assert not whole.missed.any()
    assert not whole.laser_cut.any()
    seen = whole.ground_satellite
    lost, deaf = int(seen[0]), np.repeat(np.arange(8), np.diff(whole.ground_start))
    down = Down(np.zeros(N + 8, dtype=np.bool_), np.zeros(len(mesh.pairs), dtype=np.bool_))
    down.node[lost] = True
    cut = snapshot(mesh, at, ground, laser, down=down)
    assert np.flatnonzero(cut.missed).tolist() == [lost]
    ends = np.repeat(np.arange(N), np.diff(mesh.row_start)), mesh.neighbour
    held = np.isfinite(whole.laser_delay_s) & ((ends[0] == lost) | (ends[1] == lost))
    np.testing.assert_array_equal(cut.laser_cut, held)
    down.node[N + deaf[seen == lost]] = True
    assert not snapshot(mesh, at, ground, laser, down=down).missed.any(), "nobody listens"


def test_a_lost_position_has_no_links_and_no_two_satellites_are_in_one_place():
    at = np.array([[7.0e6, 7.0e6, np.nan, 7.0e6], [0.0, 0.0, 0.0, 1.0e5], [0.0, 0.0, 0.0, 0.0]])
    mesh = mesh_grid(np.array([[0, 1], [0, 2], [1, 3]]), 4)
    graph = snapshot(mesh, at, networks.ground_nodes(1), LaserLimits(1.0e6, 0.0))
    assert graph.laser_delay_s[mesh.pair_of == 0] == pytest.approx(1.0e-3 / C)
    assert np.isinf(graph.laser_delay_s[mesh.pair_of == 1]).all()
    assert graph.laser_delay_s[mesh.pair_of == 2] == pytest.approx(1.0e5 / C)


def test_threads_do_not_matter():
    def made(threads):
        with limited_threads(threads):
            (graph,) = networks.snapshots(planes=40, slots=25, n_ground=40)
        return graph

    one = made(1)
    for threads in (2, 5):
        other = made(threads)
        assert np.array_equal(one.ground_satellite, other.ground_satellite)
        assert np.array_equal(one.up_s, other.up_s)
        assert np.array_equal(one.laser_delay_s, other.laser_delay_s)
