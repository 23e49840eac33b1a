"""Approvals that count: k distinct persons in the roles wanted, in force, bound to one action."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from perigrid.base.approvals import GRANT, SignedApproval
from perigrid.base.signed_text import is_signed_by
from perigrid.control.policy.approval.refusal import Refusal
from perigrid.control.policy.approval.roster import Roster
from perigrid.control.policy.request import Approver


@dataclass(frozen=True, slots=True)
class Request:
    """What people are asked.

    Parameters
    ----------
    subject : str
        Hash of the action or of the envelope.
    evidence : str
        Digest of what they are shown.
    people : int
        How many distinct persons must grant it.
    roles : tuple of str
        Roles that must be among them, one person each; empty for any.
    asked_s, closes_s : float
        From when on answers count, and until when approvals may be in force [s].
    """

    subject: str
    evidence: str
    people: int
    roles: tuple[str, ...]
    asked_s: float
    closes_s: float


@dataclass(slots=True)
class _Entry:
    """One request, and the approvals that were accepted for its subject, by person.

    In ``earlier`` are those who gave theirs to an earlier request about it.
    """

    request: Request
    approvals: dict[str, SignedApproval]
    earlier: set[str]


class ApprovalBook:
    """Takes in signed answers and knows which actions are approved.

    Parameters
    ----------
    roster : Roster
        Who may sign.
    """

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._entries: dict[str, _Entry] = {}
        self._nonces: set[tuple[str, str]] = set()

    def ask(self, request: Request) -> None:
        """Open a request, or open it again with other evidence.

        Parameters
        ----------
        request : Request
            Approvals of an earlier request for the same subject count on only if their evidence is
            the same and they are in force.
        """
        old = self._entries.get(request.subject)
        kept = {} if old is None else old.approvals
        self._entries[request.subject] = _Entry(request, kept, set(kept))

    def add(self, approval: SignedApproval, t_s: float) -> Refusal | None:
        """Take in one signed answer.

        Parameters
        ----------
        approval : SignedApproval
            As received.
        t_s : float
            Mission time [s].

        Returns
        -------
        Refusal or None
            None if it counts from now on; a person's refusal never does.
        """
        refusal = self._form(approval, t_s) or self._matter(approval, t_s)
        if refusal is not None:
            return refusal
        self._nonces.add((approval.signer, approval.nonce))
        person, entry = self._person(approval), self._entries[approval.subject]
        if approval.answer != GRANT:
            entry.approvals.pop(person, None)  # who says no takes back an earlier yes
            return Refusal.REFUSED
        entry.approvals[person] = approval
        entry.earlier.discard(person)
        return None

    def _form(self, approval: SignedApproval, t_s: float) -> Refusal | None:
        """Who signed, and is it theirs and new."""
        found = self._roster.find(approval.signer)
        if found is None:
            return Refusal.UNKNOWN_KEY
        person, key = found
        if not is_signed_by(approval, key):
            return Refusal.ALTERED
        if not self._roster.in_force(approval.signer, t_s):
            return Refusal.REVOKED_KEY
        if (approval.signer, approval.nonce) in self._nonces:
            return Refusal.REPLAYED
        return None if approval.role in person.roles else Refusal.WRONG_ROLE

    def _matter(self, approval: SignedApproval, t_s: float) -> Refusal | None:
        """Is it what was asked, in time, and by somebody who has not signed yet."""
        entry = self._entries.get(approval.subject)
        if entry is None:
            return Refusal.NOT_ASKED
        request = entry.request
        if request.roles and approval.role not in request.roles:
            return Refusal.WRONG_ROLE
        if approval.evidence != request.evidence:
            return Refusal.STALE_EVIDENCE
        late = _out_of_time(approval, request, t_s)
        if late is not None:
            return late
        person = self._person(approval)
        given = entry.approvals.get(person)
        if given is None or person in entry.earlier or approval.answer != GRANT:
            return None  # asked anew, or a no: the new answer takes the place of the old one
        counts = self._counts(given, request.evidence, t_s)
        return Refusal.SAME_PERSON if counts else None

    def _person(self, approval: SignedApproval) -> str:
        found = self._roster.find(approval.signer)
        return "" if found is None else found[0].name

    def _counts(self, approval: SignedApproval, evidence: str, t_s: float) -> bool:
        return (
            approval.signed_at_s <= t_s < approval.expires_s
            and approval.evidence == evidence
            and self._roster.in_force(approval.signer, t_s)
        )

    def in_force(self, subject: str, t_s: float) -> tuple[SignedApproval, ...]:
        """Approvals of a subject that count now.

        Parameters
        ----------
        subject : str
            Hash of the action or of the envelope.
        t_s : float
            Mission time [s].

        Returns
        -------
        tuple of SignedApproval
            At most one a person, in the order in which they came.
        """
        entry = self._entries.get(subject)
        if entry is None:
            return ()
        evidence = entry.request.evidence
        return tuple(one for one in entry.approvals.values() if self._counts(one, evidence, t_s))

    def granted(self, action_hash: str, t_s: float) -> tuple[Approver, ...]:
        """People whose approval of an action is in force, whether they are enough or not.

        Parameters
        ----------
        action_hash : str
            From :func:`perigrid.base.digest.action_hash`, or the hash of an envelope.
        t_s : float
            Mission time [s].

        Returns
        -------
        tuple of Approver
            Distinct persons.
        """
        return tuple(Approver(one.signer, one.role) for one in self.in_force(action_hash, t_s))

    def lacking(self, subject: str, evidence: str, t_s: float) -> Refusal | None:
        """Say what a subject still lacks.

        Parameters
        ----------
        subject : str
            Hash of the action or of the envelope.
        evidence : str
            Digest of what is known now; approvals given on anything else do not count.
        t_s : float
            Mission time [s].

        Returns
        -------
        Refusal or None
            None if enough distinct persons in the roles wanted have granted it.
        """
        entry = self._entries.get(subject)
        if entry is None:
            return Refusal.NOT_ASKED
        request = entry.request
        if request.evidence != evidence:
            return Refusal.STALE_EVIDENCE
        valid = self.in_force(subject, t_s)
        if is_quorum([one.role for one in valid], request.people, request.roles):
            return None
        spent = len(entry.approvals) > len(valid)
        return Refusal.EXPIRED if spent or t_s >= request.closes_s else Refusal.NO_QUORUM

    def expires_s(self, subject: str, t_s: float) -> float:
        """Say when the first approval that counts now ends.

        Parameters
        ----------
        subject : str
            Hash of the action or of the envelope.
        t_s : float
            Mission time [s].

        Returns
        -------
        float
            ``t_s`` if none counts [s].
        """
        return min((one.expires_s for one in self.in_force(subject, t_s)), default=t_s)


def is_quorum(roles: list[str], people: int, wanted: tuple[str, ...]) -> bool:
    """Say whether distinct persons who signed in these roles are enough.

    Parameters
    ----------
    roles : list of str
        One a person.
    people : int
        How many are wanted; never fewer than one.
    wanted : tuple of str
        Roles that must be among them; one named twice needs two persons.

    Returns
    -------
    bool
        True if they are.
    """
    enough = len(roles) >= max(people, 1, len(wanted))
    return enough and not (wanted and Counter(wanted) - Counter(roles))


def _out_of_time(approval: SignedApproval, request: Request, t_s: float) -> Refusal | None:
    # Written so that a time that is not a number is refused.
    if not request.asked_s <= approval.signed_at_s:
        return Refusal.EXPIRED  # signed before it was asked: on an earlier request
    if not approval.signed_at_s <= t_s:
        return Refusal.NOT_YET
    if not (t_s < approval.expires_s and t_s < request.closes_s):
        return Refusal.EXPIRED
    return None if approval.expires_s <= request.closes_s else Refusal.TOO_LONG
