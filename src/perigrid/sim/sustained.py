"""What the satellites of an architecture can keep up, with the loads that it holds."""

from __future__ import annotations

from collections.abc import Mapping

from perigrid.base.architecture import Architecture
from perigrid.fleet.laser_load import LASER_KINDS
from perigrid.fleet.model import ContactKind, Fleet, Outlook
from perigrid.fleet.sustained import fleet_sustained
from perigrid.physics.sustained import SustainedCompute


def sustained_mean_w(
    fleet: Fleet, outlook: Outlook, architecture: Architecture | None = None
) -> float:
    """Find the compute power that a satellite can hold, mean over those with a computer.

    Parameters
    ----------
    fleet : Fleet
        Bus, battery, radiator, computer and lasers.
    outlook : Outlook
        Array power, heat from outside and contacts.
    architecture : Architecture, optional
        Its laser links are held; without one no laser is on.

    Returns
    -------
    float
        Power; 0 without computers or without a whole step [W].
    """
    links = () if architecture is None else ContactKind.of(architecture.every_link)
    found = fleet_sustained(fleet, outlook, links)
    return 0.0 if found is None else float(found.compute_w[fleet.buses.computes].mean())


def sustained_by_architecture(
    fleet: Fleet, outlooks: Mapping[Architecture, Outlook]
) -> dict[Architecture, SustainedCompute]:
    """Find what each architecture's satellites can keep up.

    Parameters
    ----------
    fleet : Fleet
        Bus, battery, radiator, computer and lasers.
    outlooks : mapping of Architecture to Outlook
        Array power, heat from outside and contacts, as each architecture has them.

    Returns
    -------
    dict
        By architecture, in the order given; empty without computers or without a whole step.
    """
    found: dict[tuple[frozenset[ContactKind], int], SustainedCompute | None] = {}
    answers: dict[Architecture, SustainedCompute] = {}
    for architecture, outlook in outlooks.items():
        lasers = ContactKind.of(architecture.every_link) & LASER_KINDS
        held = (lasers, id(outlook))
        if held not in found:
            found[held] = fleet_sustained(fleet, outlook, lasers)
        answer = found[held]
        if answer is not None:
            answers[architecture] = answer
    return answers
