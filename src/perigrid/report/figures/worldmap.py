"""Where observations were taken and what became of them, on an equirectangular map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from markupsafe import Markup

from perigrid.base.jobs import Outcome
from perigrid.report.facts import CLOUD
from perigrid.report.manifest import Place
from perigrid.report.svg import (
    Floats,
    coordinate,
    group,
    line,
    path_data,
    picture,
    polyline,
    tag,
    text,
    text_width_px,
)
from perigrid.report.words import count
from perigrid.workload.land import land_outline

Box: TypeAlias = tuple[float, float, float, float]

TRACK_S: Final = 5700.0
"""Length of the ground tracks drawn: about one low orbit [s]."""

_PX_PER_DEG: Final = 2.0
_NORTH_DEG: Final = 85.0
_SOUTH_DEG: Final = -72.0
_WIDTH_PX: Final = 360.0 * _PX_PER_DEG
_HEIGHT_PX: Final = (_NORTH_DEG - _SOUTH_DEG) * _PX_PER_DEG
_HALF_TURN_DEG: Final = 180.0
_NAME_PX: Final = 18.0
_BOLD: Final = 1.15
_MARK_PX: Final = 6.0

_ROLES: Final = {"operator": "station", "gateway": "gateway", "data-centre": "data centre"}

OUTCOMES: Final = (
    ("screened out as cloudy", "m-screened", "l1.6 0"),
    ("delivered", "m-delivered", "h0"),
    ("still in flight", "m-flight", "m0 -3l3 5.4h-6z"),
    ("missed", "m-missed", "m-2.6 -2.6l5.2 5.2m-5.2 0l5.2 -5.2"),
)
"""Name, CSS class and the stroke drawn at each place: the shape tells without the colour."""


def land_symbol() -> Markup:
    """Draw the land once, to be used by every map.

    Returns
    -------
    Markup
        An invisible picture that defines ``#land``.
    """
    outline = "".join(
        path_data(*_place(line_deg[:, 1], line_deg[:, 0])) for line_deg in land_outline()
    )
    land = tag("path", d=outline, id="land")
    return tag("svg", tag("defs", land), width=0, height=0, aria_hidden="true", class_="defs")


def map_figure(
    name: str, jobs: pl.DataFrame, places: Sequence[Place], tracks: Sequence[tuple[Floats, Floats]]
) -> Markup:
    """Draw one architecture's map.

    Parameters
    ----------
    name : str
        Architecture.
    jobs : polars.DataFrame
        With ``latitude_deg``, ``longitude_deg``, ``outcome`` and ``reason``.
    places : sequence of Place
        Ground nodes.
    tracks : sequence of pair of (n,) float array
        Latitude and longitude of sub-satellite points [deg].

    Returns
    -------
    Markup
        Observations of the same outcome closer than half a degree share one mark.
    """
    kinds = _kinds(jobs)
    marks = [_marks(kinds.filter(pl.col("kind") == row), row) for row in range(len(OUTCOMES))]
    parts = [
        _graticule(),
        tag("use", href="#land", class_="land"),
        group(*(_track(*track) for track in tracks), class_="tracks"),
        *marks,
        _places(places),
    ]
    tallies = kinds["kind"].value_counts()
    seen = dict(zip(tallies["kind"].to_list(), tallies["count"].to_list(), strict=True))
    spoken = ", ".join(
        f"{count(seen.get(row, 0))} {outcome}" for row, (outcome, _, _) in enumerate(OUTCOMES)
    )
    return picture(
        _WIDTH_PX, _HEIGHT_PX, f"Map of observations, {name}: {spoken}.", parts, "figure map"
    )


def _kinds(jobs: pl.DataFrame) -> pl.DataFrame:
    missed = pl.col("outcome") == str(Outcome.MISSED)
    kind = (
        pl.when(missed & (pl.col("reason") == CLOUD))
        .then(0)
        .when(pl.col("outcome") == str(Outcome.DELIVERED))
        .then(1)
        .when(missed)
        .then(3)
        .otherwise(2)
    )
    return jobs.with_columns(kind.alias("kind"))


def _place(latitude_deg: Floats, longitude_deg: Floats) -> tuple[Floats, Floats]:
    x_px = (longitude_deg + _HALF_TURN_DEG) * _PX_PER_DEG
    y_px = (_NORTH_DEG - np.clip(latitude_deg, _SOUTH_DEG - 4.0, _NORTH_DEG)) * _PX_PER_DEG
    return x_px, y_px


def _marks(jobs: pl.DataFrame, row: int) -> Markup:
    _, class_, stroke = OUTCOMES[row]
    x_px, y_px = _place(jobs["latitude_deg"].to_numpy(), jobs["longitude_deg"].to_numpy())
    cells = np.unique(np.round(np.column_stack([y_px, x_px])), axis=0)
    data = "".join(f"M{coordinate(x)} {coordinate(y)}{stroke}" for y, x in cells.tolist())
    return tag("path", d=data, class_=class_)


def _graticule() -> Markup:
    parts = []
    for longitude_deg in range(-120, 180, 60):
        x_px = (longitude_deg + _HALF_TURN_DEG) * _PX_PER_DEG
        parts.append(line(x_px, 0, x_px, _HEIGHT_PX, "grid"))
    for latitude_deg in range(-60, 90, 30):
        y_px = (_NORTH_DEG - latitude_deg) * _PX_PER_DEG
        parts.append(line(0, y_px, _WIDTH_PX, y_px, "grid"))
    return group(*parts)


def _track(latitude_deg: Floats, longitude_deg: Floats) -> Markup:
    jumps = np.flatnonzero(np.abs(np.diff(longitude_deg)) > _HALF_TURN_DEG) + 1
    x_px, y_px = _place(latitude_deg, longitude_deg)
    # a NaN where the track leaves the map at the date line breaks the stroke there
    return polyline(np.insert(x_px, jumps, np.nan), np.insert(y_px, jumps, np.nan), "track")


def _places(places: Sequence[Place]) -> Markup:
    marks: list[Markup] = []
    names: list[Markup] = []
    taken = [_marked(place) for place in places]
    for place in places:
        x_px, y_px = _point(place)
        title = tag("title", f"{place.name} ({_ROLES.get(place.role, place.role)})")
        shape = _symbol(place.role, x_px, y_px)
        marks.append(tag("path", title, d=shape, class_=place_class(place)))
        if place.role == "operator":
            names.append(_placename(place.name, x_px, y_px, taken))
    return group(*names, *marks)


def _point(place: Place) -> tuple[float, float]:
    x, y = _place(np.array([place.latitude_deg]), np.array([place.longitude_deg]))
    return float(x[0]), float(y[0])


def _marked(place: Place) -> Box:
    x_px, y_px = _point(place)
    return (x_px - _MARK_PX, y_px - _MARK_PX, x_px + _MARK_PX, y_px + _MARK_PX)


# Beside, before, under or over its mark, where it meets no other name; else only the tooltip.
def _placename(name: str, x_px: float, y_px: float, taken: list[Box]) -> Markup:
    width_px = text_width_px(name, _NAME_PX * _BOLD)
    middle_px = x_px - width_px / 2
    for left_px, base_px in (
        (x_px + 9, y_px + 4),
        (x_px - 9 - width_px, y_px + 4),
        (middle_px, y_px + _NAME_PX + 6),
        (middle_px, y_px - 10),
    ):
        box = (left_px, base_px - _NAME_PX, left_px + width_px, base_px)
        inside = box[0] >= 0 and box[2] <= _WIDTH_PX
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            return text(left_px, base_px, name, class_="placename")
    return Markup("")


def _overlap(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def place_class(place: Place) -> str:
    """Name the CSS class of a ground node.

    Parameters
    ----------
    place : Place
        Station, gateway or data centre.

    Returns
    -------
    str
        ``p-station``, ``p-gateway`` or ``p-centre``.
    """
    return {"operator": "p-station", "gateway": "p-gateway"}.get(place.role, "p-centre")


def _symbol(role: str, x_px: float, y_px: float) -> str:
    shape = {"operator": "m0 -6l5.5 10h-11z", "gateway": "m-3.5 -3.5h7v7h-7z"}
    start = f"M{coordinate(x_px)} {coordinate(y_px)}"
    return start + shape.get(role, "m0 -6l6 6l-6 6l-6 -6z")
