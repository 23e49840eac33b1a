"""Verdicts: what an engine's answer means, read the careful way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from perigrid.base.messages import Verdict
from perigrid.control.policy.engine import Answer
from perigrid.control.policy.reading import FORBID

ALLOW: Final = "allow"
DENY: Final = "deny"
ASK: Final = "ask"
NOT_PERMITTED: Final = "not-permitted"
MISSING: Final = "error:missing-attribute"
UNKNOWN: Final = "error:unknown-entity"
EVALUATION: Final = "error:evaluation"

STRICTNESS: Final = {DENY: 0, ASK: 1, ALLOW: 2}
"""Of several verdicts the least counts."""


def verdict_of(answer: Answer) -> Verdict:
    """Read an engine's answer the careful way.

    Parameters
    ----------
    answer : Answer
        Decision, deciding policies, errors.

    Returns
    -------
    Verdict
        Denied on any error; ``ask`` if nothing but rules that leave it to people refused.
    """
    if answer.errors:
        return Verdict(DENY, _error_rule(answer.errors), "; ".join(answer.errors))
    if answer.allowed and answer.policies:
        first = answer.policies[0]
        return Verdict(ALLOW, first.id, first.reason)
    refused = [policy for policy in answer.policies if policy.effect == FORBID]
    if not refused:
        return Verdict(DENY, NOT_PERMITTED, "no policy permits it")
    hard = [policy for policy in refused if not policy.asks]
    first = (hard or refused)[0]
    return Verdict(DENY if hard else ASK, first.id, f"{first.reason} ({first.id})")


def _error_rule(errors: Sequence[str]) -> str:
    """Sort what went wrong into the kinds an operator can act on."""
    text = " ".join(errors)
    if "failed to build request" in text:
        return MISSING
    if "does not exist" in text:
        return UNKNOWN
    return EVALUATION
