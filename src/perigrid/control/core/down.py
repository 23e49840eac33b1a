"""How a product gets to a data centre, or why it does not; and how pixels get to a host."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import commit, has_room, reserve
from perigrid.control.core.codes import Lost, Why
from perigrid.control.core.drafts import new_decision
from perigrid.control.core.graph import cost_of, first_of, in_orbit, may_run, stages_ahead
from perigrid.control.core.messages import CAUSES, ActionKind
from perigrid.control.core.places import look_around, time_way
from perigrid.control.core.rules import facts_of
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import RAW
from perigrid.control.core.ways import (
    EVERYWHERE,
    add_closed,
    add_fibre,
    add_other,
    best_exit,
    next_window_s,
    other_exits,
    search,
    time_legs,
    to_centre_s,
    write_way,
)
from perigrid.control.scheduling.places import RETRY_S
from perigrid.fleet.model import ContactKind
from perigrid.physics.compiled import part

_MOVE, _WAIT, _CLOSE = int(ActionKind.MOVE), int(ActionKind.WAIT), int(ActionKind.CLOSE)
_CONTACT, _LINK = CAUSES.index(Cause.CONTACT), CAUSES.index(Cause.LINK)
_RULE = CAUSES.index(Cause.RULE)
_RELAY = int(ContactKind.RELAY)
_EARLIEST, _EARLIEST_MESH = int(Why.EARLIEST), int(Why.EARLIEST_MESH)
_ALL_CLOSED, _TO_HOST = int(Why.ALL_CLOSED), int(Why.TO_HOST)
_BEFORE_DEADLINE = int(Why.NO_CONTACT_BEFORE_DEADLINE)
_BEFORE_END, _NO_HOST = int(Why.NO_CONTACT_BEFORE_END), int(Why.NO_HOST_IN_REACH)
_NO_HOST_IN_TIME = int(Why.NO_HOST_IN_TIME)
_WHY_LATE, _LOST_LATE = int(Why.WAY_LATE), int(Lost.WAY_LATE)
_RETRY_S = RETRY_S

# ------------------------------------------------------------------ to a data centre


@part
def step_down(c: Shared, job: int, product: int, nbytes: float) -> int:
    """Say what to do with a product now: the first way, what is waited for, or why there is none.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions.
    job, product : int
        Whose, and which.
    nbytes : float
        Its size [B].

    Returns
    -------
    int
        Row of the decision, not issued.
    """
    holder, now_s = c.jobs[job].holder, c.con[0].t_s
    facts = c.facts[facts_of(c, job, product)]
    way, arrival_s = -1, np.inf
    if search(c, c.there, product, facts.open, holder, now_s, nbytes):
        way, arrival_s = best_exit(c, c.there, nbytes)
    if way < 0:
        return _no_way(c, job, product, nbytes)
    count = time_legs(c, c.there, product, facts.open, c.exits[way].index, now_s, nbytes)
    count = add_fibre(c, way, count, now_s, nbytes)
    late = arrival_s > c.jobs[job].deadline_s
    row = new_decision(c, job, _CLOSE if late else _MOVE)
    step = c.decisions[row]
    step.product, step.first_other = product, c.filled[2]
    write_way(c, c.decisions, row, count)
    if late:
        ground = wide(c.way[count - 1].source)
        add_other(c, ground, arrival_s, _LOST_LATE, np.nan)
    other_exits(c, c.there, way, nbytes)
    add_closed(c, facts.first_exit, facts.exits)
    step.others = c.filled[2] - step.first_other
    if late:
        _tell_late(c, row, product, arrival_s)
        return row
    step.source, step.target, step.why = holder, c.exits[way].centre, _EARLIEST
    for k in range(count):
        if c.way[k].kind == _RELAY:
            step.why = _EARLIEST_MESH
    return row


@part
def _tell_late(c: Shared, row: int, product: int, arrival_s: float) -> None:
    """Miss a job whose earliest way down ends after its deadline, and say which way that is."""
    step, now_s = c.decisions[row], c.con[0].t_s
    job, nbytes = c.jobs[step.job], c.way[0].nbytes
    step.why = _WHY_LATE
    step.numbers[0] = c.way[0].t_window_s - now_s
    step.numbers[1] = arrival_s - job.capture_s
    step.numbers[2] = job.deadline_s - job.capture_s
    opens_s = next_window_s(c, product, job.holder, now_s)
    step.cause = _CONTACT if opens_s >= job.deadline_s else _LINK
    if c.facts[facts_of(c, wide(step.job), product)].all_open == 0:
        free_s = to_centre_s(c, product, EVERYWHERE, job.holder, now_s, nbytes)
        if free_s <= job.deadline_s:
            step.cause = _RULE


@part
def _no_way(c: Shared, job: int, product: int, nbytes: float) -> int:
    con, me = c.con[0], c.jobs[job]
    row = new_decision(c, job, _CLOSE)
    step = c.decisions[row]
    step.first_other = c.filled[2]
    if to_centre_s(c, product, EVERYWHERE, me.holder, con.t_s, nbytes) < np.inf:
        facts = c.facts[facts_of(c, job, product)]
        add_closed(c, facts.first_exit, facts.exits)
        step.cause, step.why = _RULE, _ALL_CLOSED
        step.others = c.filled[2] - step.first_other
        return row
    step.cause, step.why = _CONTACT, _BEFORE_DEADLINE
    if me.deadline_s > con.end_s:
        step.kind, step.until_s, step.why = _WAIT, con.end_s, _BEFORE_END
    return row


# ------------------------------------------------------------------ to a host


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
    node, begin_s = _first_host(c, job, k)
    if node >= 0:
        return _go_to(c, job, k, node, begin_s)
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
    c.decisions[row].cause, c.decisions[row].why = _CONTACT, _NO_HOST_IN_TIME
    return row


@part
def too_late_for_host(c: Shared, job: int) -> bool:
    """Whether a job that may not be computed where it is has found no other place in time."""
    me = c.jobs[job]
    at_home = c.con[0].at_origin > 0 and c.satellites[me.origin].computes > 0
    unplaced = me.last < 0 and me.holder == me.origin
    held = unplaced and in_orbit(c, 0) and not at_home
    return bool(held and c.con[0].t_s >= me.deadline_s)


@part
def _first_host(c: Shared, job: int, k: int) -> tuple[int, float]:
    """Satellite that would be done in time and could begin first; one that was chosen stays so."""
    me, best, best_s = c.jobs[job], -1, np.inf
    if not look_around(c, job, me.holder):
        return best, best_s
    for node in range(c.con[0].n_satellites):
        index = c.nodes[node].index
        if node == me.holder or index < 0 or not may_run(c, k, job, node):
            continue
        arrival_s = c.here.arrival_s[index]
        if not arrival_s < np.inf or not has_room(c, node, me.raw_bytes):
            continue
        begin_s = max(arrival_s, c.satellites[node].busy_s)
        if begin_s + _work_s(c, job, k, node) > me.deadline_s:
            continue
        if node == me.goal:
            return node, begin_s
        if begin_s < best_s:
            best, best_s = node, begin_s
    return best, best_s


@part
def _work_s(c: Shared, job: int, k: int, node: int) -> float:
    """Time on a host of a stage and of those that follow there [s]."""
    cost = cost_of(c, job, k, node)
    return float(cost.all_s if k == 0 else cost.there_s)


@part
def _go_to(c: Shared, job: int, k: int, node: int, begin_s: float) -> int:
    if node != c.jobs[job].goal:  # else its time is set aside already
        commit(c, node, begin_s, _work_s(c, job, k, node))
    c.jobs[job].goal = node
    reserve(c, job, node)
    row = new_decision(c, job, _MOVE)
    step = c.decisions[row]
    step.product, step.source, step.target, step.why = RAW, c.jobs[job].holder, node, _TO_HOST
    write_way(c, c.decisions, row, time_way(c, job, node))
    return row
