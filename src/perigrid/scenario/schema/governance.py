"""Schema of governance: readable rules, jurisdiction packs, parties, and how data are handled."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from perigrid.scenario.schema.fields import (
    COUNTRY,
    COUNTRY_OR_ANY,
    SLUG,
    Section,
    number,
    text,
)
from perigrid.scenario.schema.orbits import Instant

COUNTRY_OR_NONE: Final = r"^([A-Z]{2}|none)$"
Slug = Annotated[str, Field(pattern=SLUG, max_length=100)]
Pack = Literal["eu", "china", "us", "open"]
_PACKS: Final = {"enum": ["eu", "china", "us", "open"]}


def _listed(value: object) -> object:
    """Take one name for a list of one."""
    return [value] if isinstance(value, str) else value


Packs = Annotated[
    list[Pack],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [_PACKS, {"type": "array", "items": _PACKS}]}),
]
"""One pack or several."""


class ClosedAreaSpec(Section):
    """Ground between two parallels and two meridians, closed for a while."""

    south_deg: float = number("deg", "Southern edge.", ge=-90, le=90)
    north_deg: float = number("deg", "Northern edge.", ge=-90, le=90)
    west_deg: float = number("deg", "Western edge, east positive.", ge=-180, le=180)
    east_deg: float = number(
        "deg", "Eastern edge; less than the western one across the date line.", ge=-180, le=180
    )
    closed_from: Instant | None = Field(None, description="UTC; the start if left out.")
    closed_until: Instant | None = Field(None, description="UTC; the end if left out.")


class PeopleSpec(Section):
    """Whom an ask takes."""

    count: int = number("1", "Different people.", ge=1, le=9)
    roles: list[Slug] = Field(
        default_factory=list, max_length=9, description="Roles that have to be among them."
    )


class FinestSpec(Section):
    """The finest pixels allowed."""

    gsd_m: float = number("m", "Ground sample distance.", gt=0, le=1e6)


class RuleSpec(Section):
    """One policy rule: a form, or an effect on what the other keys match."""

    id: str = text("Short name.", pattern=SLUG)
    form: (
        Literal[
            "eu-only", "no-raw-export", "approve", "close-area", "min-gsd", "purpose", "bar-export"
        ]
        | None
    ) = Field(None, description="A ready-made rule; see docs/policy.md.")
    effect: Literal["deny", "ask"] | None = Field(
        None, description="deny: refuse; ask: leave it to a person. Needed without a form."
    )
    action: Literal["move", "compute", "any"] = "any"
    product: Literal["raw", "answer", "any"] = "any"
    to_country: str = text("ISO 3166 alpha-2, or any.", pattern=COUNTRY_OR_ANY, default="any")
    to_operator: str = text("An operator, or any.", pattern=SLUG, default="any")
    people: PeopleSpec | None = Field(
        None, description="Whom an ask takes; one person if left out."
    )
    purposes: list[Slug] = Field(
        default_factory=list, max_length=100, description="Purposes allowed (form purpose)."
    )
    finest: FinestSpec | None = Field(None, description="Finest pixels (form min-gsd).")
    export_class: Slug | None = Field(None, description="Class it bars (form bar-export).")
    area: ClosedAreaSpec | None = Field(None, description="What is closed (form close-area).")
    reason: str | None = Field(
        None,
        min_length=1,
        max_length=2000,
        description="Shown with every refusal. Needed without a form.",
    )


class PartySpec(Section):
    """What policy may ask about an operator."""

    name: str = text("The operator, as groups, stations and data centres name it.", pattern=SLUG)
    home: str = text("State of its seat, ISO 3166 alpha-2.", pattern=COUNTRY)
    authorising_state: str | None = Field(
        None,
        pattern=COUNTRY_OR_NONE,
        description="State that authorises and supervises what it does in space; its home if left "
        "out.",
    )
    barred: list[Slug] = Field(
        default_factory=list, max_length=100, description="Export classes it may not receive."
    )


class HandlingSpec(Section):
    """What policy may ask about the observations and the models."""

    purpose: str = text("What for, such as flood-mapping.", pattern=SLUG, default="observation")
    customer: Literal["civil", "government", "weapon-adjacent"] = "civil"
    licence: str = text("Licence to observe, such as tier-1.", pattern=SLUG, default="none")
    people_visible: bool = Field(default=False, description="Whether people can be made out.")
    data_export_classes: list[Slug] = Field(
        default_factory=list, max_length=20, description="Export classes of the observations."
    )
    weights_export_classes: list[Slug] = Field(
        default_factory=list, max_length=20, description="Export classes of the models' weights."
    )
