import numpy as np

from perigrid.control.planning.checker import faults
from perigrid.control.planning.family import family
from perigrid.control.planning.lists import fifo
from perigrid.control.planning.priced import price
from planning_cases import instance_of

# Ten usual jobs tell what a joule is worth.
USUAL = [{"origin": 1, "release": 5, "deadline": 5} for _ in range(10)]


def test_schedules_can_be_flown_and_beat_first_come() -> None:
    for full in (False, True):
        case = family(20, 200, 4, full=full)
        plan = price(case)
        assert faults(case, plan) == []
        assert plan.value(case) > fifo(case).value(case)


def test_the_last_energy_is_kept_for_a_job_worth_it() -> None:
    start = {"start_j": np.array([25.0, 100.0])}
    poor = instance_of([{"energy_j": 20.0, "value": 0.5}, *USUAL], 2, **start)
    plan = price(poor)
    assert plan.satellite[0] == 1, "offloaded to the neighbour with more in its battery"
    rich = instance_of([{"energy_j": 20.0, "value": 9.0}, *USUAL], 2, **start)
    assert price(rich).start[0] >= 0


def test_without_a_neighbour_a_poor_job_is_left_out() -> None:
    jobs = [{"energy_j": 95.0, "value": 0.1}, *({"release": 5, "deadline": 5} for _ in range(5))]
    assert price(instance_of(jobs)).start[0] == -1
    jobs[0]["value"] = 50.0
    assert price(instance_of(jobs)).start[0] >= 0


def test_no_jobs_no_plan() -> None:
    assert len(price(instance_of([])).start) == 0
