"""Element sets and requests that a scenario refers to, in every form."""

from __future__ import annotations

import textwrap

import pytest

from perigrid.base.errors import ElementSetError, GeometryError, InputError
from perigrid.scenario.load import parse_scenario
from scenario_inputs import (
    GEOJSON,
    MINIMAL,
    OMM_CSV,
    OMM_JSON,
    OMM_KVN,
    OMM_XML,
    ORBIT,
    RECENT_TLE,
    TLE,
    changed,
)

ROW = (
    "{name: A, norad_id: 5, epoch: 2026-08-22, mean_motion_rev_per_day: 15, eccentricity: 0, "
    "inclination_deg: 50, raan_deg: 1, argument_of_perigee_deg: 2, mean_anomaly_deg: 3}"
)


def orbit_of(text, folder=None):
    scenario = parse_scenario(changed(MINIMAL, ORBIT, text), "m.yaml", folder=folder)
    return scenario.groups[0].orbit


@pytest.mark.parametrize(
    ("name", "content"),
    [("e.tle", RECENT_TLE), ("e.csv", OMM_CSV), ("e.json", OMM_JSON), ("e.xml", OMM_XML),
     ("e.kvn", OMM_KVN)],
)  # fmt: skip
def test_files_of_every_form(name, content, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / name).write_text(content)
    assert len(orbit_of(f"element_sets: {{file: sub/{name}}}", tmp_path).elements) == 1


def test_elements_written_out():
    (element,) = orbit_of(f"element_sets: {{elements: [{ROW}]}}").elements
    assert (element.name, element.norad_id, element.bstar) == ("A", 5, 0.0)


def test_elements_given_twice_are_refused_at_the_second():
    rows = f"element_sets:\n        elements:\n          - {ROW}\n          - {ROW}"
    with pytest.raises(ElementSetError) as caught:
        orbit_of(rows)
    assert caught.value.problems[0].line == 15


@pytest.mark.parametrize("style", ["|", "|-", "|2", '"'])
def test_a_wrong_line_of_a_block_is_found_in_the_scenario(style):
    broken = TLE.replace("247.4627", "247.4620")
    block = f"element_sets:\n        tle: {style}\n{textwrap.indent(broken, ' ' * 10)}"
    if style == '"':
        block = "element_sets: {tle: " + '"' + broken.replace("\n", "\\n") + '"}'
    with pytest.raises(ElementSetError, match="checksum") as caught:
        orbit_of(block)
    (problem,) = caught.value.problems
    if style != '"':
        assert (problem.path, problem.line, problem.column) == ("m.yaml", 16, 79)
    else:
        assert problem.path.startswith("m.yaml")


AREA = changed(
    GEOJSON,
    '"type": "Point", "coordinates": [10.75, 59.91]',
    '"type": "Polygon", "coordinates": [[[10, 59], [11, 59], [11, 60], [10, 60], [10, 59]]]',
)


def requests_of(folder, content, *overrides):
    (folder / "places.geojson").write_text(content)
    changes = ("demand.requests.file=places.geojson", *overrides)
    return parse_scenario(MINIMAL, "m.yaml", folder=folder, overrides=changes)


def test_an_area_is_cut_into_scenes_of_the_sensors_size(tmp_path):
    fine = requests_of(tmp_path, AREA).demand
    coarse = requests_of(tmp_path, AREA, "groups.fleet.sensor.swath_km=80").demand
    assert len(fine.request_names) == 7  # three rows of two, and a point
    assert fine.request_names[:2] == ("Oslo 1", "Oslo 2")
    assert fine.request_names[-1] == "request 2"
    assert len(coarse.request_names) < len(fine.request_names)
    whole = requests_of(tmp_path, AREA, "groups.fleet.sensor.swath_km=200").demand
    assert whole.request_names == ("Oslo", "request 2")


def test_of_several_imagers_the_narrowest_says_how_an_area_is_cut(tmp_path):
    start = MINIMAL.index("  - name: fleet")
    group = MINIMAL[start : MINIMAL.index("stations:")]
    wide = group.replace("name: fleet", "name: wide")
    (tmp_path / "places.geojson").write_text(AREA)
    changes = ("demand.requests.file=places.geojson", "groups.wide.sensor.swath_km=80")
    both = parse_scenario(
        MINIMAL.replace(group, wide + group), "m.yaml", folder=tmp_path, overrides=changes
    )
    assert both.demand.request_names == requests_of(tmp_path, AREA).demand.request_names


def test_an_area_is_one_number_and_a_place_is_two(tmp_path):
    numbers = requests_of(tmp_path, AREA).provenance
    told = {one.key: one.value for one in numbers if one.key.startswith("demand.requests")}
    assert told == {
        "demand.requests.areas.Oslo.scenes": 6.0,
        "demand.requests.points.1.latitude_deg": -53.16,
        "demand.requests.points.1.longitude_deg": -70.91,
    }


def test_an_area_of_too_many_scenes_is_refused_at_the_key(tmp_path):
    with pytest.raises(GeometryError, match=r"'Oslo'.*more than 100000 scenes") as caught:
        requests_of(tmp_path, AREA, "groups.fleet.sensor.swath_km=0.1")
    (problem,) = caught.value.problems
    assert problem.key == "demand.requests.file"
    assert "swath_km" in problem.remedy


def test_a_library_text_may_name_no_file():
    with pytest.raises(ElementSetError, match="has no files"):
        orbit_of("element_sets: {file: /etc/passwd}")


def test_problems_of_all_files_are_told_at_once(tmp_path):
    (tmp_path / "e.tle").write_text(TLE[:-9])
    (tmp_path / "r.geojson").write_text(GEOJSON.replace("59.91", "99.91"))
    text = changed(MINIMAL, ORBIT, "element_sets: {file: e.tle}")
    text += "demand: {requests: {file: r.geojson}}\n"
    with pytest.raises(InputError) as caught:
        parse_scenario(text, "m.yaml", folder=tmp_path)
    assert [p.path for p in caught.value.problems] == ["e.tle", "r.geojson"]


def test_requests_from_a_file_and_written_out_are_one(tmp_path):
    (tmp_path / "r.geojson").write_text(GEOJSON)
    by_file = parse_scenario(
        MINIMAL + "demand: {requests: {file: r.geojson}}\n", "m.yaml", folder=tmp_path
    ).demand
    points = ("[{name: Oslo, latitude_deg: 59.91, longitude_deg: 10.75}, "
              "{name: request 2, latitude_deg: -53.16, longitude_deg: -70.91}]")  # fmt: skip
    inline = parse_scenario(
        MINIMAL + f"demand: {{requests: {{points: {points}}}}}\n", "m.yaml", folder=None
    ).demand
    assert by_file == inline
    assert by_file.kind == "requests"
    assert by_file.request_names == ("Oslo", "request 2")
