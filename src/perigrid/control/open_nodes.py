"""Nodes that rules ever leave open to a product of some jobs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured
from perigrid.control.contact_plan import Bools, ContactPlan
from perigrid.control.policy.gate import Gate


def open_to_any(gate: Gate, plan: ContactPlan, jobs: Sequence[Job], product: Product) -> Bools:
    """Say where a product of at least one job may ever go.

    Parameters
    ----------
    gate : Gate
        Knows which nodes are forbidden; of jobs that no policy tells apart it learns of one.
    plan : ContactPlan
        Knows the order of nodes.
    jobs : sequence of Job
        Which.
    product : Product
        Raw pixels, or the answer that will have been computed by then.

    Returns
    -------
    (n_active_nodes,) bool array
        Every node if rules change with time.
    """
    every = plan.allowed_nodes(frozenset()).mask
    if gate.policies.reads_now:
        return every
    unlike = [jobs[place] for place in sorted(set(gate.custody.alike(jobs)))]
    gate.learn([Captured(job.t_capture_s, job) for job in unlike])
    found = np.zeros_like(every)
    for job in unlike:
        found |= plan.allowed_nodes(gate.forbidden_nodes(job.job_id, product, 0.0)).mask
    return found
