"""What operators lend each other: capability grants, and receipts for what was used of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CapabilityGrant:
    """One operator lets another compute on its satellites, within bounds.

    Parameters
    ----------
    id : str
        Short name.
    lender, borrower : str
        Operators.
    parent : str
        Hash of the grant that this one passes on a part of; empty for an operator's own nodes.
    compute_s : float
        Time of computers at full speed, over all nodes together [s].
    from_s, until_s : float
        Mission time in which stages may be ordered [s].
    nodes, territories : tuple of str
        Names of nodes, and states or regions in which the scene must lie; an empty tuple allows
        any.
    may_regrant : bool
        Whether the borrower may pass a part on.
    nonce, signer, signature : str
        The lender's key id and Ed25519 signature, hexadecimal.
    """

    id: str
    lender: str
    borrower: str
    parent: str
    compute_s: float
    from_s: float
    until_s: float
    nodes: tuple[str, ...]
    territories: tuple[str, ...]
    may_regrant: bool
    nonce: str
    signer: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class UsageReceipt:
    """What was used of a grant by one stage; both operators sign it.

    Parameters
    ----------
    grant : str
        Hash of the grant.
    lender, borrower : str
        Operators.
    number : int
        Counted from 0 for each grant.
    job_id : int
        Whose stage.
    node, step : str
        Where and what.
    used_s : float
        Time of the computer at full speed [s].
    t_s : float
        When the stage ended, mission time [s].
    lender_signature, borrower_signature : str
        Ed25519, hexadecimal.
    """

    grant: str
    lender: str
    borrower: str
    number: int
    job_id: int
    node: str
    step: str
    used_s: float
    t_s: float
    lender_signature: str = ""
    borrower_signature: str = ""
