"""Moves under way: they set out, arrive, or break off at a leg."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause, Product
from perigrid.control.core.messages import CAUSES, FAULTS, NOTHING, PRODUCTS, EventKind
from perigrid.engine import storage
from perigrid.engine.books import RULE, begin, book_legs, end, trouble
from perigrid.engine.events import note
from perigrid.engine.links import add_load, book_leg, remove_load
from perigrid.engine.people import note_begun, was_barred
from perigrid.engine.queue import push
from perigrid.engine.shared import whole
from perigrid.engine.state import Count, Doing, Due, Trouble, World
from perigrid.physics.compiled import part

BATTERY, _FAULT = CAUSES.index(Cause.BATTERY), CAUSES.index(Cause.FAULT)
_MOVED, _EXPIRED = int(EventKind.MOVED), int(EventKind.AUTHORITY_EXPIRED)
_ENERGY, _MOVE_FAILED = FAULTS.index(Cause.BATTERY.value), int(EventKind.MOVE_FAILED)
_RAW = PRODUCTS.index(Product.RAW)
_MOVE = int(Doing.MOVE)
_ARRIVE, _LEG = int(Due.ARRIVE), int(Due.LEG)
_LEGS, _FIRST, _OFF = int(Count.LEGS), int(Count.FIRST), int(Count.OFF)
_QUEUED, _LONG_WAYS = int(Count.QUEUED), int(Trouble.LONG_WAYS)
_RETRIES, _FAILED_MOVES = int(Count.RETRIES), int(Count.FAILED_MOVES)


@part
def set_out(w: World, row: int, t_s: float) -> None:
    """Carry out a move that was decided.

    Parameters
    ----------
    w : World
        Changed in place.
    row : int
        Of the decision, in the log.
    t_s : float
        Now [s].
    """
    wanted = w.log.decisions[row]
    job = whole(wanted.job)
    begin(w, job, _MOVE, t_s)
    legs, entries = w.counts[_LEGS] + wanted.legs, w.counts[_QUEUED] + wanted.legs + 1
    if legs > w.legs.shape[0] or entries > w.queue.shape[0]:
        trouble(w, _LONG_WAYS, job)
        return
    me = w.jobs[job]
    w.counts[_RETRIES] += me.again
    me.again = 0
    watched = w.con[0].faulty > 0 or w.counts[_OFF] > 0
    me.source, me.target, me.product = wanted.source, wanted.target, wanted.product
    if me.product == _RAW:
        if me.source >= w.con[0].satellites:  # sent anew: what a satellite had of it goes
            storage.release(w, job)
        storage.reserve(w, job, me.target)
    else:
        storage.release(w, job)
    me.first_leg, me.legs = w.counts[_LEGS], wanted.legs
    w.counts[_LEGS] += wanted.legs
    for k in range(me.legs):
        leg = w.log.legs[wanted.first_leg + k]
        w.legs[me.first_leg + k] = leg
        add_load(w, leg)
        if watched and leg.kind >= 0:
            push(w, leg.t_start_s, _LEG, job, k)
        me.until_s = leg.t_arrival_s
    note_begun(w, job, w.legs[me.first_leg].t_start_s)
    push(w, me.until_s, _ARRIVE, job, 0)


@part
def arrive(w: World, job: int, t_s: float) -> None:
    """Let a product arrive, and book its way, unless a stop kept its move from beginning.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    t_s : float
        Now [s].
    """
    end(w, job)
    me = w.jobs[job]
    if was_barred(w, job):
        storage.cancel(w, job)
        w.waits_s[job, RULE] += t_s - me.t_from_s
        note(w, _EXPIRED, job, me.source)
        return
    note(w, _MOVED, job, me.target).product = me.product
    book_legs(w, job, me.legs, np.inf)
    for row in range(me.first_leg, me.first_leg + me.legs):
        leg = w.legs[row]
        book_leg(w, job, leg, leg.t_end_s, leg.nbytes)
    if me.product == _RAW:
        storage.arrive(w, job)


@part
def fail(w: World, job: int, k: int, fault: int, t_s: float) -> None:
    """Break a move off at a leg: what arrived before stays where it is.

    Parameters
    ----------
    w : World
        Changed in place.
    job, k, fault : int
        Row of the job, number of the leg, place in
        :data:`perigrid.control.core.messages.FAULTS`.
    t_s : float
        Now [s].
    """
    end(w, job)
    me = w.jobs[job]
    failed = w.legs[me.first_leg + k]
    book_legs(w, job, k, np.inf)
    w.waits_s[job, BATTERY if fault == _ENERGY else _FAULT] += t_s - failed.t_ready_s
    _book_sent(w, job, k, t_s)
    w.counts[_FAILED_MOVES] += 1
    me.again = 1
    holder = _keeper(w, job, whole(failed.source))
    if me.product == _RAW:
        storage.cancel(w, job)
        if holder >= 0 and holder != me.source:
            storage.relocate(w, job, holder)
    event = note(w, _MOVE_FAILED, job, holder)
    event.stage, event.fault = k, fault


@part
def recall(w: World, job: int, t_s: float) -> None:
    """Withdraw a move of which nothing has begun.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    t_s : float
        Now [s].
    """
    end(w, job)
    me = w.jobs[job]
    book_legs(w, job, me.legs, t_s)
    for row in range(me.first_leg, me.first_leg + me.legs):
        remove_load(w, w.legs[row], t_s)
    if me.product == _RAW:
        storage.cancel(w, job)


@part
def _book_sent(w: World, job: int, k: int, t_s: float) -> None:
    """Book what was sent of a move that breaks off at a leg, and unload what will not be."""
    first = w.jobs[job].first_leg
    for row in range(first, first + w.jobs[job].legs):
        leg = w.legs[row]
        if row < first + k:
            book_leg(w, job, leg, leg.t_end_s, leg.nbytes)
            continue
        if row == first + k and leg.t_start_s < t_s:
            end_s = min(leg.t_end_s, t_s)
            share = (end_s - leg.t_start_s) / (leg.t_end_s - leg.t_start_s)
            book_leg(w, job, leg, end_s, share * leg.nbytes)
        remove_load(w, leg, t_s)


@part
def _keeper(w: World, job: int, last: int) -> int:
    """Who keeps a product: the last that had it whole, else the first, if it is there; or -1."""
    me = w.jobs[job]
    fits = last == me.source or me.product != _RAW or storage.has_room(w, last, me.raw_bytes)
    if fits and w.nodes[last].lost == 0:
        return last
    return NOTHING if w.nodes[me.source].lost else int(me.source)


@part
def foresee_legs(w: World, t_from_s: float, t_to_s: float) -> None:
    """Enter the legs that are due within a step and need a satellite that lacks energy in it.

    Parameters
    ----------
    w : World
        Changed in place.
    t_from_s, t_to_s : float
        The step [s].
    """
    job = w.counts[_FIRST]
    while job >= 0:
        me = w.jobs[job]
        for k in range(me.legs if me.doing == _MOVE else 0):
            leg = w.legs[me.first_leg + k]
            due = leg.kind >= 0 and t_from_s <= leg.t_start_s < t_to_s
            if due and (is_off(w, whole(leg.source)) or is_off(w, whole(leg.target))):
                push(w, leg.t_start_s, _LEG, job, k)
        job = me.after


@part
def is_off(w: World, node: int) -> bool:
    """Say whether a node is a satellite whose payload is off for want of energy in this step.

    Parameters
    ----------
    w : World
        Read.
    node : int
        Fleet row.

    Returns
    -------
    bool
        False for nodes on the ground.
    """
    return bool(node < w.con[0].satellites and w.sats[node].off)


@part
def drop_old_legs(w: World) -> None:
    """Close the gaps that moves which are over have left between the legs of the others.

    Parameters
    ----------
    w : World
        Changed in place. Jobs began in the order of the list, so that legs only move forward.
    """
    used = 0
    job = w.counts[_FIRST]
    while job >= 0:
        me = w.jobs[job]
        if me.doing == _MOVE:
            for k in range(me.legs):
                w.legs[used + k] = w.legs[me.first_leg + k]
            me.first_leg = used
            used += me.legs
        job = me.after
    w.counts[_LEGS] = used
