"""Nodes that policy lets a product touch, as schedulers and routes want them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured
from perigrid.control.contact_plan import Bools, ContactPlan, Open
from perigrid.control.policy.gate import Gate
from perigrid.fleet.model import ContactKind


class Everywhere:
    """No node is closed to anything: what holds before any rule is known.

    Parameters
    ----------
    plan : ContactPlan
        Knows the order of nodes.
    """

    def __init__(self, plan: ContactPlan) -> None:
        self._open = plan.allowed_nodes(frozenset())

    def __call__(self, job_id: int, product: Product) -> Open:  # noqa: ARG002  asked of any job
        """Say where a product of a job may go.

        Parameters
        ----------
        job_id, product
            Which.

        Returns
        -------
        Open
            Every node, at all times.
        """
        return self._open

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
        return self._open.mask


class OpenNodes:
    """The gate's prefilter in a contact plan's node order.

    Parameters
    ----------
    gate : Gate
        Knows which nodes are forbidden.
    plan : ContactPlan
        Knows the order.
    architecture : Architecture, optional
        Says which kinds of contact may carry a product; all of the plan if left out.
    """

    def __init__(
        self, gate: Gate, plan: ContactPlan, architecture: Architecture | None = None
    ) -> None:
        self._gate = gate
        self._plan = plan
        self._links = {
            one: None if architecture is None else ContactKind.of(architecture.links(one))
            for one in Product
        }
        self._known: dict[tuple[frozenset[int], Product], Open] = {}
        self.t_s = 0.0

    def __call__(self, job_id: int, product: Product) -> Open:
        """Say where a product of a job may go, and when.

        Parameters
        ----------
        job_id : int
            Which.
        product : Product
            Raw pixels, or the answer that will have been computed by then.

        Returns
        -------
        Open
            From now on; with times only if a policy reads the clock.
        """
        gate = self._gate
        forbidden = gate.forbidden_nodes(job_id, product, self.t_s)
        known = self._known.get((forbidden, product))
        if known is None:
            known = self._plan.allowed_nodes(forbidden, None, self._links[product])
            self._known[forbidden, product] = known
        if not gate.policies.reads_now:
            return known
        return Open(known.mask, partial(gate.opens_s, job_id, product), known.links)

    def to_any(self, jobs: Sequence[Job], product: Product) -> Bools:
        """Say where a product of at least one job may ever go.

        Parameters
        ----------
        jobs : sequence of Job
            Which; of those that no policy tells apart the gate learns of one.
        product : Product
            Raw pixels or the answer.

        Returns
        -------
        (n_active_nodes,) bool array
            Every node if rules change with time.
        """
        if self._gate.policies.reads_now:
            return self._plan.allowed_nodes(frozenset()).mask
        unlike = [jobs[place] for place in sorted(set(self._gate.custody.alike(jobs)))]
        self._gate.learn([Captured(job.t_capture_s, job) for job in unlike])
        found = np.zeros_like(self._plan.allowed_nodes(frozenset()).mask)
        for job in unlike:
            found |= self(job.job_id, product).mask
        return found
