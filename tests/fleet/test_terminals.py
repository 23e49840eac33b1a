from dataclasses import replace

import numpy as np
import pytest

from missions import LASER
from perigrid.fleet.link_rates import laser_rate_bps
from perigrid.fleet.terminals import Terminals

SMALL = replace(LASER, max_rate_bps=1.0e9, max_range_m=1.5e6, acquisition_s=60.0)
MIXED = Terminals.of([LASER, None, SMALL, replace(LASER, terminals=0), LASER])


def test_kinds_are_told_apart_and_a_laser_without_a_terminal_is_none() -> None:
    assert MIXED.kinds == (LASER, SMALL)
    assert MIXED.kind_of.tolist() == [0, -1, 1, -1, 0]
    assert MIXED.carried.tolist() == [0, 2, 4]
    assert MIXED.column(lambda one: one.acquisition_s).tolist() == [30.0, 0.0, 60.0, 0.0, 30.0]
    assert MIXED.taken(np.array([2, 2])).kind_of.tolist() == [1, 1]


def test_a_link_between_unlike_ends_has_the_lower_rate_and_the_shorter_range() -> None:
    range_m = np.array([1.0e6, 1.0e6, 2.0e6, 2.0e6])
    first, second = np.array([0, 0, 0, 2]), np.array([4, 2, 4, 4])
    rate = MIXED.pair_rate_bps(first, second, range_m)
    assert rate[0] == laser_rate_bps(LASER, range_m[:1])[0]
    assert rate[1] == min(laser_rate_bps(one, range_m[:1])[0] for one in (LASER, SMALL)) == 1.0e9
    assert rate[2] > 0.0
    assert rate[3] == 0.0
    np.testing.assert_array_equal(rate, MIXED.pair_rate_bps(second, first, range_m))


def test_a_user_s_link_is_reckoned_with_its_own_terminals() -> None:
    range_m = np.full((2, 5), 1.0e6)
    found = MIXED.own_rate_bps(range_m)
    assert found[:, 1].tolist() == found[:, 3].tolist() == [0.0, 0.0]
    assert found[1, 2] == pytest.approx(1.0e9)
    assert found[0, 0] == laser_rate_bps(LASER, range_m[0, :1])[0]


def test_nobody_carries_anything() -> None:
    none = Terminals.of([None, None])
    assert len(none.carried) == 0
    assert none.column(lambda one: one.active_w).tolist() == [0.0, 0.0]
