import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from perigrid.control.planning.checker import faults
from perigrid.control.planning.family import family
from perigrid.control.planning.instance import Instance, Schedule
from perigrid.control.planning.linear import linear_model
from perigrid.control.planning.starts import possible_starts
from planning_cases import instance_of


def solved(case: Instance) -> Schedule:
    model = linear_model(case, possible_starts(case))
    answer = milp(
        -model.value,
        constraints=LinearConstraint(model.matrix, model.low, model.high),
        bounds=Bounds(model.least, model.most),
        integrality=model.whole,
    )
    return model.schedule(answer.x)


def test_energy_for_one_of_two_goes_to_the_more_valuable() -> None:
    case = instance_of([{"energy_j": 60.0, "value": 1.0}, {"energy_j": 60.0, "value": 2.0}])
    assert solved(case).placed.tolist() == [1]


def test_a_downlink_for_one_of_two_goes_to_the_more_valuable() -> None:
    sight = np.array([[0.0, 0.0, 0.0, 1.0, 0.0, 0.0]])
    case = instance_of([{"value": 1.0}, {"value": 2.0}], downlink_bytes=sight)
    assert solved(case).placed.tolist() == [1]


def test_heat_leaves_a_pause_between_jobs() -> None:
    case = instance_of([{}, {}], limit_k=np.array([12.0]))
    plan = solved(case)
    assert len(plan.placed) == 2
    assert abs(int(plan.start[0]) - int(plan.start[1])) >= 3  # 10 K, halved in each slot


def test_memory_keeps_two_outputs_apart() -> None:
    sight = np.array([[0.0, 0.0, 0.0, 0.0, 0.0, 10.0]])
    jobs = [{"output_bytes": 2.0, "value": 1.0}, {"output_bytes": 2.0, "value": 5.0}]
    case = instance_of(jobs, downlink_bytes=sight, memory_bytes=np.full((1, 6), 3.0))
    assert solved(case).placed.tolist() == [1]


@pytest.mark.parametrize("full", [False, True])
def test_its_solutions_can_be_flown(full: bool) -> None:
    case = family(4, 25, 2, full=full)
    plan = solved(case)
    assert faults(case, plan) == []
    assert len(plan.placed) > 5
