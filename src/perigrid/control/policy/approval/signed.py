"""People's signatures under approvals and orders, and what stands for an envelope in one."""

from __future__ import annotations

import dataclasses
from typing import Final, TypeVar

from perigrid.base.approvals import Envelope, SignedApproval, SignedOrder
from perigrid.base.codec import digest, encode
from perigrid.base.signed_text import signed_bytes
from perigrid.base.signing import SigningKey

Signed = TypeVar("Signed", SignedApproval, SignedOrder)

_ENVELOPE: Final = "perigrid envelope v1"


def sign(document: Signed, key: SigningKey) -> Signed:
    """Sign a document with a person's key.

    Parameters
    ----------
    document : SignedApproval or SignedOrder
        Its signer and signature are replaced.
    key : SigningKey
        The person's.

    Returns
    -------
    SignedApproval or SignedOrder
        The same, signed.
    """
    named = dataclasses.replace(document, signer=key.verify_key.signer_id, signature="")
    return dataclasses.replace(named, signature=key.sign(signed_bytes(named)).hex())


def envelope_hash(envelope: Envelope) -> str:
    """Hash that approvals of an envelope are bound to.

    Parameters
    ----------
    envelope : Envelope
        With all its bounds.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    return digest({"type": _ENVELOPE, "envelope": encode(envelope)})
