"""Sections and numbers of the schema."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from perigrid.scenario.load import parse_scenario
from perigrid.scenario.schema.fields import NumberInfo, Origin, Section, number, number_info
from scenario_inputs import MINIMAL, changed


class Tank(Section):
    """A section of its own."""

    volume_l: float = number("l", "Room.", 5.0, Origin("a guess", "2020"), gt=0, le=9)
    valves: int = number("1", "How many.", ge=1, le=4)


def test_what_is_declared_can_be_read_back():
    fields = Tank.model_fields
    assert number_info(fields["volume_l"]) == NumberInfo("l", Origin("a guess", "2020", "assumed"))
    assert number_info(fields["valves"]) == NumberInfo("1", None)
    assert number_info(fields["source"]) is None


@pytest.mark.parametrize(
    "wrong",
    [{}, {"valves": 0}, {"valves": 5}, {"valves": 2.0}, {"valves": True}, {"valves": "2"},
     {"valves": 2, "volume_l": float("nan")}, {"valves": 2, "volume_l": 0},
     {"valves": 2, "volume": 3}, {"valves": 2, "confidence": "sure"}],
)  # fmt: skip
def test_sections_are_strict(wrong):
    with pytest.raises(ValidationError):
        Tank.model_validate(wrong)
    assert Tank.model_validate({"valves": 2, "volume_l": 3}).volume_l == 3.0


@pytest.mark.parametrize("date", ["2024", "2024-05", "2024-05-06", '"2024"'])
def test_dates_may_be_coarse(date):
    text = changed(MINIMAL, "wh: 300", f"wh: 300, source: x, date: {date}")
    entries = {p.key: p for p in parse_scenario(text, "m", folder=None).provenance}
    assert entries["groups.fleet.battery.capacity_wh"].date == date.strip('"')
