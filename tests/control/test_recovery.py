"""What the core does about faults, by hand: events in, actions out."""

from __future__ import annotations

from dataclasses import replace

import pytest

import core_cases
from core_cases import CROSS, DOWN, FLEET, GROUND, JOB, fill, report, told
from missions import SCENARIO
from perigrid.base.architecture import BENT_PIPE, ONBOARD, ORBITAL, Architecture
from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import (
    Action,
    AskApproval,
    Captured,
    CaptureRefused,
    Close,
    Compute,
    Computed,
    Move,
    Moved,
    MoveFailed,
    NodeFailed,
    NodeRepaired,
    TaskLost,
    TimerRang,
    Wait,
)
from perigrid.control.approver_model import SimulatedPeople
from perigrid.control.controller import Controller
from perigrid.scenario.faults import Faults, Recovery
from perigrid.scenario.model import Rule, Scenario
from perigrid.scenario.oversight import Oversight, PersonModel, PlannedOrder, Terms

SECOND = replace(JOB, job_id=1)
FAULTS = Faults(crash_between_s=3600.0, crash_repair_s=400.0, station_between_s=1.0)

ASKED = replace(
    SCENARIO,
    rules=(Rule("ask", "ask", "compute", "any", "any", "any", "people look at models"),),
    oversight=Oversight(terms=Terms(valid_s=1000.0)),
)
"""A person is asked about every stage, and grants it for a while."""


def core(
    architecture: Architecture = ORBITAL,
    scenario: Scenario = SCENARIO,
    third: bool = False,
    faults: Faults = FAULTS,
    **policy: object,
) -> Controller:
    scenario = replace(scenario, faults=faults, recovery=Recovery(**policy))
    rows = [
        (DOWN, 0, GROUND, 600.0, 900.0),
        (DOWN, 0, GROUND, 2000.0, 2300.0),
        (CROSS, 0, 1, 0.0, 9000.0),
        (CROSS, 1, 0, 0.0, 9000.0),
    ]
    if third:
        rows += [(CROSS, *pair, 0.0, 9000.0) for pair in ((0, 2), (2, 0))]
    return core_cases.core(architecture, (JOB, SECOND), rows, scenario)


def crashed(controller: Controller, t_s: float = 11.0) -> list[Action]:
    told(controller, Captured(10.0, JOB))
    return told(
        controller,
        NodeFailed(t_s, 0, "crash", wiped=False),
        TaskLost(t_s, 0, 0, "screen", 0.0),
    )


def test_a_job_of_a_crashed_satellite_waits_until_it_is_back() -> None:
    controller = core(on_failure="retry-same")
    (wait,) = crashed(controller)
    assert isinstance(wait, Wait)
    assert (wait.cause, wait.until_s) == (Cause.FAULT, 11.0 + 400.0 / 4.0)
    (again,) = told(controller, TimerRang(111.0, 0))
    assert isinstance(again, Wait)
    told(controller, NodeRepaired(150.0, 0))
    (compute,) = told(controller, TimerRang(211.0, 0))
    assert isinstance(compute, Compute)
    assert (compute.node, compute.stage) == (0, "screen")


def test_or_its_pixels_go_elsewhere_once_they_can() -> None:
    controller = core(on_failure="elsewhere")
    crashed(controller)
    told(controller, NodeRepaired(100.0, 0))
    (move,) = told(controller, TimerRang(111.0, 0))
    assert isinstance(move, Move)
    assert (move.product, move.source, move.target) == (Product.RAW, 0, 1)
    assert not controller.belief.storage.has_room(1, FLEET.groups[0].storage_bytes)


@pytest.mark.parametrize("thinks_s", [20.0, 500.0])
def test_pixels_still_go_elsewhere_once_a_person_allowed_it(thinks_s: float) -> None:
    """People are asked whether pixels may leave a satellite that failed, and are heard."""
    rule = Rule("ask", "ask", "move", "raw", "any", "any", "people look at transfers")
    scenario = replace(ASKED, rules=(rule,))
    controller = core(scenario=scenario, third=True, on_failure="elsewhere")
    crashed(controller)
    told(controller, NodeRepaired(100.0, 0))
    (asked,) = told(controller, TimerRang(111.0, 0))
    assert isinstance(asked, AskApproval)
    assert isinstance(asked.subject, Move)
    assert asked.subject.target == 1
    # Meanwhile another would be quicker; people were asked about this one.
    controller.belief.busy_until_s[1] = 2000.0
    answer = SimulatedPeople(ASKED).answer(asked)
    (move,) = told(controller, replace(answer, t_s=max(answer.t_s, 111.0 + thinks_s)))
    assert isinstance(move, Move)
    assert (move.product, move.source, move.target) == (Product.RAW, 0, 1)


def test_a_stop_only_puts_off_that_pixels_go_elsewhere() -> None:
    people = (PersonModel("person-1", "pilot", 60.0),)
    stop = PlannedOrder("stop", "person-1", 105.0, 100.0, (), "smoke")
    scenario = replace(SCENARIO, oversight=Oversight(people, orders=(stop,)))
    controller = core(scenario=scenario, on_failure="elsewhere")
    crashed(controller)
    told(controller, NodeRepaired(100.0, 0), *SimulatedPeople(scenario).opening())
    refused, wait = told(controller, TimerRang(111.0, 0))
    assert isinstance(refused, Move)
    assert isinstance(wait, Wait)
    (move,) = told(controller, TimerRang(wait.until_s, 0))
    assert isinstance(move, Move)
    assert (move.product, move.target) == (Product.RAW, 1)
    told(controller, Moved(move.legs[-1].t_arrival_s, 0, 1, Product.RAW))
    (screen,) = told(controller, Computed(move.legs[-1].t_arrival_s + 1.0, 0, 1, "screen", 0.1))
    assert (screen.node, screen.stage) == (1, "classify"), "nothing has to be left any more"


@pytest.mark.parametrize("why", ["placement", "room", "away"])
def test_nowhere_else_is_home_again(why: str) -> None:
    controller = core(ONBOARD if why == "placement" else ORBITAL)
    crashed(controller)
    if why == "room":
        fill(controller.belief, 1)
    if why == "away":
        told(controller, NodeFailed(90.0, 1, "crash", wiped=False))
    told(controller, NodeRepaired(100.0, 0))
    (compute,) = told(controller, TimerRang(111.0, 0))
    if why == "away":  # which shows when it is sent to
        assert isinstance(compute, Move)
        (compute,) = told(controller, MoveFailed(111.0, 0, 0, 0, "away"))
    assert isinstance(compute, Compute)
    assert compute.node == 0


def test_a_stage_is_begun_again_only_so_often() -> None:
    controller = core(ONBOARD, retries=1)
    crashed(controller)
    told(controller, NodeRepaired(50.0, 0), TimerRang(51.0, 0))
    (close,) = told(
        controller,
        NodeFailed(60.0, 0, "crash", wiped=False),
        TaskLost(60.0, 0, 0, "screen", 0.0),
    )
    assert isinstance(close, Close)
    assert (close.delivered, close.reason) == (False, "fault")


@pytest.mark.parametrize(
    ("policy", "stage"),
    [("recompute", "screen"), ("accept", "classify")],
)
def test_a_suspect_result_is_computed_again_or_taken(policy: str, stage: str) -> None:
    controller = core(on_suspicion=policy)
    told(controller, Captured(10.0, JOB))
    done = Computed(12.0, 0, 0, "screen", 0.1, suspect=True)
    (compute,) = told(controller, done)
    assert isinstance(compute, Compute)
    assert (compute.stage, compute.node) == (stage, 0)


def test_a_satellite_that_is_suspect_twice_gets_no_more_jobs_for_a_while() -> None:
    controller = core(ONBOARD, quarantine_after=2, quarantine_s=1000.0)
    told(controller, Captured(10.0, JOB))
    suspect = Computed(12.0, 0, 0, "screen", 0.1, suspect=True)
    told(controller, suspect)
    (wait,) = told(controller, replace(suspect, t_s=14.0))
    assert isinstance(wait, Wait)
    assert (wait.cause, wait.until_s) == (Cause.FAULT, 1014.0)
    assert controller._core.con["quarantines"] == 1
    (other,) = told(controller, Captured(20.0, SECOND))
    assert isinstance(other, Wait)
    (compute,) = told(controller, TimerRang(1014.0, 0))
    assert isinstance(compute, Compute)


def test_a_suspect_answer_keeps_its_pixels_until_it_is_sent() -> None:
    controller = core(ONBOARD, on_suspicion="accept")
    told(controller, Captured(10.0, JOB))
    told(controller, Computed(12.0, 0, 0, "screen", 0.1))
    told(controller, Computed(13.0, 0, 0, "classify", 0.1, suspect=True))
    assert controller.belief.storage.held_bytes[0] == 0.0, "it was sent at once"


def answered(controller: Controller) -> Move:
    told(controller, Captured(10.0, JOB))
    told(controller, Computed(12.0, 0, 0, "screen", 0.1))
    (move,) = told(controller, Computed(13.0, 0, 0, "classify", 0.1))
    assert isinstance(move, Move)
    return move


def test_a_move_that_failed_is_planned_again_after_the_outage() -> None:
    controller = core(ONBOARD)
    move = answered(controller)
    assert move.legs[0].t_start_s == 600.0
    told(controller, NodeFailed(500.0, GROUND, "station", wiped=False))
    # in the mean a station is out for an hour: both windows would be over by then
    (wait,) = told(controller, MoveFailed(600.0, 0, 0, 0, "away"))
    assert isinstance(wait, Wait)
    assert (wait.cause, wait.until_s) == (Cause.FAULT, 600.0 + 3600.0 / 4.0)
    told(controller, NodeRepaired(1400.0, GROUND))
    (again,) = told(controller, TimerRang(1500.0, 0))
    assert isinstance(again, Move)
    assert again.legs[0].t_start_s == 2000.0


def test_a_station_that_is_soon_back_is_planned_with() -> None:
    controller = core(ONBOARD, faults=replace(FAULTS, station_repair_s=60.0))
    answered(controller)
    told(controller, NodeFailed(590.0, GROUND, "station", wiped=False))
    (again,) = told(controller, MoveFailed(600.0, 0, 0, 0, "away"))
    assert isinstance(again, Move)
    assert again.legs[0].t_start_s == 660.0


def test_the_booking_of_a_failed_move_is_free_for_others() -> None:
    controller = core(ONBOARD)
    move = answered(controller)
    told(controller, MoveFailed(600.0, 0, 0, 0, "away"))
    booked = controller.belief.plan.booked_bytes.sum()
    assert booked == pytest.approx(move.legs[0].nbytes), "only the second try is booked"


def test_what_a_lost_satellite_held_is_missed_once_it_is_not_heard() -> None:
    controller = core(ONBOARD, quarantine_after=1)
    told(controller, Captured(10.0, JOB))
    told(controller, Computed(12.0, 0, 0, "screen", 0.1, suspect=True))  # it waits
    assert told(controller, NodeFailed(20.0, 0, "loss", wiped=True)) == []
    assert told(controller, report(FLEET, 300.0)) == [], "it is below the horizon"
    (close,) = told(controller, report(FLEET, 600.0))
    assert close == Close(
        0, delivered=False, reason="fault", detail="what it had was lost with its satellite"
    )
    assert controller.belief.storage.held_bytes[0] == 0.0
    assert told(controller, NodeFailed(630.0, 1, "loss", wiped=True)) == []


def test_a_shutter_that_stayed_shut_is_a_miss_by_a_fault() -> None:
    (close,) = told(core(), CaptureRefused(10.0, JOB, Cause.FAULT))
    assert isinstance(close, Close)
    assert (close.reason, close.detail) == ("fault", "the satellite was away at the shutter")


def test_a_node_that_fails_while_a_person_thinks_does_nothing_until_it_is_back() -> None:
    controller = core(scenario=ASKED)
    (asked,) = told(controller, Captured(10.0, JOB))
    assert isinstance(asked, AskApproval)
    answer = SimulatedPeople(ASKED).answer(asked)
    assert answer.granted
    told(controller, NodeFailed(11.0, 0, "crash", wiped=False))
    (wait,) = told(controller, answer)
    assert isinstance(wait, Wait)
    assert wait.cause is Cause.FAULT
    told(controller, NodeRepaired(answer.t_s + 1.0, 0))
    (compute,) = told(controller, TimerRang(wait.until_s, 0))
    assert isinstance(compute, Compute), "what was granted holds"


def test_a_stage_that_crashes_again_and_again_is_asked_about_each_time() -> None:
    controller = core(scenario=ASKED, on_failure="retry-same", retries=100)
    people = SimulatedPeople(ASKED)
    (asked,) = told(controller, Captured(10.0, JOB))
    for _ in range(5):
        assert isinstance(asked, AskApproval)
        answer = people.answer(asked)
        (compute,) = told(controller, answer)
        assert isinstance(compute, Compute)
        t_s = asked.expires_s + 1.0
        (asked,) = told(controller, TaskLost(t_s, 0, 0, "screen", 0.0))


def test_a_move_that_failed_gives_back_what_it_did_not_send() -> None:
    controller = core(ONBOARD)
    move = answered(controller)
    leg = move.legs[0]
    half_s = 0.5 * (leg.t_start_s + leg.t_end_s)
    (again,) = told(controller, MoveFailed(half_s, 0, 0, 0, "away"))
    assert isinstance(again, Move)
    assert again.legs[0].t_start_s == half_s, "the window is free from then on"
    booked = controller.belief.plan.booked_bytes.sum()
    assert booked == pytest.approx(1.5 * leg.nbytes)


def test_a_gap_before_later_bookings_is_filled() -> None:
    rows = [(DOWN, 0, GROUND, 600.0, 900.0)]
    jobs = core_cases.jobs_of(JOB, JOB, JOB)
    controller = core_cases.core(BENT_PIPE, jobs, rows)
    first, second = told(controller, *(Captured(10.0, job) for job in jobs[:2]))
    (again,) = told(controller, MoveFailed(500.0, 0, 0, 0, "acquisition"))
    assert isinstance(again, Wait | Close), "a contact that never locked is planned with no more"
    controller = core_cases.core(BENT_PIPE, jobs, rows)
    first, second = told(controller, *(Captured(10.0, job) for job in jobs[:2]))
    assert second.legs[0].t_start_s == first.legs[0].t_end_s
    (again,) = told(controller, MoveFailed(500.0, 0, 0, 0, "away"))
    assert again.legs[0].t_start_s == first.legs[0].t_start_s
    (third,) = told(controller, Captured(510.0, jobs[2]))
    assert third.legs[0].t_start_s == second.legs[0].t_end_s


def test_a_contact_that_failed_is_shut_in_both_directions() -> None:
    controller = core(ORBITAL, third=False)
    crashed(controller)
    told(controller, NodeRepaired(100.0, 0))
    (move,) = told(controller, TimerRang(111.0, 0))
    assert move.legs[0].kind == "crosslink"
    told(controller, MoveFailed(112.0, 0, 0, 0, "acquisition"))
    belief, nodes = controller.belief, controller.belief.open_nodes(0, Product.RAW)
    assert 1 not in belief.plan.to_nodes(0, 112.0, 1.0, nodes)
    assert 0 not in belief.plan.to_nodes(1, 112.0, 1.0, nodes)
