"""What all schedulers do that hold jobs back."""

import pytest

from core_cases import CENTRE, DOWN, FLEET, GROUND, report, told
from missions import SCENARIO
from perigrid.base.architecture import ONBOARD
from perigrid.base.jobs import Cause
from perigrid.base.messages import Close, Compute, Computed, Wait
from perigrid.base.registry import SCHEDULERS, create
from perigrid.control.scheduling.built_in import Plan, plan_of
from perigrid.control.scheduling.lookahead import Lookahead
from perigrid.scenario.model import Rule
from waiting_cases import FAMILY, JOB, ask, at, busy, core


def test_only_the_built_in_ones_themselves_are_known_to_the_core() -> None:
    class Mine(Lookahead):
        """What is made of one of them is its own."""

    assert [plan_of(create(SCHEDULERS, name)) for name in FAMILY] == [
        Plan.EDF, Plan.LOOKAHEAD, Plan.PRICE, Plan.PLANNER,
    ]  # fmt: skip
    assert plan_of(Mine()) is plan_of(object()) is Plan.PLUG_IN


def freed(controller, t_s=300.0):
    """Let computers be free, and tell of it."""
    controller.belief.busy_until_s[:] = 0.0
    return told(controller, report(FLEET, t_s))


@pytest.mark.parametrize("scheduler", FAMILY)
def test_a_satellite_that_is_freed_begins_what_waits_without_being_asked(scheduler: str) -> None:
    jobs = [JOB, at(0.0, JOB, 1)]
    controller = core(scheduler, jobs, architecture=ONBOARD)
    first, second = ask(controller, *jobs)
    assert isinstance(first, Compute)
    assert isinstance(second, Wait)
    assert told(controller, report(FLEET, 20.0)) == [], "it is still at work"
    closed, begun = told(controller, Computed(30.0, 0, 0, "screen", 0.99))
    assert isinstance(closed, Close)
    assert isinstance(begun, Compute)
    assert (begun.job_id, begun.reason) == (1, "of the jobs that waited here, the one due first")


@pytest.mark.parametrize("scheduler", FAMILY)
def test_a_battery_that_is_charged_again_lets_the_job_begin_before_its_deadline(
    scheduler: str,
) -> None:
    low = report(FLEET, soc=0.31)
    controller = core(scheduler, architecture=ONBOARD, array_w=0.0, told=low)
    (held,) = ask(controller, JOB)
    assert isinstance(held, Wait)
    assert held.cause is Cause.BATTERY
    assert held.until_s <= JOB.deadline_s
    (begun,) = told(controller, report(FLEET, 300.0))
    assert isinstance(begun, Compute)


@pytest.mark.parametrize("scheduler", FAMILY)
def test_what_no_answer_can_be_in_time_of_is_given_up(scheduler: str) -> None:
    """The only way down opens after the deadline."""
    late, good = at(0.0, JOB, 0, deadline_s=4000.0), at(0.0, JOB, 1)
    controller = core(scheduler, [late, good], [(DOWN, 0, GROUND, 5000.0, 7200.0)], ONBOARD)
    busy(controller, 100.0)
    assert all(isinstance(answer, Wait) for answer in ask(controller, late, good))
    (begun,) = freed(controller, 100.0)
    assert isinstance(begun, Compute)
    assert begun.job_id == 1
    made = told(controller, Computed(150.0, 1, 0, "screen", 0.1))
    assert [type(one) for one in made if one.job_id == 0] in ([], [Close])
    made += freed(controller, 400.0)
    assert [type(one) for one in made if one.job_id == 0] == [Close]


def test_the_last_way_down_sets_the_order_and_not_the_deadline() -> None:
    """Of two, the one due later by name must be done sooner: its last pass is earlier."""
    rows = [(DOWN, 0, GROUND, 0.0, 800.0), (DOWN, 0, GROUND, 8000.0, 8300.0)]
    late, soon = at(0.0, JOB, 0, deadline_s=8200.0), at(0.0, JOB, 1, deadline_s=7900.0)
    controller = core("edf", [late, soon], rows, ONBOARD)
    busy(controller, 100.0)
    ask(controller, late, soon)
    (begun,) = freed(controller, 100.0)
    assert begun.job_id == 1


@pytest.mark.parametrize(("left_s", "kind"), [(1.0, Compute), (-1.0, Close)])
def test_an_answer_must_be_ready_before_the_last_pass_ends(left_s: float, kind: type) -> None:
    """The way takes some hundredths of a second, the work 50 s."""
    job = at(0.0, JOB, 0, deadline_s=5000.0)
    rows = [(DOWN, 0, GROUND, 0.0, 800.0), (DOWN, 0, GROUND, 9e3, 9100.0)]
    controller = core("edf", [job], rows, ONBOARD)
    busy(controller, 700.0)
    ask(controller, job)
    (made,) = freed(controller, 750.0 - left_s)
    assert isinstance(made, kind)


def test_where_rules_close_every_way_nothing_is_begun() -> None:
    """Nothing known can save it: it is the last of what waits, and given up when its turn comes."""
    rule = Rule("stay", "deny", "move", "answer", "any", "any", "answers stay")
    controller = core("edf", architecture=ONBOARD, rules=(rule,))
    busy(controller, 100.0)
    ask(controller, JOB)
    (made,) = freed(controller, 100.0)
    assert isinstance(made, Close)
    assert made.reason == Cause.RULE


def test_a_short_first_stage_does_not_wait_for_other_work(work: dict[str, float]) -> None:
    slow = core("edf", architecture=ONBOARD)
    busy(slow, 300.0)
    assert isinstance(ask(slow, JOB)[0], Wait)
    work.update(screen=1.0, classify=50.0)
    quick = core("edf", architecture=ONBOARD)
    busy(quick, 300.0)
    assert isinstance(ask(quick, JOB)[0], Compute)


def test_those_ahead_are_counted_as_outcomes_so_far_led_on(work: dict[str, float]) -> None:
    work.update(screen=40.0, classify=400.0)
    jobs = [at(0.0, JOB, k) for k in range(3)]
    controller = core("edf", jobs, architecture=ONBOARD)
    ask(controller, *jobs)
    belief = controller.belief
    assert (belief.screened, belief.kept) == (0, 0)
    told(controller, Computed(40.0, 0, 0, "screen", 0.99))
    told(controller, Computed(80.0, 1, 0, "screen", 0.1))
    belief = controller.belief
    assert (belief.screened, belief.kept) == (2, 1)
    assert SCENARIO.pipeline.cloud_limit < 0.99
    assert CENTRE not in belief.given


@pytest.mark.parametrize("scheduler", FAMILY)
def test_sun_that_does_not_come_stops_new_work(scheduler: str) -> None:
    """Forecast says sun, reality is dark; who has no memory of it counts on the sun again."""
    first, second = (report(FLEET, t_s, soc) for t_s, soc in ((0.0, 0.5), (900.0, [0.35, 0.5])))
    job = at(900.0, JOB, 0, deadline_s=1e5)
    wary = core(scheduler, [job], architecture=ONBOARD, told=first)
    told(wary, second)
    (answer,) = ask(wary, job)
    assert isinstance(answer, Wait)
    assert answer.until_s > 900.0
    trusting = core(scheduler, [job], architecture=ONBOARD, told=second)
    assert isinstance(ask(trusting, job)[0], Compute)
