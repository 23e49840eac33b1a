"""Where a product may go, and when: nodes that policy leaves open, some of them only at times."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from perigrid.base.messages import Alternative, Leg
from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan.equipment import Equipment
from perigrid.control.contact_plan.kernel import Bools
from perigrid.control.contact_plan.search import (
    NOTHING_BOOKED,
    Arrivals,
    earliest_arrival,
    start_of,
)
from perigrid.control.contact_plan.table import ContactTable, Floats, Ints
from perigrid.fleet.model import ContactKind


@dataclass(frozen=True, slots=True)
class Route:
    """Booked or bookable legs, where and when they end, and what other ways would have taken.

    ``opens_s`` is when a rule lets the first leg begin, minus infinity if none holds it [s].
    """

    legs: tuple[Leg, ...]
    target: int
    t_arrival_s: float
    alternatives: tuple[Alternative, ...] = ()
    opens_s: float = -math.inf


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """Nodes that a product may touch.

    Parameters
    ----------
    mask : (n_active_nodes,) bool array
        Nodes open now or later, in the plan's own node order; not to be written to.
    opens_s : callable, optional
        Fleet row and a time in; the first time from then on at which sending there may begin out,
        infinity for never. None if what is open is open at all times [s].
    links : frozenset of ContactKind, optional
        Kinds of contact that may carry it; None for all of the plan.
    """

    mask: Bools
    opens_s: Callable[[int, float], float] | None = None
    links: frozenset[ContactKind] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Parameters
    ----------
    arrivals : Arrivals
        When a product is where, and over which contacts.
    free_s, later_s : (n,) float array
        From when on contacts may be used, without and with the times at which nodes are open [s].
    """

    arrivals: Arrivals
    free_s: Floats
    later_s: Floats

    def opens_s(self, place: int) -> float:
        """Say when a rule lets a contact begin; minus infinity if none holds it [s]."""
        later_s = float(self.later_s[place])
        return later_s if later_s > self.free_s[place] else -math.inf


def search_open(
    table: ContactTable,
    rows: Ints,
    free_s: Floats,
    source: int,
    t_ready_s: float,
    nbytes: float,
    allowed: Open,
    booked: Equipment = NOTHING_BOOKED,
) -> Found:
    """Find when a product can be at each node, where nodes are open only at times.

    Parameters
    ----------
    table : ContactTable
        The contacts.
    rows : (n_nodes,) int array
        Fleet row of each node.
    free_s, source, t_ready_s, nbytes, booked
        As :func:`earliest_arrival` takes them.
    allowed : Open
        Nodes, and when sending there may begin.

    Returns
    -------
    Found
        No contact of any way begins while its end is closed.

    Notes
    -----
    A contact that would begin while its end is closed may be used from the next opening on, and the
    search is repeated. That is exact: the sender has the product no earlier by any other way, and
    what waits never overtakes. Every round moves a contact on, so it ends.
    """
    later_s = free_s
    while True:
        found = earliest_arrival(
            table, later_s, source, t_ready_s, nbytes, booked=booked, allowed=allowed.mask
        )
        known_s = later_s
        if allowed.opens_s is not None:
            later_s = _opened(table, rows, known_s, found, allowed.opens_s, booked)
        if later_s is known_s:
            return Found(found, free_s, later_s)


def _opened(
    table: ContactTable,
    rows: Ints,
    free_s: Floats,
    found: Arrivals,
    opens_s: Callable[[int, float], float],
    booked: Equipment,
) -> Floats:
    """When contacts may be used that a search would use too early; the same array if none are."""
    ready_s, later = np.maximum(table.start_s, free_s), free_s
    for place in found.via[found.via >= 0].tolist():
        node = int(table.target[place])
        there_s = float(max(ready_s[place], found.arrival_s[table.source[place]]))
        sending_s = found.nbytes * BITS_PER_BYTE / float(table.rate_bps[place])
        begin_s = start_of(table, booked, place, there_s, sending_s)
        open_s = opens_s(int(rows[node]), begin_s)
        if open_s > begin_s:
            later = later.copy() if later is free_s else later
            # Others that could not begin before it closed wait for the same opening.
            there = (table.target == node) & (ready_s >= begin_s) & (ready_s < open_s)
            later[there] = later[place] = open_s
    return later
