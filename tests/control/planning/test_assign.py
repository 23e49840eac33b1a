import numpy as np

from perigrid.control.planning.assign import assign
from perigrid.control.planning.checker import faults
from perigrid.control.planning.starts import possible_starts
from planning_cases import instance_of


def test_all_jobs_are_done_where_a_list_would_lose_one() -> None:
    """The first job may run anywhere, the second only early: and both on one satellite."""
    case = instance_of([{"value": 1.0}, {"value": 1.0, "deadline": 1}])
    plan = assign(case, possible_starts(case))
    assert faults(case, plan) == []
    assert plan.start[1] == 0
    assert plan.start[0] == 1, "and no later than need be"


def test_only_the_given_starts_are_used() -> None:
    case = instance_of([{}, {}])
    starts = possible_starts(case).between(3, 5)
    assert sorted(assign(case, starts).start.tolist()) == [3, 4]
    assert len(assign(case, starts.between(0, 1)).placed) == 0


def test_a_poor_battery_does_what_it_can() -> None:
    case = instance_of([{"energy_j": 60.0}] * 3, gain_j=np.full((1, 6), 2.0))
    assert len(assign(case, possible_starts(case)).placed) == 1
