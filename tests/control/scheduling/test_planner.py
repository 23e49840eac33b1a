import numpy as np
import pytest

from core_cases import DOWN, FLEET, GROUND, report, told
from perigrid.base.architecture import ONBOARD
from perigrid.base.messages import Compute, Computed, Move, Wait
from perigrid.control.core.assign import STAYS, assigned
from waiting_cases import JOB, LINKED, ask, at, core


def test_a_free_origin_computes_at_once() -> None:
    (action,) = ask(core("planner"), JOB)
    assert isinstance(action, Compute)


def test_a_crowd_is_shared_between_origin_and_neighbour() -> None:
    jobs = [at(0.0, JOB, k, deadline_s=140.0) for k in range(3)]
    actions = ask(core("planner", jobs), *jobs)
    assert sum(isinstance(one, Compute) for one in actions) == 1
    assert sum(isinstance(one, Move) for one in actions) >= 1
    first_come = ask(core("fifo", jobs), *jobs)
    assert all(isinstance(one, Compute) for one in first_come), "150 s of work at one computer"


def test_what_is_due_first_is_done_first_and_the_rest_waits_for_its_turn() -> None:
    jobs = [JOB, at(0.0, JOB, 1, deadline_s=320.0)]
    controller = core("planner", jobs, architecture=ONBOARD)
    later, sooner = ask(controller, *jobs)
    assert isinstance(sooner, Compute)
    assert isinstance(later, Wait)
    made = told(controller, Computed(50.0, 1, 0, "screen", 0.99))
    assert [(type(one), one.job_id) for one in made][1:] == [(Compute, 0)]


def test_it_plans_with_the_way_down() -> None:
    """The neighbour has no way down in time: nothing is moved there."""
    rows = [LINKED[0], LINKED[1], (DOWN, 1, GROUND, 6000.0, 7200.0)]
    jobs = [at(0.0, JOB, k, deadline_s=420.0) for k in range(3)]
    actions = ask(core("planner", jobs, rows), *jobs)
    assert [one for one in actions if isinstance(one, Move)] == []


def test_most_are_in_time_and_then_the_least_is_waited() -> None:
    """Two jobs of one satellite, two satellites; the pixels of the second could be there late."""
    start_s = np.array([[0.0, 100.0], [0.0, 100.0]])
    left_s, home = np.full((2, 2), 100.0), np.array([0, 0])
    there_s = np.array([[0.0, 0.0], [0.0, 50.0]])
    latest_s = np.full((2, 2), 150.0)
    assert assigned(start_s, there_s, left_s, latest_s, home, 0.0).tolist() == [1, STAYS]
    latest_s[:] = 1000.0  # all are in time anyway: a move has to save a minute of waiting
    start_s[1] = 60.0, 160.0
    assert assigned(start_s, there_s, left_s, latest_s, home, 0.0).tolist() == [STAYS, STAYS]


def test_an_error_of_the_assignment_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no assignment")

    monkeypatch.setattr("perigrid.control.core.assign.assigned", fail)
    jobs = [at(0.0, JOB, k) for k in range(4)]
    controller = core("planner", jobs)
    ask(controller, *jobs)
    with pytest.raises(ValueError, match="no assignment"):
        told(controller, report(FLEET, 20.0))
