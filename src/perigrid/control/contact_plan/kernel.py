"""Dijkstra over the nodes of a contact plan, compiled."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan.equipment import Equipment, first_fit_s
from perigrid.control.contact_plan.table import Floats, Ints, Table
from perigrid.physics.compiled import kernel, part

Bools = npt.NDArray[np.bool_]
UNSEEN: Final = -1
SETTLED: Final = -2
"""Instead of a place in the heap."""
BETWEEN_BOUNDS: Final = 16
"""Nodes settled between two looks for the latest label; it only falls, so an old one is safe."""


@part
def _rises(arrival_s: Floats, node: int, other: int) -> bool:
    """Tell whether a node leaves the heap before another: the earlier, then the lower number."""
    return arrival_s[node] < arrival_s[other] or (
        arrival_s[node] == arrival_s[other] and node < other
    )


@part
def _lift(heap: Ints, where: Ints, arrival_s: Floats, place: int) -> None:
    """Move a node up to its place in the heap."""
    node = heap[place]
    while place > 0:
        parent = (place - 1) // 2
        if not _rises(arrival_s, node, heap[parent]):
            break
        heap[place] = heap[parent]
        where[heap[place]] = place
        place = parent
    heap[place] = node
    where[node] = place


@part
def _take_first(heap: Ints, where: Ints, arrival_s: Floats, size: int) -> int:
    """Take the earliest node out of a heap of ``size`` nodes."""
    first = heap[0]
    node = heap[size - 1]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size - 1:
            break
        if child + 1 < size - 1 and _rises(arrival_s, heap[child + 1], heap[child]):
            child += 1
        if not _rises(arrival_s, heap[child], node):
            break
        heap[place] = heap[child]
        where[heap[place]] = place
        place = child
    heap[place] = node
    where[node] = place
    return int(first)


@part
def first_open(windows: Table, low: int, high: int, t_s: float) -> int:
    """Find the first contact of a pair that ends after a time.

    Parameters
    ----------
    windows : Table
        Contacts.
    low, high : int
        The pair's.
    t_s : float
        The time [s].

    Returns
    -------
    int
        ``high`` if there is none.
    """
    while low < high:
        middle = (low + high) // 2
        if windows[middle].end_s <= t_s:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _best_of_pair(
    windows: Table,
    low: int,
    high: int,
    free_s: Floats,
    booked: Equipment,
    t_s: float,
    bits: float,
    reach_s: float,
) -> tuple[float, int]:
    """Earliest arrival over a pair's contacts that is before ``reach_s``, and the contact."""
    best = -1
    for contact in range(first_open(windows, low, high, t_s), high):
        window = windows[contact]
        if window.opens_s >= reach_s:
            break
        begin_s, sending_s = max(t_s, window.start_s, free_s[contact]), bits / window.rate_bps
        if not begin_s + sending_s + window.light_s < reach_s:
            continue
        finish_s = first_fit_s(booked, window, begin_s, sending_s) + sending_s
        if finish_s + window.light_s < reach_s:
            reach_s = finish_s + window.light_s
            best = contact
    return reach_s, best


@part
def _last_label(n_nodes: int, arrival_s: Floats, where: Ints) -> float:
    """Latest label that could still fall; contacts that open after it help nobody."""
    last_s = -np.inf
    for node in range(n_nodes):
        if where[node] != SETTLED and arrival_s[node] > last_s:
            last_s = arrival_s[node]
    return last_s


@part
def _reach_neighbours(
    pairs: Table,
    windows: Table,
    ours: tuple[int, int],
    free_s: Floats,
    booked: Equipment,
    t_s: float,
    bits: float,
    bound_s: float,
    found: tuple[Floats, Ints, Ints, Ints],
    size: int,
) -> int:
    """Improve the labels of a settled node's neighbours; the heap's new size."""
    arrival_s, via, heap, where = found
    for k in range(ours[0], ours[1]):
        pair = pairs[k]
        if pair.opens_s >= bound_s:
            break
        node = pair.target
        if pair.closes_s <= t_s or pair.opens_s >= arrival_s[node] or where[node] == SETTLED:
            continue
        reach_s, contact = _best_of_pair(
            windows, pair.first, pairs[k + 1].first, free_s, booked, t_s, bits, arrival_s[node]
        )
        if contact < 0:
            continue
        arrival_s[node] = reach_s
        via[node] = contact
        if where[node] == UNSEEN:
            heap[size] = node
            where[node] = size
            size += 1
        _lift(heap, where, arrival_s, where[node])
    return size


@part
def search_into(
    first_pair: Ints,
    pairs: Table,
    windows: Table,
    free_s: Floats,
    booked: Equipment,
    open_nodes: Bools,
    hold_s: Floats,
    ends: tuple[int, int],
    span_s: tuple[float, float],
    nbytes: float,
    found: tuple[Floats, Ints, Ints, Ints],
) -> None:
    """Find the earliest time the whole product is at each node, and the last contact of the way.

    Parameters
    ----------
    first_pair, pairs, windows
        As in the table.
    free_s : (n,) float array
        From when on each contact may be used [s].
    booked : Equipment
        When what contacts need is taken.
    open_nodes : (n_nodes,) bool array
        Nodes that may be reached.
    hold_s : (n_nodes,) float array
        Time between receiving and sending on [s].
    ends : tuple of int
        Source and target; a target of -1 for every node.
    span_s : tuple of float
        When it is ready, and up to when arrivals are looked for [s].
    nbytes : float
        Size [B].
    found : tuple of (n_nodes,) array
        Filled: arrivals, infinity where not reached or not proven [s]; place of the last contact,
        -1 for none; and two for the search itself.
    """
    # Correct because waiting never hurts: what is ready later finds no earlier gap.
    n_nodes, (source, target), (t_ready_s, latest_s) = len(first_pair) - 1, ends, span_s
    arrival_s, via, heap, where = found
    for node in range(n_nodes):
        arrival_s[node], via[node] = np.inf, -1
        where[node] = UNSEEN if open_nodes[node] else SETTLED
    arrival_s[source] = t_ready_s
    heap[0], where[source], size = source, 0, 1
    bits = nbytes * BITS_PER_BYTE
    last_s, settled = np.inf, 0
    while size > 0 and arrival_s[heap[0]] <= latest_s:
        node = _take_first(heap, where, arrival_s, size)
        size -= 1
        where[node] = SETTLED
        if node == target:
            break
        if settled % BETWEEN_BOUNDS == 0:
            last_s = _last_label(n_nodes, arrival_s, where)
        settled += 1
        t_s = arrival_s[node] if node == source else arrival_s[node] + hold_s[node]
        bound_s = min(last_s, arrival_s[target]) if target >= 0 else last_s
        ours = (first_pair[node], first_pair[node + 1])
        size = _reach_neighbours(
            pairs, windows, ours, free_s, booked, t_s, bits, bound_s, found, size
        )
    for place in range(size):  # seen but not settled: perhaps not the earliest, so not told
        arrival_s[heap[place]] = np.inf
        via[heap[place]] = -1


@kernel
def search(
    first_pair: Ints,
    pairs: Table,
    windows: Table,
    free_s: Floats,
    booked: Equipment,
    open_nodes: Bools,
    hold_s: Floats,
    ends: tuple[int, int],
    span_s: tuple[float, float],
    nbytes: float,
) -> tuple[Floats, Ints]:
    """Search from Python; see :func:`search_into`.

    Parameters
    ----------
    first_pair, pairs, windows, free_s, booked, open_nodes, hold_s, ends, span_s, nbytes
        As there.

    Returns
    -------
    arrival_s : (n_nodes,) float array
        Infinity where not reached or not proven [s].
    via : (n_nodes,) int array
        Place of the last contact; -1 for none.
    """
    n_nodes = len(first_pair) - 1
    arrival_s, via = np.empty(n_nodes), np.empty(n_nodes, np.int64)
    found = (arrival_s, via, np.empty(n_nodes, np.int64), np.empty(n_nodes, np.int64))
    search_into(
        first_pair, pairs, windows, free_s, booked, open_nodes, hold_s, ends, span_s, nbytes, found
    )
    return arrival_s, via
