"""Several operators in one fleet: who owns which satellite, and what they lend each other."""

from __future__ import annotations

from dataclasses import dataclass

from perigrid.base.grants import CapabilityGrant


@dataclass(frozen=True, slots=True)
class Sharing:
    """Operators and grants.

    Parameters
    ----------
    owners : tuple of (str, tuple of str)
        Operator and names of its satellites; all others belong to their group's operator.
    grants : tuple of CapabilityGrant
        Not signed; ``parent`` is the id of another.
    """

    owners: tuple[tuple[str, tuple[str, ...]], ...] = ()
    grants: tuple[CapabilityGrant, ...] = ()
