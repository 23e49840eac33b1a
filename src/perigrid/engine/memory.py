"""Memory of satellites' computers: models that stay in it, and tasks at work."""

from __future__ import annotations

import numpy as np

from perigrid.engine.state import World
from perigrid.physics.compiled import part


@part
def _counts(w: World, node: int) -> bool:
    """Say whether a node's memory is looked at: no work of the run needs models, or it has all."""
    return bool(w.models.shape[1] > 0 and node < w.con[0].satellites)


@part
def take_memory(w: World, node: int, job: int, t_s: float) -> float:
    """Make room for a task and its model, putting out models that were not used longest.

    Parameters
    ----------
    w : World
        Changed in place.
    node, job : int
        Rows; the task waits at the head of the computer's queue.
    t_s : float
        Now [s].

    Returns
    -------
    float
        When its model is in memory; infinity if there is no room [s].
    """
    if not _counts(w, node):
        return t_s
    me, model = w.nodes[node], w.jobs[job].model
    mine = w.models[node, model]
    task_bytes = w.stages[w.jobs[job].stage].memory_bytes
    needed = task_bytes if mine.resident else task_bytes + w.model_bytes[model]
    while me.used_bytes + needed > me.memory_bytes:
        oldest = _oldest_idle(w, node, model)
        if oldest < 0:
            return np.inf
        w.models[node, oldest].resident = 0
        me.used_bytes -= w.model_bytes[oldest]
    if not mine.resident:
        mine.resident, mine.ready_s = 1, t_s + w.model_bytes[model] / w.con[0].load_bytes_s
    mine.last_use_s = t_s
    me.used_bytes += needed
    return float(max(mine.ready_s, t_s))


@part
def _oldest_idle(w: World, node: int, wanted: int) -> int:
    """Find the model in memory, of those that nobody needs now, not used for longest; or -1."""
    me, oldest, oldest_s = w.nodes[node], -1, np.inf
    for model in range(w.models.shape[1]):
        idle = w.models[node, model].resident > 0 and model != wanted
        for slot in range(me.first_slot, me.first_slot + me.busy):
            idle = idle and w.jobs[w.running[slot]].model != model
        if idle and w.models[node, model].last_use_s < oldest_s:
            oldest, oldest_s = model, w.models[node, model].last_use_s
    return oldest


@part
def free_memory(w: World, node: int, job: int) -> None:
    """Free what a task at work took; its model stays.

    Parameters
    ----------
    w : World
        Changed in place.
    node, job : int
        Rows.
    """
    if _counts(w, node):
        w.nodes[node].used_bytes -= w.stages[w.jobs[job].stage].memory_bytes


@part
def forget(w: World, node: int) -> None:
    """Lose all that is in memory.

    Parameters
    ----------
    w : World
        Changed in place.
    node : int
        Its row; nothing is at work there any more.
    """
    if _counts(w, node):
        w.nodes[node].used_bytes = 0.0
        for model in range(w.models.shape[1]):
            w.models[node, model].resident = 0
