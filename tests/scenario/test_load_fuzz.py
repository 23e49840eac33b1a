"""Whatever is done to an input, it gives a scenario or an InputError and nothing else."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perigrid.base.errors import InputError
from perigrid.scenario import library
from perigrid.scenario.elements import read_element_sets
from perigrid.scenario.geojson import parse_requests
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.model import Scenario
from scenario_inputs import GEOJSON, MINIMAL, OMM_CSV, OMM_JSON, ORBIT, TLE, changed

FAST = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
PIECES = [
    "", " ", "\n", "\t", ":", ": ", "- ", "[", "]", "{", "}", "'", '"', "&a ", "*a ", "!x ", "#",
    "|", ">", "%", "@", "`", "\\", "\x00", "\x85", "\u2028", "\ufeff", "é", "🛰", "1e999", ".nan",
    "-.inf", "0x1F", "0o17", "99999999999999999999", "true", "null", "~", "NO", "---\n", "...\n",
    "<<", "value: 1", "source: ''", "-1", "\ud7ff", "1" * 500, "2026-02-30",
]  # fmt: skip
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(PIECES) | st.text(max_size=4)),
    min_size=1,
    max_size=4,
)


def mangled(text: str, edits: list[tuple[float, int, str]]) -> str:
    for where, cut, piece in edits:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + cut :]
    return text


@FAST
@given(EDITS)
def test_a_mangled_scenario(edits):
    text = mangled(MINIMAL + "rules: []\ndemand: {land_grid: {cell_deg: 3}}\n", edits)
    try:
        assert isinstance(parse_scenario(text, "m.yaml", folder=None), Scenario)
    except InputError as error:
        assert error.problems
        assert all(problem.path for problem in error.problems)


@FAST
@given(EDITS)
def test_a_scenario_with_mangled_element_sets(edits):
    block = "element_sets:\n        tle: |\n"
    block += "".join(f"          {line}\n" for line in mangled(TLE, edits).split("\n"))
    try:
        parse_scenario(changed(MINIMAL, ORBIT, block), "m.yaml", folder=None)
    except InputError as error:
        assert error.problems


@FAST
@given(EDITS, st.sampled_from([("x.tle", TLE), ("x.csv", OMM_CSV), ("x.json", OMM_JSON),
                               ("x", TLE), ("x", OMM_CSV), ("x", OMM_JSON)]))  # fmt: skip
def test_mangled_element_files(edits, form):
    name, text = form
    try:
        assert read_element_sets(mangled(text, edits), name)
    except InputError as error:
        assert all(problem.path for problem in error.problems)


@FAST
@given(EDITS)
def test_mangled_requests(edits):
    try:
        assert parse_requests(mangled(GEOJSON, edits), "x.geojson")
    except InputError as error:
        assert all(problem.path for problem in error.problems)


@FAST
@given(
    st.lists(
        st.sampled_from(
            ["groups", "0", "fleet", "battery", "capacity_wh", "stations", "home", "sites", "hours",
             "value", "orbit", "sun_synchronous", "demand", "rules", "1", "-1", "", "x y"]
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(PIECES) | st.text(max_size=6),
)  # fmt: skip
def test_overrides(steps, value):
    try:
        parse_scenario(MINIMAL, "m.yaml", folder=None, overrides=(".".join(steps) + "=" + value,))
    except InputError as error:
        assert error.problems


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "features", "geometry", "coordinates", "EPOCH", "BSTAR"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@FAST
@given(JSON_VALUES)
def test_any_json_as_requests_or_elements(value):
    import json

    text = json.dumps(value)
    for parse, name in ((parse_requests, "x.geojson"), (read_element_sets, "x.json")):
        try:
            parse(text, name)
        except InputError as error:
            assert error.problems


@settings(FAST, max_examples=15)
@given(EDITS, st.sampled_from(library.names()))
def test_a_mangled_library_scenario(edits, name):
    try:
        parse_scenario(mangled(library.read(name), edits), "m.yaml", folder=None)
    except InputError as error:
        assert error.problems
