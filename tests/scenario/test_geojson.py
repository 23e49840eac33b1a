"""Request lists: what is read, and every way they can be wrong."""

from __future__ import annotations

import pytest

from perigrid.base.errors import GeometryError
from perigrid.scenario.geojson import parse_requests
from scenario_inputs import GEOJSON, changed


def test_points_are_read_longitude_first():
    oslo, other = parse_requests(GEOJSON, "x")
    assert (oslo.name, oslo.latitude_deg, oslo.longitude_deg) == ("Oslo", 59.91, 10.75)
    assert other.name == "request 2"


WRONG = [
    ("cut", GEOJSON[:120], 5, "", "is not JSON"),
    ("a list", "[]", 1, "type", "not a GeoJSON FeatureCollection"),
    ("one feature", '{"type": "Feature"}', 1, "type", "not a GeoJSON FeatureCollection"),
    ("no features", '{"type": "FeatureCollection", "features": []}', 1, "features", "0 features"),
    ("polygon", changed(GEOJSON, '"Point"', '"Polygon"'), 5, "features.0.geometry.type",
     "is a Polygon, not a Point"),
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
