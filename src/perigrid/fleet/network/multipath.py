"""Several paths between two nodes: disjoint ones, and the k quickest."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from perigrid.fleet.network.arcs import Arcs, pair_links, quickest
from perigrid.fleet.network.snapshot import Snapshot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Route:
    """One path.

    Parameters
    ----------
    nodes : tuple of int
        From source to target.
    delay_s : float
        One way [s].
    """

    nodes: tuple[int, ...]
    delay_s: float


def disjoint_routes(
    graph: Snapshot, source: int, target: int, count: int, apart: Literal["nodes", "links"]
) -> tuple[Route, ...]:
    """Find paths that share no satellite, or no link, of the least delay in sum.

    Parameters
    ----------
    graph : Snapshot
        The network.
    source, target : int
        Different nodes.
    count : int
        How many paths are wanted.
    apart : {"nodes", "links"}
        What no two paths share, besides their ends. Both directions of a laser are one link.

    Returns
    -------
    tuple of Route
        The quickest first; fewer than ``count`` if there are no more.

    Raises
    ------
    ValueError
        If both nodes are the same, or one does not exist.

    Notes
    -----
    A flow of one unit per path, sent along successive quickest ways through the network with the
    arcs that it uses turned round; for paths apart in nodes each node is an arc of its own. Two
    paths that used a laser in both directions would be quicker without it, so they never do.

    References
    ----------
    .. [1] J. W. Suurballe, R. E. Tarjan, "A quick method for finding shortest pairs of disjoint
       paths", Networks 14, 325 (1984), doi:10.1002/net.3230140209.
    .. [2] R. Bhandari, "Survivable Networks: Algorithms for Diverse Routing", Kluwer (1999).
    """
    tail, head, delay = pair_links(graph, source, target)
    n = graph.n_satellites + graph.n_ground
    first, last = source, target
    if apart == "nodes":
        # Node v is an arc from v to n + v.
        inner = np.arange(n)
        tail, head = np.concatenate([tail + n, inner]), np.concatenate([head, inner + n])
        delay = np.concatenate([delay, np.zeros(n)])
        first, n = source + n, 2 * n
    arcs, forward = _with_returns(n, tail, head, delay)
    used = _send(arcs, forward, first, last, count)
    return _unravel(arcs, used, first, last, graph.n_satellites + graph.n_ground)


def _with_returns(n: int, tail: Ints, head: Ints, delay: Floats) -> tuple[Arcs, Bools]:
    """Give each arc a twin that takes it back; also tell which are the real ones."""
    m = len(tail)
    numbers = np.arange(m)
    arcs = Arcs.sorted(
        n,
        np.concatenate([tail, head]),
        np.concatenate([head, tail]),
        np.concatenate([delay, -delay]),
        np.concatenate([numbers + m, numbers]),
    )
    order = np.lexsort((np.concatenate([head, tail]), np.concatenate([tail, head])))
    return arcs, order < m


def _send(arcs: Arcs, forward: Bools, source: int, target: int, count: int) -> Bools:
    """Send units one by one; returns the real arcs that they use in the end."""
    is_open = forward.copy()
    potential = np.zeros(len(arcs.start) - 1)
    for _ in range(count):
        # Reduced costs are at least 0 but for rounding.
        reduced = np.maximum(arcs.cost_s + potential[arcs.tail] - potential[arcs.head], 0.0)
        best, way = quickest(arcs, reduced, is_open, source, target)
        if len(way) == 0:
            break
        potential += np.minimum(best, best[target])
        is_open[way] = False
        is_open[arcs.twin[way]] = True
    return forward & ~is_open


def _unravel(arcs: Arcs, used: Bools, source: int, target: int, n_nodes: int) -> tuple[Route, ...]:
    """Follow the arcs in use from the source on, once for each path."""
    following: dict[int, list[int]] = {}
    for arc in np.flatnonzero(used)[::-1].tolist():
        following.setdefault(int(arcs.tail[arc]), []).append(arc)
    routes = []
    while following.get(source):
        node, delay, nodes = source, 0.0, [source % n_nodes]
        while node != target:
            arc = following[node].pop()
            node, delay = int(arcs.head[arc]), delay + float(arcs.cost_s[arc])
            if node % n_nodes != nodes[-1]:
                nodes.append(node % n_nodes)
        routes.append(Route(tuple(nodes), delay))
    return tuple(sorted(routes, key=lambda route: (route.delay_s, route.nodes)))


def quickest_routes(graph: Snapshot, source: int, target: int, count: int) -> tuple[Route, ...]:
    """Find the quickest paths, which may share most of their links.

    Parameters
    ----------
    graph : Snapshot
        The network.
    source, target : int
        Different nodes.
    count : int
        How many paths are wanted.

    Returns
    -------
    tuple of Route
        Without loops, the quickest first; fewer than ``count`` if there are no more.

    Raises
    ------
    ValueError
        If both nodes are the same, or one does not exist.

    Notes
    -----
    Yen's algorithm: each path found is left at each of its nodes in turn; what comes before stays,
    links taken there by earlier paths are closed.

    References
    ----------
    .. [1] J. Y. Yen, "Finding the K shortest loopless paths in a network", Management Science 17,
       712 (1971), doi:10.1287/mnsc.17.11.712.
    """
    tail, head, delay = pair_links(graph, source, target)
    n = graph.n_satellites + graph.n_ground
    arcs = Arcs.sorted(n, tail, head, delay, np.full(len(tail), -1))
    _, way = quickest(arcs, arcs.cost_s, np.ones(len(tail), dtype=np.bool_), source, target)
    if len(way) == 0 or count < 1:
        return ()
    found = [tuple(way.tolist())]
    known = set(found)
    waiting: list[tuple[float, tuple[int, ...]]] = []
    while len(found) < count:
        for branch in _branches(arcs, found, source, target):
            if branch not in known:
                known.add(branch)
                heapq.heappush(waiting, (_total_s(arcs, branch), branch))
        if not waiting:
            break
        found.append(heapq.heappop(waiting)[1])
    return tuple(
        Route((source, *arcs.head[list(way)].tolist()), _total_s(arcs, way)) for way in found
    )


def _branches(
    arcs: Arcs, found: list[tuple[int, ...]], source: int, target: int
) -> list[tuple[int, ...]]:
    """Leave the last path found at each of its nodes."""
    latest = found[-1]
    is_open = np.ones(len(arcs.head), dtype=np.bool_)
    branches = []
    node = source
    for step, arc in enumerate(latest):
        taken = [way[step] for way in found if way[:step] == latest[:step]]
        is_open[taken] = False
        _, rest = quickest(arcs, arcs.cost_s, is_open, node, target)
        if len(rest):
            branches.append((*latest[:step], *rest.tolist()))
        # Later branches keep this node in their past, so they may not come back.
        is_open[arcs.head == node] = False
        is_open[arcs.start[node] : arcs.start[node + 1]] = False
        node = int(arcs.head[arc])
    return branches


def _total_s(arcs: Arcs, way: tuple[int, ...]) -> float:
    """Add up delays from the source on, as every search does."""
    total = 0.0
    for arc in way:
        total += float(arcs.cost_s[arc])
    return total
