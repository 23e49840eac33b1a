"""The form of an element file follows from its name, else from its content."""

from __future__ import annotations

import pytest

from perigrid.base.errors import ElementSetError
from perigrid.scenario.elements import parse_element_sets, read_element_sets
from scenario_inputs import OMM_CSV, OMM_JSON, TLE


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.tle", TLE), ("a.txt", TLE), ("a", TLE), ("a.csv", OMM_CSV), ("a.txt", OMM_CSV),
     ("a.json", OMM_JSON), ("a.JSON", OMM_JSON), ("a", OMM_JSON)],
)  # fmt: skip
def test_every_form_is_recognised(name, text):
    (elements,) = read_element_sets(text, name)
    assert elements.name in {"ISS (ZARYA)", "BIG"}


def test_the_suffix_wins():
    with pytest.raises(ElementSetError, match="is not JSON"):
        parse_element_sets(TLE, "a.json")
