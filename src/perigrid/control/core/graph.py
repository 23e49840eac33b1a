"""The graph of a job's stages: what is ahead, what it takes, what goes down."""

from __future__ import annotations

import math
from collections.abc import Sequence

from perigrid.control.core.messages import Table
from perigrid.control.core.shared import Shared
from perigrid.control.core.state import Core
from perigrid.physics.compiled import part


@part
def stages_ahead(c: Shared, job: int) -> int:
    """Stages that may still run, as bits.

    Parameters
    ----------
    c : Shared
        What is known.
    job : int
        Which.

    Returns
    -------
    int
        Up to the last that delivers; 0 if the job is done. As
        :func:`perigrid.workload.job_graph.stages_ahead`.
    """
    possible, ahead, useful = c.jobs[job].done, 0, 0
    for k in range(c.jobs[job].last + 1, c.con[0].n_stages):
        if _may_run(c, job, k, possible):
            possible |= 1 << k
            ahead |= 1 << k
            if c.stages[k].deliver > 0:
                useful = ahead
    return useful


@part
def _may_run(c: Shared, job: int, k: int, possible: int) -> bool:
    asks = c.stages[k].asks
    if asks < 0:
        return True
    outcome = c.found[job, asks]
    if (c.jobs[job].done >> asks) & 1 == 0 or outcome != outcome:  # none is known
        return bool((possible >> asks) & 1)
    return _holds(c.stages[k], outcome)


@part
def _holds(stage: Table, outcome: float) -> bool:
    """Say whether an outcome lets a stage run that asks for it; limits of NaN are none."""
    over = stage.above != stage.above or outcome > stage.above
    return bool(over and (stage.at_most != stage.at_most or outcome <= stage.at_most))


@part
def first_of(ahead: int) -> int:
    """Stage that comes next; -1 if none does."""
    if ahead == 0:
        return -1
    k = 0
    while (ahead >> k) & 1 == 0:
        k += 1
    return k


@part
def next_stage(c: Shared, job: int) -> int:
    """Stage that a job has to compute next; -1 if none is left."""
    return first_of(stages_ahead(c, job))


@part
def delivered_bytes(c: Shared, job: int) -> float:
    """Size of what the stages that are done have to deliver; -1 if none of them does [B]."""
    nbytes, some = 0.0, False
    for k in range(c.con[0].n_stages):
        if c.stages[k].deliver > 0 and (c.jobs[job].done >> k) & 1:
            nbytes += c.stages[k].output_bytes
            some = True
    return nbytes * c.jobs[job].answer_share if some else -1.0


@part
def is_computed(c: Shared, job: int) -> bool:
    """Whether a job is done and has something to deliver."""
    return bool(stages_ahead(c, job) == 0 and delivered_bytes(c, job) >= 0.0)


@part
def may_run(c: Shared, k: int, job: int, node: int) -> bool:
    """Say whether a stage of a job may run on a node.

    Parameters
    ----------
    c : Shared
        What is known.
    k, job, node : int
        Stage, job, fleet row of a satellite or a data centre.

    Returns
    -------
    bool
        False too for a satellite without a computer.
    """
    stage = c.stages[k]
    if node >= c.con[0].n_satellites:
        return bool(stage.on_ground > 0 and c.nodes[node].kind >= 0)
    allowed = stage.in_origin if node == c.jobs[job].origin else stage.in_satellite
    return bool(allowed > 0 and c.satellites[node].computes > 0)


@part
def in_orbit(c: Shared, k: int) -> bool:
    """Whether a satellite may run a stage."""
    return bool(c.stages[k].in_origin > 0 or c.stages[k].in_satellite > 0)


@part
def cost_of(c: Shared, job: int, k: int, node: int) -> Table:
    """Give the row of costs of a stage of a job on a node that computes."""
    return c.costs[c.nodes[node].kind, c.jobs[job].area, k]


@part
def left_s(c: Shared, job: int, ahead: int, node: int) -> float:
    """Say how long the stages left of a job take, if it is not dropped on the way.

    Parameters
    ----------
    c : Shared
        What is known.
    job, ahead, node : int
        Job, its stages ahead, fleet row.

    Returns
    -------
    float
        At full speed [s].
    """
    total_s = 0.0
    for k in range(c.con[0].n_stages):
        if (ahead >> k) & 1:
            total_s += cost_of(c, job, k, node).work_s
    return total_s


@part
def expected_s(c: Shared, job: int, ahead: int, node: int) -> float:
    """Say how long the stages left of a job take in the mean.

    Parameters
    ----------
    c, job, ahead, node
        As for :func:`left_s`.

    Returns
    -------
    float
        With the share of outcomes so far that led on [s].
    """
    all_s = left_s(c, job, ahead, node)
    if c.stages[first_of(ahead)].sure == 0:
        return all_s
    sure_s = 0.0
    for k in range(c.con[0].n_stages):
        if (ahead >> k) & 1 and c.stages[k].sure > 0:
            sure_s += cost_of(c, job, k, node).work_s
    con = c.con[0]
    return float(sure_s + (all_s - sure_s) * (con.kept + 1) / (con.screened + 1))


def results_of(core: Core, job_id: int, names: Sequence[str]) -> dict[str, float | None]:
    """Say in Python which stages of a job are done.

    Parameters
    ----------
    core : Core
        What is known.
    job_id : int
        Which.
    names : sequence of str
        Of the stages.

    Returns
    -------
    dict of str to float or None
        In order, with their outcomes [1].
    """
    done, found = int(core.jobs["done"][job_id]), core.found[job_id].tolist()
    return {
        name: None if math.isnan(found[k]) else found[k]
        for k, name in enumerate(names)
        if done >> k & 1
    }
