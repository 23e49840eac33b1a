"""Schema of sharing: several operators in one fleet, and what they lend each other."""

from __future__ import annotations

from pydantic import Field

from perigrid.base.names import NAME
from perigrid.scenario.schema.fields import SLUG, Origin, Section, number, text


class OwnerSpec(Section):
    """An operator with satellites of its own in a group that belongs to another."""

    name: str = text("Operator.", pattern=NAME)
    satellites: list[str] = Field(
        min_length=1, max_length=100_000, description="Names of its satellites."
    )


class GrantSpec(Section):
    """One operator lets another compute on its satellites, within bounds."""

    id: str = text("Short name.", pattern=SLUG)
    lender: str = text("Operator that grants.", pattern=NAME)
    borrower: str = text("Operator that may compute.", pattern=NAME)
    parent: str = text("Grant of which this passes on a part; - for none.", default="-")
    compute_hours: float = number(
        "h", "Time of computers at full speed, over all nodes.", ge=0, le=1e9
    )
    from_hours: float = number("h", "From when on.", 0.0, Origin("design choice"), ge=0, le=8784)
    until_hours: float = number("h", "Until when.", gt=0, le=8784)
    nodes: list[str] = Field(
        default_factory=list, max_length=100_000, description="Satellites; any if left out."
    )
    territories: list[str] = Field(
        default_factory=list,
        max_length=300,
        description="States or regions (EU) in which scenes must lie; any if left out.",
    )
    may_regrant: bool = Field(default=False, description="Whether a part may be passed on.")
