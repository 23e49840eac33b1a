"""Earliest arrival from one node at all others, and the way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from perigrid.base.errors import InvariantError
from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan.equipment import (
    Equipment,
    equipment,
    first_fit_s,
    items_of,
)
from perigrid.control.contact_plan.kernel import Bools, search
from perigrid.control.contact_plan.table import ContactTable, Floats, Ints

ANYWHERE: Final = -1
"""Search for the way to every node."""
NOTHING_BOOKED: Final = equipment(items_of([]), 0)
"""For contacts that need no equipment."""


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


def earliest_arrival(
    table: ContactTable,
    free_s: Floats,
    source: int,
    t_ready_s: float,
    nbytes: float,
    *,
    booked: Equipment = NOTHING_BOOKED,
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
        From when on each contact may be used, in the table's order [s].
    source : int
        Node that holds the product.
    t_ready_s : float
        When it is ready there [s].
    nbytes : float
        Its size [B].
    booked : Equipment
        When the equipment that the table's contacts need is taken.
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

    Raises
    ------
    InvariantError
        If an array or a node does not belong to the table.

    Notes
    -----
    A product of :math:`B` bits that is ready at :math:`t` is over a contact at

    .. math:: g(\max(t, t_{start}, t_{free})) + B / R + d

    if the last bit is out by :math:`t_{end}`, where :math:`g` is the begin of the first gap from
    then on in which the sender and an antenna are free for :math:`B / R`. That never falls with
    :math:`t`, so labels settle in the order of time as in Dijkstra's algorithm. A node's neighbours
    are searched in the order in which they first meet until every label still open is earlier than
    that, and the contacts between two nodes from the first that is still open to the first that
    opens too late to help.

    References
    ----------
    .. [1] S. Jain, K. Fall, R. Patra, "Routing in a delay tolerant network", SIGCOMM 2004,
       doi:10.1145/1015467.1015484.
    .. [2] J. A. Fraire, O. De Jonckère, S. C. Burleigh, "Routing in the space internet: a contact
       graph routing tutorial", Journal of Network and Computer Applications 174, 102884 (2021),
       doi:10.1016/j.jnca.2020.102884.
    """
    _demand_fit(table, free_s, (allowed, hold_s), (source, target))
    arrival_s, via = search(
        table.first_pair,
        table.pairs,
        table.windows,
        free_s,
        booked,
        table.entered if allowed is None else table.entered & allowed,
        np.zeros(table.n_nodes) if hold_s is None else hold_s,
        (source, target),
        (float(t_ready_s), float(latest_s)),
        float(nbytes),
    )
    return Arrivals(source, t_ready_s, nbytes, arrival_s, via)


def _demand_fit(
    table: ContactTable,
    free_s: Floats,
    by_node: tuple[Bools | None, Floats | None],
    nodes: tuple[int, int],
) -> None:
    """Keep from compiled code, which asks nothing, what would lead it out of its arrays."""
    source, target = nodes
    count = table.n_nodes
    fits = 0 <= source < count and ANYWHERE <= target < count and len(free_s) == len(table.start_s)
    if not fits or any(one is not None and len(one) != count for one in by_node):
        raise InvariantError("a search was asked for over other contacts than these")


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


def start_of(
    table: ContactTable, booked: Equipment, contact: int, t_s: float, sending_s: float
) -> float:
    """Say when sending over a contact would begin.

    Parameters
    ----------
    table, booked
        As searched.
    contact : int
        Place in the table.
    t_s, sending_s : float
        From when on, and how long it takes [s].

    Returns
    -------
    float
        Infinity if it fits nowhere before the contact ends [s].
    """
    # Compiled code takes plain arrays, this is Python: fields of rows are attributes of records.
    rows = Equipment(booked.items.view(np.recarray), booked.spans.view(np.recarray), booked.free)
    return first_fit_s(rows, table.windows.view(np.recarray)[contact], t_s, sending_s)


def hops_to(
    table: ContactTable,
    free_s: Floats,
    found: Arrivals,
    target: int,
    hold_s: Floats | None = None,
    booked: Equipment = NOTHING_BOOKED,
) -> tuple[Hop, ...]:
    """Time the way to a node.

    Parameters
    ----------
    table, free_s, found, target, hold_s, booked
        As searched.

    Returns
    -------
    tuple of Hop
        In the order flown.
    """
    hops: list[Hop] = []
    ready_s, bits = found.t_ready_s, found.nbytes * BITS_PER_BYTE
    for contact in contacts_to(table, found, target):
        source, node = int(table.source[contact]), int(table.target[contact])
        if hops and hold_s is not None:
            ready_s += float(hold_s[source])
        sending_s, from_s = bits / float(table.rate_bps[contact]), max(ready_s, free_s[contact])
        start_s = start_of(table, booked, contact, from_s, sending_s)
        end_s = start_s + sending_s
        ready_s = end_s + float(table.light_s[contact])
        hops.append(Hop(contact, source, node, start_s, end_s, ready_s))
    return tuple(hops)
