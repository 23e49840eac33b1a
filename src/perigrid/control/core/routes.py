"""Ways over the routes of now, where there are no windows: one leg each, and lines that are shared.

A ground node has one line for what it sends and one for what comes down to it, a satellite one for
its lasers. What is booked on a line is sent before anything else. How long it takes from there says
a snapshot of the network, which is fed from outside and holds until the next. Where no route is
now, it may be then.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.core.messages import NOTHING
from perigrid.control.core.rules import facts_of, opens_s
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import RAW, THERE, Search
from perigrid.physics.compiled import part

FAR: Final = 8
"""Satellites from anywhere that are weighed beside the nearest ones: those may all be taken up."""
REACHED: Final = 32
"""Satellites that are weighed, at most: over lasers the nearest."""
FRONTIER: Final = 256
"""Room of a search over lasers."""
SOON_S: Final = 1.0
_MODULUS, _MULTIPLIER = 2_147_483_647, 48_271  # of Lehmer's generator
COUNT, SOURCE, PRODUCT, OPENED, DESPITE = 0, 1, 2, 3, 4
"""Places in what was asked."""
_FAR, _REACHED, _FRONTIER, _SOON_S = FAR, REACHED, FRONTIER, SOON_S

# ------------------------------------------------------------------ what is asked


@part
def ask(found: Search, product: int, opened: int, source: int, t_s: float, despite: int) -> bool:
    """Note what is searched for; ways are worked out as they are asked for.

    Parameters
    ----------
    found : Search
        Notes it.
    product, opened, source : int
        Product, row of facts, fleet row that has it.
    t_s : float
        When it is ready there [s].
    despite : int
        1 as if what is away were there.

    Returns
    -------
    bool
        True: every node has a line.
    """
    found.asked[SOURCE], found.asked[PRODUCT] = source, product
    found.asked[OPENED], found.asked[DESPITE] = opened, despite
    found.asked_s[0] = t_s
    return True


@part
def is_open(c: Shared, opened: int, node: int) -> bool:
    """Whether rules leave a node open, now or later, to what has these facts."""
    row = len(c.open) - 1 if c.con[0].within > 0 else wide(c.facts[opened].open)
    return bool(c.open[row, node])


@part
def _opens_s(c: Shared, found: Search, node: int, t_s: float) -> float:
    """When a product may be sent to a node, not before a time; infinity for never [s]."""
    opened = found.asked[OPENED]
    if not is_open(c, opened, node):
        return np.inf
    return t_s if opened == c.facts[opened].last else opens_s(c, opened, node, t_s)


@part
def _is_away(c: Shared, found: Search, node: int) -> bool:
    """Whether nothing can be sent to a node or from it."""
    away_s = c.nodes[node].gone_s if node == found.asked[SOURCE] else c.nodes[node].away_s
    return bool(away_s == np.inf if found.asked[DESPITE] > 0 else away_s > c.con[0].t_s)


@part
def routes_again_s(c: Shared) -> float:
    """When there will be other routes [s]."""
    return float(max(c.con[0].route_end_s, c.con[0].t_s + _SOON_S))


# ------------------------------------------------------------------ up, and from one to another


@part
def list_hosts(c: Shared, found: Search, nbytes: float) -> None:
    """List satellites that a product can be sent to now, and when it would be there.

    Parameters
    ----------
    c : Shared
        What is known.
    found : Search
        From :func:`ask`. Of data on the ground the nearest satellites and some from anywhere, of
        data on a satellite those nearest over lasers.
    nbytes : float
        Size [B].
    """
    for k in range(found.asked[COUNT]):
        found.arrival_s[found.reached[k]] = np.inf
        found.via[found.reached[k]] = 0
    found.asked[COUNT] = 0
    source = found.asked[SOURCE]
    if _is_away(c, found, source):
        return
    me = c.nodes[source]
    start_s = max(found.asked_s[0], me.line_free_s)
    sent_s = start_s + nbytes * BITS_PER_BYTE / me.line_bps
    if me.ground >= 0:
        _around_ground(c, found, wide(me.ground), sent_s)
    elif source < c.con[0].n_satellites:
        _around_satellite(c, found, source, sent_s)


@part
def _around_ground(c: Shared, found: Search, ground: int, sent_s: float) -> None:
    last_s = -1.0
    for k in range(c.route_near.shape[1]):
        node = wide(c.route_near[ground, k])
        if node < 0:
            break
        last_s = c.route_delay_s[ground, node]
        _reach(c, found, node, sent_s + last_s)
    con = c.con[0]
    con.searched += 1
    state = (con.searched * 7_919 + ground * 104_729 + 12_345) % _MODULUS
    for _ in range(_FAR):
        state = (state * _MULTIPLIER + 11) % _MODULUS
        node = wide(state % con.n_satellites)
        delay_s = c.route_delay_s[ground, node]
        if last_s < delay_s < np.inf:  # what is nearer is listed already
            _reach(c, found, node, sent_s + delay_s)


@part
def _reach(c: Shared, found: Search, node: int, arrival_s: float) -> None:
    """List a satellite; what rules close to it now is listed and not reached."""
    if found.via[node] > 0:
        return
    found.via[node] = 1
    found.reached[found.asked[COUNT]] = node
    found.asked[COUNT] += 1
    now_s = c.con[0].t_s
    if not _is_away(c, found, node) and _opens_s(c, found, node, now_s) == now_s:
        found.arrival_s[node] = arrival_s


@part
def _around_satellite(c: Shared, found: Search, source: int, sent_s: float) -> None:
    """List the nearest satellites over lasers, the nearest first, of equals the lower number."""
    near, delay_s, waiting = found.heap, found.later_s, 1
    near[0], delay_s[0] = source, 0.0
    while waiting > 0 and found.asked[COUNT] < _REACHED:
        best = 0
        for k in range(1, waiting):
            nearer = delay_s[k] < delay_s[best]
            if nearer or (delay_s[k] == delay_s[best] and near[k] < near[best]):
                best = k
        node, there_s = near[best], delay_s[best]
        waiting -= 1
        near[best], delay_s[best] = near[waiting], delay_s[waiting]
        known = found.via[node] > 0 or (node == source and there_s > 0.0)
        if known:
            continue
        if node != source:
            _reach(c, found, node, sent_s + there_s)
        for entry in range(c.laser_first[node], c.laser_first[node + 1]):
            if c.laser_s[entry] < np.inf and waiting < _FRONTIER:
                near[waiting], delay_s[waiting] = c.laser_to[entry], there_s + c.laser_s[entry]
                waiting += 1


@part
def count_hosts(c: Shared, found: Search) -> int:
    """How many satellites were listed; over windows all are."""
    return int(found.asked[COUNT] if c.con[0].routed > 0 else c.con[0].n_satellites)


@part
def host_at(c: Shared, found: Search, k: int) -> int:
    """Satellite by its place in the list."""
    return int(found.reached[k] if c.con[0].routed > 0 else k)


# ------------------------------------------------------------------ down


@part
def at_ground_s(c: Shared, found: Search, way: int, nbytes: float) -> float:
    """When a product is where an exit leads to; infinity if it does not come there [s].

    Parameters
    ----------
    c : Shared
        What is known.
    found : Search
        From :func:`ask`.
    way : int
        Row of exits.
    nbytes : float
        Size [B].

    Returns
    -------
    float
        At the ground node; of what is not computed at the data centre behind it.
    """
    there, source, t_s = c.exits[way], found.asked[SOURCE], found.asked_s[0]
    raw = found.asked[PRODUCT] == RAW
    if _is_away(c, found, there.ground) or _is_away(c, found, source):
        return np.inf
    fibre_s = nbytes * BITS_PER_BYTE / there.hub_bps + there.hub_delay_s
    if source >= c.con[0].n_satellites:
        joined = there.hub >= 0 and (source == there.ground if raw else source == there.hub)
        return t_s + fibre_s if joined else np.inf
    start_s, arrival_s = route_down(c, found, way, nbytes)
    if not start_s < np.inf or (raw and there.hub < 0):
        return np.inf
    return arrival_s + fibre_s if raw else arrival_s


@part
def route_down(c: Shared, found: Search, way: int, nbytes: float) -> tuple[float, float]:
    """When a route down begins to send, and when the product is at the ground node [s]."""
    there = c.exits[way]
    me, con = c.nodes[there.ground], c.con[0]
    delay_s = c.route_delay_s[way, found.asked[SOURCE]]
    if not delay_s < np.inf:
        return np.inf, np.inf
    start_s = _opens_s(c, found, wide(there.ground), max(found.asked_s[0], me.down_free_s))
    return start_s, start_s + nbytes * BITS_PER_BYTE / me.line_bps + delay_s + con.hop_s


@part
def only_exit(c: Shared, found: Search, job: int) -> int:
    """Row of the only exit that a product may take; -1 if it may take any."""
    source, user = found.asked[SOURCE], c.jobs[job].user
    if source >= c.con[0].n_satellites and found.asked[PRODUCT] == RAW:
        return wide(c.nodes[source].ground)
    return wide(c.nodes[user].ground) if user >= 0 else NOTHING


@part
def first_exit(c: Shared, found: Search, job: int, nbytes: float) -> tuple[int, float]:
    """Find the exit by which a product is on the ground first.

    Parameters
    ----------
    c : Shared
        What is known.
    found : Search
        From :func:`ask`.
    job : int
        Whose.
    nbytes : float
        Size [B].

    Returns
    -------
    way : int
        Row of exits, of equals the first; -1 for none.
    t_s : float
        When it is there [s].
    """
    only = only_exit(c, found, job)
    first, behind = (only, only + 1) if only >= 0 else (0, len(c.exits))
    best, best_s = NOTHING, np.inf
    for way in range(first, behind):
        there_s = at_ground_s(c, found, way, nbytes)
        if there_s < best_s:
            best, best_s = way, there_s
    return best, best_s


@part
def usual_s(c: Shared, found: Search, job: int, nbytes: float) -> float:
    """When a product would be on the ground by the nearest exit, or any if that is closed [s]."""
    source = found.asked[SOURCE]
    if source < c.con[0].n_satellites and c.jobs[job].user < 0:
        way = nearest_exit(c, source)
        there_s = at_ground_s(c, found, way, nbytes) if way >= 0 else np.inf
        if way < 0 or there_s < np.inf:
            return there_s
    return first_exit(c, found, job, nbytes)[1]


@part
def nearest_exit(c: Shared, node: int) -> int:
    """Row of the exit that a satellite reaches first, whatever is booked; -1 for none."""
    me, until_s = c.satellites[node], c.con[0].route_end_s
    if me.exit_s != until_s:
        me.exit_s, me.exit = until_s, NOTHING
        best_s = np.inf
        for way in range(len(c.exits)):
            if c.route_delay_s[way, node] < best_s:
                me.exit, best_s = way, c.route_delay_s[way, node]
    return wide(me.exit)


@part
def some_exit_open(c: Shared, job: int, product: int) -> bool:
    """Whether rules leave any ground node open, now or later, to which a product may go."""
    opened, user = facts_of(c, job, product), c.jobs[job].user
    if user >= 0 and product != RAW:
        return is_open(c, opened, user)
    some = False
    for way in range(len(c.exits)):
        some = some or is_open(c, opened, wide(c.exits[way].ground))
    return some


@part
def last_end_s(c: Shared, job: int, node: int, nbytes: float) -> float:
    """Latest useful end of computing on a satellite, by the routes of now.

    Parameters
    ----------
    c : Shared
        What is known.
    job, node : int
        Which, and where.
    nbytes : float
        Size of the answer [B].

    Returns
    -------
    float
        As if the way took no time where there is none now: there may be one then. The end of the
        run is none: routes go on, and what is due beyond it is due in that order [s].
    """
    due_s = c.jobs[job].deadline_s
    user = c.jobs[job].user
    way = wide(c.nodes[user].ground) if user >= 0 else nearest_exit(c, node)
    if way < 0:
        return float(due_s)
    delay_s, line_bps = c.route_delay_s[way, node], c.nodes[c.exits[way].ground].line_bps
    if not delay_s < np.inf:
        return float(due_s)
    return float(due_s - nbytes * BITS_PER_BYTE / line_bps - delay_s - c.con[0].hop_s)


# ------------------------------------------------------------------ nodes


@part
def is_there(c: Shared, node: int) -> bool:
    """Whether a node is believed to be in order."""
    return bool(c.nodes[node].away == THERE and c.nodes[node].lost == 0)
