"""Edges of faults: crashes, losses, closed ground nodes, wrong results, and their ends."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.codes import COMPUTE, FAULT
from perigrid.physics.compiled import part
from perigrid.sim.flight.queue import cancel
from perigrid.sim.flight.work import (
    again,
    begin_waiting,
    enqueue,
    leave_slot,
    progress,
    send_away,
    set_back,
    wait_for,
    withdraw,
)
from perigrid.sim.flight.world import Turn, World

_LOSS, _CLOSE = int(Turn.LOSS), int(Turn.CLOSE)
_FOUND, _SILENT = int(Turn.CORRUPT_FOUND), int(Turn.CORRUPT_SILENT)
_RESTORE, _OPEN = int(Turn.RESTORE), int(Turn.OPEN)


@part
def turn(w: World, kind: int, node: int, t_s: float, t_end_s: float) -> None:
    """Let a fault begin or end.

    Parameters
    ----------
    w : World
        Changed in place.
    kind : int
        :class:`perigrid.sim.flight.world.Turn`.
    node : int
        Satellite, or ground node from ``n_satellites`` on.
    t_s, t_end_s : float
        Now, and the end of the step [s].
    """
    # The codes of crash and loss are the lowest.
    if kind == _CLOSE:
        w.ends[node].away += 1
    elif kind == _OPEN:
        w.ends[node].away -= 1
    elif kind <= _LOSS:
        _stop(w, kind, node, t_s)
    elif kind == _RESTORE:
        w.ends[node].away -= 1
        if w.ends[node].away == 0:
            _queue_waits_for(w, node, t_s, COMPUTE)
        begin_waiting(w, node, t_s, t_end_s)
    elif w.ends[node].away == 0:
        _corrupt(w, node, 1 if kind == _FOUND else 2, t_s)


@part
def _stop(w: World, kind: int, s: int, t_s: float) -> None:
    """Stop a satellite: what it worked on goes back to the last checkpoint."""
    w.ends[s].away += 1
    w.sats[s].crashes += 1
    if kind == _LOSS:
        w.sats[s].lost = 1
    stay = w.con[0].same_node > 0 and w.sats[s].lost == 0
    if stay:
        _queue_waits_for(w, s, t_s, FAULT)
    for slot in range(w.con[0].slots):
        job = w.running[s, slot]
        if job < 0:
            continue
        cancel(w, job)
        progress(w, s, job, t_s)
        set_back(w, job, w.jobs[job].whole_s - saved_s(w, s, job))
        leave_slot(w, s, slot)
        if stay and w.jobs[job].attempt <= w.con[0].retries:
            _stay(w, s, job, t_s)
        else:
            withdraw(w, job)
            again(w, job, t_s)
    for model in range(w.models.shape[1]):
        w.models[s, model].resident = 0
    w.sats[s].memory_bytes = 0.0
    if not stay:
        send_away(w, s, t_s, FAULT)


@part
def _stay(w: World, s: int, job: int, t_s: float) -> None:
    """Keep a job that crashed with its satellite, in the queue there."""
    lost_s = w.jobs[job].left_s - w.jobs[job].charged_s
    w.jobs[job].charged_s = w.jobs[job].left_s
    w.sats[s].backlog_s = max(0.0, w.sats[s].backlog_s + lost_s)
    w.jobs[job].attempt += 1
    w.jobs[job].stamp = w.sats[s].crashes
    enqueue(w, job, t_s, FAULT)


@part
def _queue_waits_for(w: World, s: int, t_s: float, cause: int) -> None:
    """Book what the queue of a satellite has waited for, and say what for now."""
    job = w.sats[s].head
    while job >= 0:
        wait_for(w, job, t_s, cause)
        job = w.jobs[job].following


@part
def saved_s(w: World, s: int, job: int) -> float:
    """Work of a job that its last checkpoint holds, saving included.

    Parameters
    ----------
    w : World
        The world.
    s, job : int
        Satellite and job.

    Returns
    -------
    float
        0 without checkpoints [s].
    """
    cycle_s = w.sats[s].save_every_s + w.con[0].save_s
    if not np.isfinite(cycle_s):
        return 0.0
    done_s = w.jobs[job].whole_s - w.jobs[job].left_s
    return float(np.floor(done_s / cycle_s) * cycle_s)


@part
def _corrupt(w: World, s: int, wrong: int, t_s: float) -> None:
    """Spoil the results of jobs at work that have begun to compute."""
    for slot in range(w.con[0].slots):
        job = w.running[s, slot]
        if job < 0 or w.jobs[job].wrong == 1:
            continue
        if w.jobs[job].since_s + w.jobs[job].load_left_s < t_s:
            w.jobs[job].wrong = wrong
