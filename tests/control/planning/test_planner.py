import numpy as np

from perigrid.control.planning.bound import upper_bound
from perigrid.control.planning.checker import faults
from perigrid.control.planning.family import family
from perigrid.control.planning.lists import lookahead
from perigrid.control.planning.planner import Effort, improve, plan
from perigrid.control.planning.remainder import remainder
from planning_cases import instance_of, schedule_of


def test_it_is_better_than_its_seed_and_can_be_flown() -> None:
    case = family(6, 60, 3, full=True)
    found = plan(case)
    value = found.schedule.value(case)
    assert faults(case, found.schedule) == []
    assert found.replaced > 0
    assert value > found.seed_value >= lookahead(case).value(case)
    assert value <= upper_bound(case).value


def test_the_same_day_is_planned_the_same_way_twice() -> None:
    case = family(5, 50, 1)
    one, two = plan(case), plan(case)
    assert np.array_equal(one.schedule.start, two.schedule.start)
    assert np.array_equal(one.schedule.satellite, two.schedule.satellite)


def test_a_list_that_is_best_already_is_kept() -> None:
    case = instance_of([{}, {}])
    found = plan(case)
    assert found.replaced == 0
    assert found.schedule.value(case) == 2.0


def test_a_part_without_a_better_plan_gives_none() -> None:
    case = instance_of([{"energy_j": 60.0}, {"energy_j": 60.0}])
    now = schedule_of((0, 0, 1), (-1, -1, -1))
    part = remainder(case, now, np.array([True, True]), np.array([0]), (0, 6))
    assert improve(part, Effort()) is None
