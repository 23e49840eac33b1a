"""The minimal gate: readable rules, first match decides, anything unclear is denied.

A later policy engine replaces :meth:`Gate.judge` and keeps its shape: an action and what is known
about its ends in, a verdict with rule and reason out.
"""

from __future__ import annotations

from dataclasses import dataclass

from perigrid.base.jobs import Product
from perigrid.base.messages import Action, Compute, Move, Verdict
from perigrid.scenario.model import Rule

ALLOW = "allow"
DENY = "deny"
ASK = "ask"
ANY = "any"
DEFAULT_RULE = "default"


@dataclass(frozen=True, slots=True)
class Places:
    """What the gate knows of nodes: operator and country by fleet row."""

    operators: tuple[str, ...]
    countries: tuple[str, ...]


class Gate:
    """Judges every action before it happens.

    Parameters
    ----------
    rules : tuple of Rule
        In order of precedence.
    places : Places
        Operators and countries of the nodes.
    """

    def __init__(self, rules: tuple[Rule, ...], places: Places) -> None:
        self._rules = rules
        self._places = places

    def judge(self, action: Action, *, approved: bool = False) -> Verdict:
        """Say whether an action may happen.

        Parameters
        ----------
        action : Action
            What is wanted. Waiting, closing and asking touch nothing and are always allowed.
        approved : bool
            Whether a person granted this very action.

        Returns
        -------
        Verdict
            ``allow``, ``deny`` or ``ask``.
        """
        match action:
            case Move():
                nodes = {action.target, *(leg.target for leg in action.legs)}
                return self._first_match("move", action.product, nodes, approved=approved)
            case Compute():
                return self._first_match("compute", Product.RAW, {action.node}, approved=approved)
            case _:
                return Verdict(ALLOW, DEFAULT_RULE, "changes nothing outside the controller")

    def forbidden_nodes(self, product: Product) -> frozenset[int]:
        """Nodes that a product may never be moved to: the scheduler's prefilter.

        Parameters
        ----------
        product : Product
            Raw pixels or the answer.

        Returns
        -------
        frozenset of int
            Fleet rows; :meth:`judge` denies every move that touches one of them.
        """
        return frozenset(
            node
            for node in range(len(self._places.countries))
            if self._first_match("move", product, {node}, approved=True).decision == DENY
        )

    def _first_match(
        self, action: str, product: Product, nodes: set[int], *, approved: bool
    ) -> Verdict:
        asks: Verdict | None = None
        for node in sorted(nodes):
            rule = self._rule_for(action, product, node)
            if rule is None:
                continue
            reason = f"{rule.reason} ({rule.id})"
            if rule.effect == ASK:
                asks = asks or Verdict(ALLOW if approved else ASK, rule.id, reason)
            else:
                return Verdict(DENY, rule.id, reason)
        return asks or Verdict(ALLOW, DEFAULT_RULE, "no rule speaks against it")

    def _rule_for(self, action: str, product: Product, node: int) -> Rule | None:
        country, operator = self._places.countries[node], self._places.operators[node]
        for rule in self._rules:
            if (
                rule.action in {action, ANY}
                and rule.product in {product.value, ANY}
                and rule.to_country in {country, ANY}
                and rule.to_operator in {operator, ANY}
            ):
                return rule
        return None
