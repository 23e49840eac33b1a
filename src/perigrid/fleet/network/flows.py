"""Which links the paths of many flows use."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from perigrid.fleet.network.shortest import ShortestPaths
from perigrid.fleet.network.snapshot import Snapshot
from perigrid.physics.compiled import kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]

_MISSING = -1


@dataclass(frozen=True, slots=True)
class FlowLinks:
    """Links on the way of each flow.

    Parameters
    ----------
    start : (n_flows + 1,) int array
        Row pointer; a flow without a path has an empty row.
    link : (n_entries,) int32 array
        Directed links, as :meth:`perigrid.fleet.network.snapshot.Snapshot.link_ends` numbers them.
    """

    start: Ints
    link: Nodes

    def __len__(self) -> int:
        return len(self.start) - 1


def flow_links(graph: Snapshot, paths: ShortestPaths, row: Ints, target: Ints) -> FlowLinks:
    """Find the links of many flows along quickest paths.

    Parameters
    ----------
    graph : Snapshot
        The network.
    paths : ShortestPaths
        Of the same snapshot.
    row : (n_flows,) int array
        Row of ``paths`` that holds the flow's source.
    target : (n_flows,) int array
        Node.

    Returns
    -------
    FlowLinks
        From the source on.
    """
    rows, targets = np.asarray(row, dtype=np.int64), np.asarray(target, dtype=np.int64)
    start = np.zeros(len(rows) + 1, dtype=np.int64)
    _count_hops(paths.source, paths.delay_s, paths.previous, rows, targets, start)
    np.cumsum(start, out=start)
    link = np.empty(start[-1], dtype=np.int32)
    _name_links(
        graph.mesh.row_start, graph.neighbour, graph.ground_start, graph.ground_satellite,
        paths.previous, rows, targets, start, link,
    )  # fmt: skip
    return FlowLinks(start, link)


def path_links(graph: Snapshot, nodes: Ints) -> Ints:
    """Find the links of one path given by its nodes.

    Parameters
    ----------
    graph : Snapshot
        The network.
    nodes : (n,) int array
        Neighbours in turn.

    Returns
    -------
    (n - 1,) int array
        Directed links; -1 where two nodes are not linked.
    """
    return np.array(
        [
            _link_between(
                graph.mesh.row_start, graph.neighbour, graph.ground_start, graph.ground_satellite,
                tail, head,
            )
            for tail, head in pairwise(nodes.tolist())
        ],
        dtype=np.int64,
    )  # fmt: skip


@kernel
def _count_hops(
    source: Ints, delay: Floats, previous: Nodes, row: Ints, target: Ints, start: Ints
) -> None:
    """Count the links of each flow, into the place after its own."""
    for flow in range(len(row)):
        k, node = row[flow], target[flow]
        if delay[k, node] == np.inf or node == source[k]:
            continue
        while node != source[k]:
            node = previous[k, node]
            start[flow + 1] += 1


@kernel
def _name_links(
    row_start: Ints,
    neighbour: Nodes,
    ground_start: Ints,
    ground_satellite: Nodes,
    previous: Nodes,
    row: Ints,
    target: Ints,
    start: Ints,
    link: Nodes,
) -> None:
    """Write each flow's links from its last one back."""
    for flow in range(len(row)):
        node = target[flow]
        for at in range(start[flow + 1] - 1, start[flow] - 1, -1):
            above = previous[row[flow], node]
            link[at] = _link_between(
                row_start, neighbour, ground_start, ground_satellite, above, node
            )
            node = above


@kernel
def _link_between(
    row_start: Ints,
    neighbour: Nodes,
    ground_start: Ints,
    ground_satellite: Nodes,
    tail: int,
    head: int,
) -> int:
    """Find the number of a directed link; -1 if there is none."""
    n = len(row_start) - 1
    if tail < n and head < n:
        for entry in range(row_start[tail], row_start[tail + 1]):
            if neighbour[entry] == head:
                return int(entry)
        return _MISSING
    offset = len(neighbour)
    ground, satellite = tail - n, head
    if tail < n:
        offset += len(ground_satellite)
        ground, satellite = head - n, tail
    for entry in range(ground_start[ground], ground_start[ground + 1]):
        if ground_satellite[entry] == satellite:
            return int(offset + entry)
    return _MISSING
