"""The event loop inside a step: releases, arrivals, ends, answers and faults at exact times."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.arrays import SHOWN
from perigrid.control.dispatch.codes import Reason
from perigrid.control.dispatch.decide import decide, main_reason
from perigrid.physics.compiled import kernel, part
from perigrid.sim.flight.queue import cancel, schedule
from perigrid.sim.flight.trouble import turn
from perigrid.sim.flight.work import (
    again,
    begin_waiting,
    close,
    enqueue,
    leave_slot,
    progress,
    promise,
    withdraw,
)
from perigrid.sim.flight.world import LOG_ROWS, Count, Happening, Phase, World

_WAITING, _HOLDING, _OUTBOUND = int(Phase.WAITING), int(Phase.HOLDING), int(Phase.OUTBOUND)
_DECIDE, _ARRIVE, _FINISH, _SEND, _DELIVER = (int(one) for one in Happening)
_HEAP, _RELEASED, _FAULTS, _LOGGED, _DECISIONS = (
    int(Count.HEAP), int(Count.RELEASED), int(Count.FAULTS), int(Count.LOGGED),
    int(Count.DECISIONS),
)  # fmt: skip
_LATE = int(Reason.LATE)
_BITS = 8.0
_TOLD = -1  # stamp of a job that waits, once that was logged


@kernel
def run_until(w: World, t_end_s: float) -> bool:
    """Let everything happen that is due before the end of a step.

    Parameters
    ----------
    w : World
        Changed in place.
    t_end_s : float
        End of the step; what is due then belongs to the next [s].

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
        if counts[_FAULTS] < len(w.edges.t_s):
            fault_s = w.edges.t_s[counts[_FAULTS]]
        if counts[_HEAP] > 0:
            due_s = jobs.due_s[heap[0]]
        if counts[_RELEASED] < len(w.req.release_s):
            release_s = w.req.release_s[counts[_RELEASED]]
        t_s = min(fault_s, due_s, release_s)
        if t_s >= t_end_s:
            return True
        if fault_s == t_s:
            edge = counts[_FAULTS]
            counts[_FAULTS] += 1
            turn(w, w.edges.turn[edge], w.edges.node[edge], t_s, t_end_s)
        elif due_s == t_s:
            _happen(w, t_s, t_end_s)
        else:
            job = counts[_RELEASED]
            counts[_RELEASED] += 1
            jobs.phase[job] = _WAITING
            _place(w, job, t_s)
    return False


@part
def _happen(w: World, t_s: float, t_end_s: float) -> None:
    """Take the first event of the queue."""
    job = w.heap[0]
    kind = w.jobs.kind[job]
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
    w.counts[_DECISIONS] += 1
    # The first try is told, and each that gets on; the tries between would fill the disk.
    first = jobs.stamp[job] != _TOLD
    best, count = decide(
        t_s, job, jobs.attempt[job], jobs.left_s[job], jobs.avoid[job],
        w.lim, w.sat, w.req, w.net, w.room,
    )  # fmt: skip
    if best >= 0:
        _log(w, job, t_s, best, 0, count)
        jobs.attempt[job] += 1
        promise(w, job, w.room.node[best], w.room.load_s[best], t_s)
        return
    reason = main_reason(count, w.room)
    later_s = w.routes_end_s[0]
    if later_s + jobs.left_s[job] > w.req.deadline_s[job]:
        _log(w, job, t_s, -1, reason, count)
        close(w, job, t_s, reason)
        return
    if first:
        _log(w, job, t_s, -1, reason, count)
    jobs.stamp[job] = _TOLD
    schedule(w, job, later_s, _DECIDE)


@part
def _log(w: World, job: int, t_s: float, best: int, reason: int, count: int) -> None:
    """Take down a decision: what was chosen, and the alternatives that came nearest."""
    row = w.counts[_LOGGED]
    w.counts[_LOGGED] += 1
    numbers, codes, room = w.log_numbers[row], w.log_codes[row], w.room
    numbers[0], codes[0], codes[1], codes[3], codes[4] = (
        t_s, job, w.jobs.attempt[job], reason, count
    )  # fmt: skip
    numbers[1], codes[2] = np.inf, -1
    if best >= 0:
        numbers[1], codes[2] = room.answer_s[best], room.node[best]
    last_s, last = -np.inf, -1
    for shown in range(SHOWN):
        numbers[2 + shown], codes[5 + shown], codes[5 + SHOWN + shown] = np.inf, -1, 0
        pick = -1
        for k in range(count):
            after = room.answer_s[k] > last_s or (room.answer_s[k] == last_s and k > last)
            if k != best and after and (pick < 0 or room.answer_s[k] < room.answer_s[pick]):
                pick = k
        if pick >= 0:
            last_s, last = room.answer_s[pick], pick
            numbers[2 + shown], codes[5 + shown] = last_s, room.node[pick]
            codes[5 + SHOWN + shown] = room.reason[pick]


@part
def _arrive(w: World, job: int, t_s: float, t_end_s: float) -> None:
    """Take a job's input in, unless the satellite has failed meanwhile."""
    s = w.jobs.node[job]
    if w.sat.away[s] > 0 or w.jobs.stamp[job] != w.nodes.crashes[s]:
        withdraw(w, job)
        again(w, job, t_s)
        return
    enqueue(w, job)
    begin_waiting(w, s, t_s, t_end_s)


@part
def _finish(w: World, job: int, t_s: float, t_end_s: float) -> None:
    """End a computation, look at its result, and begin the next."""
    jobs, s = w.jobs, w.jobs.node[job]
    progress(w, s, job, t_s)
    for slot in range(w.lim.slots):
        if w.nodes.running[s, slot] == job:
            leave_slot(w, s, slot)
    withdraw(w, job)
    if jobs.wrong[job] == 1:
        _suspect(w, job, s, t_s)
    else:
        jobs.left_s[job] = 0.0
        _send(w, job, t_s)
    begin_waiting(w, s, t_s, t_end_s)


@part
def _suspect(w: World, job: int, s: int, t_s: float) -> None:
    """Deal with a result that a check has found wrong."""
    w.nodes.suspicions[s] += 1
    if w.rules.barred_after > 0 and w.nodes.suspicions[s] >= w.rules.barred_after:
        w.sat.barred_s[s] = t_s + w.rules.barred_s
        w.nodes.suspicions[s] = 0
    if w.rules.accept > 0:
        w.jobs.left_s[job] = 0.0
        _send(w, job, t_s)
        return
    w.jobs.wrong[job] = 0
    w.jobs.left_s[job] = w.jobs.whole_s[job]
    if w.rules.elsewhere > 0:
        w.jobs.avoid[job] = s
    again(w, job, t_s)


@part
def _send(w: World, job: int, t_s: float) -> None:
    """Send an answer down, or hold it until there is a way."""
    jobs, net, s = w.jobs, w.net, w.jobs.node[job]
    n = len(w.sat.battery_j)
    if w.nodes.lost[s] > 0:
        jobs.left_s[job], jobs.wrong[job] = jobs.whole_s[job], 0
        again(w, job, t_s)
        return
    down = w.req.source[job] if w.req.source[job] >= n else net.exit_node[s]
    open_now = down >= 0 and w.sat.away[down] == 0 and w.sat.away[s] == 0
    if open_now and np.isfinite(net.delay_s[down - n, s]):
        sent_s = max(t_s, net.down_free_s[down])
        sent_s += w.req.output_bytes[job] * _BITS / net.line_bps[down]
        net.down_free_s[down] = sent_s
        # Which ground node it goes to; the satellite keeps a copy until it is there.
        jobs.following[job] = down
        jobs.phase[job] = _OUTBOUND
        schedule(w, job, sent_s + net.delay_s[down - n, s] + w.lim.hop_s, _DELIVER)
        return
    jobs.phase[job] = _HOLDING
    if w.routes_end_s[0] > w.req.deadline_s[job]:
        close(w, job, t_s, _LATE)
    else:
        schedule(w, job, w.routes_end_s[0], _SEND)


@part
def _deliver(w: World, job: int, t_s: float) -> None:
    """Take an answer in on the ground, unless its node closed meanwhile."""
    if w.sat.away[w.jobs.following[job]] > 0:
        _send(w, job, t_s)
    elif t_s > w.req.deadline_s[job]:
        close(w, job, t_s, _LATE)
    else:
        close(w, job, t_s, 0)
