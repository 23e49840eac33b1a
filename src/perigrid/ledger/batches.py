"""What a record says of many decisions at once: their root, requests about them, and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from perigrid.base.approvals import Envelope, SignedApproval
from perigrid.base.codec import digest, encode
from perigrid.base.signing import VerifyKey

SIGNERS: Final = "signers"
ENVELOPES: Final = "envelopes"
"""Keys of the pins: public keys by their ids, and envelopes by theirs."""
_REQUEST: Final = "perigrid request v1"


def batch_content(first: int, rows: int, root: bytes) -> dict[str, Any]:
    """Say which decisions a tree is over.

    Parameters
    ----------
    first, rows : int
        Number of the first row over all parts of the table, and how many there are.
    root : bytes
        Merkle tree head over their leaves, as :mod:`perigrid.ledger.rows` has them.

    Returns
    -------
    dict
        JSON values.
    """
    return {"first": first, "rows": rows, "root": root.hex()}


def request_content(
    scenario: str,
    about: Mapping[str, Any],
    root: bytes,
    rows: Sequence[int],
    asked: tuple[Any, ...],
) -> dict[str, Any]:
    """Say what people are asked about decisions of one class.

    Parameters
    ----------
    scenario : str
        Digest of the mission.
    about : mapping
        What all of them share: ``rule``, ``acts`` and ``place``.
    root : bytes
        Merkle tree head over the leaves of these decisions alone: what people are shown.
    rows : sequence of int
        Their numbers over all parts of the table.
    asked : (float, float, int, tuple of str)
        When they are asked, when it is too late [s], how many must grant it, in which roles.

    Returns
    -------
    dict
        JSON values; ``subject`` is the hash that people sign.
    """
    asked_s, expires_s, people, roles = asked
    content = {
        **about, "root": root.hex(), "count": len(rows), "people": people, "roles": list(roles),
        "rows": list(rows), "asked_s": asked_s, "expires_s": expires_s,
    }  # fmt: skip
    return {**content, "subject": subject_of(content, scenario)}


def subject_of(content: Mapping[str, Any], scenario: str) -> str:
    """Hash what people sign when they answer a request.

    Parameters
    ----------
    content : mapping
        From :func:`request_content`, or as a record has it.
    scenario : str
        Digest of the mission.

    Returns
    -------
    str
        SHA-256, hexadecimal: of everything but times, which the answer bounds itself.
    """
    bound = ("rule", "acts", "place", "root", "count", "people", "roles")
    return digest({"type": _REQUEST, "scenario": scenario, **{key: content[key] for key in bound}})


def answer_content(
    subject: str, approvals: Sequence[SignedApproval], until_s: float, refused: Sequence[str]
) -> dict[str, Any]:
    """Say what people answered.

    Parameters
    ----------
    subject : str
        Of the request.
    approvals : sequence of SignedApproval
        As received.
    until_s : float
        End of what they allowed; -1 if nothing is allowed [s].
    refused : sequence of str
        Why signatures did not count, or why nothing is allowed though they did.

    Returns
    -------
    dict
        JSON values.
    """
    return {
        "subject": subject,
        "approvals": encode(tuple(approvals)),
        "until_s": until_s,
        "refused": list(refused),
    }


def pinned_people(
    keys: Sequence[VerifyKey], envelopes: Mapping[str, Envelope]
) -> dict[str, dict[str, Any]]:
    """Say whose signatures count and what envelopes there are, for the pins.

    Parameters
    ----------
    keys : sequence of VerifyKey
        Of everyone who may sign.
    envelopes : mapping of str to Envelope
        By the hash that people sign.

    Returns
    -------
    dict
        JSON values: public keys by id, and envelopes by name. No names of people.
    """
    return {
        SIGNERS: {key.signer_id: {"kind": key.kind, "public": key.public.hex()} for key in keys},
        ENVELOPES: {
            one.id: {"subject": subject, "from_s": one.from_s, "until_s": one.until_s,
                     "count": one.count, "people": one.people, "roles": list(one.roles)}
            for subject, one in envelopes.items()
        },
    }  # fmt: skip
