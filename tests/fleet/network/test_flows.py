import numpy as np

import networks
from perigrid.fleet.network.flows import flow_links, path_links
from perigrid.fleet.network.shortest import shortest_paths

N = 120


def test_links_of_flows_lead_along_the_paths():
    (graph,) = networks.snapshots()
    sources = np.array([N, N + 3, 5])
    found = shortest_paths(graph, sources)
    row, target = np.repeat(np.arange(3), N + 8), np.tile(np.arange(N + 8), 3)
    links = flow_links(graph, found, row, target)
    tail, head = graph.link_ends()
    assert len(links) == len(row)
    for flow, (k, node) in enumerate(zip(row.tolist(), target.tolist(), strict=True)):
        path = found.path(k, node)
        own = links.link[links.start[flow] : links.start[flow + 1]]
        if len(path) < 2 or node == sources[k]:
            assert len(own) == 0
            continue
        assert tail[own].tolist() == path[:-1].tolist()
        assert head[own].tolist() == path[1:].tolist()
        assert own.tolist() == path_links(graph, path).tolist()


def test_a_flow_without_a_path_has_no_links_and_strangers_share_none():
    (graph,) = networks.snapshots(elevation_deg=89.9)
    lonely = N + int(np.flatnonzero(np.diff(graph.ground_start) == 0)[0])
    found = shortest_paths(graph, np.array([0]))
    assert flow_links(graph, found, np.array([0]), np.array([lonely])).start.tolist() == [0, 0]
    assert path_links(graph, np.array([0, lonely])).tolist() == [-1]
    assert path_links(graph, np.array([0, 55])).tolist() == [-1]
