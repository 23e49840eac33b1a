"""Answers of the engine, read the careful way."""

from __future__ import annotations

from perigrid.control.policy.engine import Answer
from perigrid.control.policy.reading import FORBID, PERMIT, Policy
from perigrid.control.policy.verdicts import (
    ALLOW,
    ASK,
    DENY,
    EVALUATION,
    MISSING,
    NOT_PERMITTED,
    STRICTNESS,
    UNKNOWN,
    verdict_of,
)


def policy(name: str, effect: str, asks: str = "") -> Policy:
    return Policy(name, effect, f"because of {name}", "", "", asks, "own", 1)


def test_any_error_is_a_denial() -> None:
    permit = (policy("p", PERMIT),)
    for error, rule in (
        ("failed to build request: x", MISSING),
        ("entity Node does not exist", UNKNOWN),
        ("overflow", EVALUATION),
    ):
        said = verdict_of(Answer(True, permit, (error,)))
        assert (said.decision, said.rule) == (DENY, rule)


def test_people_are_asked_only_if_nothing_else_refuses() -> None:
    ask, hard = policy("a", FORBID, "a person"), policy("h", FORBID)
    assert verdict_of(Answer(False, (ask,))).decision == ASK
    both = verdict_of(Answer(False, (ask, hard)))
    assert (both.decision, both.rule, both.reason) == (DENY, "h", "because of h (h)")
    assert verdict_of(Answer(True, (policy("p", PERMIT),))).decision == ALLOW
    assert verdict_of(Answer(False)).rule == NOT_PERMITTED
    assert STRICTNESS[DENY] < STRICTNESS[ASK] < STRICTNESS[ALLOW]
