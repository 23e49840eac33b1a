"""Quickest paths from many sources over one snapshot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import dijkstra

from perigrid.fleet.network.buckets import BUCKETS, buckets_per_s, put, spread
from perigrid.fleet.network.snapshot import Snapshot
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]

NOBODY = -1
"""Previous node of a source, and of a node that cannot be reached."""


@dataclass(frozen=True, slots=True)
class ShortestPaths:
    """Quickest paths from some nodes to all nodes.

    Parameters
    ----------
    source : (n_sources,) int array
        Nodes the paths start from: satellites, or ground nodes from ``n_satellites`` on.
    delay_s : (n_sources, n_nodes) float array
        One way; inf where there is no path [s].
    previous : (n_sources, n_nodes) int32 array
        The node before, on the way from the source; -1 at the source and where there is no path.
    """

    source: Ints
    delay_s: Floats
    previous: Nodes

    @classmethod
    def empty(cls, source: Ints, n_nodes: int) -> ShortestPaths:
        """Make room for an outcome.

        Parameters
        ----------
        source : (n_sources,) int array
            Nodes.
        n_nodes : int
            Satellites and ground nodes.

        Returns
        -------
        ShortestPaths
            Uninitialised arrays.
        """
        shape = (len(source), n_nodes)
        return cls(source, np.empty(shape), np.empty(shape, dtype=np.int32))

    def path(self, row: int, target: int) -> Ints:
        """Nodes of one path.

        Parameters
        ----------
        row : int
            Of the source.
        target : int
            Node.

        Returns
        -------
        (n,) int array
            From the source to the target; empty if there is no path.
        """
        if not np.isfinite(self.delay_s[row, target]):
            return np.empty(0, dtype=np.int64)
        back = [target]
        # A ground node that is its own target is reached by way of a satellite: so step first.
        node = int(self.previous[row, target])
        while node != NOBODY:
            back.append(node)
            if node == self.source[row]:
                break
            node = int(self.previous[row, node])
        return np.array(back[::-1], dtype=np.int64)


def shortest_paths(
    graph: Snapshot, source: Ints, out: ShortestPaths | None = None
) -> ShortestPaths:
    """Compute the quickest paths afresh.

    Parameters
    ----------
    graph : Snapshot
        The network.
    source : (n_sources,) int array
        Nodes to start from.
    out : ShortestPaths, optional
        Room to write into.

    Returns
    -------
    ShortestPaths
        ``out`` if it was given.

    Notes
    -----
    Dijkstra's algorithm with its queue in buckets, a source at a time. No path passes through the
    ground. Delays are sums from the source on, rounded as in :func:`scipy_paths`, so that both
    agree to the last bit; of paths that are equally quick to the last bit, the one over the node
    of lower number counts.

    A path from a ground node back to itself goes up to a satellite and down again.

    References
    ----------
    .. [1] E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische
       Mathematik 1, 269 (1959), doi:10.1007/BF01386390.
    """
    sources = checked_sources(graph, source)
    per_s = buckets_per_s(graph.laser_delay_s)
    found = out or ShortestPaths.empty(sources, graph.n_satellites + graph.n_ground)
    over_ranges(
        lambda first, stop: _from_sources(
            graph.mesh.row_start, graph.neighbour, graph.laser_delay_s, per_s,
            graph.ground_start, graph.ground_satellite, graph.up_s, graph.down_s,
            sources, first, stop, found.delay_s, found.previous,
        ),
        len(sources),
    )  # fmt: skip
    return ShortestPaths(sources, found.delay_s, found.previous)


def scipy_paths(graph: Snapshot, source: Ints) -> ShortestPaths:
    """Compute the same with ``scipy.sparse.csgraph.dijkstra``, as a reference.

    Parameters
    ----------
    graph : Snapshot
        The network.
    source : (n_sources,) int array
        Nodes to start from.

    Returns
    -------
    ShortestPaths
        Equal delays; of paths equally quick to the last bit it may name another.
    """
    sources = checked_sources(graph, source)
    delay, before = dijkstra(graph.split_graph(), indices=sources, return_predecessors=True)
    n, sinks = graph.n_satellites, graph.n_satellites + graph.n_ground
    kept = np.r_[0:n, sinks : sinks + graph.n_ground]
    return ShortestPaths(
        sources, delay[:, kept], np.maximum(before[:, kept], NOBODY).astype(np.int32)
    )


def checked_sources(graph: Snapshot, source: Ints) -> Ints:
    """Refuse nodes that do not exist: the kernels do not look.

    Parameters
    ----------
    graph : Snapshot
        The network.
    source : (n_sources,) int array
        Nodes.

    Returns
    -------
    (n_sources,) int array
        The same, contiguous.

    Raises
    ------
    IndexError
        If one is no node of the network.
    """
    sources = np.ascontiguousarray(source, dtype=np.int64)
    n_nodes = graph.n_satellites + graph.n_ground
    if len(sources) and (sources.min() < 0 or sources.max() >= n_nodes):
        raise IndexError(f"a source lies outside of the nodes 0 to {n_nodes - 1}")
    return sources


@kernel
def _from_sources(
    row_start: Ints,
    neighbour: Nodes,
    laser_s: Floats,
    per_s: float,
    ground_start: Ints,
    ground_satellite: Nodes,
    up_s: Floats,
    down_s: Floats,
    sources: Ints,
    first: int,
    stop: int,
    delay: Floats,
    previous: Nodes,
) -> None:
    """Fill rows ``first`` to ``stop``."""
    n = len(row_start) - 1
    head, place = np.full(BUCKETS, -1, dtype=np.int32), np.full(n, -1, dtype=np.int32)
    following = np.empty(n, dtype=np.int32)
    for k in range(first, stop):
        best, before = delay[k], previous[k]
        best[:] = np.inf
        before[:] = NOBODY
        source = sources[k]
        if source < n:
            best[source] = 0.0
            put(best, per_s, head, following, place, source, 0)
        else:
            for entry in range(ground_start[source - n], ground_start[source - n + 1]):
                node = ground_satellite[entry]
                best[node], before[node] = up_s[entry], source
                put(best, per_s, head, following, place, node, 0)
        spread(row_start, neighbour, laser_s, per_s, best, before, head, following, place)
        land(ground_start, ground_satellite, down_s, best, before)


@part
def land(
    ground_start: Ints, ground_satellite: Nodes, down_s: Floats, best: Floats, before: Nodes
) -> None:
    """Reach the ground nodes from the satellites, whose delays are known.

    Parameters
    ----------
    ground_start, ground_satellite, down_s : array
        As in :class:`perigrid.fleet.network.snapshot.Snapshot`.
    best : (n_nodes,) float array
        Delays, written from the satellites on [s].
    before : (n_nodes,) int32 array
        Previous nodes, written likewise.
    """
    n = len(best) - (len(ground_start) - 1)
    for g in range(len(ground_start) - 1):
        soonest, by = np.inf, np.int32(NOBODY)
        for entry in range(ground_start[g], ground_start[g + 1]):
            there = best[ground_satellite[entry]] + down_s[entry]
            if there < soonest:
                soonest, by = there, ground_satellite[entry]
        best[n + g], before[n + g] = soonest, by
