"""What a satellite does with its jobs: promises, queue, memory, begin, progress, end."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.codes import Reason
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
    jobs, sat, net, req = w.jobs, w.sat, w.net, w.req
    jobs.node[job], jobs.stamp[job] = s, w.nodes.crashes[s]
    jobs.charged_s[job] = load_s + jobs.left_s[job]
    sat.backlog_s[s] += jobs.charged_s[job]
    sat.stored_bytes[s] += req.input_bytes[job]
    sat.wanted[s, req.model[job]] += 1
    w.nodes.promised[s] += 1
    source, arrival_s = req.source[job], t_s
    if source != s:
        sent_s = max(t_s, net.line_free_s[source])
        sent_s += req.input_bytes[job] * _BITS / net.line_bps[source]
        net.line_free_s[source] = sent_s
        arrival_s = sent_s + _delay_s(w, source, s)
    jobs.phase[job] = _INBOUND
    schedule(w, job, arrival_s, _ARRIVE)


@part
def _delay_s(w: World, source: int, s: int) -> float:
    """Delay to a candidate of the decision just made."""
    n = len(w.sat.battery_j)
    if source >= n:
        return w.net.delay_s[source - n, s]
    for k in range(len(w.room.node)):
        if w.room.node[k] == s:
            return w.room.delay_s[k]
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
    jobs, sat, s = w.jobs, w.sat, w.jobs.node[job]
    w.nodes.promised[s] -= 1
    sat.wanted[s, w.req.model[job]] -= 1
    if w.nodes.promised[s] == 0:
        # Sums of floats do not come back to zero by themselves.
        sat.backlog_s[s], sat.stored_bytes[s] = 0.0, 0.0
    else:
        sat.backlog_s[s] = max(0.0, sat.backlog_s[s] - jobs.charged_s[job])
        sat.stored_bytes[s] = max(0.0, sat.stored_bytes[s] - w.req.input_bytes[job])
    jobs.charged_s[job] = 0.0


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
    w.jobs.end_s[job], w.jobs.cause[job] = t_s, cause
    if cause == 0:
        w.jobs.phase[job] = _DELIVERED
        w.counts[_COUNT_DELIVERED] += 1
    else:
        w.jobs.phase[job] = _MISSED
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
    w.jobs.stamp[job] = 0
    if w.jobs.attempt[job] > w.rules.retries:
        close(w, job, t_s, _FAULTS)
        return
    w.jobs.phase[job] = _WAITING
    schedule(w, job, t_s, _DECIDE)


@part
def enqueue(w: World, job: int) -> None:
    """Put a job at the end of its satellite's queue.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Which.
    """
    jobs, nodes, s = w.jobs, w.nodes, w.jobs.node[job]
    jobs.phase[job], jobs.following[job] = _QUEUED, -1
    if nodes.head[s] < 0:
        nodes.head[s] = job
    else:
        jobs.following[nodes.tail[s]] = job
    nodes.tail[s] = job


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
    jobs, nodes = w.jobs, w.nodes
    if w.sat.away[s] > 0:
        return
    for slot in range(w.lim.slots):
        while nodes.running[s, slot] < 0 and nodes.head[s] >= 0:
            job = nodes.head[s]
            hopeless = t_s + jobs.left_s[job] > w.req.deadline_s[job]
            if not hopeless and not _fits(w, s, w.req.model[job], t_s):
                return
            nodes.head[s] = jobs.following[job]
            if hopeless:
                withdraw(w, job)
                close(w, job, t_s, _LATE)
            else:
                _begin(w, s, slot, job, t_s, t_end_s)


@part
def _fits(w: World, s: int, model: int, t_s: float) -> bool:
    """Make room for a job and its model, putting out models that were not used longest."""
    nodes, sat, lim = w.nodes, w.sat, w.lim
    needed = lim.job_bytes
    if sat.resident[s, model] == 0:
        needed += w.req.model_bytes[model]
    while nodes.memory_bytes[s] + needed > lim.memory_bytes:
        oldest, oldest_s = -1, np.inf
        for other in range(sat.resident.shape[1]):
            idle = sat.resident[s, other] > 0 and other != model
            for slot in range(lim.slots):
                job = nodes.running[s, slot]
                idle = idle and not (job >= 0 and w.req.model[job] == other)
            if idle and nodes.last_use_s[s, other] < oldest_s:
                oldest, oldest_s = other, nodes.last_use_s[s, other]
        if oldest < 0:
            return False
        sat.resident[s, oldest] = 0
        nodes.memory_bytes[s] -= w.req.model_bytes[oldest]
    if sat.resident[s, model] == 0:
        sat.resident[s, model] = 1
        nodes.memory_bytes[s] += w.req.model_bytes[model]
        nodes.ready_s[s, model] = t_s + w.req.model_bytes[model] / lim.load_bytes_s
    return True


@part
def _begin(w: World, s: int, slot: int, job: int, t_s: float, t_end_s: float) -> None:
    """Begin a job; its model is in memory or being read."""
    jobs, nodes, model = w.jobs, w.nodes, w.req.model[job]
    nodes.running[s, slot] = job
    nodes.memory_bytes[s] += w.lim.job_bytes
    nodes.last_use_s[s, model] = t_s
    jobs.phase[job], jobs.since_s[job] = _RUNNING, t_s
    jobs.load_left_s[job] = max(0.0, nodes.ready_s[s, model] - t_s)
    charge_s = jobs.load_left_s[job] + jobs.left_s[job]
    w.sat.backlog_s[s] = max(0.0, w.sat.backlog_s[s] + (charge_s - jobs.charged_s[job]))
    jobs.charged_s[job] = charge_s
    if np.isnan(jobs.start_s[job]):
        jobs.start_s[job] = t_s
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
    speed = w.nodes.speed[s]
    if speed > 0.0:
        end_s = w.jobs.since_s[job] + w.jobs.load_left_s[job] + w.jobs.left_s[job] / speed
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
    passed_s = t_s - jobs.since_s[job]
    loaded_s = min(passed_s, jobs.load_left_s[job])
    done_s = min((passed_s - loaded_s) * w.nodes.speed[s], jobs.left_s[job])
    jobs.load_left_s[job] -= loaded_s
    jobs.left_s[job] -= done_s
    jobs.since_s[job] = t_s
    w.nodes.busy_s[s] += done_s
    credit_s = min(jobs.charged_s[job], loaded_s + done_s)
    jobs.charged_s[job] -= credit_s
    w.sat.backlog_s[s] = max(0.0, w.sat.backlog_s[s] - credit_s)


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
    w.nodes.running[s, slot] = -1
    w.nodes.memory_bytes[s] -= w.lim.job_bytes


@part
def send_away(w: World, s: int, t_s: float) -> None:
    """Have every queued job of a satellite decided anew.

    Parameters
    ----------
    w : World
        Changed in place.
    s : int
        Satellite.
    t_s : float
        Now [s].
    """
    job = w.nodes.head[s]
    w.nodes.head[s] = w.nodes.tail[s] = -1
    while job >= 0:
        after = w.jobs.following[job]
        cancel(w, job)
        withdraw(w, job)
        again(w, job, t_s)
        job = after
