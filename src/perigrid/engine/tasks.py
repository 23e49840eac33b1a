"""Stages of a job on computers: what they take, and when a job has all that it delivers."""

from __future__ import annotations

import numpy as np

from perigrid.control.core.messages import NOTHING
from perigrid.engine import storage
from perigrid.engine.books import begin, end, trouble
from perigrid.engine.computers import complete, submit
from perigrid.engine.faults import is_suspect, is_there, prepare
from perigrid.engine.people import limit, start_allowed
from perigrid.engine.state import Doing, Trouble, World
from perigrid.physics.compiled import part

_COMPUTE = int(Doing.COMPUTE)
_NO_COMPUTER = int(Trouble.NO_COMPUTER)


@part
def give(w: World, job: int, node: int, stage: int, expires_s: float, t_s: float) -> None:
    """Carry out that a job's stage is computed on a node.

    Parameters
    ----------
    w : World
        Changed in place.
    job, node, stage : int
        Rows, and place in the pipeline.
    expires_s, t_s : float
        End of the authority to begin it, and now [s].
    """
    if w.nodes[node].kind < 0 or not is_there(w, node):
        trouble(w, _NO_COMPUTER, job)
        return
    begin(w, job, _COMPUTE, t_s)
    me, cost = w.jobs[job], w.work[stage, w.nodes[node].kind]
    me.at, me.stage, me.power_w = node, stage, cost.power_w * me.power_share
    me.work_s = _stage_time_s(w, me.area_m2, stage, w.nodes[node].kind)
    limit(w, job, expires_s)
    prepare(w, job)
    submit(w, node, job, t_s)
    start_allowed(w, node, t_s)


@part
def _stage_time_s(w: World, area_m2: float, stage: int, kind: int) -> float:
    """As :func:`perigrid.workload.profile.stage_time_s`."""
    cost = w.work[stage, kind]
    if cost.fits == 0:
        return np.inf
    pixels = area_m2 / w.stages[stage].pixel_m2
    compute_s = pixels * cost.ops_per_pixel / cost.rate_ops_s
    memory_s = pixels * cost.bytes_per_pixel / cost.bandwidth_bytes_s
    return float(cost.fixed_s + pixels * cost.s_per_pixel + max(compute_s, memory_s))


@part
def finish(w: World, job: int, t_s: float) -> bool:
    """End a job's stage, begin the next task of its computer, and free what is not needed.

    Parameters
    ----------
    w : World
        Changed in place.
    job : int
        Its row; it runs.
    t_s : float
        Now [s].

    Returns
    -------
    bool
        Whether a check finds its result suspect.
    """
    end(w, job)
    me = w.jobs[job]
    me.node = me.at
    complete(w, me.node, job, t_s)
    spent_j = me.work_s * me.power_w
    if me.node < w.con[0].satellites:
        me.space_j += spent_j
    else:
        me.ground_j += spent_j * w.nodes[me.node].pue
    start_allowed(w, me.node, t_s)
    me.done |= 1 << me.stage
    suspect = is_suspect(w, job)
    if w.con[0].sends_pixels == 0 and not suspect and _is_computed(w, job):
        storage.release(w, job)  # the answer is what goes down
    return suspect


@part
def _is_computed(w: World, job: int) -> bool:
    """As :func:`perigrid.workload.job_graph.is_computed`."""
    done = possible = w.jobs[job].done
    behind, delivers = done, False
    for stage in range(len(w.stages)):
        bit, me = 1 << stage, w.stages[stage]
        if done & bit:
            behind &= ~bit
            delivers = delivers or me.deliver > 0
        elif behind == 0 and _may_run(w, job, stage, possible):
            possible |= bit
            if me.deliver > 0:
                return False
    return delivers


@part
def _may_run(w: World, job: int, stage: int, possible: int) -> bool:
    me = w.stages[stage]
    if me.when == NOTHING:
        return True
    asked = 1 << me.when
    found = w.outcomes[me.when, job]
    if not w.jobs[job].done & asked or np.isnan(found):
        return bool(possible & asked)
    return bool(me.above < found <= me.at_most)
