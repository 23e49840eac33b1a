"""Dijkstra over the nodes of a contact plan, compiled."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan.table import Floats, Ints
from perigrid.physics.compiled import compiled

Bools = npt.NDArray[np.bool_]
UNSEEN: Final = -1
SETTLED: Final = -2
"""Instead of a place in the heap."""
BETWEEN_BOUNDS: Final = 16
"""Nodes settled between two looks for the latest label; it only falls, so an old one is safe."""


@compiled(nogil=True)
def _rises(arrival_s: Floats, node: int, other: int) -> bool:
    """Tell whether a node leaves the heap before another: the earlier, then the lower number."""
    return arrival_s[node] < arrival_s[other] or (
        arrival_s[node] == arrival_s[other] and node < other
    )


@compiled(nogil=True)
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


@compiled(nogil=True)
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


@compiled(nogil=True)
def _first_open(end_s: Floats, low: int, high: int, t_s: float) -> int:
    """First contact of a pair that ends after ``t_s``."""
    while low < high:
        middle = (low + high) // 2
        if end_s[middle] <= t_s:
            low = middle + 1
        else:
            high = middle
    return low


@compiled(nogil=True)
def _best_of_pair(
    low: int,
    high: int,
    start_s: Floats,
    end_s: Floats,
    rate_bps: Floats,
    light_s: Floats,
    opens_s: Floats,
    free_s: Floats,
    t_s: float,
    bits: float,
    reach_s: float,
) -> tuple[float, int]:
    """Earliest arrival over a pair's contacts that is before ``reach_s``, and the contact."""
    best = -1
    for contact in range(_first_open(end_s, low, high, t_s), high):
        if opens_s[contact] >= reach_s:
            break
        begin_s = max(t_s, start_s[contact], free_s[contact])
        finish_s = begin_s + bits / rate_bps[contact]
        if finish_s <= end_s[contact] and finish_s + light_s[contact] < reach_s:
            reach_s = finish_s + light_s[contact]
            best = contact
    return reach_s, best


@compiled(nogil=True)
def _last_label(arrival_s: Floats, where: Ints) -> float:
    """Latest label that could still fall; contacts that open after it help nobody."""
    last_s = -np.inf
    for node in range(len(where)):
        if where[node] != SETTLED and arrival_s[node] > last_s:
            last_s = arrival_s[node]
    return last_s


@compiled(nogil=True)
def _reach_neighbours(
    pairs: tuple[int, int],
    pair_target: Ints,
    pair_opens_s: Floats,
    pair_closes_s: Floats,
    first: Ints,
    start_s: Floats,
    end_s: Floats,
    rate_bps: Floats,
    light_s: Floats,
    opens_s: Floats,
    free_s: Floats,
    t_s: float,
    bits: float,
    bound_s: float,
    arrival_s: Floats,
    via: Ints,
    heap: Ints,
    where: Ints,
    size: int,
) -> int:
    """Improve the labels of a settled node's neighbours; the heap's new size."""
    for pair in range(pairs[0], pairs[1]):
        if pair_opens_s[pair] >= bound_s:
            break
        node = pair_target[pair]
        if (
            pair_closes_s[pair] <= t_s
            or pair_opens_s[pair] >= arrival_s[node]
            or where[node] == SETTLED
        ):
            continue
        low, high = first[pair], first[pair + 1]
        reach_s, contact = _best_of_pair(
            low, high, start_s, end_s, rate_bps, light_s, opens_s, free_s, t_s, bits,
            arrival_s[node],
        )  # fmt: skip
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


@compiled(nogil=True)
def search(
    first_pair: Ints,
    pair_target: Ints,
    pair_opens_s: Floats,
    pair_closes_s: Floats,
    first: Ints,
    start_s: Floats,
    end_s: Floats,
    rate_bps: Floats,
    light_s: Floats,
    opens_s: Floats,
    free_s: Floats,
    open_nodes: Bools,
    hold_s: Floats,
    source: int,
    target: int,
    t_ready_s: float,
    latest_s: float,
    nbytes: float,
) -> tuple[Floats, Ints]:
    """Find the earliest time the whole product is at each node, and the last contact of the way.

    Parameters
    ----------
    first_pair, pair_target, pair_opens_s, pair_closes_s, first
        Pairs, as in the table.
    start_s, end_s, rate_bps, light_s, opens_s
        Contacts, as in the table.
    free_s : (n,) float array
        From when on each contact is free [s].
    open_nodes : (n_nodes,) bool array
        Nodes that may be reached.
    hold_s : (n_nodes,) float array
        Time between receiving and sending on [s].
    source, target : int
        Nodes; -1 for every target.
    t_ready_s, latest_s : float
        When it is ready, and up to when arrivals are looked for [s].
    nbytes : float
        Size [B].

    Returns
    -------
    arrival_s : (n_nodes,) float array
        Infinity where not reached or not proven [s].
    via : (n_nodes,) int array
        Place of the last contact; -1 for none.
    """
    # Correct because waiting never hurts: a contact taken later never arrives earlier.
    n_nodes = len(first_pair) - 1
    arrival_s = np.full(n_nodes, np.inf)
    via = np.full(n_nodes, -1)
    heap = np.empty(n_nodes, np.int64)
    where = np.full(n_nodes, UNSEEN)  # else the place in the heap
    for node in range(n_nodes):
        if not open_nodes[node]:
            where[node] = SETTLED
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
            last_s = _last_label(arrival_s, where)
        settled += 1
        size = _reach_neighbours(
            (first_pair[node], first_pair[node + 1]), pair_target, pair_opens_s, pair_closes_s,
            first, start_s, end_s, rate_bps, light_s, opens_s, free_s,
            arrival_s[node] if node == source else arrival_s[node] + hold_s[node], bits,
            min(last_s, arrival_s[target]) if target >= 0 else last_s,
            arrival_s, via, heap, where, size,
        )  # fmt: skip
    for place in range(size):  # seen but not settled: perhaps not the earliest, so not told
        arrival_s[heap[place]] = np.inf
        via[heap[place]] = -1
    return arrival_s, via
