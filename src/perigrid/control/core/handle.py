"""THE DECISION CORE, compiled: events of an instant in, decisions out.

Decision by decision the same as :class:`perigrid.control.controller.Controller`, as far as
:func:`perigrid.control.core.build.can_decide` says that it decides at all.
"""

from __future__ import annotations

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import arrive, cancel, give, release, settle, store, take_back
from perigrid.control.core.choose import choose
from perigrid.control.core.codes import Why
from perigrid.control.core.down import miss_host, step_down, step_to_host, too_late_for_host
from perigrid.control.core.drafts import found_words, new_decision
from perigrid.control.core.graph import (
    cost_of,
    delivered_bytes,
    in_orbit,
    is_computed,
    may_run,
    next_stage,
)
from perigrid.control.core.messages import (
    CAUSES,
    CLOUD_CODE,
    NOTHING_FOUND_CODE,
    ActionKind,
    EventKind,
    Table,
)
from perigrid.control.core.queues import sent_bytes
from perigrid.control.core.rules import judge, level_of
from perigrid.control.core.state import (
    ANSWER,
    FINE,
    NO_ROOM,
    NOT_OURS,
    OVERFLOW,
    RAW,
    Core,
    Longs,
    Out,
)
from perigrid.control.core.ways import book
from perigrid.physics.compiled import kernel, part

_MOVE, _COMPUTE, _WAIT, _CLOSE = (
    int(ActionKind.MOVE), int(ActionKind.COMPUTE), int(ActionKind.WAIT), int(ActionKind.CLOSE)
)  # fmt: skip
_REPORTED, _CAPTURED, _REFUSED, _COMPUTED, _MOVED, _RANG = (
    int(EventKind.STATE_REPORTED), int(EventKind.CAPTURED), int(EventKind.CAPTURE_REFUSED),
    int(EventKind.COMPUTED), int(EventKind.MOVED), int(EventKind.TIMER_RANG),
)  # fmt: skip
_BUSY, _RULE = CAUSES.index(Cause.COMPUTE), CAUSES.index(Cause.RULE)
_CLOUD, _NOTHING = CLOUD_CODE, NOTHING_FOUND_CODE
_SHUTTER, _RULED_OUT, _ANSWER_LATE = int(Why.SHUTTER), int(Why.RULED_OUT), int(Why.ANSWER_LATE)
_DELIVERED, _WHY_REFUSED = int(Why.DELIVERED), int(Why.REFUSED)
_PER_JOB = 2
"""Decisions about a job in one call at most: one that is refused, and what follows from that."""


@part
def handle(
    c: Core,
    t_s: float,
    events: Table,
    n_events: int,
    decisions: Table,
    legs: Table,
    others: Table,
    filled: Longs,
) -> int:
    """React to the events of an instant.

    Parameters
    ----------
    c : Core
        Changed. Its ``told`` holds the report, if one is among the events.
    t_s : float
        Now [s].
    events : Table
        Of :data:`perigrid.control.core.messages.EVENT`, in order.
    n_events : int
        How many.
    decisions, legs, others : Table
        Take the decisions, in the order in which they are to be carried out; refusals are for the
        record. Between rows of two decisions there may be some that no decision names.
    filled : (3,) int array
        How many rows of each are taken; raised.

    Returns
    -------
    int
        ``FINE``; or ``NOT_OURS``, ``NO_ROOM`` with nothing changed; or ``OVERFLOW``.
    """
    out, con = Out(decisions, legs, others, filled), c.con[0]
    most = _PER_JOB * (n_events + con.held) + 1
    if len(decisions) - filled[0] < most or con.spare < n_events:
        return NO_ROOM
    for k in range(n_events):
        if events[k].kind > _RANG or events[k].suspect > 0:
            return NOT_OURS
    con.t_s = max(con.t_s, t_s)
    con.freed, con.ready = 0, 0
    for k in range(n_events):
        _hear(c, out, events[k])
    if con.in_orbit > 0 and con.ready + con.freed > 0:
        _place(c, out)
    return OVERFLOW if con.overflow > 0 else FINE


@kernel
def handle_once(
    c: Core,
    t_s: float,
    events: Table,
    n_events: int,
    decisions: Table,
    legs: Table,
    others: Table,
    filled: Longs,
) -> int:
    """React from Python; see :func:`handle`.

    Parameters
    ----------
    c, t_s, events, n_events, decisions, legs, others, filled
        As there.

    Returns
    -------
    int
        As there.
    """
    return handle(c, t_s, events, n_events, decisions, legs, others, filled)


# ------------------------------------------------------------------ what happened


@part
def _hear(c: Core, out: Out, event: Table) -> None:
    """Take an event into the belief, and its job's next step if it can go on."""
    con, job = c.con[0], event.job
    if event.kind == _REPORTED:
        con.told_s, con.reports = con.t_s, con.reports + 1
        for node in range(con.n_satellites):
            _free(c, node)
        return
    if event.kind == _RANG and c.jobs[job].doing != _WAIT:
        return
    if event.kind == _CAPTURED or event.kind == _REFUSED:
        c.jobs[job].known, c.jobs[job].holder = 1, c.jobs[job].origin
    if event.kind == _REFUSED:
        row = new_decision(c, out, job, _CLOSE)
        out.decisions[row].cause, out.decisions[row].why = event.cause, _SHUTTER
        _end(c, out, row)
        return
    if event.kind == _CAPTURED:
        store(c, job)
    elif event.kind == _COMPUTED:
        _computed(c, event)
    elif event.kind == _MOVED:
        _moved(c, event)
    _react(c, out, job)


@part
def _free(c: Core, node: int) -> None:
    c.freed[c.con[0].freed] = node
    c.con[0].freed += 1


@part
def _computed(c: Core, event: Table) -> None:
    con, jobs, job = c.con[0], c.jobs, event.job
    jobs[job].done |= 1 << event.stage
    jobs[job].last = event.stage
    c.found[job, event.stage] = event.outcome
    if event.outcome == event.outcome:
        con.screened += 1
        con.kept += next_stage(c, job) >= 0
    if is_computed(c, job):
        if event.node >= con.n_satellites:
            jobs[job].answer_at = event.node
        if con.sends_pixels == 0:
            release(c, job)  # the answer is what goes down
    node = take_back(c, job)
    if node >= 0:
        _free(c, node)


@part
def _moved(c: Core, event: Table) -> None:
    jobs, job = c.jobs, event.job
    if event.product == RAW:
        jobs[job].holder, jobs[job].goal = event.node, -1
        arrive(c, job)
    if is_computed(c, job):
        jobs[job].answer_at = event.node
    if event.node < c.con[0].n_satellites:
        settle(c, event.node)  # the time that was kept for it is its own now


# ------------------------------------------------------------------ what is wanted


@part
def _react(c: Core, out: Out, job: int) -> None:
    """Take a job's next step, or put it before the scheduler."""
    if too_late_for_host(c, job):
        _issue(c, out, miss_host(c, out, job))
    elif _asks(c, job):
        c.ready[c.con[0].ready] = job
        c.con[0].ready += 1
    else:
        _continue(c, out, job)


@part
def _asks(c: Core, job: int) -> bool:
    """Whether a scheduler says where and when a job's next stage is computed."""
    me, k = c.jobs[job], next_stage(c, job)
    if k < 0 or not in_orbit(c, k) or me.holder >= c.con[0].n_satellites:
        return False
    unplaced = me.last < 0 and me.holder == me.origin
    return bool(may_run(c, k, job, me.holder) or (c.con[0].weighs > 0 and unplaced))


@part
def _continue(c: Core, out: Out, job: int) -> None:
    """Take the next step of a job whose place is decided."""
    k, nbytes = next_stage(c, job), delivered_bytes(c, job)
    if k >= 0:
        _work(c, out, job, k)
    elif nbytes < 0.0:
        _rule_out(c, out, job)
    elif c.jobs[job].answer_at < 0:
        if c.con[0].sends_pixels > 0:
            _take(c, out, step_down(c, out, job, RAW, c.jobs[job].raw_bytes))
        else:
            _take(c, out, step_down(c, out, job, ANSWER, nbytes))
    elif c.con[0].t_s > c.jobs[job].deadline_s:
        row = new_decision(c, out, job, _CLOSE)
        out.decisions[row].cause, out.decisions[row].why = _BUSY, _ANSWER_LATE
        _end(c, out, row)
    else:
        row = new_decision(c, out, job, _CLOSE)
        out.decisions[row].delivered, out.decisions[row].why = 1, _DELIVERED
        _issue(c, out, row)


@part
def _work(c: Core, out: Out, job: int, k: int) -> None:
    """Do the next stage where the pixels are, or bring them where it may be done."""
    me = c.jobs[job]
    if may_run(c, k, job, me.holder):
        row = new_decision(c, out, job, _COMPUTE)
        out.decisions[row].source, out.decisions[row].stage = me.holder, k
        found_words(c, out.decisions, row)
        _issue(c, out, row)
    elif c.stages[k].on_ground > 0:
        _take(c, out, step_down(c, out, job, RAW, me.raw_bytes))
    else:
        _take(c, out, step_to_host(c, out, job))


@part
def _rule_out(c: Core, out: Out, job: int) -> None:
    """End a job of which nothing is left to do and nothing to deliver."""
    row, last = new_decision(c, out, job, _CLOSE), c.jobs[job].last
    close = out.decisions[row]
    close.cause = _CLOUD if c.stages[last].screens > 0 else _NOTHING
    close.why, close.stage = _RULED_OUT, last
    close.numbers[0] = c.found[job, last]
    _end(c, out, row)


@part
def _place(c: Core, out: Out) -> None:
    """Ask the scheduler for the jobs that can go on, and tell it what satellites are free."""
    con = c.con[0]
    choose(c, out)
    for k in range(con.ready):
        c.jobs[c.ready[k]].asked = con.batch
    for k in range(con.drafts):
        job = c.drafts[k].job
        waited = c.jobs[job].asked != con.batch
        if waited and c.jobs[job].doing != _WAIT:  # it ended meanwhile
            take_back(c, job)
            continue
        row = new_decision(c, out, job, _CLOSE)
        out.decisions[row] = c.drafts[k]
        if waited and too_late_for_host(c, job):
            _issue(c, out, miss_host(c, out, job))
        elif out.decisions[row].kind == _CLOSE:
            _give_up(c, out, k)
        else:
            _issue(c, out, row)


@part
def _give_up(c: Core, out: Out, k: int) -> None:
    """Miss a job that no computer can serve in time, for what stands in its way."""
    job, before_legs, before_others = c.drafts[k].job, out.filled[1], out.filled[2]
    row = step_down(c, out, job, level_of(c), sent_bytes(c, job))
    if out.decisions[row].kind != _CLOSE:
        out.filled[1], out.filled[2] = before_legs, before_others
        out.decisions[row] = c.drafts[k]
    _end(c, out, row)


@part
def _take(c: Core, out: Out, row: int) -> None:
    """Take a step with a product, or end its job."""
    if out.decisions[row].kind == _CLOSE:
        _end(c, out, row)
    else:
        _issue(c, out, row)


# ------------------------------------------------------------------ what is allowed


@part
def _issue(c: Core, out: Out, row: int) -> None:
    """Judge an action and note what it commits; what follows if it is refused."""
    judge(c, out, row)
    action = out.decisions[row]
    job, kind, allowed = action.job, action.kind, action.refused == 0
    out.filled[0] = row + 1
    c.jobs[job].doing = kind
    if kind != _MOVE or not allowed:
        cancel(c, job)  # a scheduler reserved for a move not made
    if kind == _CLOSE:
        release(c, job)
    if kind != _COMPUTE or not allowed:
        take_back(c, job)
    elif action.source < c.con[0].n_satellites and c.jobs[job].given_to < 0:
        give(c, job, action.source, cost_of(c, job, action.stage, action.source).work_s)
    if not allowed:
        _end_refused(c, out, row)
    elif kind == _MOVE:
        book(c, out, row)
        if action.product == ANSWER:
            release(c, job)


@part
def _end_refused(c: Core, out: Out, row: int) -> None:
    """End a job of which an action was refused for good."""
    refused = out.decisions[row]
    close_row = new_decision(c, out, refused.job, _CLOSE)
    close = out.decisions[close_row]
    close.cause, close.why = _RULE, _WHY_REFUSED
    close.numbers[0], close.numbers[1] = refused.verdict, refused.verdict_node
    _end(c, out, close_row)


@part
def _end(c: Core, out: Out, row: int) -> None:
    """End a job: closing is always safe."""
    out.filled[0] = row + 1
    c.jobs[out.decisions[row].job].doing = _CLOSE
    release(c, out.decisions[row].job)
