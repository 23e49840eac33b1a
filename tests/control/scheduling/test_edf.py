from dataclasses import replace

from missions import SCENARIO
from perigrid.base.jobs import Cause, Job
from perigrid.base.messages import Compute, Wait
from perigrid.control.scheduling.edf import Edf
from scheduling_cases import belief_of, empty_outlook, report_of

JOB = Job(0, 0, 0.0, 1e4, 1e8, 1e9, 0.0, 0.0, 0, 0)


def asked(scheduler: Edf, jobs: list[Job], belief: object) -> list[object]:
    return scheduler.choose(jobs, belief, empty_outlook(belief.fleet))


def test_the_job_due_first_starts_whatever_the_order_asked() -> None:
    jobs = [JOB, replace(JOB, job_id=1, deadline_s=500.0)]
    first, second = asked(Edf(), jobs, belief_of(SCENARIO))
    assert isinstance(first, Wait)
    assert first.cause is Cause.COMPUTE
    assert isinstance(second, Compute)


def test_a_later_arrival_that_is_due_sooner_goes_before_those_held_back() -> None:
    belief, edf = belief_of(SCENARIO), Edf()
    belief.busy_until_s[0] = 300.0
    assert isinstance(asked(edf, [JOB], belief)[0], Wait)
    belief.t_s = 300.0
    urgent = replace(JOB, job_id=1, deadline_s=500.0)
    urgent_answer, held_answer = asked(edf, [urgent, JOB], belief)
    assert isinstance(urgent_answer, Compute)
    assert isinstance(held_answer, Wait)


def test_a_lost_job_does_not_take_the_place_of_one_that_can_be_saved() -> None:
    lost = replace(JOB, job_id=1, deadline_s=100.0)  # the work alone takes 150 s
    lost_answer, other = asked(Edf(), [lost, JOB], belief_of(SCENARIO))
    assert isinstance(lost_answer, Wait)
    assert isinstance(other, Compute)


def test_a_low_battery_in_the_dark_waits() -> None:
    belief = belief_of(SCENARIO)
    belief.telemetry = report_of(belief.fleet, soc=0.31)
    (answer,) = Edf().choose([JOB], belief, empty_outlook(belief.fleet, array_w=0.0))
    assert isinstance(answer, Wait)
    assert answer.cause is Cause.BATTERY
    assert answer.until_s > 0.0
