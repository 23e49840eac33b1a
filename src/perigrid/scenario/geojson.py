"""Request lists as GeoJSON points (RFC 7946): longitude first, degrees."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from perigrid.base.errors import GeometryError, Problem
from perigrid.base.names import name_fault
from perigrid.scenario.json_records import Record, array_records, parse_json, value_offset
from perigrid.scenario.problems import Place, SourceText

MAX_REQUESTS = 100_000


@dataclass(frozen=True, slots=True)
class RequestPoint:
    """One place somebody wants observed."""

    name: str
    latitude_deg: float
    longitude_deg: float


def parse_requests(text: str, path: str) -> tuple[RequestPoint, ...]:
    """Read a FeatureCollection of points.

    Parameters
    ----------
    text, path : str
        Content and name of the file.

    Returns
    -------
    tuple of RequestPoint
        In the order of the file; unnamed points are called ``request 1`` and so on.

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
        remedy = 'give {"type": "FeatureCollection", "features": [...]} of points'
        message = "is not a GeoJSON FeatureCollection"
        raise GeometryError([source.place(1).problem(message, remedy, "type")])
    if not 1 <= len(features) <= MAX_REQUESTS:
        message = f"holds {len(features)} features; 1 to {MAX_REQUESTS} are read"
        remedy = "give at least one point, and no more than that"
        raise GeometryError([source.place(1).problem(message, remedy, "features")])
    return _read_features(features, text, source)


def _read_features(features: list[Any], text: str, source: SourceText) -> tuple[RequestPoint, ...]:
    bracket = value_offset(text, text.index("{"), "features")
    records = array_records(features, text, bracket)
    problems: list[Problem] = []
    points = []
    for index, record in enumerate(records):
        wrong = list(_problems(record, index, source))
        problems += wrong
        if not wrong:
            longitude, latitude = (float(x) for x in record.value["geometry"]["coordinates"][:2])
            points.append(RequestPoint(_name(record.value, index), latitude, longitude))
    if problems:
        raise GeometryError(problems)
    return tuple(points)


def _problems(record: Record, index: int, source: SourceText) -> Iterator[Problem]:
    feature = record.value
    here = f"features.{index}"
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or feature.get("type") != "Feature":
        yield _place(record, "type", source).problem(
            "is not a Feature with a geometry", "give a Feature whose geometry is a Point", here
        )
        return
    if geometry.get("type") != "Point":
        yield _place(record, "geometry", source).problem(
            f"geometry is a {geometry.get('type')}, not a Point",
            "give the centre of each place as a Point",
            f"{here}.geometry.type",
        )
        return
    message, remedy = _wrong_position(geometry.get("coordinates"))
    if message:
        yield _place(record, "coordinates", source).problem(
            message, remedy, f"{here}.geometry.coordinates"
        )
    if message := name_fault(_name(feature, index)):
        yield _place(record, "name", source).problem(
            message, "names are as in a scenario", f"{here}.properties.name"
        )


def _place(record: Record, key: str, source: SourceText) -> Place:
    offset = record.offset_of(key)
    return source.place_of_offset(offset, len(key) + 2 if offset != record.offset else 1)


def _wrong_position(position: object) -> tuple[str, str]:
    order = "give [longitude, latitude] in degrees"
    if not isinstance(position, list) or len(position) not in {2, 3}:
        return "coordinates are not a position of two or three numbers", order
    if any(isinstance(x, bool) or not isinstance(x, int | float) for x in position):
        return "coordinates are not numbers", order
    if any(abs(x) > 1e9 or not math.isfinite(x) for x in position):
        return "coordinates are not finite", order
    longitude, latitude = position[:2]
    if abs(latitude) > 90:
        swapped = abs(longitude) <= 90 and abs(latitude) <= 180
        hint = "exchange the two: GeoJSON has the longitude first" if swapped else order
        return f"latitude {latitude:g} is outside -90 to 90 degrees", hint
    if abs(longitude) > 180:
        return f"longitude {longitude:g} is outside -180 to 180 degrees", order
    return "", ""


def _name(feature: dict[str, Any], index: int) -> str:
    properties = feature.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    return name.strip() if isinstance(name, str) and name.strip() else f"request {index + 1}"
