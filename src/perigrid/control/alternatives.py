"""What was weighed beside a decision, cut to what a person reads."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final

from perigrid.base.messages import Alternative

SEVERAL: Final = -1
"""In place of a node: several alternatives told together."""

LATER: Final = "later"
"""Why a way lost that only takes longer."""

MOST_NAMED: Final = 5
"""Alternatives of a decision that are kept by name (assumed)."""


def shortlist(found: Iterable[Alternative], most: int = MOST_NAMED) -> tuple[Alternative, ...]:
    """Keep the alternatives that came nearest, and count the others.

    Parameters
    ----------
    found : iterable of Alternative
        All that were weighed; of those without a time the first are kept.
    most : int
        How many are kept by name.

    Returns
    -------
    tuple of Alternative
        Those with the earliest answers, those without a time last; then one entry of node
        :data:`SEVERAL` that counts the rest by reason.
    """
    ranked = sorted(found, key=_rank)
    named, rest = ranked[:most], ranked[most:]
    if len(rest) == 1:  # to count one takes as much room as to name it
        named, rest = ranked, []
    if rest:
        counts = Counter(one.why for one in rest)
        why = "; ".join(several(counts[reason], reason) for reason in sorted(counts))
        named = [*named, Alternative(SEVERAL, None, why)]
    return tuple(named)


def several(count: int, reason: str) -> str:
    """Say of how many alternatives something is said.

    Parameters
    ----------
    count : int
        0 where the words say so themselves.
    reason : str
        What is said of them.

    Returns
    -------
    str
        Both.
    """
    return f"{count} more: {reason}" if count else reason


def _rank(one: Alternative) -> float:
    return math.inf if one.t_answer_s is None else one.t_answer_s
