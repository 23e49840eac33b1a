"""What the core believes of computers and storages, from events and its own commitments."""

from __future__ import annotations

import numpy as np

from perigrid.control.core.models import note_model
from perigrid.control.core.shared import Shared, satellite_of, wide
from perigrid.control.core.speed import speed_of, takes_s
from perigrid.physics.compiled import part

# ------------------------------------------------------------------ computers


@part
def give(c: Shared, job: int, node: int, work_s: float) -> None:
    """Note that a computer was given a stage.

    Parameters
    ----------
    c : Shared
        Changed.
    job, node : int
        Job and satellite.
    work_s : float
        Time of the stage at full speed [s].
    """
    jobs, there = c.jobs, c.satellites[node]
    if c.con[0].routed > 0:
        work_s += note_model(c, job, node)
    withdraw(c, job)
    jobs[job].begun_s = c.con[0].t_s if there.given < there.slots else np.inf
    there.given += 1
    jobs[job].given_to, jobs[job].given_s = node, work_s
    jobs[job].given_before, jobs[job].given_next = there.given_last, -1
    if there.given_last >= 0:
        jobs[there.given_last].given_next = job
    else:
        there.given_first = job
    there.given_last = job
    there.busy_s = max(c.con[0].t_s, there.busy_s) + work_s / there.slots


@part
def take_back(c: Shared, job: int) -> int:
    """Note that a stage ended, or was never begun; the satellite that had it, or -1."""
    jobs, node = c.jobs, c.jobs[job].given_to
    if node < 0:
        return -1
    there, before, after = c.satellites[node], jobs[job].given_before, jobs[job].given_next
    if before >= 0:
        jobs[before].given_next = after
    else:
        there.given_first = after
    if after >= 0:
        jobs[after].given_before = before
    else:
        there.given_last = before
    jobs[job].given_to = jobs[job].load_at = -1
    there.given -= 1
    settle(c, node)
    return int(node)


@part
def settle(c: Shared, node: int) -> None:
    """Work out anew when a computer will be free: at full speed from now on."""
    work_s, now_s, there, place = 0.0, c.con[0].t_s, c.satellites[node], 0
    job = there.given_first
    while job >= 0:
        work_s += _left_s(c, job, place < there.slots)
        job, place = c.jobs[job].given_next, place + 1
    there.busy_s = max(now_s + work_s / there.slots, there.blocked_s)


@part
def _left_s(c: Shared, job: int, runs: bool) -> float:  # noqa: FBT001  compiled
    """Time that a stage still takes; over windows that which it takes at all, as it is alone."""
    me, now_s = c.jobs[job], c.con[0].t_s
    if c.con[0].routed == 0 or not runs:
        return float(me.given_s)
    me.begun_s = min(me.begun_s, now_s)
    done_s = (now_s - me.begun_s) * speed_of(c, wide(me.given_to), 0.0)
    return float(max(0.0, me.given_s - done_s))


@part
def commit(c: Shared, node: int, start_s: float, work_s: float) -> None:
    """Keep a satellite's time for a job that is on its way there.

    Parameters
    ----------
    c : Shared
        Changed.
    node : int
        Satellite.
    start_s, work_s : float
        When it starts at the earliest, and what it takes there [s].
    """
    there = c.satellites[node]
    there.busy_s = max(start_s, there.busy_s) + work_s


@part
def block(c: Shared, node: int, until_s: float) -> None:
    """Believe that a satellite begins nothing until a time; now or before if it is back."""
    c.satellites[node].blocked_s = c.satellites[node].busy_s = until_s


@part
def is_free(c: Shared, node: int) -> bool:
    """Whether a satellite's computer could begin a stage at once."""
    there = c.satellites[node]
    if c.con[0].routed > 0:
        return bool(there.given < there.slots and there.blocked_s <= c.con[0].t_s)
    return bool(c.satellites[node].busy_s <= c.con[0].t_s)


@part
def promise(c: Shared, job: int, node: int, work_s: float) -> None:
    """Note that a job goes to a satellite or waits there, instead of where it did before.

    Parameters
    ----------
    c : Shared
        Changed.
    job, node : int
        Which, and where.
    work_s : float
        What it takes there once its model is in memory [s].
    """
    withdraw(c, job)
    there, work_s = c.satellites[node], work_s + note_model(c, job, node)
    c.jobs[job].promised_to, c.jobs[job].promised_s = node, work_s
    there.promised += 1
    there.promised_s += work_s


@part
def withdraw(c: Shared, job: int) -> None:
    """Note that a job goes to no satellite any more, nor waits on one."""
    node = c.jobs[job].promised_to
    if node < 0:
        return
    there = c.satellites[node]
    c.jobs[job].promised_to = -1
    there.promised -= 1
    # Sums of floats do not come back to zero by themselves.
    left_s = there.promised_s - c.jobs[job].promised_s if there.promised > 0 else 0.0
    there.promised_s = max(0.0, left_s)


@part
def busy_until_s(c: Shared, node: int) -> float:
    """Until when others believe a computer to be busy: they may not have heard that it failed."""
    me, heard = c.satellites[node], c.heard[node]
    return float(heard.busy_s if me.blocked_s > heard.blocked_s else me.busy_s)


@part
def free_from_s(c: Shared, row: int) -> float:
    """When others believe that a computer could begin one more job behind all it is to do [s]."""
    node, now_s = satellite_of(c, row), c.con[0].t_s
    there, blocked_s = c.satellites[node], c.heard[node].blocked_s
    if there.given + there.promised < there.slots:
        return float(max(now_s, blocked_s))
    work_s = max(0.0, busy_until_s(c, node) - now_s) + there.promised_s / there.slots
    return float(max(blocked_s, now_s + takes_s(c, row, work_s)))


# ------------------------------------------------------------------ storage


@part
def store(c: Shared, job: int) -> None:
    """Store the pixels of an observation where it was taken; the ground has room for all."""
    jobs = c.jobs
    if jobs[job].origin >= c.con[0].n_satellites:
        return
    c.satellites[jobs[job].origin].held_bytes += jobs[job].raw_bytes
    jobs[job].stored_at = jobs[job].origin


@part
def has_room(c: Shared, node: int, nbytes: float) -> bool:
    """Whether pixels would fit.

    Parameters
    ----------
    c : Shared
        What is known.
    node : int
        Satellite.
    nbytes : float
        Their size [B].

    Returns
    -------
    bool
        Room that is kept counts as taken.
    """
    return bool(c.satellites[node].held_bytes + nbytes <= c.satellites[node].room_bytes)


@part
def reserve(c: Shared, job: int, node: int) -> None:
    """Keep room for pixels that set out for another node; the ground has room for all."""
    if node < c.con[0].n_satellites:
        c.satellites[node].held_bytes += c.jobs[job].raw_bytes
        c.jobs[job].room_at = node


@part
def cancel(c: Shared, job: int) -> None:
    """Give up room that is kept, if any is."""
    node = c.jobs[job].room_at
    if node >= 0:
        c.jobs[job].room_at = -1
        c.satellites[node].held_bytes -= c.jobs[job].raw_bytes


@part
def release(c: Shared, job: int) -> None:
    """Free what an observation's pixels take, if anything."""
    node = c.jobs[job].stored_at
    if node >= 0:
        c.jobs[job].stored_at = -1
        c.satellites[node].held_bytes -= c.jobs[job].raw_bytes


@part
def arrive(c: Shared, job: int) -> None:
    """Let pixels go where they came from, and hold them where room was kept."""
    release(c, job)
    if c.jobs[job].room_at >= 0:
        c.jobs[job].stored_at, c.jobs[job].room_at = c.jobs[job].room_at, -1


@part
def relocate(c: Shared, job: int, node: int) -> None:
    """Let pixels stay on a node of their way whose next leg failed; room was looked for."""
    cancel(c, job)
    reserve(c, job, node)
    arrive(c, job)
