"""What a satellite does with its jobs: promises, queue, memory, begin, progress, end."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.codes import COMPUTE, FAULT, LINK, RULE, Reason
from perigrid.control.dispatch.leave import may_still
from perigrid.control.policy.classes import ANSWER, PROCESS
from perigrid.physics.compiled import part
from perigrid.sim.flight.queue import cancel, schedule
from perigrid.sim.flight.world import Count, Happening, Phase, World

_BITS = 8.0
_WAITING, _INBOUND, _QUEUED, _RUNNING = (
    int(Phase.WAITING), int(Phase.INBOUND), int(Phase.QUEUED), int(Phase.RUNNING)
)  # fmt: skip
_DELIVERED, _MISSED = int(Phase.DELIVERED), int(Phase.MISSED)
_DECIDE, _ARRIVE, _FINISH = int(Happening.DECIDE), int(Happening.ARRIVE), int(Happening.FINISH)
_COUNT_DELIVERED, _COUNT_MISSED = int(Count.DELIVERED), int(Count.MISSED)
_RESTARTS = int(Count.RESTARTS)
_LATE, _FAULTS = int(Reason.LATE), int(Reason.FAULTS)


@part
def wait_for(w: World, job: int, t_s: float, cause: int) -> None:
    """Book what a job has waited for until now, and say what it waits for from here on.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Which.
    t_s : float
        Now [s].
    cause : int
        Place of a :class:`perigrid.base.jobs.Cause`.
    """
    jobs = w.jobs
    w.waits_s[job, jobs[job].blocked] += t_s - jobs[job].since_s
    jobs[job].since_s, jobs[job].blocked = t_s, cause


@part
def set_back(w: World, job: int, left_s: float) -> None:
    """Undo work of a job: what was computed in vain is booked to the fault.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Which; accounted until now.
    left_s : float
        Work that is to be done then, at full speed of one slot [s].
    """
    undone_s = min(left_s - w.jobs[job].left_s, w.waits_s[job, COMPUTE])
    w.waits_s[job, COMPUTE] -= undone_s
    w.waits_s[job, FAULT] += undone_s
    w.jobs[job].left_s, w.jobs[job].wrong = left_s, 0


@part
def promise(w: World, job: int, s: int, load_s: float, t_s: float) -> None:
    """Give a job to a satellite and send its input there.

    Parameters
    ----------
    w : World
        Changed in place.
    job, s : int
        Which, and to whom.
    load_s : float
        Expected loading of its model [s].
    t_s : float
        Now [s].
    """
    jobs = w.jobs
    jobs[job].node, jobs[job].stamp = s, w.sats[s].crashes
    jobs[job].charged_s = load_s + jobs[job].left_s
    w.sats[s].backlog_s += jobs[job].charged_s
    w.sats[s].stored_bytes += w.jobs[job].input_bytes
    w.models[s, w.jobs[job].model].wanted += 1
    w.sats[s].promised += 1
    source, arrival_s = w.jobs[job].source, t_s
    if source != s:
        sent_s = max(t_s, w.ends[source].line_free_s)
        sent_s += w.jobs[job].input_bytes * _BITS / w.ends[source].line_bps
        w.ends[source].line_free_s = sent_s
        arrival_s = sent_s + _delay_s(w, source, s)
    jobs[job].phase = _INBOUND
    wait_for(w, job, t_s, LINK)
    schedule(w, job, arrival_s, _ARRIVE)


@part
def _delay_s(w: World, source: int, s: int) -> float:
    """Delay to a candidate of the decision just made."""
    n = len(w.sats)
    if source >= n:
        return float(w.delay_s[source - n, s])
    for k in range(len(w.room)):
        if w.room[k].node == s:
            return float(w.room[k].delay_s)
    return np.inf


@part
def withdraw(w: World, job: int) -> None:
    """Take a promise back: backlog, storage and wish for a model.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        A job that a satellite has or is to have.
    """
    jobs, s = w.jobs, w.jobs[job].node
    w.sats[s].promised -= 1
    w.models[s, w.jobs[job].model].wanted -= 1
    if w.sats[s].promised == 0:
        # Sums of floats do not come back to zero by themselves.
        w.sats[s].backlog_s, w.sats[s].stored_bytes = 0.0, 0.0
    else:
        w.sats[s].backlog_s = max(0.0, w.sats[s].backlog_s - jobs[job].charged_s)
        w.sats[s].stored_bytes = max(0.0, w.sats[s].stored_bytes - w.jobs[job].input_bytes)
    jobs[job].charged_s = 0.0


@part
def close(w: World, job: int, t_s: float, cause: int) -> None:
    """End a job: delivered with cause 0, else missed.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Which; no satellite has it any more.
    t_s : float
        Now [s].
    cause : int
        :class:`perigrid.control.dispatch.codes.Reason`.
    """
    wait_for(w, job, t_s, w.jobs[job].blocked)
    w.jobs[job].end_s, w.jobs[job].cause = t_s, cause
    if cause == 0:
        w.jobs[job].phase = _DELIVERED
        w.counts[_COUNT_DELIVERED] += 1
    else:
        w.jobs[job].phase = _MISSED
        w.counts[_COUNT_MISSED] += 1


@part
def again(w: World, job: int, t_s: float) -> None:
    """Have a job decided anew, now, or give it up after too many tries.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Which; no satellite has it any more, and it has no event.
    t_s : float
        Now [s].
    """
    w.counts[_RESTARTS] += 1
    w.jobs[job].stamp = 0
    if w.jobs[job].attempt > w.con[0].retries:
        close(w, job, t_s, _FAULTS)
        return
    w.jobs[job].phase = _WAITING
    schedule(w, job, t_s, _DECIDE)


@part
def enqueue(w: World, job: int, t_s: float, cause: int) -> None:
    """Put a job at the end of its satellite's queue.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Which.
    t_s : float
        Now [s].
    cause : int
        What it waits for there, as for :func:`wait_for`.
    """
    jobs, s = w.jobs, w.jobs[job].node
    wait_for(w, job, t_s, cause)
    jobs[job].phase, jobs[job].following = _QUEUED, -1
    if w.sats[s].head < 0:
        w.sats[s].head = job
    else:
        jobs[w.sats[s].tail].following = job
    w.sats[s].tail = job


@part
def begin_waiting(w: World, s: int, t_s: float, t_end_s: float) -> None:
    """Begin jobs from the head of the queue while slots and memory are free.

    Parameters
    ----------
    w : World
        Changed in place.
    s : int
        Satellite.
    t_s, t_end_s : float
        Now, and the end of the step [s].
    """
    jobs = w.jobs
    if w.ends[s].away > 0:
        return
    for slot in range(w.con[0].slots):
        while w.running[s, slot] < 0 and w.sats[s].head >= 0:
            job = w.sats[s].head
            hopeless = t_s + jobs[job].left_s > w.jobs[job].deadline_s
            barred = not hopeless and not may_still(w, t_s, job, s, PROCESS)
            if not hopeless and not barred and not _fits(w, s, w.jobs[job].model, t_s):
                return
            w.sats[s].head = jobs[job].following
            if hopeless:
                withdraw(w, job)
                close(w, job, t_s, _LATE)
            elif barred:
                withdraw(w, job)
                wait_for(w, job, t_s, RULE)
                jobs[job].phase = _WAITING
                schedule(w, job, t_s, _DECIDE)
            else:
                _begin(w, s, slot, job, t_s, t_end_s)


@part
def may_send(w: World, job: int, s: int, down: int, t_s: float) -> bool:
    """Say whether an answer may be sent down now.

    Parameters
    ----------
    w : World
        Verdicts and leave.
    job, s, down : int
        Job, the satellite that holds its answer, and a ground node.
    t_s : float
        Now [s].

    Returns
    -------
    bool
        By the rules, or by the leave that the job was given.
    """
    return may_still(w, t_s, job, s, ANSWER + w.node_class[down])


@part
def _fits(w: World, s: int, model: int, t_s: float) -> bool:
    """Make room for a job and its model, putting out models that were not used longest."""
    needed = w.con[0].job_bytes
    if w.models[s, model].resident == 0:
        needed += w.model_bytes[model]
    while w.sats[s].memory_bytes + needed > w.con[0].memory_bytes:
        oldest, oldest_s = -1, np.inf
        for other in range(w.models.shape[1]):
            idle = w.models[s, other].resident > 0 and other != model
            for slot in range(w.con[0].slots):
                job = w.running[s, slot]
                idle = idle and not (job >= 0 and w.jobs[job].model == other)
            if idle and w.models[s, other].last_use_s < oldest_s:
                oldest, oldest_s = other, w.models[s, other].last_use_s
        if oldest < 0:
            return False
        w.models[s, oldest].resident = 0
        w.sats[s].memory_bytes -= w.model_bytes[oldest]
    if w.models[s, model].resident == 0:
        w.models[s, model].resident = 1
        w.sats[s].memory_bytes += w.model_bytes[model]
        w.models[s, model].ready_s = t_s + w.model_bytes[model] / w.con[0].load_bytes_s
    return True


@part
def _begin(w: World, s: int, slot: int, job: int, t_s: float, t_end_s: float) -> None:
    """Begin a job; its model is in memory or being read."""
    jobs, model = w.jobs, w.jobs[job].model
    w.running[s, slot] = job
    w.sats[s].memory_bytes += w.con[0].job_bytes
    w.models[s, model].last_use_s = t_s
    jobs[job].phase = _RUNNING
    wait_for(w, job, t_s, COMPUTE)
    jobs[job].load_left_s = max(0.0, w.models[s, model].ready_s - t_s)
    charge_s = jobs[job].load_left_s + jobs[job].left_s
    w.sats[s].backlog_s = max(0.0, w.sats[s].backlog_s + (charge_s - jobs[job].charged_s))
    jobs[job].charged_s = charge_s
    if np.isnan(jobs[job].start_s):
        jobs[job].start_s = t_s
    foresee(w, s, job, t_end_s)


@part
def foresee(w: World, s: int, job: int, t_end_s: float) -> None:
    """Set the end of a running job as its event, if it comes before the speed can change.

    Parameters
    ----------
    w : World
        Changed in place.
    s, job : int
        Satellite and job.
    t_end_s : float
        End of the step [s].
    """
    speed = w.sats[s].speed
    if speed > 0.0:
        end_s = w.jobs[job].since_s + w.jobs[job].load_left_s + w.jobs[job].left_s / speed
        if end_s < t_end_s:
            schedule(w, job, end_s, _FINISH)


@part
def progress(w: World, s: int, job: int, t_s: float) -> None:
    """Account for a running job until now.

    Parameters
    ----------
    w : World
        Changed in place.
    s, job : int
        Satellite and job.
    t_s : float
        Now, within the step [s].
    """
    jobs = w.jobs
    passed_s = t_s - jobs[job].since_s
    loaded_s = min(passed_s, jobs[job].load_left_s)
    done_s = min((passed_s - loaded_s) * w.sats[s].speed, jobs[job].left_s)
    jobs[job].load_left_s -= loaded_s
    jobs[job].left_s -= done_s
    jobs[job].since_s = t_s
    w.waits_s[job, COMPUTE] += loaded_s + done_s
    w.waits_s[job, w.sats[s].slow] += passed_s - loaded_s - done_s
    jobs[job].spent_s += done_s * jobs[job].power_share
    w.sats[s].busy_s += done_s * jobs[job].power_share
    credit_s = min(jobs[job].charged_s, loaded_s + done_s)
    jobs[job].charged_s -= credit_s
    w.sats[s].backlog_s = max(0.0, w.sats[s].backlog_s - credit_s)


@part
def leave_slot(w: World, s: int, slot: int) -> None:
    """Free a slot and the memory of the job in it.

    Parameters
    ----------
    w : World
        Changed in place.
    s, slot : int
        Satellite and slot.
    """
    w.running[s, slot] = -1
    w.sats[s].memory_bytes -= w.con[0].job_bytes


@part
def send_away(w: World, s: int, t_s: float, cause: int) -> None:
    """Have every queued job of a satellite decided anew.

    Parameters
    ----------
    w : World
        Changed in place.
    s : int
        Satellite.
    t_s : float
        Now [s].
    cause : int
        For what the jobs have queued in vain, as for :func:`wait_for`.
    """
    job = w.sats[s].head
    w.sats[s].head = w.sats[s].tail = -1
    while job >= 0:
        after = w.jobs[job].following
        w.jobs[job].blocked = cause
        cancel(w, job)
        withdraw(w, job)
        again(w, job, t_s)
        job = after
