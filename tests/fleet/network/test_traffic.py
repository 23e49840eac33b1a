from itertools import pairwise

import numpy as np
import pytest

import networks
from perigrid.fleet.network.flows import path_links
from perigrid.fleet.network.shortest import shortest_paths
from perigrid.fleet.network.traffic import share_traffic

N = 120
TIMES = np.arange(5) * 300.0


def test_a_single_flow_fills_its_path_and_nothing_else():
    graphs = networks.snapshots(times=TIMES)
    found = share_traffic(
        graphs, np.array([N]), np.array([N + 5]), np.array([3.0e9]), laser_bps=10e9, ground_bps=4e9
    )
    assert found.rate_bps.tolist() == [[3.0e9] * 5]
    uses = {}
    for graph in graphs:
        path = shortest_paths(graph, np.array([N])).path(0, N + 5)
        for link, ends in zip(path_links(graph, path), pairwise(path.tolist()), strict=True):
            uses.setdefault(ends, []).append(0.3 if link < len(graph.neighbour) else 0.75)
    assert list(zip(found.tail, found.head, strict=True)) == sorted(uses)
    assert found.peak_use == pytest.approx([max(uses[ends]) for ends in sorted(uses)])
    assert found.mean_use == pytest.approx([sum(uses[ends]) / 5.0 for ends in sorted(uses)])


def test_flows_that_want_everything_fill_links_but_no_more():
    random = np.random.default_rng(4)
    source = random.integers(0, 8, 200)
    target = (source + random.integers(1, 8, 200)) % 8
    found = share_traffic(
        iter(networks.snapshots(times=TIMES)), N + source, N + target, np.full(200, np.inf),
        laser_bps=10e9, ground_bps=4e9,
    )  # fmt: skip
    assert found.rate_bps.shape == (200, 5)
    assert found.peak_use.max() == pytest.approx(1.0)
    assert (found.mean_use <= found.peak_use + 1e-12).all()


def test_no_time_and_no_path_give_nothing():
    ends = np.array([N]), np.array([N + 1]), np.array([1.0e9])
    nothing = share_traffic([], *ends, laser_bps=1e9, ground_bps=1e9)
    assert nothing.rate_bps.shape == (1, 0)
    assert len(nothing.tail) == 0
    blind = networks.snapshots(elevation_deg=89.99)
    lost = share_traffic(blind, *ends, laser_bps=1e9, ground_bps=1e9)
    assert lost.rate_bps.tolist() == [[0.0]]
    assert len(lost.peak_use) == 0
