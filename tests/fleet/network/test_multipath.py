from itertools import islice, pairwise

import networkx as nx
import numpy as np
import pytest

import networks
from perigrid.fleet.network.multipath import disjoint_routes, quickest_routes
from perigrid.fleet.network.shortest import shortest_paths

N = 120
PAIRS = [(N, N + 5), (3, N + 1), (N + 2, 17), (4, 90)]


def space_graph(graph, source, target):
    tail, head = graph.link_ends()
    delay = np.concatenate([graph.laser_delay_s, graph.up_s, graph.down_s])
    whole = nx.DiGraph()
    for a, b, d in zip(tail.tolist(), head.tolist(), delay.tolist(), strict=True):
        if np.isfinite(d) and all(x < N or x in {source, target} for x in (a, b)):
            whole.add_edge(a, b, delay_s=d, cost=round(d * 1e12), capacity=1)
    return whole


def least_sum(whole, source, target, count, apart):
    """Cost of the flow of ``count`` units by networkx's network simplex [ps]."""
    flow = nx.DiGraph()
    for a, b, data in whole.edges(data=True):
        a_out, b_in = ((a, "out"), (b, "in")) if apart == "nodes" else (a, b)
        flow.add_edge(a_out, b_in, weight=data["cost"], capacity=1)
    first, last = source, target
    if apart == "nodes":
        for node in whole:
            flow.add_edge((node, "in"), (node, "out"), weight=0, capacity=1)
        first, last = (source, "out"), (target, "in")
    flow.nodes[first]["demand"], flow.nodes[last]["demand"] = -count, count
    return nx.min_cost_flow_cost(flow)


@pytest.mark.parametrize(("source", "target"), PAIRS)
@pytest.mark.parametrize("apart", ["nodes", "links"])
def test_disjoint_routes_have_the_least_delay_in_sum(source, target, apart):
    (graph,) = networks.snapshots()
    whole = space_graph(graph, source, target)
    for count in (1, 2, 3):
        routes = disjoint_routes(graph, source, target, count, apart)
        ends = min(whole.out_degree(source), whole.in_degree(target))
        assert len(routes) == min(count, ends)
        sum_ps = least_sum(whole, source, target, len(routes), apart)
        assert sum(route.delay_s for route in routes) * 1e12 == pytest.approx(sum_ps, abs=100)
        for route in routes:
            assert (route.nodes[0], route.nodes[-1]) == (source, target)
            assert nx.path_weight(whole, route.nodes, "delay_s") == pytest.approx(route.delay_s)
        if apart == "nodes":
            inner = [node for route in routes for node in route.nodes[1:-1]]
            assert len(inner) == len(set(inner))
        links = [frozenset(link) for route in routes for link in pairwise(route.nodes)]
        assert len(links) == len(set(links))


def test_the_first_disjoint_route_may_not_be_the_quickest():
    # A trap: the quickest path uses the link that both disjoint paths need in part.
    (graph,) = networks.snapshots()
    alone = disjoint_routes(graph, N, N + 5, 1, "nodes")[0]
    assert alone.nodes == tuple(shortest_paths(graph, np.array([N])).path(0, N + 5).tolist())


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_quickest_routes_are_those_of_networkx(source, target):
    (graph,) = networks.snapshots()
    whole = space_graph(graph, source, target)
    expected = list(islice(nx.shortest_simple_paths(whole, source, target, "delay_s"), 8))
    found = quickest_routes(graph, source, target, 8)
    assert [route.nodes for route in found] == [tuple(path) for path in expected]
    assert [route.delay_s for route in found] == sorted(route.delay_s for route in found)


def test_there_may_be_fewer_routes_than_wanted():
    (graph,) = networks.snapshots(elevation_deg=60.0)
    served = np.diff(graph.ground_start)
    lonely = N + int(np.flatnonzero(served == 0)[0])
    assert quickest_routes(graph, 0, lonely, 3) == ()
    assert disjoint_routes(graph, 0, lonely, 3, "links") == ()
    assert quickest_routes(graph, 0, 1, 0) == ()
    assert len(disjoint_routes(graph, 0, 55, 99, "nodes")) == 4  # as many as it has lasers
