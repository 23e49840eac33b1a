"""What jobs are busy with, and what they waited for: each second belongs to exactly one cause."""

from __future__ import annotations

from perigrid.base.jobs import Cause
from perigrid.control.core.messages import CAUSES
from perigrid.engine.state import Count, Doing, Ended, Trouble, World
from perigrid.physics.compiled import part

CONTACT, LINK, RULE = (CAUSES.index(one) for one in (Cause.CONTACT, Cause.LINK, Cause.RULE))
_COMPUTE = CAUSES.index(Cause.COMPUTE)
_NOTHING, _WAIT = int(Doing.NOTHING), int(Doing.WAIT)
_DELIVERED, _MISSED = int(Ended.DELIVERED), int(Ended.MISSED)
_FIRST, _LAST, _CLOSED = int(Count.FIRST), int(Count.LAST), int(Count.CLOSED)
_TROUBLE, _OF_JOB = int(Count.TROUBLE), int(Count.OF_JOB)
_TWICE, _UNACCOUNTED = int(Trouble.ENDED_TWICE), int(Trouble.UNACCOUNTED)
_WAIT_TOLERANCE_S = 1e-6


@part
def trouble(w: World, what: int, job: int) -> None:
    """Note the first invariant that is broken.

    Parameters
    ----------
    w : World
        Changed in place.
    what : int
        :class:`perigrid.engine.state.Trouble`.
    job : int
        Whom it befell; -1 for nobody.
    """
    if w.counts[_TROUBLE] == 0:
        w.counts[_TROUBLE], w.counts[_OF_JOB] = what, job


@part
def begin(w: World, job: int, doing: int, t_s: float) -> None:
    """Let a job be busy with something; it is busy with nothing.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    doing : int
        :class:`perigrid.engine.state.Doing`.
    t_s : float
        Now [s].
    """
    me, last = w.jobs[job], w.counts[_LAST]
    me.doing, me.t_from_s = doing, t_s
    me.before, me.after = last, -1
    if last < 0:
        w.counts[_FIRST] = job
    else:
        w.jobs[last].after = job
    w.counts[_LAST] = job


@part
def end(w: World, job: int) -> None:
    """Let a job be busy with nothing.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row; it is busy.
    """
    me = w.jobs[job]
    if me.before < 0:
        w.counts[_FIRST] = me.after
    else:
        w.jobs[me.before].after = me.after
    if me.after < 0:
        w.counts[_LAST] = me.before
    else:
        w.jobs[me.after].before = me.before
    me.doing = _NOTHING


@part
def stop_waiting(w: World, job: int, t_s: float) -> None:
    """End what a job is busy with, if anything, and book the time since it began.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    t_s : float
        Now [s].
    """
    me = w.jobs[job]
    if me.doing != _NOTHING:
        w.waits_s[job, me.cause if me.doing == _WAIT else RULE] += t_s - me.t_from_s
        end(w, job)


@part
def book_legs(w: World, job: int, legs: int, until_s: float) -> None:
    """Split the time that the first legs of a job's move take by cause.

    Parameters
    ----------
    w : World
        Changed in place.
    job, legs : int
        Its row, and how many legs.
    until_s : float
        Stop counting here; infinity for a way that is over [s].

    Notes
    -----
    ``contact`` until a window opens, ``link`` while queueing for it, sending and under way.
    """
    contact_s = link_s = 0.0
    first = w.jobs[job].first_leg
    for row in range(first, first + legs):
        leg = w.legs[row]
        ready_s, opens_s = min(leg.t_ready_s, until_s), min(leg.t_window_s, until_s)
        contact_s += opens_s - ready_s
        link_s += min(leg.t_arrival_s, until_s) - opens_s
    w.waits_s[job, CONTACT] += contact_s
    w.waits_s[job, LINK] += link_s


@part
def close(w: World, job: int, t_s: float, delivered: int, reason: int) -> None:
    """End a job, and check that its seconds add up.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    t_s : float
        Now [s].
    delivered : int
        1, or 0 for a miss.
    reason : int
        Of a miss: place in :data:`perigrid.control.core.messages.CAUSES`, or a code beside them.

    Notes
    -----
    A job that can no longer be in time is given up at once, but is missed when its deadline
    passes: until then it would have waited for what stands in its way. What it is missed for is
    what took most of that time, not what happened to come last.
    """
    me, waits_s = w.jobs[job], w.waits_s[job]
    if me.t_end_s == me.t_end_s:  # not NaN
        trouble(w, _TWICE, job)
    me.ended = _DELIVERED if delivered else _MISSED
    w.counts[_CLOSED] += 1
    late = reason in (CONTACT, LINK, _COMPUTE)
    if not delivered and late:
        waits_s[reason] += max(0.0, me.deadline_s - t_s)
        t_s = max(t_s, me.deadline_s)
        for cause in range(len(waits_s)):
            if waits_s[cause] > waits_s[reason] or (
                waits_s[cause] == waits_s[reason] and cause < reason
            ):
                reason = cause
    me.reason, me.t_end_s = reason, t_s
    life_s = t_s - me.t_capture_s
    booked_s = 0.0
    for seconds_s in waits_s:
        booked_s += seconds_s
    if abs(booked_s - life_s) > _WAIT_TOLERANCE_S * max(1.0, life_s):
        trouble(w, _UNACCOUNTED, job)
