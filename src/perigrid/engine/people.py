"""People in the loop: stops that keep acts from beginning, ends of authority, and answers."""

from __future__ import annotations

import numpy as np

from perigrid.control.core.messages import NOTHING
from perigrid.engine.books import RULE as RULE_CAUSE
from perigrid.engine.books import begin, end
from perigrid.engine.computers import book_time, start_waiting
from perigrid.engine.queue import push
from perigrid.engine.shared import whole
from perigrid.engine.state import LINKS, Count, Doing, Due, Filled, World
from perigrid.fleet.model import ContactKind
from perigrid.physics.compiled import part

_ASK, _BEGUN = int(Doing.ASK), int(Filled.BEGUN)
_ANSWER, _EXPIRED = int(Due.ANSWER), int(Due.EXPIRED)
_EXPIRING = int(Count.EXPIRING)
_DOWNLINK, _RELAY = int(ContactKind.DOWNLINK), int(ContactKind.RELAY)
assert LINKS[_RELAY] == "relay"  # noqa: S101


@part
def ask(w: World, job: int, answered_s: float, t_s: float) -> None:
    """Let a job wait for people.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    answered_s, t_s : float
        When they will have answered, and now [s].
    """
    begin(w, job, _ASK, t_s)
    w.jobs[job].cause, w.jobs[job].until_s, w.jobs[job].asked = RULE_CAUSE, answered_s, 1
    push(w, answered_s, _ANSWER, job, 0)


@part
def note_begun(w: World, job: int, t_s: float) -> None:
    """Log when an act begins, for the age of the approval behind it.

    Parameters
    ----------
    w : World
        Its log grows if people were asked about the job.
    job : int
        Its row.
    t_s : float
        First bit sent, or start of the stage [s].
    """
    if w.jobs[job].asked == 0:
        return
    w.jobs[job].asked = 0
    told = w.log.begun[w.log.filled[_BEGUN]]
    told.job, told.t_s = job, t_s
    w.log.filled[_BEGUN] += 1


@part
def is_stopped(w: World, place: int, t_s: float) -> bool:
    """Say whether a stop is in force on a node, as far as it has heard.

    Parameters
    ----------
    w : World
        Read.
    place : int
        Fleet row; one behind the last for what lies on a way over the relay network.
    t_s : float
        When [s].

    Returns
    -------
    bool
        True if it begins nothing that is not safe.
    """
    for row in range(w.stopped[place], w.stopped[place + 1]):
        if w.stops_s[row, 0] <= t_s < w.stops_s[row, 1]:
            return True
    return False


@part
def was_barred(w: World, job: int) -> bool:
    """Say whether a move was not begun because a stop had come; what only goes down is safe.

    Parameters
    ----------
    w : World
        Read.
    job : int
        Row of the job, whose move should arrive now.

    Returns
    -------
    bool
        True if a stop had reached a sender when its leg was to begin; never of a move that is safe.
    """
    if len(w.stops_s) == 0:
        return False
    me, safe, barred = w.jobs[job], True, False
    for row in range(me.first_leg, me.first_leg + me.legs):
        leg = w.legs[row]
        safe = safe and (leg.kind == _DOWNLINK or leg.kind < 0)
        barred = barred or is_stopped(w, whole(leg.source), leg.t_start_s)
        if leg.kind == _RELAY:
            barred = barred or is_stopped(w, len(w.nodes), leg.t_start_s)
    return barred and not safe


@part
def _drop_barred(w: World, node: int, t_s: float) -> None:
    """Take off a computer's queue what may not begin any more: expired authority never acts."""
    if w.counts[_EXPIRING] == 0 and len(w.stops_s) == 0:
        return
    me, before = w.nodes[node], NOTHING
    stopped, job = is_stopped(w, node, t_s), me.head
    while job >= 0:
        task = w.jobs[job]
        following = task.following
        if stopped or t_s >= task.expires_s:
            if before < 0:
                me.head = following
            else:
                w.jobs[before].following = following
            if following < 0:
                me.tail = before
            end(w, job)
            book_time(w, node, job)
            push(w, t_s, _EXPIRED, job, node)
        else:
            before = job
        job = following


@part
def start_allowed(w: World, node: int, t_s: float) -> None:
    """Start what waits for a computer and may begin, on its free slots.

    Parameters
    ----------
    w : World
        Changed in place.
    node : int
        Its row.
    t_s : float
        Now [s].
    """
    _drop_barred(w, node, t_s)
    me = w.nodes[node]
    first = me.first_slot + me.busy
    start_waiting(w, node, t_s)
    for slot in range(first, me.first_slot + me.busy):
        note_begun(w, w.running[slot], t_s)


@part
def limit(w: World, job: int, expires_s: float) -> None:
    """Give a stage the end of its authority.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    expires_s : float
        Infinity for none [s].
    """
    w.jobs[job].expires_s = expires_s
    if expires_s < np.inf:
        w.counts[_EXPIRING] = 1
