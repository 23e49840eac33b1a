"""Places that a rule closes to a product, by name of the rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from perigrid.base.jobs import Product
from perigrid.base.messages import Alternative, Move
from perigrid.control.alternatives import shortlist
from perigrid.control.policy.gate import Gate

MOST_CLOSED: Final = 2
"""Places closed by rules that are named in a decision; the others are counted (assumed)."""


def closed_by_rule(gate: Gate, product: Product, nodes: Iterable[int]) -> tuple[Alternative, ...]:
    """Name the places that a product may never be moved to.

    Parameters
    ----------
    gate : Gate
        Judges.
    product : Product
        Raw pixels or the answer.
    nodes : iterable of int
        Fleet rows that would come into question.

    Returns
    -------
    tuple of Alternative
        Without times: ways that no one may take are not searched.
    """
    forbidden = gate.forbidden_nodes(product)
    return shortlist(
        (
            Alternative(node, None, _rule(gate, product, node))
            for node in nodes
            if node in forbidden
        ),
        MOST_CLOSED,
    )


def _rule(gate: Gate, product: Product, node: int) -> str:
    probe = Move(-1, product, node, node, (), "")
    return f"closed by rule {gate.judge(probe, approved=True).rule}"
