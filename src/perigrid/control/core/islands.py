"""Who is connected to whom when telemetry is reported: over passes, relay terminals and lasers.

Satellites that a chain of links joins are an *island*; the ground is in one of them, all stations
together. Light time and hops count nothing, only that there is a link. What has failed passes
nothing on; where it should have been heard, the others of that island notice its silence.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.control.contact_plan.kernel import first_open
from perigrid.control.core.messages import NOTHING
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import THERE
from perigrid.physics.compiled import part

GROUND: Final = -1
"""In place of the satellite that stands for an island: the ground is in it."""
MISSED: Final = -2
"""In place of an island: of one that is away, and that the ground should have heard."""
_GROUND, _MISSED = GROUND, MISSED


@part
def find_islands(c: Shared) -> None:
    """Find what is connected now.

    Parameters
    ----------
    c : Shared
        Its satellites are told their islands.
    """
    away = 0
    for row in range(c.con[0].n_satellites):
        c.satellites[row].island = row
        away += not _is_up(c, row)
    if c.con[0].routed > 0:
        _over_routes(c)
    else:
        _over_windows(c, 0)
    for row in range(c.con[0].n_satellites):
        c.satellites[row].island = _island(c, row)
    if away > 0 and c.con[0].routed > 0:
        _miss_over_routes(c)
    elif away > 0:
        _over_windows(c, 1)


@part
def is_connected(c: Shared, viewer: int, node: int) -> bool:
    """Whether a node heard a satellite's last report as soon as it was made.

    Parameters
    ----------
    c : Shared
        What is known.
    viewer, node : int
        Fleet rows; a viewer that is no satellite is on the ground.

    Returns
    -------
    bool
        True of itself.
    """
    there = c.satellites[viewer].island if viewer < c.con[0].n_satellites else _GROUND
    joined = there != _MISSED and c.satellites[node].island == there  # both may be missed
    return bool(viewer == node or joined)


@part
def _is_up(c: Shared, node: int) -> bool:
    return bool(c.nodes[node].down == THERE)


@part
def _island(c: Shared, row: int) -> int:
    """Follow satellites that stand for others to the one that stands for itself, or the ground."""
    while row != _GROUND and c.satellites[row].island != row:
        row = wide(c.satellites[row].island)
    return row


@part
def _join(c: Shared, a: int, b: int) -> None:
    """Make one island of those of two satellites, or of a satellite and the ground."""
    a, b = _island(c, a), _island(c, b)
    if a != b:
        c.satellites[max(a, b)].island = min(a, b)  # the ground has the lowest number


@part
def _miss(c: Shared, silent: int, other: int) -> None:
    """Miss a satellite that is away if another, that is up, is with the ground and in reach."""
    if other == _GROUND or (_is_up(c, other) and c.satellites[other].island == _GROUND):
        c.satellites[silent].island = _MISSED


# ------------------------------------------------------------------ windows


@part
def _over_windows(c: Shared, missing: int) -> None:
    """Go through the links that are open: what is up is joined, or what is away missed."""
    plan = c.plan
    for index in range(len(plan.first_pair) - 1):
        for pair in range(plan.first_pair[index], plan.first_pair[index + 1]):
            place = _open_now(c, pair)
            if place >= 0:
                _link(c, wide(c.contacts[place].source), wide(c.contacts[place].target), missing)


@part
def _open_now(c: Shared, pair: int) -> int:
    """Place of a contact between two nodes that is open now; -1 for none."""
    now_s, windows, last = c.con[0].t_s, c.plan.windows, c.plan.pairs[pair + 1].first
    if c.plan.pairs[pair].opens_s > now_s:
        return NOTHING
    for place in range(first_open(windows, c.plan.pairs[pair].first, last, now_s), last):
        if windows[place].opens_s > now_s:
            break
        if windows[place].start_s <= now_s and c.contacts[place].excluded == 0:
            return place
    return NOTHING


@part
def _link(c: Shared, source: int, target: int, missing: int) -> None:
    n = c.con[0].n_satellites
    if source >= n or (target >= n and not _is_up(c, target)):
        return
    other = target if target < n else _GROUND
    if missing == 0:
        if _is_up(c, source) and (other == _GROUND or _is_up(c, other)):
            _join(c, source, other)
    elif not _is_up(c, source):
        _miss(c, source, other)
    elif other != _GROUND and not _is_up(c, other):
        _miss(c, other, source)


# ------------------------------------------------------------------ routes


@part
def _over_routes(c: Shared) -> None:
    """Join what has a route to the ground with it, and the rest over lasers."""
    apart = 0
    for row in range(c.con[0].n_satellites):
        if _is_up(c, row) and _has_route(c, row):
            c.satellites[row].island = _GROUND
        else:
            apart += 1
    for row in range(c.con[0].n_satellites if apart > 0 else 0):
        if c.satellites[row].island != _GROUND and _is_up(c, row):
            _over_lasers(c, row)


@part
def _has_route(c: Shared, row: int) -> bool:
    """Whether the routes of now lead from any ground node to a satellite."""
    found = False
    for ground in range(len(c.route_delay_s)):
        found = found or c.route_delay_s[ground, row] < np.inf
    return found


@part
def _over_lasers(c: Shared, row: int) -> None:
    for entry in range(c.laser_first[row], c.laser_first[row + 1]):
        if c.laser_s[entry] < np.inf and _is_up(c, wide(c.laser_to[entry])):
            _join(c, row, wide(c.laser_to[entry]))


@part
def _miss_over_routes(c: Shared) -> None:
    """Miss satellites that are away, and would have had a route or a laser to who has one."""
    for row in range(c.con[0].n_satellites):
        if _is_up(c, row):
            continue
        if c.route_missed[row] or _has_route(c, row):  # which is from before it failed
            c.satellites[row].island = _MISSED
        for entry in range(c.laser_first[row], c.laser_first[row + 1]):
            if c.laser_cut[entry] or c.laser_s[entry] < np.inf:
                _miss(c, row, wide(c.laser_to[entry]))
