"""What operators sign when they lend: grants, receipts, revocations."""

from __future__ import annotations

import dataclasses
from typing import Final

from perigrid.base.codec import canonical_json, digest
from perigrid.base.grants import CapabilityGrant, UsageReceipt
from perigrid.base.signing import SIMULATED, SigningKey, VerifyKey

OPERATOR: Final = "operator/"
"""Names of the keys of simulated operators go on so."""

_GRANT: Final = "perigrid grant v1"
_RECEIPT: Final = "perigrid receipt v1"
_REVOCATION: Final = "perigrid revocation v1"


def key_name(operator: str) -> str:
    """Name the key of an operator.

    Parameters
    ----------
    operator : str
        Any text.

    Returns
    -------
    str
        Without white space and plus signs, which a key's name cannot hold.
    """
    return "-".join(operator.split()).replace("+", "-")


def is_key_of(key: VerifyKey, operator: str) -> bool:
    """Say whether a key is an operator's: a trusted third one must not sign for it.

    Parameters
    ----------
    key : VerifyKey
        Trusted.
    operator : str
        Its name.

    Returns
    -------
    bool
        True if the key is named for the operator, ``simulated/operator/`` before it or not, and
        small and capital letters alike.
    """
    named = key.name.removeprefix(SIMULATED).removeprefix(OPERATOR)
    return named.casefold() == key_name(operator).casefold()


def grant_hash(grant: CapabilityGrant) -> str:
    """Hash of a grant, its signature included.

    Parameters
    ----------
    grant : CapabilityGrant
        Signed.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    return digest({"type": _GRANT, "grant": dataclasses.asdict(grant)})


def sign_grant(grant: CapabilityGrant, key: SigningKey) -> CapabilityGrant:
    """Sign a grant as its lender.

    Parameters
    ----------
    grant : CapabilityGrant
        Not signed.
    key : SigningKey
        The lender's.

    Returns
    -------
    CapabilityGrant
        Signed.
    """
    named = dataclasses.replace(grant, signer=key.verify_key.key_id.hex(), signature="")
    return dataclasses.replace(named, signature=key.sign(_bytes(_GRANT, named)).hex())


def is_signed_grant(grant: CapabilityGrant, key: VerifyKey) -> bool:
    """Check a grant's signature.

    Parameters
    ----------
    grant : CapabilityGrant
        As received.
    key : VerifyKey
        The lender's.

    Returns
    -------
    bool
        True only if this key signed exactly these fields; never raises on bad input.
    """
    try:
        message = _bytes(_GRANT, dataclasses.replace(grant, signature=""))
    except (ValueError, TypeError):  # a number that is none, or no text
        return False
    return grant.signer == key.key_id.hex() and verifies(key, message, grant.signature)


def sign_receipt(receipt: UsageReceipt, lender: SigningKey, borrower: SigningKey) -> UsageReceipt:
    """Sign a receipt as both operators.

    Parameters
    ----------
    receipt : UsageReceipt
        Not signed.
    lender, borrower : SigningKey
        Their keys.

    Returns
    -------
    UsageReceipt
        With both signatures over the same bytes.
    """
    message = receipt_bytes(receipt)
    return dataclasses.replace(
        receipt,
        lender_signature=lender.sign(message).hex(),
        borrower_signature=borrower.sign(message).hex(),
    )


def receipt_bytes(receipt: UsageReceipt) -> bytes:
    """Write what both signatures of a receipt cover.

    Parameters
    ----------
    receipt : UsageReceipt
        Its signatures are left out.

    Returns
    -------
    bytes
        Kind of document, a newline, canonical JSON.
    """
    plain = dataclasses.replace(receipt, lender_signature="", borrower_signature="")
    return _bytes(_RECEIPT, plain)


def revocation_bytes(grant: str) -> bytes:
    """Write what a lender signs to revoke a grant.

    Parameters
    ----------
    grant : str
        Its hash.

    Returns
    -------
    bytes
        Kind of document, a newline, the hash.
    """
    return f"{_REVOCATION}\n{grant}".encode()


def is_narrower(grant: CapabilityGrant, parent: CapabilityGrant) -> bool:
    """Say whether a grant passes on no more than its parent gives.

    Parameters
    ----------
    grant, parent : CapabilityGrant
        The part, and what it was cut from.

    Returns
    -------
    bool
        True if every bound is the same or tighter.
    """
    return (
        parent.may_regrant
        and grant.lender == parent.borrower
        and 0.0 <= grant.compute_s <= parent.compute_s
        and parent.from_s <= grant.from_s
        and grant.until_s <= parent.until_s
        and _subset(grant.nodes, parent.nodes)
        and _subset(grant.territories, parent.territories)
    )


def _bytes(kind: str, document: CapabilityGrant | UsageReceipt) -> bytes:
    return f"{kind}\n{canonical_json(dataclasses.asdict(document))}".encode()


def verifies(key: VerifyKey, message: bytes, signature: str) -> bool:
    """Check a signature written in hexadecimal.

    Parameters
    ----------
    key : VerifyKey
        Whose it should be.
    message : bytes
        What it should cover.
    signature : str
        Lower case, in its only spelling.

    Returns
    -------
    bool
        False for anything else; never raises on bad input.
    """
    try:
        raw = bytes.fromhex(signature)
    except (ValueError, TypeError):
        return False
    return raw.hex() == signature and key.verify(message, raw)


def _subset(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Compare sets of which an empty one allows everything."""
    return not whole or (bool(part) and set(part) <= set(whole))
