"""Moves under way: they set out, arrive, or break off where a satellite lacks energy."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause, Product
from perigrid.control.core.messages import CAUSES, NOTHING, PRODUCTS
from perigrid.engine import storage
from perigrid.engine.books import begin, book_legs, end
from perigrid.engine.links import add_load, book_leg, remove_load
from perigrid.engine.queue import push
from perigrid.engine.shared import whole
from perigrid.engine.state import Count, Doing, Due, World
from perigrid.physics.compiled import part

BATTERY = CAUSES.index(Cause.BATTERY)
_RAW = PRODUCTS.index(Product.RAW)
_MOVE = int(Doing.MOVE)
_ARRIVE, _LEG = int(Due.ARRIVE), int(Due.LEG)
_LEGS, _FIRST, _OFF = int(Count.LEGS), int(Count.FIRST), int(Count.OFF)


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
    me = w.jobs[job]
    me.source, me.target, me.product = wanted.source, wanted.target, wanted.product
    if me.product == _RAW:
        storage.reserve(w, job, me.target)
    else:
        storage.release(w, job)
    me.first_leg, me.legs = w.counts[_LEGS], wanted.legs
    w.counts[_LEGS] += wanted.legs
    for k in range(me.legs):
        leg = w.log.legs[wanted.first_leg + k]
        w.legs[me.first_leg + k] = leg
        add_load(w, leg)
        if w.counts[_OFF] > 0 and leg.contact != NOTHING:
            push(w, leg.t_start_s, _LEG, job, k)
        me.until_s = leg.t_arrival_s
    push(w, me.until_s, _ARRIVE, job, 0)


@part
def arrived(w: World, job: int) -> None:
    """Let a product arrive, and book its way.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row.
    """
    end(w, job)
    me = w.jobs[job]
    book_legs(w, job, me.legs, np.inf)
    for row in range(me.first_leg, me.first_leg + me.legs):
        leg = w.legs[row]
        book_leg(w, job, leg, leg.t_end_s, leg.nbytes)
    if me.product == _RAW:
        storage.arrive(w, job)


@part
def lacks_energy(w: World, job: int, k: int, t_s: float) -> bool:
    """Say whether the first bit of a leg is due now, and an end of it lacks energy.

    Parameters
    ----------
    w : World
        Read.
    job, k : int
        Row of the job, and number of the leg.
    t_s : float
        Now [s].

    Returns
    -------
    bool
        False for a leg of a move that failed before.
    """
    me = w.jobs[job]
    if me.doing != _MOVE or k >= me.legs or w.legs[me.first_leg + k].t_start_s != t_s:
        return False
    leg = w.legs[me.first_leg + k]
    return is_off(w, whole(leg.source)) or is_off(w, whole(leg.target))


@part
def fail(w: World, job: int, k: int, t_s: float) -> int:
    """Break a move off at a leg: what arrived before stays where it is.

    Parameters
    ----------
    w : World
        Changed in place.
    job, k : int
        Row of the job, and number of the leg, whose first bit was due now.
    t_s : float
        Now [s].

    Returns
    -------
    int
        Who holds the product: the last node that had it whole and has room, else the first.
    """
    end(w, job)
    me = w.jobs[job]
    failed = w.legs[me.first_leg + k]
    book_legs(w, job, k, np.inf)
    w.waits_s[job, BATTERY] += t_s - failed.t_ready_s
    for row in range(me.first_leg, me.first_leg + me.legs):
        leg = w.legs[row]
        if row < me.first_leg + k:
            book_leg(w, job, leg, leg.t_end_s, leg.nbytes)
        else:
            remove_load(w, leg, t_s)
    last = whole(failed.source)
    holder = int(me.source)
    if me.product != _RAW or storage.has_room(w, last, me.raw_bytes):
        holder = last
    if me.product == _RAW:
        storage.cancel(w, job)
        if holder != me.source:
            storage.relocate(w, job, holder)
    return holder


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
            due = leg.contact != NOTHING and t_from_s <= leg.t_start_s < t_to_s
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
