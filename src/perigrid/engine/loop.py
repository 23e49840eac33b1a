"""The event loop: everything in order of time, same instants together, and what follows of it."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.messages import (
    CAUSES,
    NOTHING,
    ActionKind,
    EventKind,
)
from perigrid.engine import storage
from perigrid.engine.books import begin, book_legs, close, stop_waiting, trouble
from perigrid.engine.computers import book_time, catch_up
from perigrid.engine.events import note, put_nodes_first
from perigrid.engine.faults import is_there, turn, what_fails
from perigrid.engine.moves import arrive, drop_old_legs, fail, is_off, recall, set_out
from perigrid.engine.people import ask
from perigrid.engine.queue import push, take_first
from perigrid.engine.room import room
from perigrid.engine.shared import whole
from perigrid.engine.state import Clock, Count, Doing, Due, Filled, Status, Trouble, World
from perigrid.engine.steps import begin_step, end_step
from perigrid.engine.tasks import finish, give
from perigrid.physics.compiled import part

_BATTERY, _STORAGE, _FAULT = (
    CAUSES.index(one) for one in (Cause.BATTERY, Cause.STORAGE, Cause.FAULT)
)  # fmt: skip
_REPORTED, _CAPTURED, _REFUSED, _COMPUTED, _MOVED, _RANG = (int(one) for one in list(EventKind)[:6])
_ANSWERED, _UNBEGUN, _ENVELOPE, _ORDERED = (int(one) for one in list(EventKind)[10:])
_MOVE, _COMPUTE, _WAIT, _CLOSE, _ASK = (int(one) for one in list(ActionKind)[:5])
_MOVING, _COMPUTING, _WAITING, _ASKING = (int(one) for one in list(Doing)[1:])
_FINISH, _ARRIVE, _RING = int(Due.FINISH), int(Due.ARRIVE), int(Due.RING)
_ANSWER, _EXPIRED, _OF_ENVELOPE = int(Due.ANSWER), int(Due.EXPIRED), int(Due.ENVELOPE)
_STEP, _BEGUN, _TAKEN, _CLOSED, _QUEUED, _FIRST, _OVER, _TROUBLE = (
    int(Count.STEP), int(Count.BEGUN), int(Count.TAKEN), int(Count.CLOSED), int(Count.QUEUED),
    int(Count.FIRST), int(Count.OVER), int(Count.TROUBLE),
)  # fmt: skip
_TURN, _REFUSED_CAPTURES, _BLOCK = (
    int(Count.TURN), int(Count.REFUSED_CAPTURES), int(Count.BLOCK),
)  # fmt: skip
_OLD_EVENTS, _OLD_DECISIONS = int(Count.OLD_EVENTS), int(Count.OLD_DECISIONS)
_NOW, _STEP_END, _REPORT, _PAUSE, _BATCH = (
    int(Clock.NOW), int(Clock.STEP_END), int(Clock.REPORT), int(Clock.PAUSE), int(Clock.BATCH),
)  # fmt: skip
_DECISIONS, _EVENTS = int(Filled.DECISIONS), int(Filled.EVENTS)
_END, _INSTANT, _BROKEN, _PAUSED, _UNCOMMITTED, _UNFED = (
    int(Status.END), int(Status.INSTANT), int(Status.BROKEN), int(Status.PAUSED),
    int(Status.UNCOMMITTED), int(Status.UNFED),
)  # fmt: skip
_LOST = int(Trouble.LOST)


@part
def next_instant(w: World) -> int:
    """Let time pass until something happens that is to be decided on.

    Parameters
    ----------
    w : World
        Changed in place; what was decided is carried out.

    Returns
    -------
    int
        :class:`perigrid.engine.state.Status`.
    """
    while w.counts[_STEP] < len(w.t_s) - 1:
        status = room(w) if w.counts[_TROUBLE] == 0 else _BROKEN
        if status == _END:
            if w.counts[_BEGUN] == 0:
                status = _begin(w, w.counts[_STEP])
            elif _next_s(w) < w.clock[_STEP_END]:
                status = _gather(w)
            else:
                end_step(w, w.counts[_STEP])
                w.counts[_STEP] += 1
                w.counts[_BEGUN] = 0
        if status != _END:
            return status
    if w.counts[_OVER] == 0:
        w.counts[_OVER] = 1
        _book_unfinished(w, w.t_s[-1])
    return _END if w.counts[_TROUBLE] == 0 else _BROKEN


@part
def _begin(w: World, step: int) -> int:
    """Begin a step, with a report of telemetry if one is due."""
    t_s = w.t_s[step]
    if step >= w.counts[_BLOCK] + w.array_w.shape[1]:
        return _UNFED
    if t_s >= w.clock[_PAUSE]:
        return _PAUSED
    if t_s >= w.clock[_BATCH]:
        return _UNCOMMITTED
    w.counts[_BEGUN] = 1
    begin_step(w, step)
    if t_s < w.clock[_REPORT]:
        return _END
    w.clock[_NOW] = t_s
    w.clock[_REPORT] += w.con[0].report_s
    note(w, _REPORTED, NOTHING, NOTHING)
    return _INSTANT


@part
def _next_s(w: World) -> float:
    """When the next thing happens."""
    t_s = np.inf
    if w.counts[_TAKEN] < len(w.jobs):
        t_s = w.jobs[w.counts[_TAKEN]].t_capture_s
    if w.counts[_QUEUED] > 0:
        t_s = min(t_s, w.queue[0].t_s)
    if w.counts[_TURN] < len(w.turns):
        t_s = min(t_s, w.turns[w.counts[_TURN]].t_s)
    return t_s


@part
def _gather(w: World) -> int:
    """Let everything of the next instant happen: observations, faults, the rest as entered."""
    counts, t_s = w.counts, _next_s(w)
    w.clock[_NOW] = t_s
    while counts[_TAKEN] < len(w.jobs) and w.jobs[counts[_TAKEN]].t_capture_s == t_s:
        job = counts[_TAKEN]
        counts[_TAKEN] += 1
        _capture(w, job)
    while counts[_TURN] < len(w.turns) and w.turns[counts[_TURN]].t_s == t_s:
        counts[_TURN] += 1
        turn(w, counts[_TURN] - 1, t_s)
    while counts[_QUEUED] > 0 and w.queue[0].t_s == t_s:
        kind, job, place = take_first(w)
        if kind < _ANSWER:
            _happen(w, kind, job, place, t_s)
        else:
            _happen_by_people(w, kind, job, place, t_s)
    put_nodes_first(w)
    return _INSTANT if counts[_OLD_EVENTS] < w.log.filled[_EVENTS] else _END


@part
def _capture(w: World, job: int) -> None:
    """Take an observation, or miss the shutter; take in what is asked for on the ground."""
    origin = w.jobs[job].origin
    away = origin < w.con[0].satellites and not is_there(w, origin)  # who asks can wait
    off = is_off(w, origin)
    if away or off or not storage.has_room(w, origin, w.jobs[job].raw_bytes):
        w.counts[_REFUSED_CAPTURES] += away
        cause = _FAULT if away else _BATTERY if off else _STORAGE
        note(w, _REFUSED, job, origin).cause = cause
    else:
        storage.store(w, job, origin)
        note(w, _CAPTURED, job, origin)


@part
def _happen(w: World, kind: int, job: int, place: int, t_s: float) -> None:
    """Let an entry of the queue change the world, if it still means anything."""
    me = w.jobs[job]
    if kind == _FINISH:
        if me.doing == _COMPUTING and me.running and me.tasks == place:
            suspect = finish(w, job, t_s)
            event = note(w, _COMPUTED, job, me.at)
            event.stage, event.outcome = me.stage, w.outcomes[me.stage, job]
            event.suspect = suspect
    elif kind == _ARRIVE:
        if me.doing == _MOVING and me.until_s == t_s:
            arrive(w, job, t_s)
    elif kind == _RING:
        if me.doing == _WAITING and me.until_s <= t_s:
            stop_waiting(w, job, t_s)
            note(w, _RANG, job, NOTHING)
    else:
        fault = what_fails(w, job, place, t_s)
        if fault >= 0:
            fail(w, job, place, fault, t_s)


@part
def _happen_by_people(w: World, kind: int, job: int, place: int, t_s: float) -> None:
    """Let an answer come, an order be given, or the authority for a stage be over."""
    if kind == _ANSWER:
        if w.jobs[job].doing == _ASKING and w.jobs[job].until_s == t_s:  # not of a former one
            stop_waiting(w, job, t_s)
            note(w, _ANSWERED, job, NOTHING)
    elif kind == _EXPIRED:
        note(w, _UNBEGUN, job, place)
    else:
        note(w, _ENVELOPE if kind == _OF_ENVELOPE else _ORDERED, NOTHING, place)


@part
def carry_out(w: World) -> None:
    """Carry out what was decided on the events of the instant.

    Parameters
    ----------
    w : World
        Changed in place; decisions stand in its log.
    """
    log, t_s = w.log, w.clock[_NOW]
    for row in range(w.counts[_OLD_DECISIONS], log.filled[_DECISIONS]):
        wanted = log.decisions[row]
        wanted.t_s, wanted.heard = t_s, log.filled[_EVENTS]
        if not wanted.refused and wanted.job != NOTHING:
            _do(w, row, t_s)
    w.counts[_OLD_EVENTS], w.counts[_OLD_DECISIONS] = log.filled[_EVENTS], log.filled[_DECISIONS]


@part
def _do(w: World, row: int, t_s: float) -> None:
    """Carry out one decision."""
    wanted = w.log.decisions[row]
    job = whole(wanted.job)
    if w.jobs[job].doing == _MOVING:
        recall(w, job, t_s)
    stop_waiting(w, job, t_s)
    if wanted.kind == _MOVE:
        set_out(w, row, t_s)
    elif wanted.kind == _COMPUTE:
        give(w, job, whole(wanted.source), whole(wanted.stage), wanted.expires_s, t_s)
    elif wanted.kind == _WAIT:
        begin(w, job, _WAITING, t_s)
        w.jobs[job].cause, w.jobs[job].until_s = wanted.cause, wanted.until_s
        push(w, wanted.until_s, _RING, job, 0)
    elif wanted.kind == _ASK:
        ask(w, job, wanted.until_s, t_s)
    else:
        storage.release(w, job)
        close(w, job, t_s, whole(wanted.delivered), whole(wanted.cause))


@part
def _book_unfinished(w: World, t_s: float) -> None:
    """Account for what is still under way at the end, and check that nothing was lost."""
    busy, job = 0, w.counts[_FIRST]
    while job >= 0:
        me = w.jobs[job]
        if me.doing == _MOVING:
            book_legs(w, job, me.legs, t_s)
        elif me.doing == _COMPUTING:
            catch_up(w, me.at, t_s)
            book_time(w, me.at, job)
        else:
            w.waits_s[job, me.cause] += t_s - me.t_from_s
        busy += 1
        job = me.after
    if busy != w.counts[_TAKEN] - w.counts[_CLOSED]:
        trouble(w, _LOST, -1)
    drop_old_legs(w)
