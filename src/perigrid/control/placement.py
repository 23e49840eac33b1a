"""The four architectures as data: which links may carry what, and where the computing is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from perigrid.base.jobs import Architecture
from perigrid.fleet.model import ContactKind


@dataclass(frozen=True, slots=True)
class Placement:
    """One architecture.

    Parameters
    ----------
    architecture : Architecture
        Its name.
    links : frozenset of ContactKind
        Contacts it may use; fibre on the ground is always there.
    compute_in_space : bool
        Whether satellites compute and answers go down, or pixels go down.
    may_migrate : bool
        Whether another satellite than the one that took the scene may compute it.
    """

    architecture: Architecture
    links: frozenset[ContactKind]
    compute_in_space: bool
    may_migrate: bool


PLACEMENTS: Final = {
    placement.architecture: placement
    for placement in (
        Placement(
            Architecture.BENT_PIPE,
            frozenset({ContactKind.DOWNLINK}),
            compute_in_space=False,
            may_migrate=False,
        ),
        Placement(
            Architecture.RELAY,
            frozenset({ContactKind.RELAY}),
            compute_in_space=False,
            may_migrate=False,
        ),
        Placement(
            Architecture.ONBOARD,
            frozenset({ContactKind.DOWNLINK}),
            compute_in_space=True,
            may_migrate=False,
        ),
        Placement(
            Architecture.ORBITAL,
            frozenset({ContactKind.DOWNLINK, ContactKind.CROSSLINK}),
            compute_in_space=True,
            may_migrate=True,
        ),
    )
}
