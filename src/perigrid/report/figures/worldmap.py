"""Where observations were taken and what became of them, on an equirectangular map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from markupsafe import Markup

from perigrid.base.jobs import SCREENED, Outcome
from perigrid.report.figures.map_view import TURN_DEG, WORLD, MapView
from perigrid.report.manifest import Place
from perigrid.report.places import NamedPlace
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

_NAME_PX: Final = 18.0
_BOLD: Final = 1.15
_MARK_PX: Final = 6.0
_MOST_ASKED: Final = 30

_ROLES: Final = {"operator": "station", "gateway": "gateway", "data-centre": "data centre"}

OUTCOMES: Final = (
    ("screened out", "m-screened", "l1.6 0"),
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
        path_data(*WORLD.place(line_deg[:, 1], line_deg[:, 0])) for line_deg in land_outline()
    )
    land = tag("path", d=outline, id="land")
    return tag("svg", tag("defs", land), width=0, height=0, aria_hidden="true", class_="defs")


def map_figure(
    name: str,
    jobs: pl.DataFrame,
    places: Sequence[Place],
    tracks: Sequence[tuple[Floats, Floats]],
    view: MapView = WORLD,
    asked: Sequence[NamedPlace] = (),
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
    view : MapView
        Part of the Earth to show.
    asked : sequence of NamedPlace
        Places and areas of interest; the first that find room are named.

    Returns
    -------
    Markup
        Observations of the same outcome less than a pixel apart share one mark.
    """
    kinds = _kinds(jobs)
    marks = [_marks(kinds.filter(pl.col("kind") == row), row, view) for row in range(len(OUTCOMES))]
    parts = [
        *_land(view),
        _graticule(view),
        group(*(_track(*track, view) for track in tracks), class_="tracks"),
        *marks,
        _places([place for place in places if _is_shown(place, view)], view, asked[:_MOST_ASKED]),
    ]
    tallies = kinds["kind"].value_counts()
    seen = dict(zip(tallies["kind"].to_list(), tallies["count"].to_list(), strict=True))
    spoken = ", ".join(
        f"{count(seen.get(row, 0))} {outcome}" for row, (outcome, _, _) in enumerate(OUTCOMES)
    )
    return picture(
        view.width_px,
        view.height_px,
        f"Map of observations, {name}: {spoken}.",
        parts,
        "figure map",
    )


def _kinds(jobs: pl.DataFrame) -> pl.DataFrame:
    missed = pl.col("outcome") == str(Outcome.MISSED)
    kind = (
        pl.when(missed & pl.col("reason").is_in(SCREENED))
        .then(0)
        .when(pl.col("outcome") == str(Outcome.DELIVERED))
        .then(1)
        .when(missed)
        .then(3)
        .otherwise(2)
    )
    return jobs.with_columns(kind.alias("kind"))


def _land(view: MapView) -> list[Markup]:
    """Draw the Earth's land, moved and stretched; once more where the view crosses 180."""
    if view is WORLD:
        return [tag("use", href="#land", class_="land")]
    return [
        tag("use", href="#land", class_="land", transform=view.transform(turns))
        for turns in (-1, 0, 1)
        if view.west_deg < 180.0 + turns * TURN_DEG and view.east_deg > -180.0 + turns * TURN_DEG
    ]


def _marks(jobs: pl.DataFrame, row: int, view: MapView) -> Markup:
    _, class_, stroke = OUTCOMES[row]
    x_px, y_px = view.place(jobs["latitude_deg"].to_numpy(), jobs["longitude_deg"].to_numpy())
    cells = np.unique(np.round(np.column_stack([y_px, x_px])), axis=0)
    data = "".join(f"M{coordinate(x)} {coordinate(y)}{stroke}" for y, x in cells.tolist())
    return tag("path", d=data, class_=class_)


def _graticule(view: MapView) -> Markup:
    parts = []
    for longitude_deg in view.meridians_deg:
        x_px = view.x_px(longitude_deg)
        parts.append(line(x_px, 0, x_px, view.height_px, "grid"))
        if view is not WORLD:
            parts.append(
                text(x_px + 3, view.height_px - 5, view.meridian(longitude_deg), class_="muted")
            )
    for latitude_deg in view.parallels_deg:
        y_px = view.y_px(latitude_deg)
        parts.append(line(0, y_px, view.width_px, y_px, "grid"))
        if view is not WORLD:
            parts.append(text(4, y_px - 4, view.parallel(latitude_deg), class_="muted"))
    return group(*parts)


def _track(latitude_deg: Floats, longitude_deg: Floats, view: MapView) -> Markup:
    x_px, y_px = view.place(latitude_deg, longitude_deg)
    jumps = np.flatnonzero(np.abs(np.diff(x_px)) > view.turn_px / 2) + 1
    # a NaN where the track leaves the map at an edge breaks the stroke there
    return polyline(np.insert(x_px, jumps, np.nan), np.insert(y_px, jumps, np.nan), "track")


def _is_shown(place: Place, view: MapView) -> bool:
    x_px, y_px = _point(place, view)
    return 0.0 <= x_px <= view.width_px and 0.0 <= y_px <= view.height_px


def _places(places: Sequence[Place], view: MapView, asked: Sequence[NamedPlace]) -> Markup:
    marks: list[Markup] = []
    names: list[Markup] = []
    taken = [_marked(place, view) for place in places]
    for place in places:
        x_px, y_px = _point(place, view)
        title = tag("title", f"{place.name} ({_ROLES.get(place.role, place.role)})")
        shape = _symbol(place.role, x_px, y_px)
        marks.append(tag("path", title, d=shape, class_=place_class(place)))
        if place.role == "operator":
            names.append(_placename(place.name, x_px, y_px, taken, view))
    names += [
        _placename(area.name, float(x_px), float(y_px), taken, view, above=True)
        for area, x_px, y_px in zip(asked, *_tops(asked, view), strict=True)
    ]
    return group(*names, *marks)


def _tops(asked: Sequence[NamedPlace], view: MapView) -> tuple[Floats, Floats]:
    north_deg = np.array([area.north_deg for area in asked])
    return view.place(north_deg, np.array([area.longitude_deg for area in asked]))


def _point(place: Place, view: MapView) -> tuple[float, float]:
    x, y = view.place(np.array([place.latitude_deg]), np.array([place.longitude_deg]))
    return float(x[0]), float(y[0])


def _marked(place: Place, view: MapView) -> Box:
    x_px, y_px = _point(place, view)
    return (x_px - _MARK_PX, y_px - _MARK_PX, x_px + _MARK_PX, y_px + _MARK_PX)


# Beside, before, under or over its mark (an area's name first over it), where it meets no other
# name; else a station has its tooltip, an area its row in the table.
def _placename(
    name: str,
    x_px: float,
    y_px: float,
    taken: list[Box],
    view: MapView,
    *,
    above: bool = False,
) -> Markup:
    width_px = text_width_px(name, _NAME_PX * _BOLD)
    middle_px = x_px - width_px / 2
    where = [
        (x_px + 9, y_px + 4),
        (x_px - 9 - width_px, y_px + 4),
        (middle_px, y_px + _NAME_PX + 6),
        (middle_px, y_px - 10),
    ]
    for left_px, base_px in reversed(where) if above else where:
        box = (left_px, base_px - _NAME_PX, left_px + width_px, base_px)
        inside = min(box) >= 0 and box[2] <= view.width_px and box[3] <= view.height_px
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            return text(left_px, base_px, name, class_="areaname" if above else "placename")
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
