"""What people sign: approvals, envelopes and orders, as plain data that a record can carry.

Who signed stands here only as role and key id; names stay outside the record. Signing and checking
is the business of :mod:`perigrid.control.policy.approval`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GRANT: Final = "grant"
REFUSE: Final = "refuse"
STOP: Final = "stop"
RESUME: Final = "resume"
OVERRIDE: Final = "override"
ORDER_KINDS: Final = (STOP, RESUME, OVERRIDE)
BY_APPROVAL: Final = "approval"
BY_ENVELOPE: Final = "envelope:"
"""In place of a rule: by what people signed a decision of a large fleet was allowed. Behind the
second stands the envelope's name."""
UNLIMITED: Final = -1.0
"""A limit of an envelope that is not set; JSON has no infinity."""


@dataclass(frozen=True, slots=True)
class SignedApproval:
    """One person's signed answer to one request.

    Parameters
    ----------
    subject : str
        Hash of the action or of the envelope, hexadecimal.
    answer : str
        ``grant`` or ``refuse``.
    signer : str
        Key id, hexadecimal, from :attr:`perigrid.base.signing.VerifyKey.signer_id`.
    role : str
        In which the person signs.
    signed_at_s, expires_s : float
        Mission time of the signature and of the end of its force [s].
    nonce : str
        Never used twice by the same key.
    evidence : str
        Digest of what the person was shown.
    signature : str
        Ed25519, hexadecimal.
    """

    subject: str
    answer: str
    signer: str
    role: str
    signed_at_s: float
    expires_s: float
    nonce: str
    evidence: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A range of latitude and longitude; ``west`` east of ``east`` crosses the antimeridian."""

    south_rad: float
    west_rad: float
    north_rad: float
    east_rad: float

    def holds(self, latitude_rad: float, longitude_rad: float) -> bool:
        """Say whether a place lies in the box, its edges included.

        Parameters
        ----------
        latitude_rad, longitude_rad : float
            Geodetic [rad].

        Returns
        -------
        bool
            False for a place that is not a number.
        """
        if not self.south_rad <= latitude_rad <= self.north_rad:
            return False
        if self.west_rad <= self.east_rad:
            return self.west_rad <= longitude_rad <= self.east_rad
        return longitude_rad >= self.west_rad or longitude_rad <= self.east_rad


@dataclass(frozen=True, slots=True)
class Envelope:
    """Bounds within which actions need no further leave once people have signed it.

    Parameters
    ----------
    id : str
        Short name.
    actions, products : tuple of str
        Kinds of action (``move``, ``compute``) and products; an empty tuple allows any.
    nodes, countries, territories : tuple of str
        Names of nodes and countries of ground nodes that may be touched, and territories in which
        the scene may lie; an empty tuple allows any.
    area : Box or None
        Where the scene may lie.
    from_s, until_s : float
        Mission time in which actions may begin [s].
    count, nbytes, energy_j : float
        How much may be done in all, in actions, bytes sent [B] and energy [J]; negative is
        unlimited.
    people : int
        How many distinct persons must sign.
    roles : tuple of str
        Roles that must be among them, one person each.
    """

    id: str
    actions: tuple[str, ...]
    products: tuple[str, ...]
    nodes: tuple[str, ...]
    countries: tuple[str, ...]
    territories: tuple[str, ...]
    area: Box | None
    from_s: float
    until_s: float
    count: float
    nbytes: float
    energy_j: float
    people: int
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Withheld:
    """Stands in a message for what a person said; see :mod:`perigrid.base.withheld`.

    Parameters
    ----------
    commitment : str
        Salted SHA-256 of it, hexadecimal.
    """

    commitment: str


@dataclass(frozen=True, slots=True)
class SignedOrder:
    """A person's order to the fleet: stop, resume, or override of one action.

    Parameters
    ----------
    kind : str
        ``stop``: only safe acts; ``resume``: ends stops given before; ``override``: the subject
        must not be done, whatever the rules say.
    nodes : tuple of str
        Names; an empty tuple means every node.
    subject : str
        Hash of the overridden action; empty otherwise.
    reason : Withheld
        Why, in the person's words, which never stand in a record.
    signer, role, issued_s, expires_s, nonce, signature
        As in :class:`SignedApproval`.
    """

    kind: str
    nodes: tuple[str, ...]
    subject: str
    reason: Withheld
    signer: str
    role: str
    issued_s: float
    expires_s: float
    nonce: str
    signature: str = ""
