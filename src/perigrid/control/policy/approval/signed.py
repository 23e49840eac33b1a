"""The bytes that are signed: canonical JSON behind a line that says what kind of thing it is."""

from __future__ import annotations

import dataclasses
from typing import Final, TypeVar

from perigrid.base.approvals import Envelope, SignedApproval, SignedOrder
from perigrid.base.codec import digest, encode
from perigrid.base.message_text import unsigned_text
from perigrid.base.signing import SigningKey, VerifyKey

Signed = TypeVar("Signed", SignedApproval, SignedOrder)

# A signature under one kind of document is none under another.
_DOMAINS: Final = {
    "SignedApproval": "perigrid approval v1",
    "SignedOrder": "perigrid order v1",
}
_ENVELOPE: Final = "perigrid envelope v1"


def signed_bytes(document: SignedApproval | SignedOrder) -> bytes:
    """Write what the signature of a document covers.

    Parameters
    ----------
    document : SignedApproval or SignedOrder
        Every field but the signature is covered.

    Returns
    -------
    bytes
        The kind of document, a newline, canonical JSON.
    """
    return f"{_DOMAINS[type(document).__name__]}\n{unsigned_text(document)}".encode()


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


def is_signed_by(document: SignedApproval | SignedOrder, key: VerifyKey) -> bool:
    """Check a document's signature.

    Parameters
    ----------
    document : SignedApproval or SignedOrder
        As received.
    key : VerifyKey
        Of the person it names.

    Returns
    -------
    bool
        True only if this key signed exactly these fields; never raises on bad input.
    """
    try:
        message, signature = signed_bytes(document), bytes.fromhex(document.signature)
    except (ValueError, TypeError, AttributeError):
        return False
    # Only one spelling of a signature: lower case, no spaces.
    return signature.hex() == document.signature and key.verify(message, signature)


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
