"""Mutants of every file that people give end in success or in an error of ours, and they end."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from mutants import in_time, survive
from perigrid.base.errors import ElementSetError, GeometryError, InputError, ScenarioError
from perigrid.control.contact_plan.ion_import import import_ion
from perigrid.control.policy.build import build_policies
from perigrid.control.policy.whatif import overview
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import refuse_lost
from perigrid.scenario.earth_orientation import parse_finals
from perigrid.scenario.elements import read_element_sets
from perigrid.scenario.files import MAX_DATA_BYTES, MAX_SCENARIO_BYTES, read_text
from perigrid.scenario.geojson import parse_requests
from perigrid.scenario.ion_reader import read_ion
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

ROUND = 2000
SAMPLE = 40
ION = """\
## begin ionadmin
1 1 ''
@ 2026/08/22-00:00:00
a contact +0 +600.5 1 2 1000000 0.5
a range +0 +600.5 1 2 1
a contact 2026/08/22-00:00:00 2026/08/22-01:00:00 2 3 25e3
## end ionadmin
"""
FINALS = "\n".join(
    f"26 822 {day:8.2f} I  0.120733 0.009786  0.136966 0.015902  I 0.0084178 0.0002710".ljust(187)
    for day in (61274.0, 61275.0, 61276.0)
)
SCENARIO = (
    changed(
        MINIMAL,
        ORBIT,
        "element_sets:\n        tle: |\n"
        + "".join(f"          {line}\n" for line in RECENT_TLE.splitlines()),
    )
    + "rules: [{id: a, effect: deny, reason: b, action: move}]\ndemand: {deadline_hours: 3}\n"
)
Kind = tuple[Callable[[str, str], object], type[InputError], tuple[str, ...]]


def scenario(text: str, path: str) -> object:
    """What `perigrid check` does."""
    loaded = parse_scenario(text, path, folder=None)
    refuse_lost(loaded)
    return overview(loaded, build_policies(loaded, build_fleet(loaded)))


FILES: Final[dict[str, Kind]] = {
    "scenario": (scenario, ScenarioError, (MINIMAL, SCENARIO)),
    "x.tle": (read_element_sets, ElementSetError, (TLE, RECENT_TLE)),
    "x.json": (read_element_sets, ElementSetError, (OMM_JSON,)),
    "x.csv": (read_element_sets, ElementSetError, (OMM_CSV,)),
    "x.xml": (read_element_sets, ElementSetError, (OMM_XML,)),
    "x.kvn": (read_element_sets, ElementSetError, (OMM_KVN,)),
    "elements": (read_element_sets, ElementSetError, (TLE, OMM_JSON, OMM_CSV, OMM_XML, OMM_KVN)),
    "geojson": (parse_requests, GeometryError, (GEOJSON,)),
    "finals": (parse_finals, ScenarioError, (FINALS,)),
}


def storm(name: str, folder: Path, count: int, seed: int) -> None:
    parse, error, seeds = FILES[name]
    limit = MAX_SCENARIO_BYTES if name == "scenario" else MAX_DATA_BYTES
    place = folder / "mutant"

    def read(mutant: bytes) -> None:
        place.write_bytes(mutant)
        parse(read_text(place, name, limit, error), name)

    raw = [text.encode() for text in seeds]
    for unchanged in raw:
        read(unchanged)
    assert survive(read, raw, count, seed)


def _position(draw: random.Random) -> list[float]:
    """A place anywhere, or where areas are delicate."""
    return [
        draw.choice((draw.uniform(-180, 180), -180, 180, 179.999999, 0, 1e-300)),
        draw.choice((draw.uniform(-90, 90), -90, 90, 89.999999, 0)),
    ]


def _ring(draw: random.Random) -> list[list[float]]:
    """Points about a place, or anywhere so that edges cross, or all the same, or around a pole."""
    x, y = _position(draw)
    count, size = draw.choice((1, 2, 3, 5, 40)), draw.choice((0.0, 1e-12, 0.1, 5, 60))
    turned = [math.tau * k / count for k in range(count)]
    around = [
        [(x + size * math.cos(a) + 180) % 360 - 180, max(-90, min(90, y + size * math.sin(a)))]
        for a in turned
    ]
    anywhere = [_position(draw) for _ in range(count)]
    cap = [[360 * k / count - 180, draw.choice((1, -1)) * abs(y)] for k in range(count)]
    points = draw.choice((around, around, anywhere, cap))
    points = points[:: draw.choice((1, -1))]
    return [*points, *points[-1:] * draw.choice((0, 0, 2)), points[0]]


def area_file(draw: random.Random) -> str:
    """Areas with rings inside, across and far from one another."""
    polygons = [
        [_ring(draw) for _ in range(draw.choice((1, 1, 2, 4)))]
        for _ in range(draw.choice((1, 1, 3)))
    ]
    geometry: dict[str, object] = {"type": "MultiPolygon", "coordinates": polygons}
    if draw.random() < 0.5:
        geometry = {"type": "Polygon", "coordinates": polygons[0]}
    feature = {"type": "Feature", "properties": {"name": "Area"}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def area_storm(folder: Path, count: int, seed: int) -> int:
    """Cut areas into scenes, half of them as drawn, half with bytes changed; return the refused."""
    draw = random.Random(seed)
    place = folder / "mutant.geojson"

    def read(mutant: bytes) -> None:
        place.write_bytes(mutant)
        swath = f"groups.fleet.sensor={{swath_km: {draw.choice((100, 300, 1000))}}}"
        requests = f"demand={{requests: {{file: {place.name}}}}}"
        parse_scenario(MINIMAL, "m", folder=folder, overrides=(swath, requests))

    drawn = [area_file(draw).encode() for _ in range(count // 2)]
    refused = sum(survive(read, [one], 1, index) for index, one in enumerate(drawn))
    for one in drawn:
        try:
            with in_time():
                read(one)
        except GeometryError:
            refused += 1
    return refused


def ion_storm(folder: Path, count: int, seed: int) -> None:
    place = folder / "mutant"

    def read(mutant: bytes) -> None:
        place.write_bytes(mutant)
        import_ion(read_ion(place))

    read(ION.encode())
    assert survive(read, [ION.encode()], count, seed)


@pytest.mark.parametrize("name", FILES)
def test_a_sample_of_mutants_is_survived(name, tmp_path):
    storm(name, tmp_path, SAMPLE, 1)


def test_a_sample_of_mutants_of_contact_plans_is_survived(tmp_path):
    ion_storm(tmp_path, SAMPLE, 1)


def test_a_sample_of_areas_is_cut_into_scenes_or_refused(tmp_path):
    assert 0 < area_storm(tmp_path, SAMPLE // 2, 1) < SAMPLE // 2


@pytest.mark.slow
def test_areas_are_cut_into_scenes_or_refused(tmp_path):
    assert 0 < area_storm(tmp_path, ROUND, 2) < ROUND


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_mutants_are_survived(name, tmp_path):
    storm(name, tmp_path, ROUND, 2)


@pytest.mark.slow
def test_mutants_of_contact_plans_are_survived(tmp_path):
    ion_storm(tmp_path, ROUND, 2)
