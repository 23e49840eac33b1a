import numpy as np
import pytest

from perigrid.control.planning.checker import faults
from perigrid.control.planning.family import family
from perigrid.control.planning.lists import edf, fifo, lookahead, urgency
from planning_cases import instance_of


@pytest.mark.parametrize("scheduler", [fifo, edf, lookahead])
@pytest.mark.parametrize("full", [False, True])
def test_every_schedule_can_be_flown(scheduler: object, full: bool) -> None:
    case = family(10, 80, 4, full=full)
    plan = scheduler(case)
    assert faults(case, plan) == []
    assert len(plan.placed) > 20


def test_the_earliest_deadline_saves_a_job_that_first_come_loses() -> None:
    jobs = [{"duration": 2, "deadline": 5}, {"deadline": 1}]
    assert len(fifo(instance_of(jobs)).placed) == 1
    assert len(edf(instance_of(jobs)).placed) == 2


def test_looking_ahead_keeps_energy_for_what_is_worth_more() -> None:
    jobs = [{"energy_j": 60.0, "value": 1.0}, {"energy_j": 60.0, "value": 5.0, "deadline": 4}]
    case = instance_of(jobs)
    assert fifo(case).value(case) == 1.0
    assert lookahead(case).value(case) == 5.0


def test_a_crowded_satellite_is_helped_by_its_neighbour() -> None:
    case = instance_of([{"duration": 2, "deadline": 3}, {"duration": 2, "deadline": 3}], 2)
    assert len(edf(case).placed) == 1
    plan = lookahead(case)
    assert len(plan.placed) == 2
    assert sorted(plan.satellite.tolist()) == [0, 1]


def test_nothing_is_decided_with_a_job_that_is_not_released() -> None:
    """The same day with one job more at the end: nothing before its release differs."""
    case = family(10, 80, 4)
    late = int(np.argmax(case.work.release))
    without = type(case.work)(
        *(np.delete(getattr(case.work, name), late, axis=0) for name in type(case.work).__slots__)
    )
    fewer = lookahead(type(case)(case.satellites, without, case.slot_s))
    more = lookahead(case)
    before = np.delete(more.start, late)
    settled = (before >= 0) & (before < case.work.release[late] - 4)
    assert np.array_equal(fewer.start[settled], before[settled])


def test_urgency_prefers_value_thrift_and_few_choices() -> None:
    ranks = urgency(instance_of([{}, {"value": 2.0}, {"energy_j": 40.0}, {"deadline": 2}], slots=6))
    assert ranks[1] > ranks[0] > ranks[2]
    assert ranks[3] > ranks[0]
