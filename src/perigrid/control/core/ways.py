"""Ways over the contacts: legs with their times, and other ends of a way down."""

from __future__ import annotations

import numpy as np

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.alternatives import SEVERAL
from perigrid.control.contact_plan.kernel import first_open
from perigrid.control.contact_plan.plan import NAMED_EXITS
from perigrid.control.core.codes import Lost
from perigrid.control.core.messages import Table
from perigrid.control.core.route_legs import time_route
from perigrid.control.core.rules import answer_verdict
from perigrid.control.core.search import at_centre_s, begins_s, open_row
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import Search
from perigrid.physics.compiled import part

_LATER, _CLOSED = int(Lost.LATER), int(Lost.CLOSED)
_NAMED_EXITS, _SEVERAL = NAMED_EXITS, SEVERAL


@part
def carries(c: Shared, place: int, product: int) -> bool:
    """Whether a contact is of a kind that may carry a product."""
    return bool((c.contacts[place].carries >> product) & 1)


@part
def time_legs(
    c: Shared, found: Search, product: int, opened: int, target: int, t_s: float, nbytes: float
) -> int:
    """Time the legs of the way to a node of contacts.

    Parameters
    ----------
    c : Shared
        Its ``way`` receives them.
    found : Search
        From :func:`search`.
    product, opened, target : int
        As searched; the node's place among those of contacts.
    t_s, nbytes : float
        As searched [s], [B].

    Returns
    -------
    int
        How many.
    """
    if c.con[0].routed > 0:
        return time_route(c, found, target, nbytes)
    count, node = 0, target
    while found.via[node] >= 0:
        node = c.nodes[c.contacts[found.via[node]].source].index
        count += 1
    node = target
    for k in range(count - 1, -1, -1):
        c.way[k].contact = found.via[node]
        node = c.nodes[c.contacts[found.via[node]].source].index
    for k in range(count):
        _time_leg(c, found, c.way[k], product, opened, t_s, nbytes)
        t_s = c.way[k].t_arrival_s
    return count


@part
def _time_leg(
    c: Shared, found: Search, leg: Table, product: int, opened: int, t_s: float, nbytes: float
) -> None:
    """Time a leg of which the place of the contact is known."""
    place = leg.contact
    contact, window = c.contacts[place], c.plan.windows[place]
    leg.contact, leg.kind = contact.row, contact.kind
    leg.source, leg.target, leg.nbytes = contact.source, contact.target, nbytes
    leg.t_ready_s = t_s
    free_s = c.plan.free_s[product, place]
    if opened < c.facts[opened].last:
        free_s = found.later_s[place]
    leg.t_start_s = begins_s(c, place, max(t_s, free_s), nbytes)
    leg.t_end_s = leg.t_start_s + nbytes * BITS_PER_BYTE / window.rate_bps
    leg.t_arrival_s = leg.t_end_s + window.light_s
    leg.t_window_s = t_s
    away_s = max(c.nodes[contact.source].gone_s, c.nodes[contact.target].away_s)
    opens_s = max(window.start_s, away_s)
    if opens_s > t_s:
        leg.t_window_s = _full_from_s(c, place, product, opened, t_s, nbytes, opens_s)


@part
def take_link(c: Shared, leg: Table) -> None:
    """Note that the sender of a leg over a contact is given to a job in this choice."""
    sender = c.plan.windows[c.place_of[leg.contact]].sender
    c.booked.items[sender].taken = c.con[0].batch


@part
def is_link_given(c: Shared, leg: Table) -> bool:
    """Whether the sender of a leg over a contact is given to another job in this choice."""
    sender = c.plan.windows[c.place_of[leg.contact]].sender
    return bool(c.booked.items[sender].taken == c.con[0].batch)


@part
def _full_from_s(
    c: Shared, place: int, product: int, opened: int, t_s: float, nbytes: float, least_s: float
) -> float:
    """When a full window was or will be open to the same node or another way down, if before."""
    plan, contact = c.plan, c.contacts[place]
    node, bits = c.nodes[contact.source].index, nbytes * BITS_PER_BYTE
    for k in range(plan.first_pair[node], plan.first_pair[node + 1]):
        pair = plan.pairs[k]
        if pair.opens_s >= least_s:
            break
        if pair.target != c.nodes[contact.target].index and not (
            _is_exit(c, pair.target) and c.open[open_row(c, opened), pair.target]
        ):
            continue
        low, high = pair.first, plan.pairs[k + 1].first
        for other in range(first_open(plan.windows, low, high, t_s), high):
            window = plan.windows[other]
            if window.opens_s >= least_s:
                break
            begin_s, sending_s = max(t_s, window.start_s), bits / window.rate_bps
            fitted = begin_s + sending_s <= window.end_s
            known = not fitted or begin_s >= least_s or not carries(c, other, product)
            if not known and begins_s(c, other, begin_s, nbytes) == np.inf:
                least_s = begin_s
    return float(least_s)


@part
def _is_exit(c: Shared, index: int) -> bool:
    found = False
    for way in range(len(c.exits)):
        found = found or c.exits[way].index == index
    return found


@part
def write_way(c: Shared, table: Table, row: int, count: int) -> None:
    """Write the legs of a way, which a decision names.

    Parameters
    ----------
    c : Shared
        Its ``way`` has the legs.
    table : Table
        Of decisions.
    row, count : int
        Which, and how many legs.
    """
    table[row].first_leg, table[row].legs = c.filled[1], count
    for k in range(count):
        if c.filled[1] >= len(c.legs):
            c.con[0].overflow = 1
            return
        c.legs[c.filled[1]] = c.way[k]
        c.filled[1] += 1


@part
def add_fibre(c: Shared, way: int, count: int, t_s: float, nbytes: float) -> int:
    """Time the last leg of a way down, which is always open; over routes it is timed already.

    Parameters
    ----------
    c : Shared
        Its ``way`` has the legs to the ground node, if there are any.
    way, count : int
        Row of exits, legs so far.
    t_s, nbytes : float
        When the product is ready at its source [s], and its size [B].

    Returns
    -------
    int
        Legs with it.
    """
    if c.con[0].routed > 0:
        return count
    there, leg = c.exits[way], c.way[count]
    if count > 0:
        t_s = c.way[count - 1].t_arrival_s
    leg.contact, leg.kind = -1, -1
    leg.source, leg.target, leg.nbytes = there.ground, there.centre, nbytes
    leg.t_ready_s, leg.t_window_s, leg.t_start_s = t_s, t_s, t_s
    leg.t_end_s = t_s + nbytes * BITS_PER_BYTE / there.rate_bps
    leg.t_arrival_s = leg.t_end_s + there.delay_s
    return count + 1


@part
def next_window_s(c: Shared, product: int, source: int, t_s: float) -> float:
    """Say when a node can next send at all, whatever is booked.

    Parameters
    ----------
    c : Shared
        What is known.
    product, source : int
        What, and the fleet row that has it.
    t_s : float
        From when on [s].

    Returns
    -------
    float
        The time itself if a window is open, infinity if none comes [s].
    """
    node, plan, opens_s = c.nodes[source].index, c.plan, np.inf
    if c.con[0].routed > 0:
        return t_s
    if node < 0:
        return np.inf
    for place in range(
        plan.pairs[plan.first_pair[node]].first, plan.pairs[plan.first_pair[node + 1]].first
    ):
        window = plan.windows[place]
        if window.end_s > t_s and carries(c, place, product):
            opens_s = min(opens_s, window.start_s)
    return max(t_s, opens_s)


# ------------------------------------------------------------------ alternatives


@part
def add_other(c: Shared, node: int, t_answer_s: float, why: int, until_s: float) -> None:
    """Write an alternative.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    node, why : int
        Which, and the code of why it lost.
    t_answer_s, until_s : float
        When the answer would be there; the time that stands in its words [s].
    """
    if c.filled[2] >= len(c.others):
        c.con[0].overflow = 1
        return
    other = c.others[c.filled[2]]
    other.node, other.why, other.count = node, why, 1
    other.t_answer_s, other.number = t_answer_s, until_s
    c.filled[2] += 1


@part
def count_other(c: Shared, first: int, why: int, until_s: float) -> None:
    """Count an alternative that is not named among others of the same words.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    first, why : int
        Row from which on others are counted, code.
    until_s : float
        That stands in its words [s].
    """
    for k in range(first, c.filled[2]):
        same = c.others[k].number == until_s or (
            until_s != until_s and c.others[k].number != c.others[k].number
        )
        if c.others[k].why == why and same:
            c.others[k].count += 1
            return
    add_other(c, _SEVERAL, np.nan, why, until_s)


@part
def other_exits(c: Shared, found: Search, best: int, nbytes: float) -> None:
    """Name the other ground nodes at which a way down could end: the first, and how many more.

    Over routes none is named: most answers have a ground node of their own.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    found : Search
        From :func:`search`.
    best : int
        Row of the exit that is taken.
    nbytes : float
        Size of the product [B].
    """
    if c.con[0].routed > 0:
        return
    count, last, last_s = -1, best, at_centre_s(c, found, best, nbytes)
    for way in range(len(c.exits)):
        count += at_centre_s(c, found, way, nbytes) < np.inf
    named = count if count == _NAMED_EXITS + 1 else min(count, _NAMED_EXITS)
    for _ in range(named):
        following, following_s = -1, np.inf
        for way in range(len(c.exits)):
            there_s = at_centre_s(c, found, way, nbytes)
            behind = there_s > last_s or (there_s == last_s and way > last)
            if behind and there_s < following_s:
                following, following_s = way, there_s
        last, last_s = following, following_s
        add_other(c, c.exits[last].ground, last_s, _LATER, np.nan)
    if count > named:
        add_other(c, _SEVERAL, np.nan, _LATER, np.nan)
        if c.filled[2] > 0:
            c.others[c.filled[2] - 1].count = count - named


@part
def add_closed_user(c: Shared, job: int) -> None:
    """Name the ground node that asked for an answer that no rule lets go there, and the rule."""
    verdict = float(answer_verdict(c, job))
    add_other(c, wide(c.jobs[job].user), np.nan, _CLOSED, verdict)


@part
def add_closed(c: Shared, first: int, count: int) -> None:
    """Name the places that rules close.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    first, count : int
        Rows of closed places.
    """
    for k in range(first, first + count):
        if c.filled[2] >= len(c.others):
            c.con[0].overflow = 1
            return
        c.others[c.filled[2]] = c.closed[k]
        c.filled[2] += 1
