"""The bytes that are signed: canonical JSON behind a line that says what kind of thing it is."""

from __future__ import annotations

from typing import Final

from perigrid.base.approvals import SignedApproval, SignedOrder
from perigrid.base.message_text import unsigned_text
from perigrid.base.signing import VerifyKey

# A signature under one kind of document is none under another.
_DOMAINS: Final = {
    "SignedApproval": "perigrid approval v1",
    "SignedOrder": "perigrid order v1",
}


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
