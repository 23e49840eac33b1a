"""Authority: the gate's rules, people's approvals, their orders, and the dead-man timers, together.

The gate says what rules allow and what they reserve to people. This says whether people granted
what is reserved, whether a person stopped it, and whether the satellite still has leave to act.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from perigrid.base.approvals import BY_APPROVAL, BY_ENVELOPE
from perigrid.base.digest import action_hash
from perigrid.base.grants import CapabilityGrant, UsageReceipt
from perigrid.base.messages import Action, AskApproval, Compute, Event, Move, Verdict
from perigrid.base.signing import VerifyKey
from perigrid.control.policy.approval.autonomy import SAFE_MODE, Autonomy, is_safe
from perigrid.control.policy.approval.envelope import Facts, outside, when_begun
from perigrid.control.policy.approval.intake import Intake, request_of
from perigrid.control.policy.approval.roster import Roster
from perigrid.control.policy.authorize import Authorized, Refused, authorize
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.hours import opens_again_s
from perigrid.control.policy.places import RELAY
from perigrid.control.policy.verdicts import ALLOW, DENY
from perigrid.fleet.model import Fleet
from perigrid.scenario.oversight import Oversight, Terms

STOPPED: Final = "stop"
GRANT: Final = "grant"
OVERRIDDEN: Final = "override"
TOO_EARLY: Final = "approval:too-early"
HELD: Final = frozenset({STOPPED, SAFE_MODE, TOO_EARLY})
"""Rules that hold a job until later instead of ending it."""
LOOK_AGAIN_S: Final = 1800.0
"""How soon a stopped job is looked at again, in case the stop was lifted (assumed). [s]"""
MAX_REQUESTS: Final = 3
"""How often people are asked anew about the same step of a job, its plan having changed (assumed).
"""
_APPROVED: Final = Verdict(ALLOW, BY_APPROVAL, "people allowed it")
_BEFOREHAND: Final = "people allowed it beforehand, with others like it"


class Lender(Protocol):
    """What operators lend each other, with a meter."""

    @property
    def grants(self) -> Sequence[CapabilityGrant]:
        """Grants in force."""

    @property
    def receipts(self) -> Sequence[UsageReceipt]:
        """Receipts so far, signed by both operators."""

    def keys(self) -> tuple[VerifyKey, ...]:
        """Public keys of all operators."""

    def learn(self, events: Sequence[Event]) -> None:
        """Charge what was computed."""

    def claim(self, action: Action, facts: Callable[[], Facts], t_s: float) -> str:
        """Set aside what an action will use; say why not."""

    def ends_s(self, action: Action, facts: Callable[[], Facts]) -> float:
        """Say when what was set aside for an action ends."""

    def release(self, job_id: int) -> None:
        """Give back what an ended job did not use."""


class _Once:
    """Gathers the facts of one decision at most once; the next decision gathers its own."""

    __slots__ = ("_gather", "_known")

    def __init__(self, gather: Callable[[], Facts]) -> None:
        self._gather = gather
        self._known: Facts | None = None

    def __call__(self) -> Facts:
        if self._known is None:
            self._known = self._gather()
        return self._known


Watch = Callable[["Authority", Action, float], None]
"""Told of every action before it is judged, with the time [s]; for audits."""


class Authority:
    """Decides on every action of a controller.

    Parameters
    ----------
    gate : Gate
        The rules.
    roster : Roster
        Who may sign.
    oversight : Oversight
        Terms and envelopes.
    autonomy : Autonomy or None
        Dead-man timers; None lets satellites act for ever.
    context : mapping
        JSON values that approvals are bound to besides the action; a ``run`` among them binds
        orders too.
    fleet : Fleet
        Names of nodes and of their groups.
    terms_of : mapping of str to Terms
        What rules ask instead of the oversight's terms, by their id.
    lender : Lender, optional
        Grants between operators; None where all nodes are one operator's.

    Attributes
    ----------
    asks_together : bool
        Whether what is reserved to people is left to :meth:`ask_together`.
    """

    def __init__(
        self,
        gate: Gate,
        roster: Roster,
        oversight: Oversight,
        autonomy: Autonomy | None,
        context: Mapping[str, Any],
        fleet: Fleet,
        terms_of: Mapping[str, Terms],
        lender: Lender | None = None,
    ) -> None:
        self.gate = gate
        self.intake = Intake(roster, oversight, context.get("run", ""))
        self._terms = oversight.terms
        self.lender = lender
        self._terms_of = dict(terms_of)
        self._autonomy = autonomy
        self._context = dict(context)
        self._fleet, self._mesh = fleet, fleet.mesh()
        self._t_s = 0.0
        self.watch: Watch | None = None
        self._lent_until_s = math.inf
        self._ask_s = 0.0
        self.asks_together = False

    def decide(
        self,
        action: Action,
        t_s: float,
        facts: Callable[[], Facts],
        evidence: Callable[[], str],
    ) -> Authorized | Refused:
        """Judge an action: orders and timers first, then rules, then approvals.

        Parameters
        ----------
        action : Action
            What is wanted.
        t_s : float
            Mission time [s].
        facts : callable
            What is known of the action, gathered only if it is needed.
        evidence : callable
            Digest of what is known of its job, worked out only if people are asked.

        Returns
        -------
        Authorized or Refused
            The action with the end of its authority; a request to people, itself authorised; or a
            refusal.
        """
        self._t_s, self._lent_until_s = t_s, math.inf
        facts = _Once(facts)
        if self.watch is not None:
            self.watch(self, action, t_s)
        if self._guarded() and isinstance(action, (Move, Compute)):
            barred = self._barred(action, t_s)
            if barred is not None:
                return Refused(action, barred)
        why = "" if self.lender is None else self._lent(self.lender, action, facts)
        if why:
            reason = f"no grant of the node's operator holds it: {why}"
            return Refused(action, Verdict(DENY, f"{GRANT}:{why}", reason))
        decision = authorize(self.gate, action, t_s=t_s, expires_s=self._leave_until_s(action))
        if isinstance(decision.action, AskApproval):
            shown, subject = evidence(), self.hash_of(action)
            allowed = self._approved(action, subject, shown, facts)
            if allowed is not None or self.asks_together:
                return allowed or decision
            early = self._too_early(decision.action)
            return early or self._request(decision, subject, shown)
        return decision

    def _guarded(self) -> bool:
        return self._autonomy is not None or self.intake.any_order

    def _lent(self, lender: Lender, action: Action, facts: Callable[[], Facts]) -> str:
        """Set aside what an action uses of another operator's; say why no grant holds it."""
        if not isinstance(action, (Move, Compute)):
            return ""
        why = lender.claim(action, facts, self._t_s)
        if not why and isinstance(action, Compute):
            self._lent_until_s = lender.ends_s(action, facts)
        return why

    def _barred(self, action: Move | Compute, t_s: float) -> Verdict | None:
        """Orders and timers: what no rule can allow."""
        if self.intake.orders.is_overridden(self.hash_of(action), t_s):
            return Verdict(DENY, OVERRIDDEN, "a person ruled this action out")
        if is_safe(action, approved=True):
            return None
        acts = _acts(action, t_s)
        until_s = self.intake.orders.stopped_until_s(self._acting(action), t_s)
        if until_s is not None:
            return Verdict(DENY, STOPPED, f"stopped by a person until {until_s:.0f} s")
        if self._autonomy is None:
            return None
        for row, begins_s in acts:
            if not self._autonomy.has_leave(row, begins_s):
                silent_s = begins_s - self._autonomy.last_contact_s(row, begins_s)
                name = self._fleet.names[row]
                reason = f"{name} will not have heard from the ground for {silent_s:.0f} s"
                return Verdict(DENY, SAFE_MODE, reason)
        return None

    def _acting(self, action: Move | Compute) -> frozenset[str]:
        """Names of every node that must act, groups and what lies on a way included."""
        names = {name for row, _ in _acts(action, self._t_s) for name in self._fleet.called(row)}
        crosses = isinstance(action, Move) and any(leg.kind == RELAY for leg in action.legs)
        return self._mesh.union(names) if crosses else frozenset(names)

    def _leave_until_s(self, action: Action) -> float:
        """End of leave and of a grant; the legs of a move were each judged at their time."""
        if self._autonomy is None or not isinstance(action, Compute):
            return self._lent_until_s
        return min(self._lent_until_s, self._autonomy.leave_ends_s(action.node, self._t_s))

    def _approved(
        self, action: Action, subject: str, evidence: str, facts: Callable[[], Facts]
    ) -> Authorized | None:
        """Let the action through, if people granted it or signed an envelope that holds it."""
        leave_s, book, t_s = self._leave_until_s(action), self.intake.book, self._t_s
        _, last_begins_s = when_begun(action, t_s)
        if book.lacking(subject, evidence, t_s) is None:
            until_s = min(book.expires_s(subject, t_s), leave_s)
            if last_begins_s < until_s:
                return self._by_leave(action, subject, until_s, _APPROVED)
        for key, use in self.intake.uses.items():
            if book.lacking(key, key, t_s) is not None or use.exceeded(facts()):
                continue
            until_s = min(book.expires_s(key, t_s), use.envelope.until_s, leave_s)
            if last_begins_s < until_s and not outside(use.envelope, facts()):
                signed = Verdict(ALLOW, f"{BY_ENVELOPE}{use.envelope.id}", _BEFOREHAND)
                allowed = self._by_leave(action, key, until_s, signed)
                if allowed is not None:
                    use.take(facts())
                    return allowed
        return None

    def _by_leave(
        self, action: Action, subject: str, until_s: float, signed: Verdict
    ) -> Authorized | None:
        """Let the rules judge again, now that they may know who signed; they have the last word."""
        approvers = self.intake.book.granted(subject, self._t_s)
        decision = authorize(
            self.gate, action, t_s=self._t_s, approvers=approvers, expires_s=until_s
        )
        is_asked = isinstance(decision.action, AskApproval)
        if not isinstance(decision, Authorized) or is_asked:
            return None
        return dataclasses.replace(decision, verdict=signed)  # what let it through is named

    def _too_early(self, asked: AskApproval) -> Refused | None:
        """Hold what begins after an approval asked for now would have ended."""
        valid_s = self._terms_of.get(asked.rule, self._terms).valid_s
        _, last_begins_s = when_begun(asked.subject, self._t_s)
        if last_begins_s < self._t_s + valid_s:
            return None
        self._ask_s = last_begins_s - valid_s / 2.0  # leaves people half of it to answer
        reason = f"people are asked at {self._ask_s:.0f} s: it begins at {last_begins_s:.0f} s"
        return Refused(asked.subject, Verdict(DENY, TOO_EARLY, reason))

    def _request(self, decision: Authorized | Refused, subject: str, evidence: str) -> Authorized:
        """Complete a request to people with what they are to sign."""
        assert isinstance(decision, Authorized)  # noqa: S101  requests are authorised
        assert isinstance(decision.action, AskApproval)  # noqa: S101  as the caller saw
        terms = self._terms_of.get(decision.action.rule, self._terms)
        asked = dataclasses.replace(
            decision.action,
            subject_hash=subject,
            evidence=evidence,
            asked_s=self._t_s,
            expires_s=self._t_s + terms.valid_s,
            people=terms.people,
            roles=terms.roles,
        )
        self.intake.book.ask(request_of(asked))
        return dataclasses.replace(decision, action=asked, expires_s=math.inf)

    def ask_together(self, asked: AskApproval, verdict: Verdict, t_s: float) -> Authorized:
        """Ask people about many acts of which the rules say the same.

        Parameters
        ----------
        asked : AskApproval
            With the first of them, all of them, and the digest of what is known of their jobs.
        verdict : Verdict
            That reserves them.
        t_s : float
            Mission time [s].

        Returns
        -------
        Authorized
            The request, complete.
        """
        self._t_s = t_s
        decision = authorize(self.gate, asked.subject, t_s=t_s)
        whole = dataclasses.replace(decision, action=asked, verdict=verdict)
        return self._request(whole, self.hash_of(asked), asked.evidence)

    def granted_together(self, asked: AskApproval, t_s: float) -> Authorized | None:
        """Give the first of the acts that people were asked about together, if all may be done.

        Parameters
        ----------
        asked : AskApproval
            The request.
        t_s : float
            Mission time [s].

        Returns
        -------
        Authorized or None
            None if people did not grant them, or the rules want others to.
        """
        self._t_s, book, subject = t_s, self.intake.book, asked.subject_hash
        if book.lacking(subject, asked.evidence, t_s) is not None:
            return None
        return self._by_leave(asked.subject, subject, book.expires_s(subject, t_s), _APPROVED)

    def hash_of(self, action: Action) -> str:
        """Hash that approvals of an action are bound to.

        Parameters
        ----------
        action : Action
            Of a request, its subject counts.

        Returns
        -------
        str
            SHA-256, hexadecimal.
        """
        return action_hash(action, self._context)

    def look_again_s(self, refused: Refused, t_s: float) -> float | None:
        """Say when a held action may be looked at again.

        Parameters
        ----------
        refused : Refused
            A refusal.
        t_s : float
            Mission time [s].

        Returns
        -------
        float or None
            None if the refusal is final: no later time turns a rule that refused [s].
        """
        rule, action = refused.verdict.rule, refused.action
        if not isinstance(action, (Move, Compute)):
            return None
        if rule not in HELD:
            by_policy = self.gate.policies.has(rule)
            opens_s = opens_again_s(self.gate, action, t_s) if by_policy else math.inf
            return opens_s if opens_s < math.inf else None
        if rule == TOO_EARLY:
            return self._ask_s
        acts = _acts(action, t_s)
        if rule == STOPPED:
            ends_s = self.intake.orders.stopped_until_s(self._acting(action), t_s)
            return t_s + LOOK_AGAIN_S if ends_s is None else min(t_s + LOOK_AGAIN_S, ends_s)
        if self._autonomy is None:  # a policy refused by that name
            return t_s + LOOK_AGAIN_S
        contact_s = max(self._autonomy.next_contact_s(row, t_s) for row, _ in acts)
        return contact_s if contact_s > t_s else t_s + LOOK_AGAIN_S


def _acts(action: Move | Compute, t_s: float) -> list[tuple[int, float]]:
    """Which fleet rows must act, and when: senders of a move, the computer of a stage."""
    if isinstance(action, Compute):
        return [(action.node, t_s)]
    return [(leg.source, leg.t_start_s) for leg in action.legs] or [(action.source, t_s)]
