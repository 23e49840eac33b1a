"""Nodes that policy lets a product touch, as schedulers and routes want them."""

from __future__ import annotations

from perigrid.base.jobs import Product
from perigrid.control.contact_plan import Bools, ContactPlan
from perigrid.control.policy.gate import Gate


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
