"""The only maker of authorised actions: runners carry out nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass

from perigrid.base.messages import Action, AskApproval, Compute, Move, Verdict
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.hours import holds_until_s
from perigrid.control.policy.request import Approver
from perigrid.control.policy.verdicts import ALLOW, ASK


@dataclass(frozen=True, slots=True)
class Authorized:
    """An action with the verdict that allows it.

    Parameters
    ----------
    action, verdict
        What may be done, and why.
    expires_s : float
        The act must begin before this mission time [s].
    """

    action: Action
    verdict: Verdict
    expires_s: float = math.inf

    @property
    def may_run(self) -> bool:
        """True: a runner carries it out."""
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """An action with the verdict that denies it."""

    action: Action
    verdict: Verdict

    @property
    def may_run(self) -> bool:
        """False: it is only recorded."""
        return False

    @property
    def expires_s(self) -> float:
        """Minus infinity: it never had authority [s]."""
        return -math.inf


def authorize(
    gate: Gate,
    action: Action,
    *,
    t_s: float = 0.0,
    approvers: tuple[Approver, ...] = (),
    expires_s: float = math.inf,
) -> Authorized | Refused:
    """Pass an action through the gate.

    Parameters
    ----------
    gate : Gate
        The policy; it hears of every action it allowed.
    action : Action
        What is wanted.
    t_s : float
        Now [s].
    approvers : tuple of Approver
        Who approved this very action.
    expires_s : float
        When the authority for it ends [s].

    Returns
    -------
    Authorized or Refused
        The action itself if allowed; a request for approval, itself authorised, if a rule reserves
        it to people; a refusal if denied.
    """
    verdict = gate.judge(action, t_s=t_s, approvers=approvers)
    if verdict.decision == ALLOW:
        gate.custody.note(action)
        if isinstance(action, Compute):  # legs begin when they say, a stage when its turn comes
            expires_s = min(expires_s, holds_until_s(gate, action, t_s, approvers))
        return Authorized(action, verdict, expires_s)
    if verdict.decision == ASK and isinstance(action, (Move, Compute)):
        return Authorized(AskApproval(action.job_id, verdict.rule, action), verdict)
    return Refused(action, verdict)
