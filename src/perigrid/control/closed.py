"""Places that a rule closes to a product, by name of the rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from perigrid.base.jobs import Product
from perigrid.base.messages import Alternative
from perigrid.control.alternatives import shortlist
from perigrid.control.open_nodes import OpenNodes
from perigrid.control.policy.gate import Gate

MOST_CLOSED: Final = 2
"""Places closed by rules that are named in a decision; the others are counted (assumed)."""


class ClosedPlaces:
    """Names the places that rules close to the products of a job.

    Parameters
    ----------
    gate : Gate
        Judges.
    open_nodes : OpenNodes
        Knows the time.
    nodes : iterable of int
        Fleet rows that would come into question.
    """

    def __init__(self, gate: Gate, open_nodes: OpenNodes, nodes: Iterable[int]) -> None:
        self._gate = gate
        self._open_nodes = open_nodes
        self._nodes = tuple(nodes)

    def __call__(self, job_id: int, product: Product) -> tuple[Alternative, ...]:
        """Name the places that a product may not be moved to now.

        Parameters
        ----------
        job_id : int
            Which.
        product : Product
            Raw pixels or the answer.

        Returns
        -------
        tuple of Alternative
            Without times: ways that no one may take are not searched.
        """
        forbidden = self._gate.forbidden_nodes(job_id, product, self._open_nodes.t_s)
        if not forbidden:
            return ()
        found = [
            Alternative(node, None, self._why(job_id, product, node))
            for node in self._nodes
            if node in forbidden
        ]
        return shortlist(found, MOST_CLOSED)

    def _why(self, job_id: int, product: Product, node: int) -> str:
        verdict = self._gate.barred(job_id, product, node, self._open_nodes.t_s)
        return f"closed by rule {verdict.rule}"
