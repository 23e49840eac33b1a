"""Quickest paths of the next snapshot from those of the one before."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.fleet.network.buckets import BUCKETS, buckets_per_s, put, spread
from perigrid.fleet.network.shortest import NOBODY, ShortestPaths, land
from perigrid.fleet.network.snapshot import Snapshot
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]

_UNKNOWN = -1.0


def repair_paths(
    graph: Snapshot, before: ShortestPaths, out: ShortestPaths | None = None
) -> ShortestPaths:
    """Mend quickest paths after the network has changed.

    Parameters
    ----------
    graph : Snapshot
        The network now, of the same nodes.
    before : ShortestPaths
        Paths of another instant: the nearer, the sooner this is done. Any other paths lead to the
        same outcome.
    out : ShortestPaths, optional
        Room to write into; ``before`` itself if its paths are not needed any more.

    Returns
    -------
    ShortestPaths
        Equal to :func:`perigrid.fleet.network.shortest.shortest_paths`, delays and previous nodes,
        to the last bit.

    Raises
    ------
    ValueError
        If the paths are of a network with another number of nodes.

    Notes
    -----
    The old tree is measured with the new delays; a branch whose link is gone is hung on a neighbour
    outside of it. Every satellite then asks its neighbours once, and those that were reached sooner
    tell theirs until nobody gains.

    Why it is exact: each label is the rounded sum along a path that exists, so none is too low.
    Rounded addition is monotone, so labels at which nobody gains are the least rounded sums over
    all paths, whatever the order in which they were found; Dijkstra's algorithm finds the same.
    """
    if before.delay_s.shape[1] != graph.n_satellites + graph.n_ground:
        raise ValueError("paths of a network with another number of nodes cannot be repaired")
    found = out or ShortestPaths.empty(before.source, before.delay_s.shape[1])
    if found.previous is not before.previous:
        np.copyto(found.previous, before.previous)
    per_s = buckets_per_s(graph.laser_delay_s)
    over_ranges(
        lambda first, stop: _repair_rows(
            graph.mesh.row_start, graph.neighbour, graph.laser_delay_s, per_s,
            graph.ground_start, graph.ground_satellite, graph.up_s, graph.down_s,
            before.source, first, stop, found.delay_s, found.previous,
        ),
        len(before.source),
    )  # fmt: skip
    return ShortestPaths(before.source, found.delay_s, found.previous)


@kernel
def _repair_rows(
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
    """Mend rows ``first`` to ``stop``."""
    n = len(row_start) - 1
    entrance = np.full(n, np.inf)
    stack, following = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    head, place = np.full(BUCKETS, -1, dtype=np.int32), np.full(n, -1, dtype=np.int32)
    for k in range(first, stop):
        best, before, source = delay[k], previous[k], sources[k]
        low, high = 0, 0
        best[:n] = _UNKNOWN
        if source >= n:
            low, high = ground_start[source - n], ground_start[source - n + 1]
        else:
            entrance[source] = best[source] = 0.0
        for entry in range(low, high):
            # No detour beats the straight line, so this is final at once.
            entrance[ground_satellite[entry]] = best[ground_satellite[entry]] = up_s[entry]
        _measure_tree(row_start, neighbour, laser_s, best, before, stack)
        _ask(
            row_start, neighbour, laser_s, per_s, entrance, source,
            best, before, head, following, place,
        )  # fmt: skip
        spread(row_start, neighbour, laser_s, per_s, best, before, head, following, place)
        for entry in range(low, high):
            entrance[ground_satellite[entry]] = np.inf
        if source < n:
            entrance[source] = np.inf
            before[source] = NOBODY
        land(ground_start, ground_satellite, down_s, best, before)


@part
def _measure_tree(
    row_start: Ints,
    neighbour: Nodes,
    laser_s: Floats,
    best: Floats,
    before: Nodes,
    stack: Nodes,
) -> None:
    """Measure the old tree: climb from each node to one that is known, and come back."""
    n = len(row_start) - 1
    for start in range(n):
        node, depth = start, 0
        while best[node] < 0.0:
            above = before[node]
            if above < 0 or above >= n:
                best[node] = _nearest_known(row_start, neighbour, laser_s, best, node)
                break
            stack[depth] = node
            depth += 1
            node = above
        while depth > 0:
            above = node
            depth -= 1
            node = stack[depth]
            there = np.inf
            for entry in range(row_start[node], row_start[node + 1]):
                if neighbour[entry] == above:
                    there = best[above] + laser_s[entry]
                    break
            if there == np.inf:
                there = _nearest_known(row_start, neighbour, laser_s, best, node)
            best[node] = there


@part
def _nearest_known(
    row_start: Ints, neighbour: Nodes, laser_s: Floats, best: Floats, node: int
) -> float:
    """Hang a branch that was cut on a neighbour: whoever is known is no part of the branch."""
    soonest = np.inf
    for entry in range(row_start[node], row_start[node + 1]):
        if best[neighbour[entry]] >= 0.0:
            soonest = min(soonest, best[neighbour[entry]] + laser_s[entry])
    return soonest


@part
def _ask(
    row_start: Ints,
    neighbour: Nodes,
    laser_s: Floats,
    per_s: float,
    entrance: Floats,
    source: int,
    best: Floats,
    before: Nodes,
    head: Nodes,
    following: Nodes,
    place: Nodes,
) -> None:
    """Let every satellite ask its neighbours once; those that gain wait to tell theirs."""
    for node in range(len(row_start) - 1):
        soonest, by = np.inf, np.int32(NOBODY)
        for entry in range(row_start[node], row_start[node + 1]):
            there = best[neighbour[entry]] + laser_s[entry]
            if there < soonest:
                soonest, by = there, neighbour[entry]
        if entrance[node] < soonest:
            soonest, by = entrance[node], np.int32(source)
        gains = soonest < best[node]
        best[node], before[node] = soonest, by
        if gains:
            put(best, per_s, head, following, place, node, 0)
