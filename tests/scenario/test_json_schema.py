"""The JSON Schema for editors."""

from __future__ import annotations

import json

import jsonschema
import pytest

from perigrid.scenario import library
from perigrid.scenario.json_schema import json_schema, json_schema_text
from perigrid.scenario.tree import read_tree
from scenario_inputs import MINIMAL, changed


@pytest.fixture(scope="module")
def validator():
    return jsonschema.Draft202012Validator(json_schema())


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert json.loads(json_schema_text()) == json_schema()


@pytest.mark.parametrize("name", library.names())
def test_library_scenarios_follow_it(validator, name):
    assert not list(validator.iter_errors(read_tree(library.read(name), name).plain()))


@pytest.mark.parametrize(
    ("old", "new"),
    [("wh: 300", "wh: -1"), ("wh: 300", "wh: {value: 3}"), ("capacity_wh", "capacity"),
     ("role: compute", "role: think"), ("wh: 300", "wh: {value: -3, source: x}")],
)  # fmt: skip
def test_wrong_scenarios_do_not(validator, old, new):
    plain = read_tree(changed(MINIMAL, old, new), "m").plain()
    assert list(validator.iter_errors(plain))
    assert not list(validator.iter_errors(read_tree(MINIMAL, "m").plain()))


def test_units_and_origins_of_defaults_are_shown():
    capacity = json_schema()["$defs"]["BatterySpec"]["properties"]["capacity_wh"]
    assert capacity["unit"] == "Wh"
    assert capacity["defaultConfidence"] == "assumed"
    assert capacity["defaultSource"]
