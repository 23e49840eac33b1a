"""Earliest arrival from one node at all others: Dijkstra over nodes, compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan.table import ContactTable, Floats, Ints

Bools = npt.NDArray[np.bool_]
ANYWHERE: Final = -1
"""Search for the way to every node."""
UNSEEN: Final = -1
SETTLED: Final = -2
"""Instead of a place in the heap."""
BETWEEN_BOUNDS: Final = 16
"""Nodes settled between two looks for the latest label; it only falls, so an old one is safe."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """When a product can be whole at each node.

    Parameters
    ----------
    source : int
        Node that sends.
    t_ready_s : float
        From when on [s].
    nbytes : float
        Size [B].
    arrival_s : (n_nodes,) float array
        Infinity where it cannot come, or was not asked for [s].
    via : (n_nodes,) int array
        Place in the table of the last contact of the way; -1 for none.
    """

    source: int
    t_ready_s: float
    nbytes: float
    arrival_s: Floats
    via: Ints


@dataclass(frozen=True, slots=True)
class Hop:
    """A product's way over one contact.

    Parameters
    ----------
    contact : int
        Place in the table.
    source, target : int
        Nodes.
    start_s, end_s, arrival_s : float
        First bit sent, last bit sent, last bit received [s].
    """

    contact: int
    source: int
    target: int
    start_s: float
    end_s: float
    arrival_s: float


@numba.njit(cache=True, nogil=True)
def _rises(arrival_s: Floats, node: int, other: int) -> bool:
    """Tell whether a node leaves the heap before another: the earlier, then the lower number."""
    return arrival_s[node] < arrival_s[other] or (
        arrival_s[node] == arrival_s[other] and node < other
    )


@numba.njit(cache=True, nogil=True)
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


@numba.njit(cache=True, nogil=True)
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


@numba.njit(cache=True, nogil=True)
def _first_open(end_s: Floats, low: int, high: int, t_s: float) -> int:
    """First contact of a pair that ends after ``t_s``."""
    while low < high:
        middle = (low + high) // 2
        if end_s[middle] <= t_s:
            low = middle + 1
        else:
            high = middle
    return low


@numba.njit(cache=True, nogil=True)
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


@numba.njit(cache=True, nogil=True)
def _last_label(arrival_s: Floats, where: Ints) -> float:
    """Latest label that could still fall; contacts that open after it help nobody."""
    last_s = -np.inf
    for node in range(len(where)):
        if where[node] != SETTLED and arrival_s[node] > last_s:
            last_s = arrival_s[node]
    return last_s


@numba.njit(cache=True, nogil=True)
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


@numba.njit(cache=True, nogil=True)
def _search(
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
    bits: float,
) -> tuple[Floats, Ints]:
    """Dijkstra over nodes; a node's label is the earliest time the whole product is there."""
    # Correct because waiting never hurts: a contact taken later never arrives earlier.
    n_nodes = len(first_pair) - 1
    arrival_s = np.full(n_nodes, np.inf)
    via = np.full(n_nodes, -1)
    heap = np.empty(n_nodes, np.int64)
    where = np.where(open_nodes, UNSEEN, SETTLED)  # else the place in the heap
    arrival_s[source] = t_ready_s
    heap[0], where[source], size = source, 0, 1
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
    unproven = heap[:size]  # seen but not settled: perhaps not the earliest, so not told
    arrival_s[unproven] = np.inf
    via[unproven] = -1
    return arrival_s, via


def earliest_arrival(
    table: ContactTable,
    free_s: Floats,
    source: int,
    t_ready_s: float,
    nbytes: float,
    *,
    allowed: Bools | None = None,
    hold_s: Floats | None = None,
    target: int = ANYWHERE,
    latest_s: float = np.inf,
) -> Arrivals:
    r"""Find when a product can be whole at each node, whatever it waits for on the way.

    Parameters
    ----------
    table : ContactTable
        The contacts.
    free_s : (n,) float array
        From when on each contact is free, in the table's order [s].
    source : int
        Node that holds the product.
    t_ready_s : float
        When it is ready there [s].
    nbytes : float
        Its size [B].
    allowed : (n_nodes,) bool array, optional
        Nodes it may touch; all if left out. The source is not asked.
    hold_s : (n_nodes,) float array, optional
        Time between receiving and sending on at each node; none at the source [s].
    target : int
        Node to find the way to; with :data:`ANYWHERE` all.
    latest_s : float
        Arrivals after this are not looked for [s].

    Returns
    -------
    Arrivals
        Exact for every node that can be reached by ``latest_s`` and, with a ``target``, not after
        it.

    Notes
    -----
    A product of :math:`B` bits that is ready at :math:`t` is over a contact at

    .. math:: \max(t, t_{start}, t_{free}) + B / R + d

    if the last bit is out by :math:`t_{end}`. That never falls with :math:`t`, so labels settle in
    the order of time as in Dijkstra's algorithm. A node's neighbours are searched in the order in
    which they first meet until every label still open is earlier than that, and the contacts
    between two nodes from the first that is still open to the first that opens too late to help.

    References
    ----------
    .. [1] S. Jain, K. Fall, R. Patra, "Routing in a delay tolerant network", SIGCOMM 2004,
       doi:10.1145/1015467.1015484.
    .. [2] J. A. Fraire, O. De Jonckère, S. C. Burleigh, "Routing in the space internet: a contact
       graph routing tutorial", Journal of Network and Computer Applications 174, 102884 (2021),
       doi:10.1016/j.jnca.2020.102884.
    """
    arrival_s, via = _search(
        table.first_pair,
        table.pair_target,
        table.pair_opens_s,
        table.pair_closes_s,
        table.first,
        table.start_s,
        table.end_s,
        table.rate_bps,
        table.light_s,
        table.opens_s,
        free_s,
        table.entered if allowed is None else table.entered & allowed,
        np.zeros(table.n_nodes) if hold_s is None else hold_s,
        source,
        target,
        float(t_ready_s),
        float(latest_s),
        float(nbytes) * BITS_PER_BYTE,
    )
    return Arrivals(source, t_ready_s, nbytes, arrival_s, via)


def contacts_to(table: ContactTable, found: Arrivals, target: int) -> tuple[int, ...]:
    """Walk the search tree back from a node.

    Parameters
    ----------
    table : ContactTable
        The contacts searched.
    found : Arrivals
        What the search found.
    target : int
        A node that can be reached.

    Returns
    -------
    tuple of int
        Places in the table, in the order flown; empty at the source itself.
    """
    path: list[int] = []
    node = target
    while node != found.source:
        contact = int(found.via[node])
        path.append(contact)
        node = int(table.source[contact])
    return tuple(reversed(path))


def hops_to(
    table: ContactTable,
    free_s: Floats,
    found: Arrivals,
    target: int,
    hold_s: Floats | None = None,
) -> tuple[Hop, ...]:
    """Time the way to a node.

    Parameters
    ----------
    table, free_s, found, target, hold_s
        As searched.

    Returns
    -------
    tuple of Hop
        In the order flown.
    """
    hops: list[Hop] = []
    ready_s = found.t_ready_s
    for contact in contacts_to(table, found, target):
        source, node = int(table.source[contact]), int(table.target[contact])
        if hops and hold_s is not None:
            ready_s += float(hold_s[source])
        start_s = max(ready_s, float(table.start_s[contact]), float(free_s[contact]))
        end_s = start_s + found.nbytes * BITS_PER_BYTE / float(table.rate_bps[contact])
        ready_s = end_s + float(table.light_s[contact])
        hops.append(Hop(contact, source, node, start_s, end_s, ready_s))
    return tuple(hops)
