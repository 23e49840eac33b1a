"""Schema of the work: demand and the approver."""

from __future__ import annotations

from pydantic import Field

from perigrid.base.names import NAME
from perigrid.scenario.schema.fields import (
    Origin,
    Section,
    number,
    text,
)

_KING = "King et al. 2013, doi:10.1109/TGRS.2012.2227333"


class LandGrid(Section):
    """Every land cell of a grid, again and again."""

    cell_deg: float = number("deg", "Side of a cell.", 2.0, Origin("design choice"), ge=0.1, le=30)
    latitude_limit_deg: float = number(
        "deg",
        "Cells beyond it, north or south, are left out.",
        70.0,
        Origin("design choice: inhabited latitudes"),
        gt=0,
        le=90,
    )


class Request(Section):
    """One place somebody wants observed."""

    name: str = text("Name.", pattern=NAME)
    latitude_deg: float = number("deg", "Geodetic latitude, north positive.", ge=-90, le=90)
    longitude_deg: float = number("deg", "Longitude, east positive.", ge=-180, le=180)


class RequestList(Section):
    """Listed places; give points or a GeoJSON file of them."""

    points: list[Request] | None = Field(None, min_length=1, max_length=100_000)
    file: str | None = Field(
        None, min_length=1, description="GeoJSON points and polygons, relative to this file."
    )


class DemandSpec(Section):
    """What is to be observed; a land grid unless requests are given."""

    land_grid: LandGrid | None = None
    requests: RequestList | None = None
    revisit_hours: float = number(
        "h",
        "A target is wanted again after this time.",
        6.0,
        Origin("design choice: morning, noon, evening and night"),
        gt=0,
        le=8784,
    )
    deadline_hours: float = number(
        "h",
        "An insight later than this after the shutter is worthless.",
        24.0,
        Origin("design choice: a day"),
        gt=0,
        le=8784,
    )
    cloud_cover_mean: float = number(
        "1",
        "Mean cloud fraction over the targets.",
        0.55,
        Origin(f"over land, {_KING}", "2013", "published"),
        ge=0.001,
        le=0.999,
    )
    cloud_cover_concentration: float = number(
        "1",
        "Sum of the Beta distribution's two parameters; below 2 it is U-shaped.",
        0.6,
        Origin("scenes are mostly clear or mostly overcast"),
        gt=0,
        le=1000,
    )


class ApproverSpec(Section):
    """Model of the person who is asked."""

    delay_minutes: float = number(
        "min", "Time to answer.", 15.0, Origin("design choice"), ge=0, le=100_000
    )
    grants: bool = Field(default=True, description="What they answer.")
