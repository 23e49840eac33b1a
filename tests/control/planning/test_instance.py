import numpy as np
import pytest

from perigrid.base.errors import InputError
from perigrid.control.planning.instance import empty_schedule
from planning_cases import instance_of, schedule_of


def test_sizes_and_limits_that_bind() -> None:
    free = instance_of([{}, {}], satellites=3, slots=4)
    assert (free.n_satellites, free.n_slots, free.n_jobs) == (3, 4, 2)
    assert not free.heat_binds
    assert not free.memory_binds
    assert instance_of([{}], limit_k=np.array([50.0])).heat_binds


def test_contradictions_are_refused() -> None:
    with pytest.raises(InputError, match="beyond the last slot"):
        instance_of([{"deadline": 6}])
    with pytest.raises(InputError, match="start_j has the shape"):
        instance_of([{}], start_j=np.zeros(2))


def test_only_what_is_placed_is_worth_something() -> None:
    case = instance_of([{"value": 3.0}, {"value": 5.0}])
    assert empty_schedule(2).value(case) == 0.0
    plan = schedule_of((0, 0, 1), (-1, -1, -1))
    assert plan.value(case) == 3.0
    assert plan.placed.tolist() == [0]
