"""Which models satellites are believed to have in memory: those used last that fit."""

from __future__ import annotations

import numpy as np

from perigrid.control.core.shared import Shared
from perigrid.physics.compiled import part


@part
def fits_memory(c: Shared, job: int, node: int) -> bool:
    """Whether a satellite's memory has room for a job at work and its model."""
    model_bytes = c.model_bytes[c.jobs[job].model]
    return bool(model_bytes + c.con[0].work_bytes <= c.satellites[node].memory_bytes)


@part
def load_s(c: Shared, job: int, node: int) -> float:
    """Say how long loading a job's model takes on a satellite; nothing over windows.

    Parameters
    ----------
    c : Shared
        What is known.
    job, node : int
        Which, and where.

    Returns
    -------
    float
        Nothing if it is believed to be in memory: models that were used later leave room [s].
    """
    if c.con[0].routed == 0:
        return 0.0
    model, there = c.jobs[job].model, c.satellites[node]
    used_s, most_bytes = c.model_used_s[node, model], c.model_bytes[model]
    if most_bytes == 0.0:
        return 0.0
    if used_s > -np.inf:
        for other in range(len(c.model_bytes)):
            if other != model and c.model_used_s[node, other] >= used_s:
                most_bytes += c.model_bytes[other]
        at_work = min(there.given + 1, there.slots)
        if most_bytes + at_work * c.con[0].work_bytes <= there.memory_bytes:
            return 0.0
    return float(c.model_bytes[model] / c.con[0].load_bytes_s)


@part
def note_model(c: Shared, job: int, node: int) -> float:
    """Note that a satellite is given a job of a model; how long loading that takes it [s]."""
    me = c.jobs[job]
    if me.load_at != node:
        me.load_at, me.load_s = node, load_s(c, job, node)
    c.model_used_s[node, me.model] = c.con[0].t_s
    return float(me.load_s)


@part
def forget_models(c: Shared, node: int) -> None:
    """Note that a satellite lost what was in its memory."""
    for model in range(c.model_used_s.shape[1]):
        c.model_used_s[node, model] = -np.inf
