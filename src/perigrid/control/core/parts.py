"""Products that fit into no single window: sent in parts, over contacts of who holds them.

A part goes down over one contact and on to a data centre, the same for all of a product. The next
begins once it is there. All are booked at once, as the legs of one move; if that breaks off, what
has come to the data centre is not sent again.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan.equipment import longest_s
from perigrid.control.core.messages import NOTHING
from perigrid.control.core.routes import usual_s
from perigrid.control.core.rules import opens_s
from perigrid.control.core.search import begins_s, best_exit, open_row, search
from perigrid.control.core.shared import Shared, wide
from perigrid.physics.compiled import part

SHORTEST_PART_S: Final = 10.0
"""Gaps that are shorter take no part, unless it is the last (assumed). [s]"""
MOST_PARTS: Final = 40
"""Of a product."""
_SHORTEST_S, _MOST_LEGS = SHORTEST_PART_S, 2 * MOST_PARTS


@part
def goes_in_parts(c: Shared, job: int, product: int, nbytes: float) -> bool:
    """Whether a product is larger than every window into the ground, or is there in part."""
    con = c.con[0]
    return bool(con.parts > 0 and (nbytes > con.widest_bytes[product] or _is_begun(c, job)))


@part
def _is_begun(c: Shared, job: int) -> bool:
    return bool(job >= 0 and c.jobs[job].there_bytes > 0.0)


@part
def time_parts(
    c: Shared, job: int, product: int, opened: int, source: int, t_s: float, nbytes: float
) -> int:
    """Time the legs of all parts of a product that are not there yet.

    Parameters
    ----------
    c : Shared
        Its ``way`` receives them: for each part one down and one of fibre.
    job, product, opened, source : int
        Whose, which, row of facts, fleet row that has it.
    t_s, nbytes : float
        When it is ready there [s], and its whole size [B].

    Returns
    -------
    int
        How many; 0 if the contacts there are do not take all of it.
    """
    left_bytes, centre, count = nbytes, NOTHING, 0
    if _is_begun(c, job):
        left_bytes -= c.jobs[job].there_bytes
        centre = wide(c.jobs[job].there)
    while left_bytes > 0.0:
        place, begin_s = _next_contact(c, product, opened, source, t_s, left_bytes)
        if place < 0 or count + 2 > _MOST_LEGS:
            return 0
        way = _exit_of(c, wide(c.contacts[place].target))
        centre = centre if centre >= 0 else wide(c.exits[way].centre)
        left_bytes -= _add_part(c, count, place, way, centre, t_s, begin_s, left_bytes)
        count += 2
        t_s = c.way[count - 1].t_arrival_s
    return count


@part
def _next_contact(
    c: Shared, product: int, opened: int, source: int, t_s: float, left_bytes: float
) -> tuple[int, float]:
    """Find the contact into the ground over which a part can begin first, and when; or -1."""
    plan, node, best, best_s = c.plan, c.nodes[source].index, NOTHING, np.inf
    if node < 0:
        return NOTHING, np.inf
    first, last = plan.first_pair[node], plan.first_pair[node + 1]
    for place in range(plan.pairs[first].first, plan.pairs[last].first):
        window, target = plan.windows[place], c.contacts[place].target
        index = c.nodes[target].index
        from_s = max(t_s, window.start_s, plan.free_s[product, place])
        closed = not c.open[open_row(c, opened), index] or _exit_of(c, wide(target)) < 0
        if closed or from_s >= min(window.end_s, best_s):
            continue
        least_s = min(left_bytes * BITS_PER_BYTE / window.rate_bps, _SHORTEST_S)
        least_bytes = least_s * window.rate_bps / BITS_PER_BYTE
        begin_s = begins_s(c, place, from_s, least_bytes)
        if begin_s < np.inf:
            ruled_s = opens_s(c, opened, index, begin_s)
            if ruled_s > begin_s:
                begin_s = begins_s(c, place, ruled_s, least_bytes)
        if begin_s < best_s:
            best, best_s = place, begin_s
    return best, best_s


@part
def _exit_of(c: Shared, ground: int) -> int:
    """Row of the exit at a ground node; -1 if there is none."""
    for way in range(len(c.exits)):
        if c.exits[way].ground == ground:
            return way
    return NOTHING


@part
def _add_part(
    c: Shared,
    count: int,
    place: int,
    way: int,
    centre: int,
    t_s: float,
    begin_s: float,
    left_bytes: float,
) -> float:
    """Write the two legs of a part, as much as the gap takes; its size [B]."""
    window, contact = c.plan.windows[place], c.contacts[place]
    down, on = c.way[count], c.way[count + 1]
    most_s = longest_s(c.booked, window, begin_s)
    # Whole bytes, and one less: the part ends before the gap does, however sums are rounded.
    fits_bytes = np.floor(most_s * window.rate_bps / BITS_PER_BYTE) - 1.0
    nbytes = min(left_bytes, max(fits_bytes, 1.0))
    down.contact, down.kind, down.source, down.target = (
        contact.row, contact.kind, contact.source, contact.target,
    )  # fmt: skip
    down.nbytes, down.t_ready_s, down.t_start_s = nbytes, t_s, begin_s
    down.t_window_s = min(max(t_s, window.start_s), begin_s)
    down.t_end_s = begin_s + nbytes * BITS_PER_BYTE / window.rate_bps
    down.t_arrival_s = down.t_end_s + window.light_s
    on.contact, on.kind, on.source, on.target, on.nbytes = -1, -1, contact.target, centre, nbytes
    on.t_ready_s = on.t_window_s = on.t_start_s = down.t_arrival_s
    on.t_end_s = on.t_start_s + nbytes * BITS_PER_BYTE / c.exits[way].rate_bps
    on.t_arrival_s = on.t_end_s + c.fibre_s[way, centre]
    return float(nbytes)


@part
def to_centre_s(
    c: Shared, job: int, product: int, opened: int, source: int, t_s: float, nbytes: float
) -> float:
    """Find the earliest arrival at any data centre; over routes at the ground node of an answer.

    Parameters
    ----------
    c, product, opened, source, t_s, nbytes
        As for :func:`search`; its room is that of ways from other satellites.
    job : int
        Whose product.

    Returns
    -------
    float
        Infinity if no window within the outlook can carry it [s].
    """
    if goes_in_parts(c, NOTHING, product, nbytes):
        count = time_parts(c, NOTHING, product, opened, source, t_s, nbytes)
        return float(c.way[count - 1].t_arrival_s) if count > 0 else np.inf
    if not search(c, c.there, product, opened, source, t_s, nbytes):
        return np.inf
    if c.con[0].routed > 0:
        return usual_s(c, c.there, job, nbytes)
    return best_exit(c, c.there, job, nbytes)[1]
