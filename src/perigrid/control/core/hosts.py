"""How data get to a satellite that may do their next stage."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import (
    busy_until_s,
    commit,
    has_room,
    promise,
    release,
    reserve,
)
from perigrid.control.core.codes import RETRY_S, Why
from perigrid.control.core.drafts import new_decision
from perigrid.control.core.graph import cost_of, first_of, in_orbit, may_run, stages_ahead
from perigrid.control.core.messages import CAUSES, ActionKind
from perigrid.control.core.placement import (
    best_host,
    least_work_s,
    main_cause,
    may_answer,
    tell_hosts,
)
from perigrid.control.core.places import look_around, time_way
from perigrid.control.core.routes import routes_again_s
from perigrid.control.core.rules import any_host_s, verdict_at
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import RAW, THERE
from perigrid.control.core.views import note_age, view_of
from perigrid.control.core.ways import add_closed_user, write_way
from perigrid.physics.compiled import part

_MOVE, _WAIT, _CLOSE = int(ActionKind.MOVE), int(ActionKind.WAIT), int(ActionKind.CLOSE)
_CONTACT, _FAULT = CAUSES.index(Cause.CONTACT), CAUSES.index(Cause.FAULT)
_RULE = CAUSES.index(Cause.RULE)
_TO_HOST, _NO_HOST = int(Why.TO_HOST), int(Why.NO_HOST_IN_REACH)
_NO_HOST_IN_TIME, _ANSWER_FIRST = int(Why.NO_HOST_IN_TIME), int(Why.ANSWER_FIRST)
_RULED, _ALL_CLOSED, _HOSTS_CLOSED = int(Why.RULED), int(Why.ALL_CLOSED), int(Why.HOSTS_CLOSED)
_RETRY_S = RETRY_S


@part
def step_to_host(c: Shared, job: int) -> int:
    """Send data to the satellite that may do their next stage and could begin first.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    job : int
        Whose data are where the stage may not run, nor may any data centre run it.

    Returns
    -------
    int
        Row of the decision, not issued: a wait to look again while there is time.
    """
    con, k = c.con[0], first_of(stages_ahead(c, job))
    node, begin_s = first_host(c, job, k, k)
    if con.routed > 0:
        return _over_routes(c, job, k, node, begin_s)
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
def _over_routes(c: Shared, job: int, k: int, node: int, begin_s: float) -> int:
    """Send data to the satellite found for them, or wait for other routes while there is time."""
    first, answers = c.filled[2], may_answer(c, job)
    if not answers:
        add_closed_user(c, job)
    elif node >= 0 or c.jobs[job].doing != _WAIT:  # the first wait is told, not each look again
        tell_hosts(c, job, node)
    if node >= 0:
        row = go_to(c, job, k, node, begin_s, _ANSWER_FIRST)
        note_age(c, c.decisions[row], view_of(c, c.jobs[job].holder, node))
    else:
        row = _no_host(c, job, k, answers)
    c.decisions[row].first_other, c.decisions[row].others = first, c.filled[2] - first
    return row


@part
def _no_host(c: Shared, job: int, k: int, answers: bool) -> int:  # noqa: FBT001  compiled
    """Wait for other routes or until rules open a satellite, or end a job; row of the decision."""
    con, opens_s = c.con[0], any_host_s(c, job) if answers else np.inf
    ruled = opens_s > con.t_s
    again_s = opens_s if ruled else routes_again_s(c)
    waits = again_s + least_work_s(c, job, k) <= c.jobs[job].deadline_s
    row = new_decision(c, job, _WAIT if waits else _CLOSE)
    step = c.decisions[row]
    step.cause, step.why = main_cause(c), _NO_HOST if waits else _NO_HOST_IN_TIME
    if waits:
        step.until_s = min(again_s, con.end_s)
    if opens_s == np.inf:
        step.cause, step.why = _RULE, _HOSTS_CLOSED if answers else _ALL_CLOSED
    elif ruled:
        step.cause, step.why = _RULE, _RULED
        step.numbers[1], step.numbers[2] = opens_s - con.t_s, verdict_at(c, job, 0, con.t_s)
    return row


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
    at_home = me.origin < c.con[0].n_satellites and c.con[0].at_origin > 0
    at_home = at_home and c.satellites[me.origin].computes > 0
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
    if not look_around(c, job, c.jobs[job].holder):
        return -1, np.inf
    if c.con[0].routed == 0:
        return _first_over_windows(c, job, k, counted)
    row = best_host(c, job, counted)
    return (wide(c.places[row].node), c.places[row].start_s) if row >= 0 else (-1, np.inf)


@part
def _first_over_windows(c: Shared, job: int, k: int, counted: int) -> tuple[int, float]:
    me, best, best_s = c.jobs[job], -1, np.inf
    for node in range(c.con[0].n_satellites):
        index = c.nodes[node].index
        if node == me.holder or index < 0 or not may_run(c, k, job, node):
            continue
        arrival_s = c.here.arrival_s[index]
        if not arrival_s < np.inf or not _takes(c, node, arrival_s, me.raw_bytes):
            continue
        begin_s = max(arrival_s, busy_until_s(c, node))
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
    there = me.away == THERE and me.told_quarantine_s <= arrival_s
    return bool(there and has_room(c, node, raw_bytes))


@part
def _work_s(c: Shared, job: int, k: int, node: int) -> float:
    """Time on a host of a stage and of those that follow there [s]."""
    cost = cost_of(c, job, k, node)
    return float(cost.all_s if k == 0 else cost.there_s)


@part
def go_to(c: Shared, job: int, counted: int, node: int, begin_s: float, why: int) -> int:
    """Send data to a satellite, whose time is kept for them.

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
    if c.con[0].routed > 0:
        promise(c, job, node, _work_s(c, job, counted, node))
        if c.jobs[job].holder >= c.con[0].n_satellites:
            release(c, job)  # sent anew: what a satellite had of it goes
    elif node != c.jobs[job].goal:  # else its time is set aside already
        commit(c, node, begin_s, _work_s(c, job, counted, node))
    c.jobs[job].goal = node
    reserve(c, job, node)
    row = new_decision(c, job, _MOVE)
    step = c.decisions[row]
    step.product, step.source, step.target, step.why = RAW, c.jobs[job].holder, node, why
    write_way(c, c.decisions, row, time_way(c, job, node))
    return row
