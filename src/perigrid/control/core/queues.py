"""What waits on satellites, in the order in which it must be done, and until when that is."""

from __future__ import annotations

import numpy as np

from perigrid.control.contact_plan.kernel import search_into
from perigrid.control.core.belief import promise, withdraw
from perigrid.control.core.graph import cost_of, expected_s, left_s, stages_ahead
from perigrid.control.core.models import load_s
from perigrid.control.core.routes import last_end_s
from perigrid.control.core.rules import facts_of, level_of
from perigrid.control.core.shared import Shared, satellite_of
from perigrid.control.core.speed import takes_s
from perigrid.physics.compiled import part

# ------------------------------------------------------------------ until when


@part
def sent_bytes(c: Shared, job: int) -> float:
    """Size of what goes down after a job is computed [B]."""
    answer_bytes, me = c.con[0].answer_bytes, c.jobs[job]
    pixels = answer_bytes != answer_bytes
    return float(me.raw_bytes if pixels else answer_bytes * me.answer_share)


@part
def judge_latest(c: Shared, job: int) -> None:
    """Find out until when a job must be computed where, if that is not known yet.

    Over routes that is asked each time, of the routes of then.
    """
    con, jobs = c.con[0], c.jobs
    if jobs[job].latest >= 0 or con.routed > 0:
        return
    back = c.facts[facts_of(c, job, level_of(c))].back
    due_s, nbytes = min(jobs[job].deadline_s, con.end_s), sent_bytes(c, job)
    row, asked = con.newest, c.latest[con.newest]
    known = row >= 0 and asked.back == back and asked.due_s == due_s and asked.nbytes == nbytes
    if not known or asked.jobs == 0:
        con.spare -= 1
        if not known or c.spare[con.spare] != row:
            row = c.spare[con.spare]
            _search_back(c, row, back, due_s, nbytes)
        con.newest = row
    c.latest[row].jobs += 1
    jobs[job].latest = row


@part
def _search_back(c: Shared, row: int, back: int, due_s: float, nbytes: float) -> None:
    """Search from the data centres in time turned round: when to leave each satellite at last."""
    plan, past, sink = c.back, c.past, len(c.back.first_pair) - 2
    c.latest[row].back, c.latest[row].due_s, c.latest[row].nbytes = back, due_s, nbytes
    if c.con[0].parts > 0 and nbytes > c.con[0].widest_bytes[level_of(c)]:
        c.latest_s[row] = due_s  # in parts: what is left for sending is seen later
        return
    search_into(
        plan.first_pair, plan.pairs, plan.windows, plan.free_s[0], c.booked, c.open_back[back],
        plan.hold_s, (sink, -1), (-due_s, np.inf), nbytes,
        (past.arrival_s, past.via, past.heap, past.where),
    )  # fmt: skip
    for node in range(c.con[0].n_satellites):
        c.latest_s[row, node] = -past.arrival_s[node]


@part
def forget_latest(c: Shared, job: int) -> None:
    """Give back the row of latest ends of a job that waits no more."""
    row = c.jobs[job].latest
    if row < 0:
        return
    c.jobs[job].latest = -1
    c.latest[row].jobs -= 1
    if c.latest[row].jobs == 0:
        c.spare[c.con[0].spare] = row
        c.con[0].spare += 1


@part
def done_s(c: Shared, job: int, node: int) -> float:
    """Latest useful end of computing on a satellite; minus infinity where no way is left [s]."""
    if c.con[0].routed > 0:
        return last_end_s(c, job, node, sent_bytes(c, job))
    return float(c.latest_s[c.jobs[job].latest, node])


@part
def ends_s(c: Shared, job: int, row: int, start_s: float) -> float:
    """When the stages left of a job would end on a satellite, as it is known, if begun then [s]."""
    node = satellite_of(c, row)
    work_s = left_s(c, job, stages_ahead(c, job), node)
    return float(start_s + load_s(c, job, node) + takes_s(c, row, work_s))


# ------------------------------------------------------------------ queues


@part
def _key_s(c: Shared, job: int, node: int) -> float:
    """By when a job must be done; what nothing known can save is last [s]."""
    latest_s = done_s(c, job, node)
    return latest_s if latest_s > -np.inf else np.inf


@part
def hold(c: Shared, job: int, node: int) -> None:
    """Put a job into the queue of a satellite.

    Parameters
    ----------
    c : Shared
        Changed.
    job, node : int
        Which, and where.
    """
    judge_latest(c, job)
    jobs, there = c.jobs, c.satellites[node]
    jobs[job].key_s, jobs[job].queue = _key_s(c, job, node), node
    if c.con[0].routed > 0:
        promise(c, job, node, left_s(c, job, stages_ahead(c, job), node))
    before = there.queue_last
    while before >= 0 and is_before(c, jobs[job].key_s, job, before):
        before = jobs[before].queue_before
    after = jobs[before].queue_next if before >= 0 else there.queue_first
    jobs[job].queue_before, jobs[job].queue_next = before, after
    if before >= 0:
        jobs[before].queue_next = job
    else:
        there.queue_first = job
    if after >= 0:
        jobs[after].queue_before = job
    else:
        there.queue_last = job
    there.queued += 1
    c.con[0].held += 1


@part
def is_before(c: Shared, key_s: float, job: int, other: int) -> bool:
    """Whether a job with a key comes before another that waits."""
    other_s = c.jobs[other].key_s
    return bool(key_s < other_s or (key_s == other_s and job < other))


@part
def forget(c: Shared, job: int) -> None:
    """Take a job out of the queue in which it waits, if it does."""
    jobs, node = c.jobs, c.jobs[job].queue
    jobs[job].coming = 0
    if node < 0:
        return
    before, after, there = jobs[job].queue_before, jobs[job].queue_next, c.satellites[node]
    if before >= 0:
        jobs[before].queue_next = after
    else:
        there.queue_first = after
    if after >= 0:
        jobs[after].queue_before = before
    else:
        there.queue_last = before
    jobs[job].queue = -1
    withdraw(c, job)
    there.queued -= 1
    c.con[0].held -= 1


@part
def is_overdue(c: Shared, job: int) -> bool:
    """Whether pixels should have come and did not: their move was not allowed."""
    return bool(c.jobs[job].coming > 0 and c.jobs[job].coming_s < c.con[0].t_s)


@part
def work_ahead(c: Shared, job: int, node: int) -> tuple[float, float]:
    """Say what waits on a satellite, or comes, and is due before a job.

    Parameters
    ----------
    c : Shared
        What is known.
    job, node : int
        Which, and where.

    Returns
    -------
    work_s, work_j : float
        Time and energy [s], [J].
    """
    key_s, other = _key_s(c, job, node), c.satellites[node].queue_first
    work_s, work_j = 0.0, 0.0
    while other >= 0 and (_is_before_key(c, other, key_s, job)):
        if not is_overdue(c, other):
            mean_s = expected_s(c, other, stages_ahead(c, other), node)
            work_s += mean_s
            work_j += mean_s * cost_of(c, other, 0, node).all_w
        other = c.jobs[other].queue_next
    return work_s, work_j


@part
def _is_before_key(c: Shared, other: int, key_s: float, job: int) -> bool:
    other_s = c.jobs[other].key_s
    return bool(other_s < key_s or (other_s == key_s and other < job))
