"""What satellites' computers are given, and what ends it."""

from dataclasses import replace

from core_cases import FLEET, GROUND, JOB, LINKED, core, jobs_of, report, told
from missions import SCENARIO
from perigrid.base.architecture import ONBOARD
from perigrid.base.messages import Captured, Compute, Computed, NodeFailed, NodeRepaired, TaskLost
from perigrid.scenario.model import Rule

JOBS = jobs_of(JOB, JOB)


def test_a_stage_that_ended_frees_its_satellite() -> None:
    controller = core(ONBOARD, JOBS, scheduler="fifo")
    told(controller, *(Captured(10.0, job) for job in JOBS))
    screen_s = controller.belief.work(0, JOB).stage_s["screen"]
    assert controller.belief.given == {0: {0: screen_s, 1: screen_s}}
    assert controller.belief.busy_until_s[0] == 10.0 + screen_s + screen_s
    told(controller, TaskLost(10.5, 0, 0, "screen", 0.0))
    assert controller.belief.given_to == {1: 0, 0: 0}, "it is begun anew"
    controller.belief.take_back(0)
    assert controller.belief.busy_until_s[0] == 10.5 + screen_s, "the other begins now"
    assert controller.belief.take_back(0) is None


def test_reports_ends_and_repairs_are_news_of_satellites() -> None:
    controller = core(ONBOARD, JOBS, LINKED, scheduler="edf")
    told(controller, report(FLEET), *(Captured(10.0, job) for job in JOBS))
    assert controller.belief.given_to == {0: 0}, "the other waits"
    told(controller, NodeFailed(10.1, 0, "crash", wiped=False))
    told(controller, NodeRepaired(10.2, GROUND))
    assert controller.belief.given_to == {0: 0}
    (again,) = told(controller, Computed(10.3, 0, 0, "screen", 0.99))
    assert again.job_id == 0, "it was cloudy, and its satellite is away"
    (begun,) = told(controller, NodeRepaired(10.4, 0))
    assert isinstance(begun, Compute)
    assert begun.job_id == 1


def test_what_is_refused_was_not_given() -> None:
    rule = Rule("law", "deny", "compute", "any", "any", "any", "nothing is computed")
    controller = core(ONBOARD, scenario=replace(SCENARIO, rules=(rule,)), scheduler="fifo")
    told(controller, Captured(10.0, JOB))
    assert controller.belief.given_to == {}
    assert controller.belief.busy_until_s[0] <= 10.0
