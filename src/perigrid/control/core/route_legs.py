"""Legs over the routes of now, and what is booked on the lines of nodes."""

from __future__ import annotations

import numpy as np

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.core.messages import Table
from perigrid.control.core.routes import PRODUCT, SOURCE, route_down
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import RAW, Search
from perigrid.fleet.model import ContactKind
from perigrid.physics.compiled import part

_UP, _DOWN = int(ContactKind.CROSSLINK), int(ContactKind.DOWNLINK)

# ------------------------------------------------------------------ legs


@part
def time_route(c: Shared, found: Search, target: int, nbytes: float) -> int:
    """Time the legs to a satellite or a ground node.

    Parameters
    ----------
    c : Shared
        Its ``way`` receives them.
    found : Search
        From :func:`ask`; a satellite is one of those listed.
    target : int
        Fleet row.
    nbytes : float
        Size [B].

    Returns
    -------
    int
        How many: a route, and fibre if what is not computed goes on to a data centre.
    """
    source, leg, t_s = found.asked[SOURCE], c.way[0], found.asked_s[0]
    if target < c.con[0].n_satellites:
        me = c.nodes[source]
        _fill(leg, _UP, source, target, t_s, nbytes)
        leg.t_start_s = max(t_s, me.line_free_s)
        leg.t_end_s = leg.t_start_s + nbytes * BITS_PER_BYTE / me.line_bps
        leg.t_arrival_s = found.arrival_s[target]
        return 1
    way, count = wide(c.nodes[target].ground), 0
    if source < c.con[0].n_satellites:
        _fill(leg, _DOWN, source, target, t_s, nbytes)
        leg.t_start_s, leg.t_arrival_s = route_down(c, found, way, nbytes)
        leg.t_end_s = leg.t_start_s + nbytes * BITS_PER_BYTE / c.nodes[target].line_bps
        t_s, count = leg.t_arrival_s, 1
    hub = wide(c.exits[way].hub)
    if found.asked[PRODUCT] == RAW:
        _fibre(c, c.way[count], way, target, hub, t_s, nbytes)
        count += 1
    elif source >= c.con[0].n_satellites:
        _fibre(c, c.way[count], way, hub, target, t_s, nbytes)
        count += 1
    return count


@part
def _fill(leg: Table, kind: int, source: int, target: int, t_s: float, nbytes: float) -> None:
    leg.contact, leg.kind, leg.source, leg.target, leg.nbytes = -1, kind, source, target, nbytes
    leg.t_ready_s, leg.t_window_s = t_s, t_s


@part
def _fibre(
    c: Shared, leg: Table, way: int, source: int, target: int, t_s: float, nbytes: float
) -> None:
    """Time a leg of fibre, which is always open and not shared."""
    _fill(leg, -1, source, target, t_s, nbytes)
    leg.t_start_s = t_s
    leg.t_end_s = t_s + nbytes * BITS_PER_BYTE / c.exits[way].hub_bps
    leg.t_arrival_s = leg.t_end_s + c.exits[way].hub_delay_s


@part
def held_until_s(c: Shared) -> float:
    """Until when a rule holds the first leg of a way; minus infinity if none does [s]."""
    leg = c.way[0]
    if leg.kind != _DOWN:
        return -np.inf
    free_s = max(leg.t_ready_s, c.nodes[leg.target].down_free_s)
    return float(leg.t_start_s if leg.t_start_s > free_s else -np.inf)


# ------------------------------------------------------------------ lines


@part
def book_line(c: Shared, leg: Table) -> None:
    """Take the time of a leg out of its line, if it has one."""
    source, target, n = wide(leg.source), wide(leg.target), c.con[0].n_satellites
    if target < n:
        c.nodes[source].line_free_s = max(c.nodes[source].line_free_s, leg.t_end_s)
    elif source < n:
        c.nodes[target].down_free_s = max(c.nodes[target].down_free_s, leg.t_end_s)


@part
def give_back_line(c: Shared, leg: Table) -> None:
    """Give back the time of a leg under way that is not sent, if nothing is booked behind it."""
    source, target, now_s = wide(leg.source), wide(leg.target), c.con[0].t_s
    begun_s = max(now_s, leg.start_s)
    if target < c.con[0].n_satellites:
        if c.nodes[source].line_free_s == leg.end_s:
            c.nodes[source].line_free_s = begun_s
    elif source < c.con[0].n_satellites and c.nodes[target].down_free_s == leg.end_s:
        c.nodes[target].down_free_s = begun_s


@part
def is_line_given(c: Shared, source: int) -> bool:
    """Whether a satellite's line is given to another job in this choice."""
    return bool(c.nodes[source].taken == c.con[0].batch)
