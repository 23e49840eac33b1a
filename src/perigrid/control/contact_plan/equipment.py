"""What sends or receives one thing at a time, and what is booked on it.

A piece of equipment is a satellite's radio, an antenna of a ground station, or one direction of a
laser link in one of its windows. What is booked on it are spans of time in their order; the gaps
between them are filled. An antenna that turns from one satellite to another needs time for it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from perigrid.control.contact_plan.table import Ints, Table
from perigrid.physics.compiled import part

NONE: Final = -1
"""In place of a row."""

ITEM: Final[list[tuple[str, type[np.generic]]]] = [
    ("turn_s", np.float64),  # from one sender to another
    ("first", np.int64),  # span that is not over; -1. From here on it changes
    ("over_s", np.float64),  # end of the last that is; minus infinity
    ("over_by", np.int64),  # and whose that was
    ("taken", np.int64),  # choice in which it was last given to a job
]
"""A piece of equipment."""

SPAN: Final[list[tuple[str, type[np.generic]]]] = [
    ("next", np.int64),  # on the same item, or free row; -1
    ("begin_s", np.float64),
    ("end_s", np.float64),
    ("by", np.int64),  # node that sends
]
"""A time in which an item serves a sender, with nothing between: one booking, or several."""


class Equipment(NamedTuple):
    """All pieces of equipment of a contact plan, with what is booked.

    ``free`` (1,) has the first row of spans that is free. Each span that is not over ends with a
    booking of a move under way, so that there never are more on an item than bookings of it.
    """

    items: Table
    spans: Table
    free: Ints


def equipment(items: Table, spans: int) -> Equipment:
    """Let nothing be booked on some items.

    Parameters
    ----------
    items : structured array
        Rows of :data:`ITEM`.
    spans : int
        For how many there is room.

    Returns
    -------
    Equipment
        Its arrays are its own.
    """
    return Equipment(items.copy(), free_spans(spans, NONE), np.full(1, 0 if spans else NONE))


def free_spans(rows: int, last: int, first: int = 0) -> Table:
    """Make rows of spans, each free and followed by the next, the last by another.

    Parameters
    ----------
    rows, last, first : int
        How many; the row behind the last; the number of the first.

    Returns
    -------
    structured array
        Rows of :data:`SPAN`.
    """
    table = np.zeros(rows, dtype=SPAN)
    table["next"] = np.arange(first + 1, first + rows + 1)
    table["next"][-1:] = last
    return table


def items_of(turns_s: list[float]) -> Table:
    """Make items on which nothing was ever booked.

    Parameters
    ----------
    turns_s : list of float
        How long each takes to turn to another sender [s].

    Returns
    -------
    structured array
        Rows of :data:`ITEM`.
    """
    table = np.zeros(len(turns_s), dtype=ITEM)
    table["turn_s"] = turns_s
    table["first"] = table["over_by"] = table["taken"] = NONE
    table["over_s"] = -np.inf
    return table


# ------------------------------------------------------------------ when


@part
def first_fit_s(booked: Equipment, window: Table, t_s: float, sending_s: float) -> float:
    """Find when sending over a contact can begin: its sender and an antenna are free throughout.

    Parameters
    ----------
    booked : Equipment
        What is booked.
    window : record
        The contact, of :data:`perigrid.control.contact_plan.table.WINDOW`.
    t_s, sending_s : float
        From when on, and how long it takes [s].

    Returns
    -------
    float
        Infinity if it fits nowhere before the contact ends. It never falls as ``t_s`` rises [s].
    """
    begin_s = max(t_s, window.start_s)
    while begin_s + sending_s <= window.end_s:
        sent_s = begin_s
        if window.sender >= 0:
            sent_s = _gap_s(booked, window.sender, window.source, begin_s, sending_s)
        begin_s = sent_s
        if window.antennas > 0:
            begin_s = _antenna_s(booked, window, sent_s, sending_s)
        if begin_s == sent_s:
            return float(begin_s if begin_s + sending_s <= window.end_s else np.inf)
    return np.inf


@part
def _antenna_s(booked: Equipment, window: Table, t_s: float, sending_s: float) -> float:
    """When the first antenna of a contact's station is free from a time on [s]."""
    best_s = np.inf
    for row in range(window.antenna, window.antenna + window.antennas):
        best_s = min(best_s, _gap_s(booked, row, window.source, t_s, sending_s))
        if best_s == t_s:
            break
    return float(best_s)


@part
def _gap_s(booked: Equipment, row: int, by: int, t_s: float, sending_s: float) -> float:
    """When the first gap of an item that is long enough begins, from a time on [s]."""
    item, spans = booked.items[row], booked.spans
    over_s = item.over_s if item.over_by == by else item.over_s + item.turn_s
    begin_s, place = max(t_s, over_s), item.first
    while place >= 0:
        span = spans[place]
        turn_s = 0.0 if span.by == by else item.turn_s
        if begin_s + sending_s + turn_s <= span.begin_s:
            break
        begin_s = max(begin_s, span.end_s + turn_s)
        place = span.next
    return float(begin_s)


@part
def is_free(booked: Equipment, row: int, by: int, begin_s: float, end_s: float) -> bool:
    """Say whether an item can serve a sender for a time.

    Parameters
    ----------
    booked : Equipment
        What is booked.
    row, by : int
        The item, and the node that sends.
    begin_s, end_s : float
        From and to when [s].

    Returns
    -------
    bool
        It could turn before and after, too.
    """
    item, spans = booked.items[row], booked.spans
    over_s = item.over_s if item.over_by == by else item.over_s + item.turn_s
    place = item.first
    while over_s <= begin_s and place >= 0:
        span = spans[place]
        turn_s = 0.0 if span.by == by else item.turn_s
        if end_s + turn_s <= span.begin_s:
            return True
        over_s, place = max(over_s, span.end_s + turn_s), span.next
    return bool(over_s <= begin_s)


@part
def pick_antenna(booked: Equipment, window: Table, begin_s: float, end_s: float) -> int:
    """Choose an antenna for a time: one that has not to turn, else the first that is free.

    Parameters
    ----------
    booked, window
        As for :func:`first_fit_s`.
    begin_s, end_s : float
        From and to when it sends [s].

    Returns
    -------
    int
        Row of items; -1 if none is free, or the station needs none.
    """
    chosen = NONE
    for row in range(window.antenna, window.antenna + window.antennas):
        if is_free(booked, row, window.source, begin_s, end_s):
            if _faces(booked, row, begin_s) == window.source:
                return int(row)
            if chosen < 0:
                chosen = row
    return int(chosen)


@part
def _faces(booked: Equipment, row: int, t_s: float) -> int:
    """Whom an item served last before a time; -1 for nobody."""
    by, place = booked.items[row].over_by, booked.items[row].first
    while place >= 0 and booked.spans[place].begin_s < t_s:
        by, place = booked.spans[place].by, booked.spans[place].next
    return int(by)


@part
def longest_s(booked: Equipment, window: Table, begin_s: float) -> float:
    """Say how long sending over a contact can last from a time at which it can begin.

    Parameters
    ----------
    booked, window
        As for :func:`first_fit_s`.
    begin_s : float
        When it begins [s].

    Returns
    -------
    float
        Until the contact ends, or its sender or the antenna is needed for something else [s].
    """
    end_s = window.end_s
    if window.sender >= 0:
        end_s = min(end_s, _needed_s(booked, window.sender, window.source, begin_s))
    if window.antennas > 0:
        last_s = begin_s
        for row in range(window.antenna, window.antenna + window.antennas):
            last_s = max(last_s, _needed_s(booked, row, window.source, begin_s))
        end_s = min(end_s, last_s)
    return float(end_s - begin_s)


@part
def _needed_s(booked: Equipment, row: int, by: int, begin_s: float) -> float:
    """When an item that is free for a sender has to turn to its next span; else the time [s]."""
    item, spans = booked.items[row], booked.spans
    over_s = item.over_s if item.over_by == by else item.over_s + item.turn_s
    place = item.first
    while over_s <= begin_s and place >= 0:
        span = spans[place]
        turn_s = 0.0 if span.by == by else item.turn_s
        if begin_s + turn_s <= span.begin_s:
            return float(span.begin_s - turn_s)
        over_s, place = max(over_s, span.end_s + turn_s), span.next
    return float(np.inf if over_s <= begin_s else begin_s)


# ------------------------------------------------------------------ bookings


@part
def occupy(booked: Equipment, row: int, by: int, begin_s: float, end_s: float) -> bool:
    """Book a gap of an item.

    Parameters
    ----------
    booked : Equipment
        Changed.
    row, by : int
        The item, and the node that sends.
    begin_s, end_s : float
        From and to when [s].

    Returns
    -------
    bool
        False if there is no room for another span.
    """
    item, spans = booked.items[row], booked.spans
    before, after = NONE, item.first
    while after >= 0 and spans[after].begin_s < begin_s:
        before, after = after, spans[after].next
    if before >= 0 and spans[before].by == by and spans[before].end_s == begin_s:
        spans[before].end_s = end_s
    else:
        new = booked.free[0]
        if new < 0:
            return False
        booked.free[0] = spans[new].next
        spans[new].next, spans[new].by = after, by
        spans[new].begin_s, spans[new].end_s = begin_s, end_s
        _follow(booked, row, before, new)
        before = new
    if after >= 0 and spans[after].by == by and spans[after].begin_s == end_s:
        spans[before].end_s = spans[after].end_s
        _drop(booked, row, before, after)
    return True


@part
def vacate(booked: Equipment, row: int, begin_s: float, end_s: float) -> bool:
    """Give back a part of what is booked on an item.

    Parameters
    ----------
    booked, row
        As for :func:`occupy`.
    begin_s, end_s : float
        Within one booking [s].

    Returns
    -------
    bool
        False if there is no room for another span.
    """
    spans, before, place = booked.spans, NONE, booked.items[row].first
    while place >= 0 and not (spans[place].begin_s <= begin_s and end_s <= spans[place].end_s):
        before, place = place, spans[place].next
    if place < 0:
        return True
    kept_s = spans[place].end_s
    if begin_s > spans[place].begin_s:
        spans[place].end_s = begin_s
        if end_s < kept_s:
            return occupy(booked, row, spans[place].by, end_s, kept_s)
    elif end_s < kept_s:
        spans[place].begin_s = end_s
    else:
        _drop(booked, row, before, place)
    return True


@part
def pass_over(booked: Equipment, row: int, now_s: float) -> None:
    """Forget the spans of an item that are over.

    Parameters
    ----------
    booked, row
        As for :func:`occupy`.
    now_s : float
        Now [s].
    """
    item, place = booked.items[row], booked.items[row].first
    while place >= 0 and booked.spans[place].end_s <= now_s:
        item.over_s, item.over_by = booked.spans[place].end_s, booked.spans[place].by
        _drop(booked, row, NONE, place)
        place = item.first


@part
def _drop(booked: Equipment, row: int, before: int, place: int) -> None:
    """Take a span out of its chain."""
    _follow(booked, row, before, booked.spans[place].next)
    booked.spans[place].next, booked.free[0] = booked.free[0], place


@part
def _follow(booked: Equipment, row: int, before: int, place: int) -> None:
    """Let a span come behind another, or first."""
    if before >= 0:
        booked.spans[before].next = place
    else:
        booked.items[row].first = place
