"""When an action may begin: the gate's answers over time, for policies that read the clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from perigrid.base.messages import Action
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.request import Approver, Request
from perigrid.control.policy.verdicts import ALLOW, DENY


def holds_until_s(
    gate: Gate, action: Action, t_s: float, approvers: tuple[Approver, ...] = ()
) -> float:
    """Say until when a verdict on beginning an action stays what it is.

    Parameters
    ----------
    gate : Gate
        Judges.
    action, approvers
        As for :meth:`Gate.judge`.
    t_s : float
        Now [s].

    Returns
    -------
    float
        Infinity if no policy reads the clock, or none changes the verdict [s].
    """
    steps = _timed(gate, action, t_s, approvers)
    said = gate.strictest(steps).decision if steps else ALLOW
    return _first_turn_s(gate, steps, t_s, lambda decision: decision != said)


def opens_again_s(gate: Gate, action: Action, t_s: float) -> float:
    """Say when an action that is denied may be tried again.

    Parameters
    ----------
    gate : Gate
        Judges.
    action : Action
        Denied.
    t_s : float
        Now [s].

    Returns
    -------
    float
        The first later time at which it could begin, as far as rules and their times go;
        infinity if there is none [s].
    """
    steps = _timed(gate, action, t_s, ())
    return _first_turn_s(gate, steps, t_s, lambda decision: decision != DENY)


def _timed(
    gate: Gate, action: Action, t_s: float, approvers: tuple[Approver, ...]
) -> list[tuple[int, Request]]:
    """Questions of an action; none if no answer changes with time."""
    timed = gate.policies.reads_now
    return gate.requests(action, t_s=t_s, approvers=approvers) if timed else []


def _first_turn_s(
    gate: Gate,
    steps: Sequence[tuple[int, Request]],
    t_s: float,
    is_wanted: Callable[[str], bool],
) -> float:
    """First instant after now at which all steps, begun then, have a decision that is wanted."""
    turns = {
        turn
        for _, request in steps
        for turn in gate.policies.turns_s(request.about, request.circumstances)
        if turn > t_s
    }
    for turn in sorted(turns):
        then = [
            (row, replace(one, circumstances=replace(one.circumstances, now_s=turn)))
            for row, one in steps
        ]
        if is_wanted(gate.strictest(then).decision):
            return float(turn)
    return math.inf
