"""Request lists as GeoJSON points and areas (RFC 7946): longitude first, degrees."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from perigrid.base.errors import GeometryError, Problem
from perigrid.base.names import name_fault
from perigrid.scenario.areas import Polygon, RequestArea
from perigrid.scenario.json_records import Record, array_records, parse_json, value_offset
from perigrid.scenario.problems import Place, SourceText

MAX_REQUESTS = 100_000
_CRS84 = re.compile(
    r"(urn:ogc:def:crs:OGC:[^:]*:|OGC:|https?://(www\.)?opengis\.net/def/crs/OGC/[^/]+/)CRS84",
    re.IGNORECASE,
)
_ONE_CRS = "leave crs out and give WGS 84, longitude first: GeoJSON has no other (RFC 7946, 4)"
_LEAST_POSITIONS = 4
_KINDS = ("Point", "Polygon", "MultiPolygon")
_ORDER = "give [longitude, latitude] in degrees"


@dataclass(frozen=True, slots=True)
class RequestPoint:
    """One place somebody wants observed."""

    name: str
    latitude_deg: float
    longitude_deg: float


def parse_requests(text: str, path: str) -> tuple[RequestPoint | RequestArea, ...]:
    """Read a FeatureCollection of points, polygons and multipolygons.

    Parameters
    ----------
    text, path : str
        Content and name of the file.

    Returns
    -------
    tuple of RequestPoint and RequestArea
        In the order of the file; what has no name is called ``request 1`` and so on.

    Raises
    ------
    GeometryError
        With every wrong feature.

    References
    ----------
    .. [1] RFC 7946, "The GeoJSON Format" (2016).
    """
    source = SourceText.of(path, text)
    document = parse_json(text, source, GeometryError)
    collection = document if isinstance(document, dict) else {}
    features = collection.get("features")
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        remedy = 'give {"type": "FeatureCollection", "features": [...]} of places'
        message = "is not a GeoJSON FeatureCollection"
        raise GeometryError([source.place(1).problem(message, remedy, "type")])
    if not 1 <= len(features) <= MAX_REQUESTS:
        message = f"holds {len(features)} features; 1 to {MAX_REQUESTS} are read"
        remedy = "give at least one place, and no more than that"
        raise GeometryError([source.place(1).problem(message, remedy, "features")])
    if _other_crs(collection):
        offset = max(text.find('"crs"'), 0)
        place = source.place_of_offset(offset, len('"crs"'))
        raise GeometryError([place.problem(_other_crs(collection), _ONE_CRS, "crs")])
    return _read_features(features, text, source)


def _read_features(
    features: list[Any], text: str, source: SourceText
) -> tuple[RequestPoint | RequestArea, ...]:
    bracket = value_offset(text, text.index("{"), "features")
    records = array_records(features, text, bracket)
    problems: list[Problem] = []
    places: list[RequestPoint | RequestArea] = []
    for index, record in enumerate(records):
        wrong = list(_problems(record, index, source))
        problems += wrong
        if not wrong:
            places.append(_request(record.value["geometry"], _name(record.value, index)))
    if problems:
        raise GeometryError(problems)
    return tuple(places)


def _request(geometry: dict[str, Any], name: str) -> RequestPoint | RequestArea:
    """Take a geometry without faults."""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return RequestPoint(name, float(coordinates[1]), float(coordinates[0]))
    parts = [coordinates] if kind == "Polygon" else coordinates
    return RequestArea(name, tuple(_polygon(part) for part in parts))


def _polygon(rings: list[list[list[float]]]) -> Polygon:
    """Rings without the position that repeats the first."""
    return tuple(tuple((float(x), float(y)) for x, y, *_ in ring[:-1]) for ring in rings)


def _other_crs(holder: dict[str, Any]) -> str:
    """Say which coordinate system of GeoJSON's 2008 form is named, if it is not CRS84."""
    crs = holder.get("crs")
    if crs is None:
        return ""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and _CRS84.fullmatch(name.strip()):
        return ""
    shown = repr(name[:60]) if isinstance(name, str) else "not named"
    return f"the coordinate reference system is {shown}, not CRS84"


def _problems(record: Record, index: int, source: SourceText) -> Iterator[Problem]:
    feature = record.value
    here = f"features.{index}"
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or feature.get("type") != "Feature":
        yield _place(record, "type", source).problem(
            "is not a Feature with a geometry", "give a Feature whose geometry is a Point", here
        )
        return
    for holder, key in ((feature, f"{here}.crs"), (geometry, f"{here}.geometry.crs")):
        if _other_crs(holder):
            yield _place(record, "crs", source).problem(_other_crs(holder), _ONE_CRS, key)
    kind = geometry.get("type")
    if kind not in _KINDS:
        yield _place(record, "geometry", source).problem(
            f"geometry is a {str(kind)[:40]}, not a Point, Polygon or MultiPolygon",
            "give the centre of a place as a Point, or the outline of an area",
            f"{here}.geometry.type",
        )
        return
    message, remedy = _wrong_coordinates(kind, geometry.get("coordinates"))
    if message:
        yield _place(record, "coordinates", source).problem(
            message, remedy, f"{here}.geometry.coordinates"
        )
    if message := name_fault(_name(feature, index)):
        yield _place(record, "name", source).problem(
            message, "names are as in a scenario", f"{here}.properties.name"
        )


def _wrong_coordinates(kind: str, coordinates: object) -> tuple[str, str]:
    """Say what is wrong with the coordinates of a geometry; two empty texts if nothing is."""
    if kind == "Point":
        return _wrong_position(coordinates)
    if kind == "Polygon":
        return _wrong_polygon(coordinates)
    if not isinstance(coordinates, list) or not coordinates:
        return "coordinates are no list of polygons", "give at least one polygon"
    return next((wrong for wrong in map(_wrong_polygon, coordinates) if wrong[0]), ("", ""))


def _wrong_polygon(rings: object) -> tuple[str, str]:
    if not isinstance(rings, list) or not rings:
        return "coordinates are no list of rings", "give the outer ring, then the holes"
    for ring in rings:
        if not isinstance(ring, list) or len(ring) < _LEAST_POSITIONS:
            return "a ring has fewer than four positions", "give three corners and the first again"
        wrong = next((found for found in map(_wrong_position, ring) if found[0]), ("", ""))
        if wrong[0]:
            return wrong
        if ring[0][:2] != ring[-1][:2]:
            return "a ring is not closed", "repeat its first position as the last"
    return "", ""


def _place(record: Record, key: str, source: SourceText) -> Place:
    offset = record.offset_of(key)
    return source.place_of_offset(offset, len(key) + 2 if offset != record.offset else 1)


def _wrong_position(position: object) -> tuple[str, str]:
    if not isinstance(position, list) or len(position) not in {2, 3}:
        return "coordinates are not a position of two or three numbers", _ORDER
    if any(isinstance(x, bool) or not isinstance(x, int | float) for x in position):
        return "coordinates are not numbers", _ORDER
    if any(abs(x) > 1e9 or not math.isfinite(x) for x in position):
        return "coordinates are not finite", _ORDER
    longitude, latitude = position[:2]
    if abs(latitude) > 90:
        swapped = abs(longitude) <= 90 and abs(latitude) <= 180
        hint = "exchange the two: GeoJSON has the longitude first" if swapped else _ORDER
        return f"latitude {latitude:g} is outside -90 to 90 degrees", hint
    if abs(longitude) > 180:
        return f"longitude {longitude:g} is outside -180 to 180 degrees", _ORDER
    return "", ""


def _name(feature: dict[str, Any], index: int) -> str:
    properties = feature.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    return name.strip() if isinstance(name, str) and name.strip() else f"request {index + 1}"
