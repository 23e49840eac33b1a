"""One pair's network as arcs that can be closed one by one, and the quickest way along them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.fleet.network.heap import move_up, take_first
from perigrid.fleet.network.snapshot import Snapshot
from perigrid.physics.compiled import kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

_NONE = -1


@dataclass(frozen=True, slots=True)
class Arcs:
    """Directed arcs sorted by their tail.

    Parameters
    ----------
    start : (n_nodes + 1,) int array
        Row pointer by tail.
    tail, head : (n_arcs,) int32 array
        Ends.
    cost_s : (n_arcs,) float array
        Delay; below 0 for an arc that takes another one back [s].
    twin : (n_arcs,) int array
        The arc that takes this one back, or -1.
    """

    start: Ints
    tail: Nodes
    head: Nodes
    cost_s: Floats
    twin: Ints

    @classmethod
    def sorted(cls, n_nodes: int, tail: Ints, head: Ints, cost_s: Floats, twin: Ints) -> Arcs:
        """Sort arcs that are given in any order.

        Parameters
        ----------
        n_nodes : int
            Nodes.
        tail, head : (n_arcs,) int array
            Ends.
        cost_s : (n_arcs,) float array
            Delays [s].
        twin : (n_arcs,) int array
            By the given order; -1 for none.

        Returns
        -------
        Arcs
            By tail, then head.
        """
        order = np.lexsort((head, tail))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        partner = np.where(twin < 0, _NONE, place[twin])[order]
        start = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n_nodes))])
        return cls(
            start.astype(np.int64),
            tail[order].astype(np.int32),
            head[order].astype(np.int32),
            np.ascontiguousarray(cost_s[order]),
            partner,
        )


def pair_links(graph: Snapshot, source: int, target: int) -> tuple[Ints, Ints, Floats]:
    """List the links that a path between two nodes may use.

    Parameters
    ----------
    graph : Snapshot
        The network.
    source, target : int
        Different nodes.

    Returns
    -------
    tail, head : (n,) int array
        Ends: lasers, links up from the source and down to the target, if they are on the ground.
    delay_s : (n,) float array
        Delays, all finite [s].

    Raises
    ------
    ValueError
        If both nodes are the same, or one does not exist.
    """
    n_nodes = graph.n_satellites + graph.n_ground
    if source == target or not (0 <= source < n_nodes and 0 <= target < n_nodes):
        raise ValueError(f"{source} and {target} are not two different nodes of 0 to {n_nodes - 1}")
    tail, head = graph.link_ends()
    delay = np.concatenate([graph.laser_delay_s, graph.up_s, graph.down_s])
    ours = np.isfinite(delay)
    ours &= (tail < graph.n_satellites) | (tail == source)
    ours &= (head < graph.n_satellites) | (head == target)
    return tail[ours], head[ours], delay[ours]


def quickest(
    arcs: Arcs, cost_s: Floats, is_open: Bools, source: int, target: int
) -> tuple[Floats, Ints]:
    """Search the quickest way along open arcs.

    Parameters
    ----------
    arcs : Arcs
        The network.
    cost_s : (n_arcs,) float array
        Delays at least 0, which may differ from those of ``arcs`` [s].
    is_open : (n_arcs,) bool array
        Arcs that may be used.
    source, target : int
        Nodes.

    Returns
    -------
    best_s : (n_nodes,) float array
        Delays; of nodes farther than the target, only bounds from above [s].
    way : (n,) int array
        Arcs from the source to the target; empty if there is no way.
    """
    n = len(arcs.start) - 1
    best, by = np.full(n, np.inf), np.full(n, _NONE, dtype=np.int64)
    _search(arcs.start, arcs.head, cost_s, is_open, source, target, best, by)
    way: list[int] = []
    node = target
    while by[node] != _NONE:
        way.append(int(by[node]))
        node = int(arcs.tail[way[-1]])
    return best, np.array(way[::-1], dtype=np.int64)


@kernel
def _search(
    start: Ints,
    head: Nodes,
    cost: Floats,
    is_open: Bools,
    source: int,
    target: int,
    best: Floats,
    by: Ints,
) -> None:
    """Dijkstra's algorithm up to the target."""
    n = len(start) - 1
    heap, place = np.empty(n, dtype=np.int32), np.full(n, -1, dtype=np.int32)
    best[source] = 0.0
    size = move_up(best, heap, place, source, 0)
    while size > 0:
        node = take_first(best, heap, place, size)
        size -= 1
        if node == target:
            break
        for arc in range(start[node], start[node + 1]):
            if is_open[arc]:
                there = best[node] + cost[arc]
                if there < best[head[arc]]:
                    best[head[arc]], by[head[arc]] = there, arc
                    size = move_up(best, heap, place, head[arc], size)
