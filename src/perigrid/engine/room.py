"""Whether all arrays have room for whatever the next instant may bring."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.engine.moves import drop_old_legs
from perigrid.engine.state import Count, Filled, Status, World, new_log
from perigrid.physics.compiled import part

_TAKEN, _CLOSED, _QUEUED, _LEGS, _TOLD, _TURN = (
    int(Count.TAKEN), int(Count.CLOSED), int(Count.QUEUED), int(Count.LEGS), int(Count.TOLD),
    int(Count.TURN),
)  # fmt: skip
_DECISIONS, _LEG_ROWS, _OTHERS, _EVENTS, _BEGUN = (int(one) for one in Filled)
_END, _LOG_FULL, _TELEMETRY_FULL, _SHORT = (
    int(Status.END), int(Status.LOG_FULL), int(Status.TELEMETRY_FULL), int(Status.SHORT),
)  # fmt: skip
ANSWERS: Final = 4
"""Decisions on a job in one instant, at most: refused, and what is done instead."""
WAY: Final = 8
"""Legs of a way that there is room for, of each job, unless who decides makes longer ones; and of
one over every node."""
WEIGHED: Final = 16
"""Alternatives told beside a decision, at most."""
_INSTANTS = 4
"""A log that does not take so many instants is made longer."""


@part
def room(w: World) -> int:
    """Look for room.

    Parameters
    ----------
    w : World
        Legs of moves that are over may be dropped.

    Returns
    -------
    int
        :class:`perigrid.engine.state.Status`: ``END`` if there is enough.
    """
    if w.counts[_TOLD] == w.telemetry.shape[1]:
        return _TELEMETRY_FULL
    jobs = w.counts[_TAKEN] - w.counts[_CLOSED] + _taken_at_once(w) + 1
    ways = w.con[0].way_legs * jobs + len(w.nodes)
    if not _fits(w, jobs, ways):
        drop_old_legs(w)
        if not _fits(w, jobs, ways):
            return _SHORT
    return _room_in_log(w, jobs, ways)


@part
def _fits(w: World, jobs: int, ways: int) -> bool:
    """Say whether there is room for new legs, and for what will come due."""
    # Each job may be given something to do, and each leg that is under way may fail.
    entries = ways + jobs + 2 * w.counts[_LEGS] + len(w.running)
    legs, due = w.legs.shape[0] - w.counts[_LEGS], w.queue.shape[0] - w.counts[_QUEUED]
    return bool(legs >= ways and due >= entries)


@part
def _room_in_log(w: World, jobs: int, ways: int) -> int:
    log, con, heard = w.log, w.con[0], jobs + _turns_at_once(w) + w.con[0].opening
    # Each signature that does not count is told.
    told = (ANSWERS + con.signers) * (jobs + con.opening)
    events, decisions, begun, legs, others = (
        _need(log.events.shape[0], log.filled[_EVENTS], heard + 1),
        _need(log.decisions.shape[0], log.filled[_DECISIONS], told),
        _need(log.begun.shape[0], log.filled[_BEGUN], jobs),
        _need(log.legs.shape[0], log.filled[_LEG_ROWS], ways),
        _need(log.others.shape[0], log.filled[_OTHERS], WEIGHED * jobs),
    )
    return max(max(events, decisions), max(legs, others), begun)


@part
def _need(size: int, used: int, rows: int) -> int:
    """Say what a table of the log needs that so many more rows may go into; the worst counts."""
    if size < _INSTANTS * rows:
        return _SHORT
    return _LOG_FULL if size - used < rows else _END


@part
def _taken_at_once(w: World) -> int:
    """Observations that may be taken in one instant."""
    first = w.counts[_TAKEN]
    last = first
    while last < len(w.jobs) and w.jobs[last].t_capture_s == w.jobs[first].t_capture_s:
        last += 1
    return int(last - first)


@part
def _turns_at_once(w: World) -> int:
    """Faults that may begin or end in one instant."""
    first = w.counts[_TURN]
    last = first
    while last < len(w.turns) and w.turns[last].t_s == w.turns[first].t_s:
        last += 1
    return int(last - first)


def longer(w: World) -> World:
    """Double what may be short of room.

    Parameters
    ----------
    w : World
        Its log written.

    Returns
    -------
    World
        The same, with longer arrays.
    """
    queue, legs = (np.concatenate((one, np.zeros_like(one))) for one in (w.queue, w.legs))
    return w._replace(queue=queue, legs=legs, log=new_log(2 * len(w.log.events)))
