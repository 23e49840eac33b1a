"""Nodes that policy lets a product touch, as schedulers and routes want them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured
from perigrid.control.contact_plan import Bools, ContactPlan
from perigrid.control.policy.gate import Gate


class Everywhere:
    """No node is closed to anything: what holds before any rule is known.

    Parameters
    ----------
    plan : ContactPlan
        Knows the order of nodes.
    """

    def __init__(self, plan: ContactPlan) -> None:
        self._mask = plan.allowed_nodes(frozenset())

    def __call__(self, job_id: int, product: Product) -> Bools:  # noqa: ARG002  asked of any job
        """Say where a product of a job may go.

        Parameters
        ----------
        job_id, product
            Which.

        Returns
        -------
        (n_active_nodes,) bool array
            All true; not to be written to.
        """
        return self._mask

    def to_any(self, jobs: Sequence[Job], product: Product) -> Bools:  # noqa: ARG002  as above
        """Say where a product of at least one job may ever go.

        Parameters
        ----------
        jobs, product
            Which.

        Returns
        -------
        (n_active_nodes,) bool array
            All true; not to be written to.
        """
        return self._mask


class OpenNodes:
    """The gate's prefilter in a contact plan's node order.

    Parameters
    ----------
    gate : Gate
        Knows which nodes are forbidden.
    plan : ContactPlan
        Knows the order.
    """

    def __init__(self, gate: Gate, plan: ContactPlan) -> None:
        self._gate = gate
        self._plan = plan
        self._masks: dict[frozenset[int], Bools] = {}
        self.t_s = 0.0

    def __call__(self, job_id: int, product: Product) -> Bools:
        """Say where a product of a job may go now.

        Parameters
        ----------
        job_id : int
            Which.
        product : Product
            Raw pixels, or the answer that will have been computed by then.

        Returns
        -------
        (n_active_nodes,) bool array
            One array for equal answers; not to be written to.
        """
        forbidden = self._gate.forbidden_nodes(job_id, product, self.t_s)
        mask = self._masks.get(forbidden)
        if mask is None:
            mask = self._masks[forbidden] = self._plan.allowed_nodes(forbidden)
        return mask

    def to_any(self, jobs: Sequence[Job], product: Product) -> Bools:
        """Say where a product of at least one job may ever go.

        Parameters
        ----------
        jobs : sequence of Job
            Which; the gate learns of their capture.
        product : Product
            Raw pixels or the answer.

        Returns
        -------
        (n_active_nodes,) bool array
            Every node if rules change with time.
        """
        if self._gate.policies.reads_now:
            return self._plan.allowed_nodes(frozenset())
        self._gate.learn([Captured(job.t_capture_s, job) for job in jobs])
        found = np.zeros_like(self._plan.allowed_nodes(frozenset()))
        for job in jobs:
            found |= self(job.job_id, product)
        return found
