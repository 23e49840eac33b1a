"""Whatever is done to an input, it gives a scenario or an InputError and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perigrid.base.errors import InputError
from perigrid.scenario import library
from perigrid.scenario.elements import read_element_sets
from perigrid.scenario.geojson import parse_requests
from perigrid.scenario.load import parse_scenario
from scenario_inputs import GEOJSON, MINIMAL, OMM_CSV, OMM_JSON, ORBIT, RECENT_TLE, TLE, changed

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


def assert_told(parse: Callable[[], object]) -> None:
    """A result, or an error that names where the problems are; nothing else may come out."""
    result, problems = None, ()
    try:
        result = parse()
    except InputError as error:
        problems = error.problems
    assert result or problems
    assert all(problem.path and problem.message for problem in problems)


@FAST
@given(EDITS)
def test_a_mangled_scenario(edits):
    text = mangled(MINIMAL + "rules: []\ndemand: {land_grid: {cell_deg: 3}}\n", edits)
    assert_told(lambda: parse_scenario(text, "m.yaml", folder=None))


@FAST
@given(EDITS)
def test_a_scenario_with_mangled_element_sets(edits):
    block = "element_sets:\n        tle: |\n"
    block += "".join(f"          {line}\n" for line in mangled(RECENT_TLE, edits).split("\n"))
    text = changed(MINIMAL, ORBIT, block)
    assert_told(lambda: parse_scenario(text, "m.yaml", folder=None))


FORMS = [("x.tle", TLE), ("x.csv", OMM_CSV), ("x.json", OMM_JSON)]
FORMS += [("x", text) for _, text in FORMS]


@FAST
@given(EDITS, st.sampled_from(FORMS))
def test_mangled_element_files(edits, form):
    name, text = form
    assert_told(lambda: read_element_sets(mangled(text, edits), name))


@FAST
@given(EDITS)
def test_mangled_requests(edits):
    assert_told(lambda: parse_requests(mangled(GEOJSON, edits), "x.geojson"))


STEPS = [
    "groups", "0", "fleet", "battery", "capacity_wh", "stations", "home", "sites", "hours",
    "value", "orbit", "sun_synchronous", "demand", "rules", "1", "-1", "", "x y",
]  # fmt: skip


@FAST
@given(
    st.lists(st.sampled_from(STEPS), min_size=1, max_size=5),
    st.sampled_from(PIECES) | st.text(max_size=6),
)
def test_overrides(steps, value):
    override = ".".join(steps) + "=" + value
    assert_told(lambda: parse_scenario(MINIMAL, "m.yaml", folder=None, overrides=(override,)))


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
    text = json.dumps(value)
    assert_told(lambda: parse_requests(text, "x.geojson"))
    assert_told(lambda: read_element_sets(text, "x.json"))


@settings(FAST, max_examples=15)
@given(EDITS, st.sampled_from(library.names()))
def test_a_mangled_library_scenario(edits, name):
    text = mangled(library.read(name), edits)
    assert_told(lambda: parse_scenario(text, "m.yaml", folder=None))
