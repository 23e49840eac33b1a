"""What a run reached beside what it could have."""

from __future__ import annotations

import pytest

from perigrid.base.errors import InvariantError
from perigrid.sim.upper_bound import COMPUTE, ROUNDED, RunBound

BOUND = RunBound(8.0, COMPUTE, 10.0)


def test_what_was_reached_stands_beside_what_is_possible_and_wanted() -> None:
    assert BOUND.beside(6.0) == {
        "value": 6.0,
        "bound": {"value": 8.0, "kind": "compute", "wanted": 10.0},
        "value_share": 0.75,
    }


def test_nothing_is_a_share_of_nothing() -> None:
    assert RunBound(0.0, COMPUTE, 0.0).beside(0.0)["value_share"] is None


def test_rounding_makes_no_share_above_one() -> None:
    assert BOUND.beside(8.0 * (1.0 + 0.5 * (ROUNDED - 1.0)))["value_share"] == 1.0


def test_more_than_is_possible_is_an_error_of_the_bound() -> None:
    with pytest.raises(InvariantError, match="possible"):
        BOUND.beside(8.1)
