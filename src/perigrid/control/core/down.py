"""How a product gets to a data centre, or why it does not."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.codes import Lost, Why
from perigrid.control.core.drafts import new_decision
from perigrid.control.core.graph import delivered_bytes
from perigrid.control.core.messages import CAUSES, NOTHING, ActionKind
from perigrid.control.core.parts import goes_in_parts, time_parts, to_centre_s
from perigrid.control.core.recovery import wait_for_recovery
from perigrid.control.core.routes import is_there, routes_again_s, some_exit_open
from perigrid.control.core.rules import DENIED, GO, facts_of, opens_s
from perigrid.control.core.search import (
    EVERYWHERE,
    best_exit,
    goal_of,
    ruled_s,
    search,
)
from perigrid.control.core.shared import Shared, wide
from perigrid.control.core.state import RAW
from perigrid.control.core.ways import (
    add_closed,
    add_closed_user,
    add_fibre,
    add_other,
    next_window_s,
    other_exits,
    time_legs,
    write_way,
)
from perigrid.fleet.model import ContactKind
from perigrid.physics.compiled import part

_MOVE, _WAIT, _CLOSE = int(ActionKind.MOVE), int(ActionKind.WAIT), int(ActionKind.CLOSE)
_CONTACT, _LINK = CAUSES.index(Cause.CONTACT), CAUSES.index(Cause.LINK)
_RULE, _FAULT = CAUSES.index(Cause.RULE), CAUSES.index(Cause.FAULT)
_COMPUTE = CAUSES.index(Cause.COMPUTE)
_RELAY = int(ContactKind.RELAY)
_IN_PARTS = int(Why.IN_PARTS)
_EARLIEST, _EARLIEST_MESH = int(Why.EARLIEST), int(Why.EARLIEST_MESH)
_ALL_CLOSED = int(Why.ALL_CLOSED)
_BEFORE_DEADLINE = int(Why.NO_CONTACT_BEFORE_DEADLINE)
_BEFORE_END = int(Why.NO_CONTACT_BEFORE_END)
_RULED = int(Why.RULED)
_ROUTE, _NO_ROUTE = int(Why.ROUTE), int(Why.NO_ROUTE)
_WHY_LATE, _LOST_LATE = int(Why.WAY_LATE), int(Lost.WAY_LATE)


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
    opened, way, arrival_s = facts_of(c, job, product), -1, np.inf
    if goes_in_parts(c, job, product, nbytes):
        return _step_in_parts(c, job, product, opened, nbytes)
    if search(c, c.there, product, opened, holder, now_s, nbytes):
        way, arrival_s = best_exit(c, c.there, job, nbytes)
    late = way < 0 or arrival_s > c.jobs[job].deadline_s
    wait = wait_for_recovery(c, job, product, nbytes) if late else NOTHING
    if wait >= 0:
        return wait
    if way < 0:
        return _no_way(c, job, product, nbytes)
    count = time_legs(c, c.there, product, opened, c.exits[way].index, now_s, nbytes)
    opens_s = ruled_s(c, c.there, product, opened)
    row = _tell_way(c, job, product, way, add_fibre(c, way, count, now_s, nbytes), late)
    if late:
        _tell_late(c, row, product, arrival_s)
    elif opens_s > now_s:
        _hold(c, row, opens_s)
    else:
        _set_out(c, row, holder, way)
    return row


@part
def _step_in_parts(c: Shared, job: int, product: int, opened: int, nbytes: float) -> int:
    """Say what to do with a product that goes down in parts; row of the decision, not issued."""
    holder, now_s = wide(c.jobs[job].holder), c.con[0].t_s
    count = time_parts(c, job, product, opened, holder, now_s, nbytes)
    late = count == 0 or c.way[count - 1].t_arrival_s > c.jobs[job].deadline_s
    wait = wait_for_recovery(c, job, product, nbytes) if late else NOTHING
    if wait >= 0:
        return wait
    if count == 0:
        return _no_way(c, job, product, nbytes)
    if late:  # looking for a recovery took its place
        count = time_parts(c, job, product, opened, holder, now_s, nbytes)
    arrival_s, index = c.way[count - 1].t_arrival_s, c.nodes[c.way[0].target].index
    row, facts = new_decision(c, job, _CLOSE if late else _MOVE), c.facts[opened]
    step = c.decisions[row]
    step.product, step.first_other = product, c.filled[2]
    write_way(c, c.decisions, row, count)
    if late:
        add_other(c, wide(c.way[count - 1].source), arrival_s, _LOST_LATE, np.nan)
    add_closed(c, facts.first_exit, facts.exits)
    step.others = c.filled[2] - step.first_other
    ruled_s = opens_s(c, opened, index, now_s)
    if late:
        _tell_late(c, row, product, arrival_s)
    elif ruled_s > now_s:
        _hold(c, row, ruled_s)
    else:
        step.source, step.target, step.why = holder, c.way[count - 1].target, _IN_PARTS
    return row


@part
def _tell_way(c: Shared, job: int, product: int, way: int, count: int, late: bool) -> int:  # noqa: FBT001  compiled
    """Begin the decision about a way, with its legs and what else there is; its row."""
    row, nbytes = new_decision(c, job, _CLOSE if late else _MOVE), c.way[0].nbytes
    step, facts = c.decisions[row], c.facts[facts_of(c, job, product)]
    step.product, step.first_other = product, c.filled[2]
    write_way(c, c.decisions, row, count)
    if late:
        last = c.way[count - 1]
        add_other(c, wide(last.source), last.t_arrival_s, _LOST_LATE, np.nan)
    other_exits(c, c.there, way, nbytes)
    if c.jobs[job].user < 0 or product == RAW:  # else it has a ground node of its own
        add_closed(c, facts.first_exit, facts.exits)
    step.others = c.filled[2] - step.first_other
    return row


@part
def _set_out(c: Shared, row: int, holder: int, way: int) -> None:
    """Send a product by a way."""
    step = c.decisions[row]
    step.source, step.target, step.why = holder, goal_of(c, wide(step.product), way), _EARLIEST
    if c.con[0].routed > 0:
        step.why = _ROUTE
    for k in range(step.legs):
        if c.way[k].kind == _RELAY:
            step.why = _EARLIEST_MESH


@part
def _hold(c: Shared, row: int, opens_s: float) -> None:
    """Hold a product until a rule lets it go; what else it waits for is seen then."""
    step = c.decisions[row]
    step.kind, step.cause, step.why, step.until_s = _WAIT, _RULE, _RULED, opens_s
    step.numbers[0], step.numbers[1] = c.way[0].target, opens_s - c.con[0].t_s
    facts, kind = facts_of(c, wide(step.job), wide(step.product)), c.nodes[c.way[0].target].stand_in
    verdict = c.verdicts[facts, GO, kind]
    if c.con[0].routed > 0 and c.strictness[verdict] == DENIED:  # over windows a way waits on many
        step.numbers[2] = verdict
    step.legs = 0


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
    if c.con[0].routed > 0 and now_s >= job.deadline_s:
        step.cause = _COMPUTE  # it was computed too late
    if job.struck:
        step.cause = _FAULT
    facts = c.facts[facts_of(c, wide(step.job), product)]
    if facts.all_open == 0:
        free_s = to_centre_s(c, wide(step.job), product, EVERYWHERE, job.holder, now_s, nbytes)
        if free_s <= job.deadline_s:
            step.cause = _RULE


@part
def _no_way(c: Shared, job: int, product: int, nbytes: float) -> int:
    con, me = c.con[0], c.jobs[job]
    row = new_decision(c, job, _CLOSE)
    step = c.decisions[row]
    step.first_other = c.filled[2]
    if con.routed > 0:
        _no_route(c, row, product)
        return row
    if to_centre_s(c, job, product, EVERYWHERE, me.holder, con.t_s, nbytes) < np.inf:
        facts = c.facts[facts_of(c, job, product)]
        add_closed(c, facts.first_exit, facts.exits)
        step.cause, step.why = _RULE, _ALL_CLOSED
        step.others = c.filled[2] - step.first_other
        return row
    step.cause, step.why = _FAULT if me.struck else _CONTACT, _BEFORE_DEADLINE
    if me.deadline_s > con.end_s:
        step.kind, step.until_s, step.cause, step.why = _WAIT, con.end_s, _CONTACT, _BEFORE_END
    return row


@part
def _no_route(c: Shared, row: int, product: int) -> None:
    """Let a product wait for the next routes, if rules leave any way open and there is time."""
    step, con = c.decisions[row], c.con[0]
    me, again_s = c.jobs[step.job], routes_again_s(c)
    if not some_exit_open(c, wide(step.job), product):
        step.cause, step.why = _RULE, _ALL_CLOSED
        if me.user >= 0 and product != RAW:
            add_closed_user(c, wide(step.job))
        else:
            facts = c.facts[facts_of(c, wide(step.job), product)]
            add_closed(c, facts.first_exit, facts.exits)
        step.others = c.filled[2] - step.first_other
        return
    away = me.user >= 0 and not is_there(c, wide(me.user))
    step.cause, step.why = _FAULT if me.struck or away else _CONTACT, _BEFORE_DEADLINE
    if again_s <= me.deadline_s:
        step.kind, step.cause = _WAIT, _FAULT if away else _CONTACT
        step.until_s, step.why = min(again_s, con.end_s), _NO_ROUTE
    elif me.deadline_s > con.end_s:
        step.kind, step.until_s, step.cause, step.why = _WAIT, con.end_s, _CONTACT, _BEFORE_END


@part
def step_again(c: Shared, row: int) -> bool:
    """Plan a move down again for now, over the nodes that people approved.

    Parameters
    ----------
    c : Shared
        What is known, and the tables of decisions. The last row of open nodes holds those nodes.
    row : int
        Of the decision, which says what is sent from where.

    Returns
    -------
    bool
        False if the way is not open again before the deadline.
    """
    step, now_s = c.decisions[row], c.con[0].t_s
    job, product, source = wide(step.job), wide(step.product), wide(step.source)
    nbytes = c.jobs[job].raw_bytes if product == RAW else delivered_bytes(c, job)
    opened = facts_of(c, job, product)
    way, arrival_s, count = -1, np.inf, 0
    c.con[0].within = 1
    if goes_in_parts(c, job, product, nbytes):
        count = time_parts(c, job, product, opened, source, now_s, nbytes)
        c.con[0].within = 0
        if count == 0 or c.way[count - 1].t_arrival_s > c.jobs[job].deadline_s:
            return False
        write_way(c, c.decisions, row, count)
        step.target = c.way[count - 1].target
        return True
    if search(c, c.there, product, opened, source, now_s, nbytes):
        way, arrival_s = best_exit(c, c.there, job, nbytes)
    in_time = way >= 0 and arrival_s <= c.jobs[job].deadline_s
    if in_time:
        count = time_legs(c, c.there, product, opened, c.exits[way].index, now_s, nbytes)
    c.con[0].within = 0
    if not in_time:
        return False
    write_way(c, c.decisions, row, add_fibre(c, way, count, now_s, nbytes))
    step.target = goal_of(c, product, way)
    return True
