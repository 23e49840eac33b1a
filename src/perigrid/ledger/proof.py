"""Who signed for a decision, and the proof that it stands in a log."""

from __future__ import annotations

from dataclasses import dataclass

from perigrid.base.approvals import SignedApproval


@dataclass(frozen=True, slots=True)
class Signature:
    """One signed answer or order that bears on a decision.

    ``who`` and ``why`` come from the side store: the signer's name, and the reason of an order;
    ``erased`` once they are, empty where there are none.
    """

    answer: str
    role: str
    key: str
    signed_at_s: float
    expires_s: float
    evidence: str = ""
    envelope: str = ""
    who: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class RowProof:
    """That a decision is one of a batch whose root a record holds.

    Parameters
    ----------
    record : int
        Sequence number of the record.
    index, size : int
        Which leaf of how many.
    path : tuple of str
        Hashes of the inclusion proof, hexadecimal, from the leaf up.
    leaf, root : str
        Hash of the leaf and of the batch, hexadecimal.
    holds : bool
        Whether the path leads from the one to the other.
    """

    record: int
    index: int
    size: int
    path: tuple[str, ...]
    leaf: str
    root: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """That a record stands in a log, and its log in the ground's.

    Parameters
    ----------
    log : str
        Whose log.
    index, size : int
        Which leaf of how many.
    path : int
        Hashes in the inclusion proof.
    holds : bool
        Whether the proof leads to the log's root.
    root : str
        Of the log at the end, hexadecimal.
    anchored_by : int or None
        Record that first entered the leaf into the ground's log; None for the ground's own.
    row : RowProof or None
        That the decision is one of many in that record; None where it stands there itself.
    """

    log: str
    index: int
    size: int
    path: int
    holds: bool
    root: str
    anchored_by: int | None
    row: RowProof | None = None


def signature_of(one: SignedApproval, envelope: str = "") -> Signature:
    """Tell who signed an answer.

    Parameters
    ----------
    one : SignedApproval
        The answer.
    envelope : str
        Envelope that it is about, if it is about one.

    Returns
    -------
    Signature
        Without the name of the person.
    """
    return Signature(
        one.answer, one.role, one.signer, one.signed_at_s, one.expires_s, one.evidence, envelope
    )
