"""The event loop inside a step: releases, arrivals, ends, answers and faults at exact times."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.codes import COMPUTE, CONTACT, FAULT, LINK, RULE, WAITS_FOR, Reason
from perigrid.control.dispatch.decide import decide, main_reason, receiver_of
from perigrid.control.dispatch.leave import leave_for, span_at, take_leave
from perigrid.ledger.row_hash import hash_parts
from perigrid.ledger.rows import Kind
from perigrid.ledger.tables import WEIGHED
from perigrid.physics.compiled import kernel, part
from perigrid.sim.flight.queue import cancel, schedule
from perigrid.sim.flight.trouble import turn
from perigrid.sim.flight.work import (
    again,
    begin_waiting,
    close,
    enqueue,
    leave_slot,
    may_send,
    progress,
    promise,
    set_back,
    wait_for,
    withdraw,
)
from perigrid.sim.flight.world import LOG_ROWS, Count, Happening, Phase, World

_WAITING, _HOLDING, _OUTBOUND = int(Phase.WAITING), int(Phase.HOLDING), int(Phase.OUTBOUND)
_ASKING = int(Phase.ASKING)
_DECIDE, _ARRIVE, _FINISH, _SEND, _DELIVER = (int(one) for one in Happening)
_HEAP, _RELEASED, _FAULTS, _LOGGED, _DECISIONS = (
    int(Count.HEAP), int(Count.RELEASED), int(Count.FAULTS), int(Count.LOGGED),
    int(Count.DECISIONS),
)  # fmt: skip
_LATE, _FORBIDDEN, _PEOPLE = int(Reason.LATE), int(Reason.FORBIDDEN), int(Reason.PEOPLE)
_TO_COMPUTE, _TO_WAIT, _TO_CLOSE, _TO_ASK = (int(one) for one in Kind)
_BITS = 8.0
_TOLD = -1  # stamp of a job that waits, once that was logged
_DEFAULT = 0  # rule of what touches nothing


@kernel
def run_until(w: World, t_stop_s: float, t_end_s: float) -> bool:
    """Let everything happen that is due before a time within a step.

    Parameters
    ----------
    w : World
        Changed in place.
    t_stop_s, t_end_s : float
        Until when, and the end of the step; what is due then is left [s].

    Returns
    -------
    bool
        False if the log of decisions is full: write it, empty it, and call again.

    Notes
    -----
    At equal times faults come first, then events in the order in which they were set, then new
    jobs.
    """
    counts, heap, jobs = w.counts, w.heap, w.jobs
    while counts[_LOGGED] < LOG_ROWS:
        fault_s, due_s, release_s = np.inf, np.inf, np.inf
        if counts[_FAULTS] < len(w.faults):
            fault_s = w.faults[counts[_FAULTS]].t_s
        if counts[_HEAP] > 0:
            due_s = jobs[heap[0]].due_s
        if counts[_RELEASED] < len(w.jobs):
            release_s = w.jobs[counts[_RELEASED]].release_s
        t_s = min(fault_s, due_s, release_s)
        if t_s >= t_stop_s:
            return True
        if fault_s == t_s:
            edge = counts[_FAULTS]
            counts[_FAULTS] += 1
            turn(w, w.faults[edge].turn, w.faults[edge].node, t_s, t_end_s)
        elif due_s == t_s:
            _happen(w, t_s, t_end_s)
        else:
            job = counts[_RELEASED]
            counts[_RELEASED] += 1
            jobs[job].phase = _WAITING
            _place(w, job, t_s)
    return False


@part
def _happen(w: World, t_s: float, t_end_s: float) -> None:
    """Take the first event of the queue."""
    job = w.heap[0]
    kind = w.jobs[job].kind
    cancel(w, job)
    if kind == _DECIDE:
        _place(w, job, t_s)
    elif kind == _ARRIVE:
        _arrive(w, job, t_s, t_end_s)
    elif kind == _FINISH:
        _finish(w, job, t_s, t_end_s)
    elif kind == _SEND:
        _send(w, job, t_s)
    else:
        _deliver(w, job, t_s)


@part
def _place(w: World, job: int, t_s: float) -> None:
    """Decide where a job is done."""
    jobs = w.jobs
    if jobs[job].phase == _ASKING:  # nobody answered in time
        _log(w, job, t_s, _TO_CLOSE, -1, _PEOPLE, 0, np.inf)
        close(w, job, t_s, _PEOPLE)
        return
    w.counts[_DECISIONS] += 1
    best, count = decide(
        w, t_s, job, jobs[job].attempt, jobs[job].left_s, jobs[job].avoid
    )  # fmt: skip
    if best < 0:
        _put_off(w, job, t_s, count)
    elif w.room[best].reason == _PEOPLE:
        _log(w, job, t_s, _TO_ASK, best, _PEOPLE, count, jobs[job].deadline_s)
        jobs[job].phase = _ASKING
        wait_for(w, job, t_s, RULE)
        schedule(w, job, jobs[job].deadline_s, _DECIDE)
    else:
        _log(w, job, t_s, _TO_COMPUTE, best, 0, count, w.room[best].answer_s)
        here, span = w.room[best], span_at(w, jobs[job].law, t_s)
        down = receiver_of(w, job, here.node)
        take_leave(w, here.leave, span, job, here.node, down, jobs[job].left_s)
        jobs[job].attempt += 1
        promise(w, job, here.node, here.load_s, t_s)


@part
def _put_off(w: World, job: int, t_s: float, count: int) -> None:
    """Try a job that nobody can take again when routes are new, or give it up."""
    jobs = w.jobs
    # The first try is told, and each that gets on; the tries between would fill the disk.
    first = jobs[job].stamp != _TOLD
    reason = main_reason(w.room, count)
    later_s = w.routes_end_s[0]
    shut = w.spans[span_at(w, jobs[job].law, t_s)].shut > 0
    if shut or later_s + jobs[job].left_s > w.jobs[job].deadline_s:
        reason = _FORBIDDEN if shut else reason
        _log(w, job, t_s, _TO_CLOSE, -1, reason, count, np.inf)
        close(w, job, t_s, reason)
        return
    if first:
        _log(w, job, t_s, _TO_WAIT, -1, reason, count, later_s)
    jobs[job].stamp = _TOLD
    cause = FAULT if w.ends[jobs[job].source].away > 0 else WAITS_FOR[reason]
    if jobs[job].blocked != cause:
        wait_for(w, job, t_s, cause)
    schedule(w, job, later_s, _DECIDE)


@part
def _log(
    w: World, job: int, t_s: float, kind: int, best: int, reason: int, count: int, until_s: float
) -> None:
    """Take down a decision and hash it, before anything of it is done."""
    row = w.counts[_LOGGED]
    w.counts[_LOGGED] += 1
    line, room = w.log[row], w.room
    line.t_s, line.job, line.attempt = t_s, job, w.jobs[job].attempt
    line.kind, line.reason, line.candidates = kind, reason, count
    line.until_s, line.source = until_s, w.jobs[job].source
    line.node, line.rule = -1, _DEFAULT
    if best >= 0:
        line.node, line.rule = room[best].node, room[best].rule
    elif reason == _FORBIDDEN:
        line.rule = _forbidding(w, job, t_s, count)
    _log_others(w, row, best, count)
    hash_parts(0, w.row_bytes[row], w.other_bytes[row], w.words, w.leaves[row])


@part
def _forbidding(w: World, job: int, t_s: float, count: int) -> int:
    """Name the rule that forbids the first of the candidates; of none that of any satellite."""
    for k in range(count):
        if w.room[k].reason == _FORBIDDEN:
            return int(w.room[k].rule)
    span = span_at(w, w.jobs[job].law, t_s)
    _, rule = leave_for(w, t_s, span, job, 0, receiver_of(w, job, 0), 0.0)
    return rule


@part
def _log_others(w: World, row: int, best: int, count: int) -> None:
    """Take down the alternatives that came nearest."""
    room = w.room
    last_s, last = -np.inf, -1
    for shown in range(WEIGHED):
        other = w.log_others[row, shown]
        other.answer_s, other.node, other.reason = np.inf, -1, 0
        pick = -1
        for k in range(count):
            after = room[k].answer_s > last_s or (room[k].answer_s == last_s and k > last)
            if k != best and after and (pick < 0 or room[k].answer_s < room[pick].answer_s):
                pick = k
        if pick >= 0:
            last_s, last = room[pick].answer_s, pick
            other.answer_s, other.node, other.reason = last_s, room[pick].node, room[pick].reason


@part
def _arrive(w: World, job: int, t_s: float, t_end_s: float) -> None:
    """Take a job's input in, unless the satellite has failed meanwhile."""
    s = w.jobs[job].node
    if w.ends[s].away > 0 or w.jobs[job].stamp != w.sats[s].crashes:
        w.jobs[job].blocked = FAULT  # it was sent in vain
        withdraw(w, job)
        again(w, job, t_s)
        return
    enqueue(w, job, t_s, COMPUTE)
    begin_waiting(w, s, t_s, t_end_s)


@part
def _finish(w: World, job: int, t_s: float, t_end_s: float) -> None:
    """End a computation, look at its result, and begin the next."""
    jobs, s = w.jobs, w.jobs[job].node
    progress(w, s, job, t_s)
    for slot in range(w.con[0].slots):
        if w.running[s, slot] == job:
            leave_slot(w, s, slot)
    withdraw(w, job)
    if jobs[job].wrong == 1:
        _suspect(w, job, s, t_s)
    else:
        jobs[job].left_s = 0.0
        _send(w, job, t_s)
    begin_waiting(w, s, t_s, t_end_s)


@part
def _suspect(w: World, job: int, s: int, t_s: float) -> None:
    """Deal with a result that a check has found wrong."""
    w.sats[s].suspicions += 1
    if w.con[0].barred_after > 0 and w.sats[s].suspicions >= w.con[0].barred_after:
        w.sats[s].barred_s = t_s + w.con[0].barred_for_s
        w.sats[s].suspicions = 0
    if w.con[0].accept > 0:
        w.jobs[job].left_s = 0.0
        _send(w, job, t_s)
        return
    set_back(w, job, w.jobs[job].whole_s)
    if w.con[0].elsewhere > 0:
        w.jobs[job].avoid = s
    again(w, job, t_s)


@part
def _send(w: World, job: int, t_s: float) -> None:
    """Send an answer down, or hold it until there is a way."""
    jobs, s = w.jobs, w.jobs[job].node
    n = len(w.sats)
    if w.sats[s].lost > 0:
        jobs[job].blocked = FAULT
        set_back(w, job, jobs[job].whole_s)
        again(w, job, t_s)
        return
    down = w.jobs[job].source if w.jobs[job].source >= n else w.sats[s].exit_node
    open_now = down >= 0 and w.ends[down].away == 0 and w.ends[s].away == 0
    barred = down >= 0 and not may_send(w, job, s, down, t_s)
    if open_now and not barred and np.isfinite(w.delay_s[down - n, s]):
        sent_s = max(t_s, w.ends[down].down_free_s)
        sent_s += w.jobs[job].output_bytes * _BITS / w.ends[down].line_bps
        w.ends[down].down_free_s = sent_s
        # Which ground node it goes to; the satellite keeps a copy until it is there.
        jobs[job].following = down
        jobs[job].phase = _OUTBOUND
        jobs[job].down_bytes += jobs[job].output_bytes
        wait_for(w, job, t_s, LINK)
        schedule(w, job, sent_s + w.delay_s[down - n, s] + w.con[0].hop_s, _DELIVER)
        return
    jobs[job].phase = _HOLDING
    faulty = down >= 0 and w.ends[down].away + w.ends[s].away > 0
    wait_for(w, job, t_s, FAULT if faulty else RULE if barred else CONTACT)
    if w.routes_end_s[0] > w.jobs[job].deadline_s:
        close(w, job, t_s, _FORBIDDEN if barred else _LATE)
    else:
        schedule(w, job, w.routes_end_s[0], _SEND)


@part
def _deliver(w: World, job: int, t_s: float) -> None:
    """Take an answer in on the ground, unless its node closed meanwhile."""
    if w.ends[w.jobs[job].following].away > 0:
        w.jobs[job].blocked = FAULT
        _send(w, job, t_s)
    elif t_s > w.jobs[job].deadline_s:
        close(w, job, t_s, _LATE)
    else:
        close(w, job, t_s, 0)
