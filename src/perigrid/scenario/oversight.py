"""Oversight as a mission describes it: who is asked, what they sign, when they stop the fleet."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from perigrid.base.approvals import Envelope


@dataclass(frozen=True, slots=True)
class PersonModel:
    """A person who may be asked, and in simulation how that person answers.

    Parameters
    ----------
    name : str
        For the roster; the record carries role and key id.
    role : str
        In which the person signs.
    delay_s : float
        Median time to answer while on duty [s].
    delay_spread : float
        Factor between the median and one standard deviation of the lognormal delay; 1 for a fixed
        delay [1].
    from_hour, until_hour : float
        On duty, local time; the same hour twice is the whole day [h].
    utc_offset_s : float
        Local time less UTC [s].
    grants_share : float
        Share of requests granted [1].
    key : str
        A real person's verifier key; empty for a key derived from the scenario's seed.
    revoked_s : float
        Mission time from which the key counts no more [s].
    """

    name: str
    role: str
    delay_s: float
    delay_spread: float = 1.0
    from_hour: float = 0.0
    until_hour: float = 0.0
    utc_offset_s: float = 0.0
    grants_share: float = 1.0
    key: str = ""
    revoked_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Terms:
    """What an approval of a single action takes.

    Parameters
    ----------
    people : int
        Distinct persons.
    roles : tuple of str
        Roles that must be among them; empty for any.
    valid_s : float
        From the request to the end of every approval given on it [s].
    order_roles : tuple of str
        Roles that may stop, resume and override; empty for any.
    """

    people: int = 1
    roles: tuple[str, ...] = ()
    valid_s: float = 86_400.0
    order_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """An order that a person gives in the simulation.

    Parameters
    ----------
    kind : str
        ``stop`` or ``resume``.
    person : str
        Name of who gives it.
    at_s, for_s : float
        When, and how long it is in force [s].
    nodes : tuple of str
        Names of satellites; an empty tuple means all.
    reason : str
        In words.
    """

    kind: str
    person: str
    at_s: float
    for_s: float
    nodes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Oversight:
    """People over machines.

    Parameters
    ----------
    people : tuple of PersonModel
        Everyone who may be asked; empty for the one that ``approver`` describes.
    terms : Terms
        Of single actions.
    envelopes : tuple of Envelope
        Asked for at the start.
    orders : tuple of PlannedOrder
        Given on the way.
    autonomy_s : float or None
        How long a satellite may act after it last heard from the ground; None for ever [s].
    """

    people: tuple[PersonModel, ...] = ()
    terms: Terms = field(default_factory=Terms)
    envelopes: tuple[Envelope, ...] = ()
    orders: tuple[PlannedOrder, ...] = ()
    autonomy_s: float | None = None
