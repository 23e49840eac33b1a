from dataclasses import replace

import pytest

from missions import SCENARIO
from perigrid.base.jobs import Cause
from perigrid.base.messages import Close, Compute, Move, Wait
from perigrid.control.scheduling.edf import Edf
from perigrid.control.scheduling.lookahead import Lookahead
from perigrid.control.scheduling.planner import Planner
from perigrid.control.scheduling.price import Price
from perigrid.control.work_times import SceneWork, WorkTimes
from perigrid.fleet.model import ContactKind
from scheduling_cases import (
    DOWN,
    JOB,
    ask,
    belief_of,
    empty_outlook,
    first_station,
    linked,
    report_of,
)


class Quick(WorkTimes):
    """A first stage of a second before one of 50 s."""

    def on(self, node: int, area_m2: float) -> SceneWork:
        return SceneWork(
            {"screen": 1.0, "classify": 50.0}, {"screen": 360.0, "classify": 18e3}, ("screen",)
        )


FAMILY = [Edf, Lookahead, Price, Planner]


@pytest.mark.parametrize("scheduler", FAMILY)
def test_a_satellite_that_is_freed_begins_what_waits_without_being_asked(scheduler: type) -> None:
    belief, one = linked(SCENARIO, may_migrate=False), scheduler()
    outlook = empty_outlook(belief.fleet)
    first, second = ask(one, [JOB, replace(JOB, job_id=1)], belief, outlook)
    assert isinstance(first, Compute)
    assert isinstance(second, Wait)
    belief.t_s = 20.0
    assert one.choose([], [0], belief, outlook) == [], "it is still at work"
    belief.take_back(0)
    (begun,) = one.choose([], [0], belief, outlook)
    assert isinstance(begun, Compute)
    assert begun.job_id == 1


@pytest.mark.parametrize("scheduler", FAMILY)
def test_a_battery_that_is_charged_again_lets_the_job_begin_before_its_deadline(
    scheduler: type,
) -> None:
    belief, one = linked(SCENARIO, may_migrate=False), scheduler()
    dark = empty_outlook(belief.fleet, array_w=0.0)
    belief.telemetry = report_of(belief.fleet, soc=0.31)
    (held,) = ask(one, [JOB], belief, dark)
    assert isinstance(held, Wait)
    assert held.cause is Cause.BATTERY
    assert held.until_s <= JOB.deadline_s
    belief.t_s, belief.telemetry = 300.0, replace(report_of(belief.fleet), t_s=300.0)
    (begun,) = one.choose([], [0, 1], belief, dark)
    assert isinstance(begun, Compute)


@pytest.mark.parametrize("scheduler", FAMILY)
def test_what_no_answer_can_be_in_time_of_is_given_up(scheduler: type) -> None:
    """The only way down opens after the deadline."""
    probe = belief_of(SCENARIO)
    rows = [(DOWN, 0, first_station(probe), 5000.0, 7200.0)]
    belief, one = belief_of(SCENARIO, rows), scheduler()
    belief.busy_until_s[0] = 100.0
    late, good = replace(JOB, deadline_s=4000.0), replace(JOB, job_id=1)
    outlook = empty_outlook(belief.fleet)
    assert all(isinstance(answer, Wait) for answer in ask(one, [late, good], belief, outlook))
    belief.t_s = 100.0
    (begun,) = one.choose([], [0], belief, outlook)
    assert isinstance(begun, Compute)
    assert begun.job_id == 1
    belief.t_s = 150.0
    belief.take_back(1)
    (closed,) = one.choose([], [0], belief, outlook)
    assert isinstance(closed, Close)
    assert closed.job_id == 0


def test_the_last_way_down_sets_the_order_and_not_the_deadline() -> None:
    """Of two, the one due later by name must be done sooner: its last pass is earlier."""
    probe = belief_of(SCENARIO)
    ground = first_station(probe)
    rows = [(DOWN, 0, ground, 0.0, 800.0), (DOWN, 0, ground, 8000.0, 8300.0)]
    belief, edf = belief_of(SCENARIO, rows), Edf()
    belief.busy_until_s[0] = 100.0
    late, soon = replace(JOB, deadline_s=8200.0), replace(JOB, job_id=1, deadline_s=7900.0)
    outlook = empty_outlook(belief.fleet)
    ask(edf, [late, soon], belief, outlook)
    belief.t_s = 100.0
    (begun,) = edf.choose([], [0], belief, outlook)
    assert begun.job_id == 1


def test_a_short_first_stage_does_not_wait_for_other_work() -> None:
    belief, edf = linked(SCENARIO, may_migrate=False), Edf()
    works, belief.busy_until_s[0] = belief.works, 300.0
    belief.works = Quick(belief.fleet, SCENARIO.pipeline)
    (answer,) = ask(edf, [JOB], belief, ahead=("screen", "classify"))
    assert isinstance(answer, Compute)
    belief.works = works
    assert isinstance(
        ask(edf, [replace(JOB, job_id=1)], belief, ahead=("screen", "classify"))[0], Wait
    )


def test_an_idle_neighbour_is_sent_what_waits() -> None:
    """The neighbour was taken up when the job was asked about, and is free when news comes."""
    belief, one = linked(SCENARIO), Lookahead()
    belief.busy_until_s[:2] = 400.0
    outlook = empty_outlook(belief.fleet)
    assert isinstance(ask(one, [JOB], belief, outlook)[0], Wait)
    belief.t_s, belief.busy_until_s[1] = 10.0, 10.0
    belief.telemetry = replace(report_of(belief.fleet), t_s=10.0)
    (moved,) = one.choose([], range(belief.fleet.n_satellites), belief, outlook)
    assert isinstance(moved, Move)
    assert moved.target == 1


def test_a_link_that_is_not_open_yet_is_not_booked() -> None:
    probe = belief_of(SCENARIO)
    ground = first_station(probe)
    rows = [(ContactKind.CROSSLINK, 0, 1, 300.0, 500.0), (DOWN, 0, ground, 0.0, 7200.0)]
    belief = belief_of(SCENARIO, [*rows, (DOWN, 1, ground, 0.0, 7200.0)], may_migrate=True)
    belief.busy_until_s[0] = 900.0
    (answer,) = ask(Lookahead(), [JOB], belief)
    assert isinstance(answer, Wait)
    assert [one.why for one in answer.alternatives] == ["a link is not open yet"]


def test_pixels_that_did_not_come_keep_no_place() -> None:
    belief, one = linked(SCENARIO), Lookahead()
    outlook = empty_outlook(belief.fleet)
    belief.busy_until_s[0] = 900.0
    assert isinstance(ask(one, [JOB], belief, outlook)[0], Move)
    other = replace(JOB, job_id=7, origin=1, deadline_s=JOB.deadline_s + 1.0)
    belief.busy_until_s[1] = 60.0
    (first,) = ask(one, [other], belief, outlook)
    belief.t_s = 100.0  # the pixels should have arrived long ago
    (then,) = ask(one, [other], belief, outlook)
    assert isinstance(first, Wait)
    assert isinstance(then, Compute)
