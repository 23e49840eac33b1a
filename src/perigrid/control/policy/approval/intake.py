"""What people say: signed answers and orders taken in, and every one that does not count noted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from perigrid.base.approvals import Envelope, SignedApproval, SignedOrder
from perigrid.base.messages import (
    Acknowledge,
    Action,
    ApprovalAnswered,
    AskApproval,
    EnvelopeAnswered,
    Ordered,
    Verdict,
)
from perigrid.control.policy.approval.book import ApprovalBook, Request
from perigrid.control.policy.approval.envelope import EnvelopeUse
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.control.policy.approval.refusal import WORDS, Refusal
from perigrid.control.policy.approval.roster import Roster
from perigrid.control.policy.approval.signed import envelope_hash
from perigrid.control.policy.authorize import Authorized, Refused
from perigrid.control.policy.verdicts import ALLOW, DENY
from perigrid.scenario.oversight import Oversight

APPROVAL: Final = "approval"

_NOBODY: Final = -1


class Intake:
    """Books of approvals and orders, with a note for the record of all that comes in.

    Parameters
    ----------
    roster : Roster
        Who may sign.
    oversight : Oversight
        Terms and envelopes.
    run : str
        Whose orders count; empty for any.
    """

    def __init__(self, roster: Roster, oversight: Oversight, run: str = "") -> None:
        self.book = ApprovalBook(roster)
        self.orders = OrderBook(roster, oversight.terms.order_roles, run)
        self.any_order = False
        self.uses = {envelope_hash(one): EnvelopeUse(one) for one in oversight.envelopes}
        for use in self.uses.values():
            self.book.ask(envelope_request(use.envelope))

    def has_envelopes(self, t_s: float) -> bool:
        """Say whether an envelope may allow anything, now or later.

        Parameters
        ----------
        t_s : float
            Mission time [s].

        Returns
        -------
        bool
            Signed or not.
        """
        return any(not use.is_spent(t_s) for use in self.uses.values())

    def told(self, event: EnvelopeAnswered | Ordered) -> list[Authorized | Refused]:
        """Take in an event that belongs to no job.

        Parameters
        ----------
        event : EnvelopeAnswered or Ordered
            As received.

        Returns
        -------
        list of Authorized or Refused
            Notes for the record.
        """
        if isinstance(event, Ordered):
            return [self.ordered(event.order, event.t_s)]
        return self.envelope_answered(event.envelope, event.approvals, event.t_s)

    def answered(self, asked: AskApproval, event: ApprovalAnswered, t_s: float) -> list[Refused]:
        """Take in the answers about one action.

        Parameters
        ----------
        asked : AskApproval
            The request.
        event : ApprovalAnswered
            As received; that it says ``granted`` proves nothing.
        t_s : float
            Mission time [s].

        Returns
        -------
        list of Refused
            One for every answer that does not count; one in all if none came that should have.
        """
        refused = self.hear(event.approvals, t_s, asked)
        lacking = self.book.lacking(asked.subject_hash, asked.evidence, t_s)
        if event.granted and lacking is not None and not refused:
            refused.append(_refusal(asked, lacking))
        return refused

    def lacks(self, asked: AskApproval, evidence: str, t_s: float) -> bool:
        """Say whether an action still lacks approval.

        Parameters
        ----------
        asked : AskApproval
            The request.
        evidence : str
            Digest of what is known now.
        t_s : float
            Mission time [s].

        Returns
        -------
        bool
            False if it may be done.
        """
        return self.book.lacking(asked.subject_hash, evidence, t_s) is not None

    def hear(
        self, approvals: tuple[SignedApproval, ...], t_s: float, about: Action
    ) -> list[Refused]:
        """Take in signed answers.

        Parameters
        ----------
        approvals : tuple of SignedApproval
            As received.
        t_s : float
            Mission time [s].
        about : Action
            The request, for the record.

        Returns
        -------
        list of Refused
            One for every answer that does not count.
        """
        refusals = [self.book.add(one, t_s) for one in approvals]
        return [_refusal(about, why) for why in refusals if why is not None]

    def envelope_answered(
        self, name: str, approvals: tuple[SignedApproval, ...], t_s: float
    ) -> list[Authorized | Refused]:
        """Take in the answers about an envelope.

        Parameters
        ----------
        name : str
            The envelope's.
        approvals : tuple of SignedApproval
            As received.
        t_s : float
            Mission time [s].

        Returns
        -------
        list of Authorized or Refused
            What does not count, and whether the envelope is in force.
        """
        subject = next((key for key, use in self.uses.items() if use.envelope.id == name), "")
        about = Acknowledge(_NOBODY, "envelope", name)
        decisions: list[Authorized | Refused] = [*self.hear(approvals, t_s, about)]
        lacking = self.book.lacking(subject, subject, t_s)
        if lacking is None:
            verdict = Verdict(ALLOW, APPROVAL, f"envelope {name} is in force")
            decisions.append(Authorized(about, verdict))
        elif not decisions:
            decisions.append(_refusal(about, lacking))
        return decisions

    def ordered(self, order: SignedOrder, t_s: float) -> Authorized | Refused:
        """Take in an order.

        Parameters
        ----------
        order : SignedOrder
            As received.
        t_s : float
            Mission time [s].

        Returns
        -------
        Authorized or Refused
            A note of the order for the record; refused if it does not count.
        """
        refusal = self.orders.add(order, t_s)
        about = Acknowledge(
            _NOBODY,
            order.kind,
            f"a person's reason, kept beside the record as {order.reason.commitment}",
        )
        if refusal is not None:
            return _refusal(about, refusal)
        self.any_order = True
        reason = f"ordered by {order.role} with key {order.signer}"
        return Authorized(about, Verdict(ALLOW, order.kind, reason))


def why_over(refused: Sequence[Refused], *, lacks: bool) -> str:
    """Say why a job ends of which people's answers let nothing be done.

    Parameters
    ----------
    refused : sequence of Refused
        Answers that do not count.
    lacks : bool
        Whether its next step lacks approval; if not, it was asked about too often.

    Returns
    -------
    str
        In words.
    """
    if refused:
        return refused[-1].verdict.reason
    return "nobody answered in time" if lacks else "its plan changed after each approval"


def request_of(asked: AskApproval) -> Request:
    """Make the request about a single action.

    Parameters
    ----------
    asked : AskApproval
        From an authority.

    Returns
    -------
    Request
        For the book, and for whoever signs.
    """
    return Request(
        asked.subject_hash,
        asked.evidence,
        asked.people,
        asked.roles,
        asked.asked_s,
        asked.expires_s,
    )


def envelope_request(envelope: Envelope) -> Request:
    """Make the request about an envelope.

    Parameters
    ----------
    envelope : Envelope
        The bounds.

    Returns
    -------
    Request
        The bounds themselves are the evidence.
    """
    subject = envelope_hash(envelope)
    return Request(subject, subject, envelope.people, envelope.roles, 0.0, envelope.until_s)


def _refusal(about: Action, why: Refusal) -> Refused:
    return Refused(about, Verdict(DENY, f"{APPROVAL}:{why.value}", WORDS[why]))
