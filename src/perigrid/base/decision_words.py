"""A decision in words, and the digest by which a record holds on to the words it was made with."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from perigrid.base.message_text import message_text
from perigrid.base.messages import (
    Acknowledge,
    Action,
    Alternative,
    AskApproval,
    Close,
    Compute,
    Move,
    Verdict,
    Wait,
)

EXPLAINED: Final = "explained"
"""Key of a recorded decision that holds the digest of its words."""

DIGEST_DIGITS: Final = 16


def decisions_text(
    t_s: float, decisions: Sequence[tuple[Action, Verdict]], names: Sequence[str]
) -> str:
    """Write decisions as a record holds them.

    Parameters
    ----------
    t_s : float
        When they were made [s].
    decisions : sequence of (Action, Verdict)
        In order.
    names : sequence of str
        Of the fleet's nodes.

    Returns
    -------
    str
        Canonical JSON: a list of objects with ``action``, ``verdict`` and ``explained``.
    """
    rows = [
        f'{{"action":{message_text(action)},'
        f'"{EXPLAINED}":"{words_digest(decision_words(t_s, action, verdict, names))}",'
        f'"verdict":{message_text(verdict)}}}'
        for action, verdict in decisions
    ]
    return f"[{','.join(rows)}]"


def words_digest(words: str) -> str:
    """Fingerprint of an explanation.

    Parameters
    ----------
    words : str
        From :func:`decision_words`.

    Returns
    -------
    str
        The first 64 bits of its SHA-256, hexadecimal.
    """
    return hashlib.sha256(words.encode()).hexdigest()[:DIGEST_DIGITS]


def decision_words(t_s: float, action: Action, verdict: Verdict, names: Sequence[str]) -> str:
    """Explain a decision from what is recorded of it, and nothing else.

    Parameters
    ----------
    t_s : float
        When it was made, from the start of the run [s].
    action : Action
        What was wanted.
    verdict : Verdict
        What the gate said.
    names : sequence of str
        Of the fleet's nodes.

    Returns
    -------
    str
        What was decided, by which rule, and what lost beside it, a line each.
    """
    lines = [f"At {t_s:.3f} s: {action_words(action, names)}."]
    why = _reason(action)
    if why:
        lines.append(f"Because: {why}.")
    lines.append(f"Verdict: {verdict.decision} by {verdict.rule}: {verdict.reason}.")
    lines += [_lost(one, names) for one in getattr(action, "alternatives", ())]
    return "\n".join(lines)


def action_words(action: Action, names: Sequence[str]) -> str:
    """Say what an action does, with nodes by name.

    Parameters
    ----------
    action : Action
        What was wanted.
    names : sequence of str
        Of the fleet's nodes.

    Returns
    -------
    str
        A clause without a full stop.
    """
    match action:
        case Move():
            stops = [action.source, *(leg.target for leg in action.legs)]
            way = " > ".join(_name(row, names) for row in stops)
            arrives = f", there at {action.legs[-1].t_arrival_s:.3f} s" if action.legs else ""
            return f"move the {action.product} of job {action.job_id}, {way}{arrives}"
        case Compute():
            return f"{action.stage} job {action.job_id} on {_name(action.node, names)}"
        case Wait():
            return f"job {action.job_id} waits for {action.cause} until {action.until_s:.3f} s"
        case Close(delivered=True):
            return f"job {action.job_id} ends, delivered"
        case Close():
            return f"job {action.job_id} ends without an insight"
        case AskApproval():
            also = f", and the like of {len(action.acts) - 1} more jobs" if action.acts[1:] else ""
            return f"ask {_whom(action)} whether to {action_words(action.subject, names)}{also}"
        case Acknowledge():
            return f"take note of: {action.what}"


def _reason(action: Action) -> str:
    match action:
        case AskApproval():
            return f"rule {action.rule} reserves this to people"
        case Close():
            return ": ".join(part for part in (action.reason, action.detail) if part)
        case Acknowledge():
            return action.detail
        case _:
            return action.reason


def _whom(asked: AskApproval) -> str:
    people = "a person" if asked.people == 1 else f"{asked.people} people"
    return f"{people} ({', '.join(asked.roles)})" if asked.roles else people


def _lost(one: Alternative, names: Sequence[str]) -> str:
    if one.node < 0:
        return f"Not: {one.why}."
    when = "" if one.t_answer_s is None else f", answer at {one.t_answer_s:.3f} s"
    return f"Not {_name(one.node, names)}: {one.why}{when}."


def _name(row: int, names: Sequence[str]) -> str:
    return names[row] if 0 <= row < len(names) else f"#{row}"
