"""THE DECISION CORE, compiled: events of an instant in, decisions out.

No clock, no I/O and no randomness: time comes with the events. Simulated runs call it inside their
compiled loop, live runs and replay through :class:`perigrid.control.controller.Controller`.
"""

from __future__ import annotations

from perigrid.base.jobs import Cause
from perigrid.control.core.belief import store, take_back, withdraw
from perigrid.control.core.bookings import fit_again
from perigrid.control.core.centres import comes_late
from perigrid.control.core.choose import choose
from perigrid.control.core.codes import SOON_S, Why
from perigrid.control.core.down import step_down
from perigrid.control.core.drafts import found_words, new_decision
from perigrid.control.core.graph import (
    delivered_bytes,
    in_orbit,
    may_run,
    next_stage,
)
from perigrid.control.core.heard import (
    computed,
    end_task,
    expired,
    moved,
)
from perigrid.control.core.hosts import step_to_host
from perigrid.control.core.issue import answered, end, issue, next_recovery, take
from perigrid.control.core.messages import (
    CAUSES,
    CLOUD_CODE,
    NOTHING,
    NOTHING_FOUND_CODE,
    ActionKind,
    EventKind,
    Table,
)
from perigrid.control.core.outages import (
    move_failed,
    task_lost,
)
from perigrid.control.core.outside import BROKEN, Question, ask_outside
from perigrid.control.core.queues import sent_bytes
from perigrid.control.core.reserved import ask_people
from perigrid.control.core.rules import level_of
from perigrid.control.core.shared import Shared, shared, wide
from perigrid.control.core.silence import count_abandoned, hear_of_nodes, see_silence
from perigrid.control.core.state import (
    ANSWER,
    FINE,
    NO_ROOM,
    OVERFLOW,
    RAW,
    UNANSWERED,
    Core,
    Longs,
)
from perigrid.control.core.urgency import send_down
from perigrid.physics.compiled import kernel, part
from perigrid.physics.far_calls import address_of

_MOVE, _COMPUTE, _WAIT, _CLOSE = (
    int(ActionKind.MOVE), int(ActionKind.COMPUTE), int(ActionKind.WAIT), int(ActionKind.CLOSE)
)  # fmt: skip
_REPORTED, _CAPTURED, _REFUSED, _COMPUTED, _MOVED, _RANG, _MOVE_FAILED = (
    int(one) for one in list(EventKind)[:7]
)
_TASK_LOST = int(EventKind.TASK_LOST)
_ANSWERED, _EXPIRED = int(EventKind.APPROVAL_ANSWERED), int(EventKind.AUTHORITY_EXPIRED)
_USED = int(Question.USED)
_BUSY, _LINK = CAUSES.index(Cause.COMPUTE), CAUSES.index(Cause.LINK)
_LINK_GIVEN, _SOON_S = int(Why.LINK_GIVEN), SOON_S
_CLOUD, _NOTHING = CLOUD_CODE, NOTHING_FOUND_CODE
_SHUTTER, _RULED_OUT, _ANSWER_LATE = int(Why.SHUTTER), int(Why.RULED_OUT), int(Why.ANSWER_LATE)
_DELIVERED, _NO_ANSWER = int(Why.DELIVERED), int(Why.NO_ANSWER_IN_TIME)


@part
def handle(c: Shared, t_s: float, events: Table, n_events: int) -> int:
    """React to the events of an instant.

    Parameters
    ----------
    c : Shared
        Changed. Its ``told`` holds the report, if one is among the events. Its tables take the
        decisions, in the order in which they are to be carried out; refusals are for the record.
        Between rows of two decisions there may be some that no decision names.
    t_s : float
        Now [s].
    events : Table
        Of :data:`perigrid.control.core.messages.EVENT`, in order.
    n_events : int
        How many.

    Returns
    -------
    int
        ``FINE``; or ``NO_ROOM`` with nothing changed; or ``OVERFLOW`` or ``UNANSWERED``, and
        nothing is to be believed any more.
    """
    con = c.con[0]
    if not _has_room(c, events, n_events):
        return NO_ROOM
    con.t_s = max(con.t_s, t_s)
    con.freed, con.ready, first = 0, 0, c.filled[0]
    if con.lends > 0:
        _charge(c, events, n_events)
    for k in range(n_events):
        _hear(c, events[k])
    if con.in_orbit > 0 and con.ready + con.freed > 0:
        _place(c)
    ask_people(c, first)
    if c.outside[BROKEN] > 0:
        return UNANSWERED
    return OVERFLOW if con.overflow > 0 else FINE


_handle_address = address_of(handle)


@kernel
def handle_once(
    core: Core,
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
    core : Core
        Changed.
    t_s, events, n_events
        As there.
    decisions, legs, others, filled
        As for :func:`perigrid.control.core.shared.shared`.

    Returns
    -------
    int
        As there; of fewer than no events the address of the code, for other kernels.
    """
    c = shared(core, decisions, legs, others, filled)
    if n_events < 0:
        return _handle_address(c, t_s, events, n_events)  # type: ignore[no-any-return]
    return handle(c, t_s, events, n_events)


@part
def _has_room(c: Shared, events: Table, n_events: int) -> bool:
    """Whether there is room for all that may be decided on the events of an instant."""
    con = c.con[0]
    jobs = n_events + con.held + 1
    for k in range(n_events):
        if con.troubled > 0 and events[k].kind in (_REPORTED, _MOVE_FAILED):
            jobs += count_abandoned(c)
    told = con.answers * jobs
    if con.urgent > 0:  # whatever is under way may be displaced
        told += len(c.under_way) - con.spare_legs
    enough = len(c.decisions) - c.filled[0] >= told and con.spare >= n_events
    return bool(enough and con.spare_legs >= con.way_legs * jobs + len(c.nodes))


# ------------------------------------------------------------------ what happened


@part
def _hear(c: Shared, event: Table) -> None:
    """Take an event into the belief, and its job's next step if it can go on."""
    job = wide(event.job)
    if job < 0:
        hear_of_nodes(c, event)
    elif event.kind == _REFUSED:
        row = new_decision(c, job, _CLOSE)
        c.decisions[row].cause, c.decisions[row].why = event.cause, _SHUTTER
        end(c, row)
    elif event.kind != _RANG or c.jobs[job].doing == _WAIT:
        if event.kind == _MOVE_FAILED:
            see_silence(c, event, job)
        _learn(c, event, job)
        if event.kind != _ANSWERED or not answered(c, job):
            _react(c, job)


@part
def _charge(c: Shared, events: Table, n_events: int) -> None:
    """Charge grants for what was computed, before anything of the instant is decided."""
    for k in range(n_events):
        if events[k].kind == _COMPUTED and c.jobs[events[k].job].lent > 0:
            place = wide(events[k].job) * c.con[0].n_stages + wide(events[k].stage)
            ask_outside(c, _USED, place * len(c.nodes) + wide(events[k].node))


@part
def _learn(c: Shared, event: Table, job: int) -> None:
    if event.kind in (_MOVED, _MOVE_FAILED, _TASK_LOST):
        c.jobs[job].requests = 0  # what was approved was begun
    if event.kind == _CAPTURED:
        c.jobs[job].holder = c.jobs[job].origin
        store(c, job)
    elif event.kind == _COMPUTED:
        computed(c, event)
    elif event.kind == _MOVED:
        moved(c, event)
    elif event.kind == _MOVE_FAILED:
        move_failed(c, event)
    elif event.kind == _TASK_LOST:
        task_lost(c, job, wide(event.node))
        end_task(c, job)
    elif event.kind == _EXPIRED:
        expired(c, job)
        end_task(c, job)


# ------------------------------------------------------------------ what is wanted


@part
def _react(c: Shared, job: int) -> None:
    """Take a job's next step, or put it before the scheduler."""
    step = next_recovery(c, job)
    if step >= 0:
        issue(c, step)
    elif _asks(c, job):
        c.ready[c.con[0].ready] = job
        c.con[0].ready += 1
    else:
        _continue(c, job)


@part
def _asks(c: Shared, job: int) -> bool:
    """Whether a scheduler says where and when a job's next stage is computed."""
    me, k = c.jobs[job], next_stage(c, job)
    if k < 0 or not in_orbit(c, k) or me.stay > 0 or me.holder >= c.con[0].n_satellites:
        return False
    unplaced = me.last < 0 and me.holder == me.origin
    return bool(may_run(c, k, job, me.holder) or (c.con[0].weighs > 0 and unplaced))


@part
def _continue(c: Shared, job: int) -> None:
    """Take the next step of a job whose place is decided."""
    k, nbytes = next_stage(c, job), delivered_bytes(c, job)
    if k >= 0:
        _work(c, job, k)
    elif nbytes < 0.0:
        _rule_out(c, job)
    elif c.jobs[job].answer_at < 0:
        if c.con[0].sends_pixels > 0:
            send_down(c, job, RAW, c.jobs[job].raw_bytes)
        else:
            send_down(c, job, ANSWER, nbytes)
    elif c.con[0].t_s > c.jobs[job].deadline_s:
        row = new_decision(c, job, _CLOSE)
        c.decisions[row].cause, c.decisions[row].why = _BUSY, _ANSWER_LATE
        end(c, row)
    else:
        row = new_decision(c, job, _CLOSE)
        c.decisions[row].delivered, c.decisions[row].why = 1, _DELIVERED
        issue(c, row)


@part
def _work(c: Shared, job: int, k: int) -> None:
    """Do the next stage where the pixels are, or bring them where it may be done."""
    me = c.jobs[job]
    runs = may_run(c, k, job, me.holder)
    if runs and me.holder >= c.con[0].n_satellites and comes_late(c, job, k, wide(me.holder)):
        row = new_decision(c, job, _CLOSE)
        c.decisions[row].cause, c.decisions[row].why = _BUSY, _NO_ANSWER
        end(c, row)
    elif runs:
        row = new_decision(c, job, _COMPUTE)
        c.decisions[row].source, c.decisions[row].stage = me.holder, k
        found_words(c, c.decisions, row)
        issue(c, row)
    elif c.stages[k].on_ground > 0:
        send_down(c, job, RAW, me.raw_bytes)
    else:
        take(c, step_to_host(c, job))


@part
def _rule_out(c: Shared, job: int) -> None:
    """End a job of which nothing is left to do and nothing to deliver."""
    row, last = new_decision(c, job, _CLOSE), c.jobs[job].last
    close = c.decisions[row]
    close.cause = _CLOUD if c.stages[last].screens > 0 else _NOTHING
    close.why, close.stage = _RULED_OUT, last
    close.numbers[0] = c.found[job, last]
    end(c, row)


@part
def _place(c: Shared) -> None:
    """Ask the scheduler for the jobs that can go on, and tell it what satellites are free."""
    con = c.con[0]
    choose(c)
    for k in range(con.ready):
        c.jobs[c.ready[k]].asked = con.batch
    for k in range(con.drafts):
        job = wide(c.drafts[k].job)
        waited = c.jobs[job].asked != con.batch
        if waited and c.jobs[job].doing != _WAIT:  # it ended meanwhile
            take_back(c, job)
            continue
        step = next_recovery(c, job) if waited else -1
        if step >= 0:
            issue(c, step)
        elif c.drafts[k].kind == _CLOSE:
            _give_up(c, k)
        else:
            row = new_decision(c, job, _CLOSE)
            c.decisions[row] = c.drafts[k]
            if c.drafts[k].kind == _MOVE and not fit_again(c, row):
                _let_wait(c, row)
            issue(c, row)


@part
def _let_wait(c: Shared, row: int) -> None:
    """Have a job ask again soon: what its way needs was booked since the scheduler found it."""
    step = c.decisions[row]
    withdraw(c, wide(step.job))
    step.kind, step.cause, step.why, step.legs = _WAIT, _LINK, _LINK_GIVEN, 0
    step.source, step.target, step.until_s = NOTHING, NOTHING, c.con[0].t_s + _SOON_S


@part
def _give_up(c: Shared, k: int) -> None:
    """Miss a job that no computer can serve in time, for what stands in its way."""
    job, before_legs, before_others = wide(c.drafts[k].job), c.filled[1], c.filled[2]
    row = step_down(c, job, level_of(c), sent_bytes(c, job))
    if c.decisions[row].kind != _CLOSE:
        c.filled[1], c.filled[2] = before_legs, before_others
        c.decisions[row] = c.drafts[k]
    end(c, row)
