"""How pixels get to a satellite that may do their next stage."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import commit, has_room, reserve
from perigrid.control.core.codes import RETRY_S, Why
from perigrid.control.core.drafts import new_decision
from perigrid.control.core.graph import cost_of, first_of, in_orbit, may_run, stages_ahead
from perigrid.control.core.messages import CAUSES, ActionKind
from perigrid.control.core.places import look_around, time_way
from perigrid.control.core.shared import Shared
from perigrid.control.core.state import RAW, THERE
from perigrid.control.core.ways import write_way
from perigrid.physics.compiled import part

_MOVE, _WAIT, _CLOSE = int(ActionKind.MOVE), int(ActionKind.WAIT), int(ActionKind.CLOSE)
_CONTACT, _FAULT = CAUSES.index(Cause.CONTACT), CAUSES.index(Cause.FAULT)
_TO_HOST, _NO_HOST = int(Why.TO_HOST), int(Why.NO_HOST_IN_REACH)
_NO_HOST_IN_TIME = int(Why.NO_HOST_IN_TIME)
_RETRY_S = RETRY_S


@part
def step_to_host(c: Shared, job: int) -> int:
    """Send pixels to the satellite that may do their next stage and could begin first.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    job : int
        Whose pixels are where the stage may not run, nor may any data centre run it.

    Returns
    -------
    int
        Row of the decision, not issued: a wait to look again while there is time.
    """
    con, k = c.con[0], first_of(stages_ahead(c, job))
    node, begin_s = first_host(c, job, k, k)
    if node >= 0:
        return go_to(c, job, k, node, begin_s, _TO_HOST)
    look_s = con.t_s + _RETRY_S
    if look_s < c.jobs[job].deadline_s:
        row = new_decision(c, job, _WAIT)
        step = c.decisions[row]
        step.until_s, step.cause, step.why = min(look_s, con.end_s), _CONTACT, _NO_HOST
        return row
    return miss_host(c, job)


@part
def miss_host(c: Shared, job: int) -> int:
    """End a job that no other satellite could take in time; row of the decision, not issued."""
    row = new_decision(c, job, _CLOSE)
    c.decisions[row].cause = _FAULT if c.jobs[job].struck else _CONTACT
    c.decisions[row].why = _NO_HOST_IN_TIME
    return row


@part
def too_late_for_host(c: Shared, job: int) -> bool:
    """Whether a job that may not be computed where it is has found no other place in time."""
    me = c.jobs[job]
    at_home = c.con[0].at_origin > 0 and c.satellites[me.origin].computes > 0
    unplaced = me.last < 0 and me.holder == me.origin and me.stay == 0
    held = unplaced and in_orbit(c, 0) and not at_home
    return bool(held and c.con[0].t_s >= me.deadline_s)


@part
def first_host(c: Shared, job: int, k: int, counted: int) -> tuple[int, float]:
    """Find the satellite that would be done in time and could begin first.

    Parameters
    ----------
    c : Shared
        What is known.
    job, k, counted : int
        Which; its next stage; the stage from which on the work is counted.

    Returns
    -------
    node : int
        One that people were asked about, or that was chosen before, stays so; -1 for none.
    begin_s : float
        When it could begin [s].
    """
    me, best, best_s = c.jobs[job], -1, np.inf
    if not look_around(c, job, me.holder):
        return best, best_s
    for node in range(c.con[0].n_satellites):
        index = c.nodes[node].index
        if node == me.holder or index < 0 or not may_run(c, k, job, node):
            continue
        arrival_s = c.here.arrival_s[index]
        if not arrival_s < np.inf or not _takes(c, node, arrival_s, me.raw_bytes):
            continue
        begin_s = max(arrival_s, c.satellites[node].busy_s)
        if not begin_s + _work_s(c, job, counted, node) <= me.deadline_s:
            continue
        if node == me.goal:
            return node, begin_s
        if begin_s < best_s:
            best, best_s = node, begin_s
    return best, best_s


@part
def _takes(c: Shared, node: int, arrival_s: float, raw_bytes: float) -> bool:
    """Whether a satellite may be given a job that arrives then."""
    me = c.nodes[node]
    there = me.away == THERE and me.quarantine_s <= arrival_s
    return bool(there and has_room(c, node, raw_bytes))


@part
def _work_s(c: Shared, job: int, k: int, node: int) -> float:
    """Time on a host of a stage and of those that follow there [s]."""
    cost = cost_of(c, job, k, node)
    return float(cost.all_s if k == 0 else cost.there_s)


@part
def go_to(c: Shared, job: int, counted: int, node: int, begin_s: float, why: int) -> int:
    """Send pixels to a satellite, whose time is kept for them.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    job, counted, node : int
        Which; the stage from which on its work is counted; where.
    begin_s : float
        When it could begin there [s].
    why : int
        Code of why it is sent.

    Returns
    -------
    int
        Row of the decision, not issued.
    """
    if node != c.jobs[job].goal:  # else its time is set aside already
        commit(c, node, begin_s, _work_s(c, job, counted, node))
    c.jobs[job].goal = node
    reserve(c, job, node)
    row = new_decision(c, job, _MOVE)
    step = c.decisions[row]
    step.product, step.source, step.target, step.why = RAW, c.jobs[job].holder, node, why
    write_way(c, c.decisions, row, time_way(c, job, node))
    return row
