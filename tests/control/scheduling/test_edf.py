from dataclasses import replace

from missions import SCENARIO
from perigrid.base.jobs import Cause, Job
from perigrid.base.messages import Close, Compute, Wait
from perigrid.control.scheduling.edf import Edf
from scheduling_cases import ask, empty_outlook, linked, report_of

JOB = Job(0, 0, 0.0, 1e4, 1e8, 1e9, 0.0, 0.0, 0, 0)


def test_the_job_due_first_starts_whatever_the_order_ask() -> None:
    jobs = [JOB, replace(JOB, job_id=1, deadline_s=500.0)]
    first, second = ask(Edf(), jobs, linked(SCENARIO, may_migrate=False))
    assert isinstance(first, Wait)
    assert first.cause is Cause.COMPUTE
    assert isinstance(second, Compute)


def test_a_later_arrival_that_is_due_sooner_goes_before_those_held_back() -> None:
    belief, edf = linked(SCENARIO, may_migrate=False), Edf()
    belief.busy_until_s[0] = 300.0
    assert isinstance(ask(edf, [JOB], belief)[0], Wait)
    belief.t_s = 300.0
    urgent = replace(JOB, job_id=1, deadline_s=500.0)
    urgent_answer, held_answer = ask(edf, [urgent, JOB], belief)
    assert isinstance(urgent_answer, Compute)
    assert isinstance(held_answer, Wait)


def test_a_lost_job_does_not_take_the_place_of_one_that_can_be_saved() -> None:
    lost = replace(JOB, job_id=1, deadline_s=40.0)  # the work alone takes 50 s
    lost_answer, other = ask(Edf(), [lost, JOB], linked(SCENARIO, may_migrate=False))
    assert isinstance(lost_answer, Close)
    assert isinstance(other, Compute)


def test_a_low_battery_in_the_dark_waits() -> None:
    belief = linked(SCENARIO, may_migrate=False)
    belief.telemetry = report_of(belief.fleet, soc=0.31)
    (answer,) = ask(Edf(), [JOB], belief, empty_outlook(belief.fleet, array_w=0.0))
    assert isinstance(answer, Wait)
    assert answer.cause is Cause.BATTERY
    assert answer.until_s > 0.0
