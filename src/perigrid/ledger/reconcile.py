"""Two operators' logs laid side by side: where they do not say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from perigrid.base.grant_papers import (
    grant_hash,
    is_key_of,
    is_narrower,
    is_signed_grant,
    receipt_bytes,
    verifies,
)
from perigrid.base.grants import CapabilityGrant, UsageReceipt
from perigrid.base.signing import VerifyKey
from perigrid.ledger.receipts import ReceiptLog


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not fit.

    Parameters
    ----------
    what : str
        ``only-in-first``, ``only-in-second``, ``amounts-differ``, ``bad-signature``,
        ``unknown-grant``, ``outside-grant``, ``overrun``, ``wider-than-parent``, ``twice`` or
        ``nothing-shared``.
    subject : str
        Grant, and receipt if it is about one.
    detail : str
        In words.
    """

    what: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What two logs agree on and what they do not.

    Parameters
    ----------
    first, second : str
        Where they were read.
    agreed : int
        Receipts that stand in both, with the same content.
    used_s : dict of str to float
        Used of each grant, by its id, over the receipts that agree [s].
    differences : tuple of Difference
        Empty if both logs say the same and nothing was overrun.
    """

    first: str
    second: str
    agreed: int
    used_s: dict[str, float]
    differences: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        """Turn into JSON values.

        Returns
        -------
        dict
            With ``ok``.
        """
        return {
            "ok": not self.differences,
            "first": self.first,
            "second": self.second,
            "agreed": self.agreed,
            "used_s": self.used_s,
            "differences": [
                {"what": one.what, "subject": one.subject, "detail": one.detail}
                for one in self.differences
            ],
        }

    def text(self) -> str:
        """Lay out for the terminal.

        Returns
        -------
        str
            Several lines.
        """
        head = "the logs agree" if not self.differences else "THE LOGS DO NOT AGREE"
        used = [f"{name}: {used_s / 3600.0:.4f} h used" for name, used_s in self.used_s.items()]
        lines = [f"{one.what}: {one.subject}: {one.detail}" for one in self.differences]
        return "\n  ".join([f"{head}: {self.agreed} receipts in both", *used, *lines])


def reconcile(first: ReceiptLog, second: ReceiptLog, keys: Iterable[VerifyKey]) -> Reconciliation:
    """Compare two operators' logs.

    Parameters
    ----------
    first, second : ReceiptLog
        Of the two; what concerns a third operator is left out.
    keys : iterable of VerifyKey
        Public keys to trust.

    Returns
    -------
    Reconciliation
        With every difference.
    """
    trusted = tuple(keys)
    parties = _owners(first) | _owners(second)
    ours, theirs = _shared(first, parties), _shared(second, parties)
    grants = {grant_hash(one): one for one in (*first.grants, *second.grants)}
    found = [
        *_strangers(parties, first, second),
        *_twice(first),
        *_twice(second),
        *(_only(one, "only-in-first", grants) for key, one in ours.items() if key not in theirs),
        *(_only(one, "only-in-second", grants) for key, one in theirs.items() if key not in ours),
        *_unequal(ours, theirs, grants),
        *(found for one in _distinct(ours, theirs) for found in _unsigned(one, grants, trusted)),
        *_grants(grants, trusted),
    ]
    both = [one for key, one in ours.items() if theirs.get(key) == one]
    used_s = _used(both, grants)
    found += _overruns(used_s, grants)
    named = {grants[key].id: used_s[key] for key in used_s if key in grants}
    return Reconciliation(first.path, second.path, len(both), named, tuple(found))


Key = tuple[str, int]


def _owners(log: ReceiptLog) -> set[str]:
    """Operators that every document of a log names: one of them keeps it."""
    documents: list[CapabilityGrant | UsageReceipt] = [*log.grants, *log.receipts]
    pairs = [{one.lender, one.borrower} for one in documents]
    return set.intersection(*pairs) if pairs else set()


def _strangers(parties: set[str], first: ReceiptLog, second: ReceiptLog) -> list[Difference]:
    """Refuse receipts that cannot be compared, as of one operator's log given twice."""
    if len(parties) > 1 or not (first.receipts or second.receipts):
        return []
    detail = "they are not the logs of two operators, so nothing was compared"
    return [Difference("nothing-shared", f"{first.path} and {second.path}", detail)]


def _shared(log: ReceiptLog, parties: set[str]) -> dict[Key, UsageReceipt]:
    return {
        (one.grant, one.number): one
        for one in log.receipts
        if {one.lender, one.borrower} <= parties
    }


def _name(grant: str, grants: dict[str, CapabilityGrant]) -> str:
    return grants[grant].id if grant in grants else f"grant {grant[:12]}"


def _subject(receipt: UsageReceipt, grants: dict[str, CapabilityGrant]) -> str:
    return f"{_name(receipt.grant, grants)} receipt {receipt.number}"


def _only(receipt: UsageReceipt, what: str, grants: dict[str, CapabilityGrant]) -> Difference:
    detail = f"{receipt.used_s:g} s on {receipt.node} for job {receipt.job_id}"
    return Difference(what, _subject(receipt, grants), detail)


def _twice(log: ReceiptLog) -> list[Difference]:
    counts = Counter((one.grant, one.number) for one in log.receipts)
    return [
        Difference("twice", f"receipt {number}", f"stands {count} times in {log.path}")
        for (_, number), count in counts.items()
        if count > 1
    ]


def _unequal(
    ours: dict[Key, UsageReceipt],
    theirs: dict[Key, UsageReceipt],
    grants: dict[str, CapabilityGrant],
) -> list[Difference]:
    return [
        Difference(
            "amounts-differ",
            _subject(one, grants),
            f"{one.used_s:g} s on {one.node} against {theirs[key].used_s:g} s on "
            f"{theirs[key].node}",
        )
        for key, one in ours.items()
        if key in theirs and theirs[key] != one
    ]


def _distinct(ours: dict[Key, UsageReceipt], theirs: dict[Key, UsageReceipt]) -> list[UsageReceipt]:
    return list(dict.fromkeys([*ours.values(), *theirs.values()]))


def _unsigned(
    receipt: UsageReceipt, grants: dict[str, CapabilityGrant], keys: tuple[VerifyKey, ...]
) -> list[Difference]:
    """Signatures of a receipt, and whether its grant covers it."""
    subject, grant = _subject(receipt, grants), grants.get(receipt.grant)
    message = receipt_bytes(receipt)
    lenders = [
        key
        for key in keys
        if grant is not None and key.key_id.hex() == grant.signer and is_key_of(key, receipt.lender)
    ]
    borrowers = [key for key in keys if is_key_of(key, receipt.borrower)]
    found = [
        Difference("bad-signature", subject, f"not signed by the {who} with a trusted key")
        for who, signature, theirs in (
            ("lender", receipt.lender_signature, lenders),
            ("borrower", receipt.borrower_signature, borrowers),
        )
        if not any(verifies(key, message, signature) for key in theirs)
    ]
    if grant is None:
        found.append(Difference("unknown-grant", subject, "neither log holds its grant"))
    elif not _covers(grant, receipt):
        found.append(Difference("outside-grant", subject, "another time, node or operator"))
    return found


def _covers(grant: CapabilityGrant, receipt: UsageReceipt) -> bool:
    # A stage that was ordered in time may end later: only the beginning of the grant binds here.
    parties = (grant.lender, grant.borrower) == (receipt.lender, receipt.borrower)
    node = not grant.nodes or receipt.node in grant.nodes
    return parties and node and receipt.used_s >= 0.0 and grant.from_s <= receipt.t_s


def _grants(grants: dict[str, CapabilityGrant], keys: tuple[VerifyKey, ...]) -> list[Difference]:
    found = []
    for grant in grants.values():
        lenders = [key for key in keys if is_key_of(key, grant.lender)]
        if not any(is_signed_grant(grant, key) for key in lenders):
            why = "not signed with a trusted key of its lender"
            found.append(Difference("bad-signature", grant.id, why))
        parent = grants.get(grant.parent)
        if parent is None and grant.parent:
            why = "neither log holds the grant that it was cut from"
            found.append(Difference("unknown-grant", grant.id, why))
        if parent is not None and not is_narrower(grant, parent):
            found.append(Difference("wider-than-parent", grant.id, f"than {parent.id}"))
    return found


def _used(receipts: list[UsageReceipt], grants: dict[str, CapabilityGrant]) -> dict[str, float]:
    """Add up what was used of each grant, what was passed on included."""
    used_s = dict.fromkeys(grants, 0.0)
    for receipt in receipts:
        key, seen = receipt.grant, set[str]()
        while key in grants and key not in seen:
            used_s[key] += receipt.used_s
            seen.add(key)
            key = grants[key].parent
    return used_s


def _overruns(used_s: dict[str, float], grants: dict[str, CapabilityGrant]) -> list[Difference]:
    return [
        Difference("overrun", grants[key].id, f"{used:g} s used of {grants[key].compute_s:g} s")
        for key, used in used_s.items()
        if used > grants[key].compute_s * (1.0 + 1e-9)
    ]
