"""A relation tells what lies beyond its limits, in its unit."""

from __future__ import annotations

import math

import pytest

from perigrid.scenario.findings import Relation
from perigrid.scenario.schema.bus import BatterySpec


def of(capacity_wh: float | None) -> list[str]:
    relation = Relation("key", "{} in it", lambda _: capacity_wh, "Wh", 10.0, 2e6, "a book")
    return list(relation.doubt(BatterySpec(), "groups.one"))


def test_between_the_limits_nothing_is_told() -> None:
    for value in (None, 10.0, 500.0, 2e6):
        assert of(value) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (9.999, "10 Wh in it; usual is at least 10 Wh (a book)"),
        (3e6, "3,000,000 Wh in it; usual is at most 2,000,000 Wh (a book)"),
        (math.inf, "inf Wh in it; usual is at most 2,000,000 Wh (a book)"),
    ],
)
def test_beyond_them_the_nearer_limit_is_told(value: float, words: str) -> None:
    assert of(value) == [f"groups.one.key: implausible: {words}"]
