"""Problems in the field's words."""

from __future__ import annotations

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario.tree import read_tree
from perigrid.scenario.validate import validate
from scenario_inputs import MINIMAL, changed


def problem_of(old, new):
    with pytest.raises(ScenarioError) as caught:
        validate(read_tree(changed(MINIMAL, old, new), "m.yaml"))
    (problem,) = caught.value.problems
    return problem


def test_the_example_of_the_design():
    problem = problem_of("ltan_hours: 10.5", "ltan_hourz: 10.5, ltan_hours: 10.5")
    assert problem.render().splitlines() == [
        "error: groups.0.orbit.sun_synchronous.ltan_hourz: unknown key"
        " - did you mean 'ltan_hours'?",
        "  --> m.yaml:12:58",
        "    |",
        " 12 |       sun_synchronous: {satellites: 2, altitude_km: 500, "
        "ltan_hourz: 10.5, ltan_hours: 10.5}",
        "    |                                                          ^^^^^^^^^^",
        "  help: known here: source, date, confidence, satellites, altitude_km, ltan_hours",
    ]


def test_a_remedy_gives_the_range_the_unit_and_the_meaning():
    problem = problem_of("altitude_km: 500", "altitude_km: 500000")
    assert problem.message == "must be at most 5900 km, got 500000"
    assert problem.remedy.startswith("give a value >= 160 and <= 5900 km: Height above")


def test_a_text_that_yaml_takes_for_something_else_is_to_be_quoted():
    assert problem_of("operator: demo", "operator: true").remedy == 'put it in quotes: "True"'


def test_a_section_in_place_of_a_number_shows_the_long_form():
    assert "{value: .., source: .." in problem_of("wh: 300", "wh: {valu: 3}").remedy


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [("title: A small", 'title: "A \\e[2Jsmall', "title", "U+001B"),
     ("operator: demo", 'operator: "de\\u202Emo"', "groups.0.operator", "U+202E"),
     ("hours: 2", 'hours: 2\n"ho\\aurs": 3', "", "this key holds U+0007")],
)  # fmt: skip
def test_characters_that_do_not_print_are_found_anywhere(old, new, key, words):
    text = changed(MINIMAL, old, new)
    if "small" in new:
        text = text.replace("small mission", 'small mission"')
    with pytest.raises(ScenarioError) as caught:
        validate(read_tree(text, "m.yaml"))
    found = [p for p in caught.value.problems if words in p.message]
    assert found[0].key == key
    assert found[0].line > 1
