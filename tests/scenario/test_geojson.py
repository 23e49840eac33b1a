"""Request lists: what is read, and every way they can be wrong."""

from __future__ import annotations

import pytest

from perigrid.base.errors import GeometryError
from perigrid.scenario.areas import RequestArea
from perigrid.scenario.geojson import parse_requests
from scenario_inputs import GEOJSON, changed


def test_points_are_read_longitude_first():
    oslo, other = parse_requests(GEOJSON, "x")
    assert (oslo.name, oslo.latitude_deg, oslo.longitude_deg) == ("Oslo", 59.91, 10.75)
    assert other.name == "request 2"


PARTS = "[[[[10, 0], [11, 0], [11, 1], [10, 0]]], [[[20, 0], [21, 0], [21, 1], [20, 0]]]]"
AREAS = f"""{{"type": "FeatureCollection", "features": [
  {{"type": "Feature", "properties": {{"name": "Lake"}},
   "geometry": {{"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4, 7], [0, 0]]]}}}},
  {{"type": "Feature", "properties": null,
   "geometry": {{"type": "MultiPolygon", "coordinates": {PARTS}}}}}]}}
"""


def test_polygons_are_areas():
    lake, parts = parse_requests(AREAS, "x")
    assert lake == RequestArea("Lake", ((((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)),),))
    assert parts.name == "request 2"
    assert [polygon[0][0] for polygon in parts.polygons] == [(10.0, 0.0), (20.0, 0.0)]


def with_crs(member):
    return changed(
        GEOJSON, '"type": "FeatureCollection",', f'"type": "FeatureCollection", {member},'
    )


def named(name):
    return f'"crs": {{"type": "name", "properties": {{"name": "{name}"}}}}'


@pytest.mark.parametrize(
    "member",
    [
        named("EPSG:2056"),
        named("EPSG:4326"),
        named("urn:ogc:def:crs:EPSG::4326"),
        named("urn:ogc:def:crs:OGC:1.3:CRS83"),
        '"crs": {"type": "link", "properties": {"href": "http://example.org/crs/42"}}',
        '"crs": "CRS84"',
        '"crs": {}',
    ],
)
def test_another_coordinate_system_is_refused(member):
    with pytest.raises(GeometryError, match="not CRS84") as caught:
        parse_requests(with_crs(member), "x")
    assert (caught.value.problems[0].key, caught.value.problems[0].line) == ("crs", 2)


@pytest.mark.parametrize(
    "member",
    [
        named("urn:ogc:def:crs:OGC:1.3:CRS84"),
        named("urn:ogc:def:crs:OGC::CRS84"),
        named("OGC:CRS84"),
        named("http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        '"crs": null',
    ],
)
def test_names_of_the_one_coordinate_system_are_taken(member):
    assert parse_requests(with_crs(member), "x") == parse_requests(GEOJSON, "x")


@pytest.mark.parametrize(
    ("old", "key"),
    [('"properties": {"name": "Oslo"}', "features.0.crs"),
     ('"type": "Point", "coordinates": [10', "features.0.geometry.crs")],
)  # fmt: skip
def test_another_coordinate_system_is_found_further_down(old, key):
    with pytest.raises(GeometryError, match="EPSG:2056") as caught:
        parse_requests(changed(GEOJSON, old, f"{named('EPSG:2056')}, {old}"), "x")
    assert [problem.key for problem in caught.value.problems] == [key]


WRONG = [
    ("cut", GEOJSON[:120], 5, "", "is not JSON"),
    ("a list", "[]", 1, "type", "not a GeoJSON FeatureCollection"),
    ("one feature", '{"type": "Feature"}', 1, "type", "not a GeoJSON FeatureCollection"),
    ("no features", '{"type": "FeatureCollection", "features": []}', 1, "features", "0 features"),
    ("line", changed(GEOJSON, '"Point"', '"LineString"'), 5, "features.0.geometry.type",
     "is a LineString, not a Point"),
    ("polygon of a point", changed(GEOJSON, '"Point"', '"Polygon"'), 5,
     "features.0.geometry.coordinates", "fewer than four positions"),
    ("open ring", changed(AREAS, "[0, 0]]]", "[0, 1]]]"), 3, "features.0.geometry.coordinates",
     "is not closed"),
    ("exchanged in a ring", changed(AREAS, "[4, 0]", "[4, 100]"), 3,
     "features.0.geometry.coordinates", "latitude 100 is outside"),
    ("no polygons", changed(AREAS, PARTS, "[]"), 5, "features.1.geometry.coordinates",
     "no list of polygons"),
    ("no geometry", changed(GEOJSON, '"geometry": {"type": "Point", "coordinates": [-70.91, '
     '-53.16, 30]}', '"geometry": null'), 6, "features.1", "not a Feature with a geometry"),
    ("exchanged", changed(GEOJSON, "10.75, 59.91", "59.91, 110.75"), 5,
     "features.0.geometry.coordinates", "latitude 110.75 is outside"),
    ("beyond the date line", changed(GEOJSON, "-70.91", "-270.91"), 7,
     "features.1.geometry.coordinates", "longitude -270.91 is outside"),
    ("one number", changed(GEOJSON, "10.75, 59.91", "10.75"), 5,
     "features.0.geometry.coordinates", "two or three numbers"),
    ("text", changed(GEOJSON, "10.75", '"10.75"'), 5, "features.0.geometry.coordinates",
     "not numbers"),
    ("truth", changed(GEOJSON, "10.75", "true"), 5, "features.0.geometry.coordinates",
     "not numbers"),
    ("infinite", changed(GEOJSON, "10.75", "1e999"), 5, "features.0.geometry.coordinates",
     "not finite"),
    ("NaN", changed(GEOJSON, "10.75", "NaN"), 0, "", "NaN is not a number"),
    ("a number for a feature", changed(GEOJSON, '{"type": "Feature", "properties": null,\n     '
     '"geometry": {"type": "Point", "coordinates": [-70.91, -53.16, 30]}}', "7"), 6, "features.1",
     "not a Feature"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=[case[0] for case in WRONG])
def test_a_wrong_request_list_is_refused_at_its_feature(case):
    _, text, line, key, words = case
    with pytest.raises(GeometryError) as caught:
        parse_requests(text, "x.geojson")
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (line, key)
    assert words in problem.message
    assert problem.path == "x.geojson"
    assert problem.remedy


def test_exchanged_coordinates_are_recognised():
    with pytest.raises(GeometryError, match="exchange the two"):
        parse_requests(changed(GEOJSON, "10.75, 59.91", "59.91, 110.75"), "x")


def test_features_are_found_behind_a_decoy():
    text = GEOJSON.replace('"features"', '"note": {"features": []}, "features"')
    assert len(parse_requests(text, "x")) == 2


def test_a_file_of_another_form_is_named_once():
    with pytest.raises(GeometryError, match=r"is an XML document of <kml>, not JSON"):
        parse_requests("<?xml version='1.0'?>\n<kml>\n" + "<Point/>\n" * 1000, "x.geojson")


def test_names_are_held_to_the_rule_of_scenarios():
    with pytest.raises(GeometryError, match=r"holds U\+000A"):
        parse_requests(GEOJSON.replace("Oslo", "Oslo\\na contact"), "x")
