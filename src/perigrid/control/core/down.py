"""How a product gets to a data centre, or why it does not."""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.codes import Lost, Why
from perigrid.control.core.drafts import new_decision
from perigrid.control.core.graph import delivered_bytes
from perigrid.control.core.messages import CAUSES, NOTHING, ActionKind
from perigrid.control.core.outages import wait_for_recovery
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
from perigrid.fleet.model import ContactKind
from perigrid.physics.compiled import part

_MOVE, _WAIT, _CLOSE = int(ActionKind.MOVE), int(ActionKind.WAIT), int(ActionKind.CLOSE)
_CONTACT, _LINK = CAUSES.index(Cause.CONTACT), CAUSES.index(Cause.LINK)
_RULE, _FAULT = CAUSES.index(Cause.RULE), CAUSES.index(Cause.FAULT)
_RELAY = int(ContactKind.RELAY)
_EARLIEST, _EARLIEST_MESH = int(Why.EARLIEST), int(Why.EARLIEST_MESH)
_ALL_CLOSED = int(Why.ALL_CLOSED)
_BEFORE_DEADLINE = int(Why.NO_CONTACT_BEFORE_DEADLINE)
_BEFORE_END = int(Why.NO_CONTACT_BEFORE_END)
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
    facts = c.facts[facts_of(c, job, product)]
    way, arrival_s = -1, np.inf
    if search(c, c.there, product, facts.open, holder, now_s, nbytes):
        way, arrival_s = best_exit(c, c.there, nbytes)
    late = way < 0 or arrival_s > c.jobs[job].deadline_s
    wait = wait_for_recovery(c, job, product, nbytes) if late else NOTHING
    if wait >= 0:
        return wait
    if way < 0:
        return _no_way(c, job, product, nbytes)
    count = time_legs(c, c.there, product, facts.open, c.exits[way].index, now_s, nbytes)
    count = add_fibre(c, way, count, now_s, nbytes)
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
    if job.struck:
        step.cause = _FAULT
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
    step.cause, step.why = _FAULT if me.struck else _CONTACT, _BEFORE_DEADLINE
    if me.deadline_s > con.end_s:
        step.kind, step.until_s, step.cause, step.why = _WAIT, con.end_s, _CONTACT, _BEFORE_END
    return row


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
    step, opened, now_s = c.decisions[row], len(c.open) - 1, c.con[0].t_s
    job, product, source = wide(step.job), wide(step.product), wide(step.source)
    nbytes = c.jobs[job].raw_bytes if product == RAW else delivered_bytes(c, job)
    if not search(c, c.there, product, opened, source, now_s, nbytes):
        return False
    way, arrival_s = best_exit(c, c.there, nbytes)
    if way < 0 or arrival_s > c.jobs[job].deadline_s:
        return False
    count = time_legs(c, c.there, product, opened, c.exits[way].index, now_s, nbytes)
    write_way(c, c.decisions, row, add_fibre(c, way, count, now_s, nbytes))
    step.target = c.exits[way].centre
    return True
