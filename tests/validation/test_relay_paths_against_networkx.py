"""Relay paths against networkx's Dijkstra on a graph built edge by edge."""

from __future__ import annotations

import math
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from missions import SCENARIO, START, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import group_ephemeris
from perigrid.fleet.relay_network import relay_network
from perigrid.fleet.relay_paths import relay_intervals

_C = 299_792_458.0


def _snapshot_graph(network, relays, relays_later) -> nx.Graph:
    """Links that hold in both snapshots, with the first one's delays; gateways are g0, g1, ..."""
    graph = nx.Graph()
    for a, b in network.grid.pairs.tolist():
        length = math.dist(relays[:, a], relays[:, b])
        if (
            max(length, math.dist(relays_later[:, a], relays_later[:, b]))
            <= network.laser.max_range_m
        ):
            graph.add_edge(a, b, delay_s=length / _C + network.hop_s)
    for g in range(network.gateway_m.shape[1]):
        site, up = network.gateway_m[:, g], network.gateway_up[:, g]
        for a in range(relays.shape[1]):
            looks = [at[:, a] - site for at in (relays, relays_later)]
            sines = [float(look @ up) / math.hypot(*look) for look in looks]
            if min(sines) >= math.sin(network.min_elevation_rad[g]):
                graph.add_edge(f"g{g}", a, delay_s=math.hypot(*looks[0]) / _C + network.hop_s)
    return graph


@pytest.mark.validation
@pytest.mark.parametrize("t_s", [0.0, 1800.0, 5000.0])
@pytest.mark.parametrize("hop_s", [0.0, 0.003])
def test_relay_paths_against_networkx(t_s: float, hop_s: float):
    from dataclasses import replace

    scenario = with_group(replace(SCENARIO, relay_hop_s=hop_s), "relay")
    network = relay_network(scenario, build_fleet(scenario))
    assert network is not None
    times = np.array([t_s, t_s + 60.0])
    users = group_ephemeris(scenario.groups[0], START, times).position_ecef_m
    relays = group_ephemeris(scenario.groups[1], START, times).position_ecef_m
    snapshots = ((users[:, :, k], relays[:, :, k]) for k in range(2))
    lasers = build_fleet(scenario).terminals()
    found = relay_intervals(network, lasers, snapshots, 1)
    graph = _snapshot_graph(network, relays[:, :, 0], relays[:, :, 1])
    gateways = [f"g{g}" for g in range(3) if f"g{g}" in graph]
    assert gateways
    for user in range(users.shape[1]):
        relay = int(found.relay[user, 0])
        # No way may come down and go up again: one gateway at a time.
        options = {}
        for name in gateways:
            alone = graph.subgraph([n for n in graph if n == name or not isinstance(n, str)])
            options[name] = nx.single_source_dijkstra(alone, relay, name, weight="delay_s")
        best = min(options, key=lambda name: options[name][0])
        delay_s, way = options[best]
        up = math.dist(users[:, user, 0], relays[:, relay, 0]) / _C
        assert found.light_time_s[user, 0] == pytest.approx(up + delay_s, rel=1.0e-12)
        assert int(found.gateway[user, 0]) == int(best[1:])
        assert int(found.hops[user, 0]) == len(list(pairwise(way)))
