from dataclasses import replace

from missions import SCENARIO
from perigrid.base.messages import Compute, Move, Wait
from perigrid.control.scheduling.fifo import Fifo
from perigrid.control.scheduling.planner import Planner
from perigrid.fleet.model import ContactKind
from scheduling_cases import DOWN, JOB, ask, belief_of, empty_outlook, first_station, linked


def test_a_free_origin_computes_at_once() -> None:
    belief = linked(SCENARIO)
    (action,) = ask(Planner(), [JOB], belief)
    assert isinstance(action, Compute)


def test_a_crowd_is_shared_between_origin_and_neighbour() -> None:
    belief = linked(SCENARIO)
    jobs = [replace(JOB, job_id=k, deadline_s=420.0) for k in range(3)]
    actions = ask(Planner(), jobs, belief)
    assert sum(isinstance(one, Compute) for one in actions) == 1
    assert sum(isinstance(one, Move) for one in actions) >= 1
    first_come = ask(Fifo(), jobs, linked(SCENARIO))
    assert all(isinstance(one, Compute) for one in first_come), "450 s of work at one computer"


def test_what_is_due_first_is_done_first_and_the_rest_waits_for_its_turn() -> None:
    belief = linked(SCENARIO, may_migrate=False)
    jobs = [JOB, replace(JOB, job_id=1, deadline_s=320.0)]
    planner, outlook = Planner(), empty_outlook(belief.fleet)
    later, sooner = ask(planner, jobs, belief, outlook)
    assert isinstance(sooner, Compute)
    assert isinstance(later, Wait)
    belief.t_s = 50.0
    belief.take_back(sooner.job_id)
    planner_answers = planner.choose([], [0], belief, outlook)
    assert [type(one) for one in planner_answers] == [Compute]


def test_it_plans_with_the_way_down() -> None:
    """The neighbour has no way down in time: nothing is moved there."""
    probe = belief_of(SCENARIO)
    rows = [
        (ContactKind.CROSSLINK, 0, 1, 0.0, 500.0),
        (DOWN, 0, first_station(probe), 0.0, 7200.0),
        (DOWN, 1, first_station(probe), 6000.0, 7200.0),
    ]
    belief = belief_of(SCENARIO, rows, may_migrate=True)
    jobs = [replace(JOB, job_id=k, deadline_s=420.0) for k in range(3)]
    actions = ask(Planner(), jobs, belief)
    moved = [one for one in actions if isinstance(one, Move)]
    assert moved == []
