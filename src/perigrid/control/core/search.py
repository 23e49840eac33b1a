"""Searches for ways over contacts or routes, with what is booked and what rules open when."""

from __future__ import annotations

import numpy as np

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan.equipment import first_fit_s
from perigrid.control.contact_plan.kernel import search_into
from perigrid.control.core.route_legs import held_until_s
from perigrid.control.core.routes import ask, first_exit
from perigrid.control.core.rules import opens_s
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import RAW, Floats, Search
from perigrid.physics.compiled import part

ANYWHERE = -1
EVERYWHERE = 0
"""Row of facts of what no rule closes anything to."""


@part
def search(
    c: Shared, found: Search, product: int, opened: int, source: int, t_s: float, nbytes: float
) -> bool:
    """Find when a product can be at each node, with what is booked.

    Parameters
    ----------
    c : Shared
        What is known.
    found : Search
        Filled in.
    product, opened, source : int
        Product, row of facts, fleet row that has it.
    t_s, nbytes : float
        When it is ready there [s], and its size [B].

    Returns
    -------
    bool
        False if the node has no contact at all; then nothing is filled in.
    """
    if c.con[0].routed > 0:
        return ask(found, product, opened, source, t_s, 0)
    index, free_s = c.nodes[source].index, c.plan.free_s[product]
    if index < 0:
        return False
    _search(c, found, free_s, opened, index, t_s, nbytes)
    if opened < c.facts[opened].last:
        found.later_s[:] = free_s
        while _wait_for_rules(c, found, opened, nbytes):
            _search(c, found, found.later_s, opened, index, t_s, nbytes)
    return True


@part
def _search(
    c: Shared, found: Search, free_s: Floats, opened: int, index: int, t_s: float, nbytes: float
) -> None:
    plan = c.plan
    search_into(
        plan.first_pair, plan.pairs, plan.windows, free_s, c.booked, c.open[open_row(c, opened)],
        plan.hold_s, (index, ANYWHERE), (t_s, np.inf), nbytes,
        (found.arrival_s, found.via, found.heap, found.where),
    )  # fmt: skip


@part
def open_row(c: Shared, opened: int) -> int:
    """Row of the nodes that are open, given that of facts."""
    return len(c.open) - 1 if c.con[0].within > 0 else wide(c.facts[opened].open)


@part
def _wait_for_rules(c: Shared, found: Search, opened: int, nbytes: float) -> bool:
    """Let contacts that a search would use too early wait for their end; whether any has to."""
    # :func:`perigrid.control.contact_plan.opening.search_open` says why that is exact.
    waits = False
    for index in range(len(c.plan.first_pair) - 1):  # its room is for the whole fleet
        place = found.via[index]
        if place < 0:
            continue
        sender, target = c.nodes[c.contacts[place].source].index, c.contacts[place].target
        there_s = max(found.later_s[place], found.arrival_s[sender])
        begin_s = begins_s(c, place, there_s, nbytes)
        open_s = opens_s(c, opened, index, begin_s)
        if open_s > begin_s:
            waits = True
            # Others that could not begin before it closed wait for the same opening.
            for other in range(len(c.contacts)):
                ready_s = max(c.plan.windows[other].start_s, found.later_s[other])
                if c.contacts[other].target == target and begin_s <= ready_s < open_s:
                    found.later_s[other] = open_s
            found.later_s[place] = open_s
    return waits


@part
def begins_s(c: Shared, place: int, t_s: float, nbytes: float) -> float:
    """Say when sending over a contact would begin, with what is booked.

    Parameters
    ----------
    c : Shared
        What is known.
    place : int
        The contact, in the order of the search.
    t_s, nbytes : float
        From when on [s], and how much [B].

    Returns
    -------
    float
        Infinity if it fits nowhere before the contact ends [s].
    """
    window = c.plan.windows[place]
    return first_fit_s(c.booked, window, t_s, nbytes * BITS_PER_BYTE / window.rate_bps)


@part
def ruled_s(c: Shared, found: Search, product: int, opened: int) -> float:
    """Say when a rule lets the first leg of a way begin.

    Parameters
    ----------
    c : Shared
        Its ``way`` has the legs.
    found : Search
        From :func:`search`.
    product, opened : int
        As searched.

    Returns
    -------
    float
        Minus infinity if none holds it [s].
    """
    if c.con[0].routed > 0:
        return held_until_s(c)
    if opened == c.facts[opened].last or c.way[0].contact < 0:
        return -np.inf
    place = c.place_of[c.way[0].contact]
    later_s = found.later_s[place]
    return float(later_s if later_s > c.plan.free_s[product, place] else -np.inf)


@part
def at_centre_s(c: Shared, found: Search, way: int, nbytes: float) -> float:
    """When a product is at a data centre by an exit; infinity if it does not come there [s]."""
    there = c.exits[way]
    arrival_s = found.arrival_s[there.index]
    return float(arrival_s + there.delay_s + nbytes * BITS_PER_BYTE / there.rate_bps)


@part
def best_exit(c: Shared, found: Search, job: int, nbytes: float) -> tuple[int, float]:
    """Find the exit by which a product is at a data centre first.

    Parameters
    ----------
    c : Shared
        What is known.
    found : Search
        From :func:`search`.
    job : int
        Whose product: over routes its answer has a ground node of its own.
    nbytes : float
        Its size [B].

    Returns
    -------
    way : int
        Row of exits, of equals the first; -1 for none.
    t_s : float
        When it is there [s].
    """
    if c.con[0].routed > 0:
        return first_exit(c, found, job, nbytes)
    best, best_s = -1, np.inf
    for way in range(len(c.exits)):
        there_s = at_centre_s(c, found, way, nbytes)
        if there_s < best_s:
            best, best_s = way, there_s
    return best, best_s


@part
def goal_of(c: Shared, product: int, way: int) -> int:
    """Where a product goes by an exit."""
    there = c.exits[way]
    onward = c.con[0].routed > 0 and product == RAW
    return wide(there.hub if onward else there.centre)
