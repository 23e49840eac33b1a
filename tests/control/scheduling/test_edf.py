from core_cases import FLEET, report, told
from perigrid.base.architecture import ONBOARD
from perigrid.base.jobs import Cause
from perigrid.base.messages import Captured, Close, Compute, Computed, Wait
from waiting_cases import JOB, ask, at, busy, core


def test_the_job_due_first_starts_whatever_the_order_ask() -> None:
    jobs = [JOB, at(0.0, JOB, 1, deadline_s=500.0)]
    first, second = ask(core("edf", jobs, architecture=ONBOARD), *jobs)
    assert isinstance(first, Wait)
    assert first.cause is Cause.COMPUTE
    assert isinstance(second, Compute)


def test_a_later_arrival_that_is_due_sooner_goes_before_those_held_back() -> None:
    urgent = at(300.0, JOB, 1, deadline_s=500.0)
    controller = core("edf", [JOB, urgent], architecture=ONBOARD)
    busy(controller, 300.0)
    assert isinstance(ask(controller, JOB)[0], Wait)
    assert [(type(one), one.job_id) for one in told(controller, Captured(300.0, urgent))] == [
        (Compute, 1)
    ]
    assert controller.belief.given_to == {1: 0}, "the other is still held back"


def test_a_lost_job_does_not_take_the_place_of_one_that_can_be_saved() -> None:
    lost = at(0.0, JOB, 1, deadline_s=40.0)  # the work alone takes 50 s
    controller = core("edf", [JOB, lost], architecture=ONBOARD)
    lost_answer, other = ask(controller, lost, JOB)
    assert isinstance(lost_answer, Close)
    assert isinstance(other, Compute)


def test_a_low_battery_in_the_dark_waits() -> None:
    low = report(FLEET, soc=0.31)
    (answer,) = ask(core("edf", architecture=ONBOARD, array_w=0.0, told=low), JOB)
    assert isinstance(answer, Wait)
    assert answer.cause is Cause.BATTERY
    assert answer.until_s > 0.0


def test_no_other_place_is_asked_and_it_says_so() -> None:
    (answer,) = ask(core("edf"), JOB)
    assert answer.reason == "where it was taken, at once: no other place is asked"
    assert answer.alternatives == ()


def test_a_job_whose_pixels_came_is_computed_where_they_are() -> None:
    controller = core("edf", architecture=ONBOARD)
    ask(controller, JOB)
    (classify,) = told(controller, Computed(50.0, 0, 0, "screen", 0.1))
    assert classify.reason.endswith("on to classify")
