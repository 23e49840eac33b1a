"""Schema of oversight: people who are asked, envelopes they sign, orders, and autonomy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from perigrid.base.names import NAME
from perigrid.scenario.schema.fields import SLUG, Origin, Section, number, text

_CHOICE = Origin("design choice")
_NO_LIMIT = Origin("design choice: beyond what a mission moves, so no limit")


class ApprovalSpec(Section):
    """What an approval of a single action takes."""

    people: int = number("1", "Distinct persons who must grant it.", 1, _CHOICE, ge=1, le=20)
    roles: list[str] = Field(
        default_factory=list, max_length=20, description="Roles that must be among them."
    )
    valid_hours: float = number(
        "h", "From the request to the end of the approval.", 24.0, _CHOICE, gt=0, le=8784
    )
    order_roles: list[str] = Field(
        default_factory=list, max_length=20, description="Roles that may stop the fleet; any if []."
    )


class PersonSpec(Section):
    """A person who may be asked, and in simulation how that person answers."""

    name: str = text("Pseudonym; records carry role and key id only.", pattern=SLUG)
    role: str = text("Role in which the person signs.", pattern=SLUG)
    delay_minutes: float = number(
        "min", "Median time to answer while on duty.", 15.0, _CHOICE, ge=0, le=100_000
    )
    delay_spread: float = number(
        "1",
        "Factor from the median delay to one standard deviation (lognormal); 1 is a fixed delay.",
        1.0,
        _CHOICE,
        ge=1,
        le=100,
    )
    from_hour: float = number("h", "On duty from this local time.", 0.0, _CHOICE, ge=0, lt=24)
    until_hour: float = number("h", "On duty until this local time.", 24.0, _CHOICE, ge=0, le=24)
    utc_offset_hours: float = number("h", "Local time less UTC.", 0.0, _CHOICE, ge=-12, le=14)
    grants_share: float = number("1", "Share of requests granted.", 1.0, _CHOICE, ge=0, le=1)
    revoked_hours: float = number(
        "h", "The key counts no more from this mission time on.", 1e6, _CHOICE, ge=0, le=1e6
    )
    key: str = text(
        "Verifier key of a real person, from `perigrid keys`; simulated if left out.", default="-"
    )


class EnvelopeArea(Section):
    """A range of latitude and longitude; west > east crosses the antimeridian."""

    south_deg: float = number("deg", "Southern edge.", ge=-90, le=90)
    west_deg: float = number("deg", "Western edge.", ge=-180, le=180)
    north_deg: float = number("deg", "Northern edge.", ge=-90, le=90)
    east_deg: float = number("deg", "Eastern edge.", ge=-180, le=180)


class EnvelopeSpec(Section):
    """Bounds within which actions need no further leave once people have signed it."""

    id: str = text("Short name.", pattern=SLUG)
    actions: list[Literal["move", "compute"]] = Field(
        default_factory=list, max_length=2, description="Kinds of action; any if left out."
    )
    products: list[Literal["raw", "answer"]] = Field(
        default_factory=list, max_length=2, description="Products; any if left out."
    )
    nodes: list[str] = Field(
        default_factory=list,
        max_length=10_000,
        description="Names of every node that may be touched; any if left out.",
    )
    countries: list[str] = Field(
        default_factory=list,
        max_length=300,
        description="Countries of ground nodes that may be touched, ISO 3166 alpha-2.",
    )
    territories: list[str] = Field(
        default_factory=list,
        max_length=300,
        description="Territories in which the scene may lie; an unknown one lies outside.",
    )
    area: EnvelopeArea | None = None
    from_hours: float = number("h", "Actions begin after it.", 0.0, _CHOICE, ge=0, le=8784)
    until_hours: float = number("h", "Actions begin before it.", gt=0, le=8784)
    count: int = number("1", "How many actions in all.", ge=0, le=1_000_000_000)
    sent_gb: float = number("GB", "How much is sent in all.", 1e9, _NO_LIMIT, ge=0, le=1e12)
    energy_kj: float = number("kJ", "Energy taken in all.", 1e9, _NO_LIMIT, ge=0, le=1e12)
    people: int = number("1", "Distinct persons who must sign it.", 1, _CHOICE, ge=1, le=20)
    roles: list[str] = Field(
        default_factory=list, max_length=20, description="Roles that must be among them."
    )


class OrderSpec(Section):
    """An order that a person gives in the simulation."""

    kind: Literal["stop", "resume"] = Field(
        description="stop: only safe acts; resume: ends stops given before."
    )
    by: str = text("Name of the person.", pattern=NAME)
    at_hours: float = number("h", "When.", ge=0, le=8784)
    for_hours: float = number("h", "How long it is in force.", 24.0, _CHOICE, gt=0, le=8784)
    nodes: list[str] = Field(
        default_factory=list, max_length=10_000, description="Satellites; all if left out."
    )
    reason: str = text("Shown with every refusal.", default="-")


class AutonomySpec(Section):
    """How long satellites act alone."""

    hours: float = number(
        "h", "A satellite does safe acts only when it has heard nothing for so long.", gt=0, le=8784
    )
