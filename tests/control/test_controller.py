"""The core alone: feed events, look at what comes back."""

from dataclasses import replace

import pytest

from missions import SCENARIO
from perigrid.base.architecture import BENT_PIPE, ONBOARD, RELAY, Architecture
from perigrid.base.jobs import Cause, Job, Product
from perigrid.base.messages import (
    AskApproval,
    Captured,
    CaptureRefused,
    Close,
    Compute,
    Computed,
    Move,
    Moved,
    Wait,
)
from perigrid.control.approver_model import SimulatedPeople
from perigrid.control.controller import Controller
from perigrid.control.policy.authorize import Refused
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import ContactKind
from perigrid.scenario.model import Approver, Rule, Scenario
from perigrid.sim.world import build_controller
from scheduling_cases import contact_table, empty_outlook

JOB = Job(0, 0, 10.0, 9000.0, 1e8, 1.6e9, 0.5, 1.0, 3, 2)
FLEET = build_fleet(SCENARIO)
GROUND = next(row for row, place in FLEET.stations.items() if place.role == "operator")
CENTRE = next(iter(FLEET.data_centres))


def core(
    architecture: Architecture, scenario: Scenario = SCENARIO, opens_s: float = 600.0
) -> Controller:
    rows = [(ContactKind.DOWNLINK, 0, GROUND, opens_s, opens_s + 300.0)]
    outlook = replace(empty_outlook(FLEET), contacts=contact_table(rows))
    return build_controller(scenario, FLEET, outlook, architecture)


def actions(decisions: list) -> list:
    return [decision.action for decision in decisions]


def test_onboard_from_shutter_to_insight() -> None:
    controller = core(ONBOARD)
    (screen,) = actions(controller.handle([Captured(10.0, JOB)]))
    assert (screen.node, screen.stage) == (0, "screen")
    (classify,) = actions(controller.handle([Computed(12.0, 0, 0, "screen", 0.1)]))
    assert isinstance(classify, Compute)
    assert classify.stage == "classify"
    (move,) = actions(controller.handle([Computed(13.0, 0, 0, "classify", 0.1)]))
    assert isinstance(move, Move)
    assert move.product is Product.ANSWER
    assert move.legs[0].t_start_s == 600.0
    assert [leg.kind for leg in move.legs] == ["downlink", "terrestrial"]
    t_s = move.legs[-1].t_arrival_s
    (close,) = actions(controller.handle([Moved(t_s, 0, move.target, Product.ANSWER)]))
    assert close == Close(0, delivered=True, reason="", detail="answer at the centre")


def test_bent_pipe_sends_pixels_first_and_computes_on_the_ground() -> None:
    controller = core(BENT_PIPE)
    (move,) = actions(controller.handle([Captured(10.0, JOB)]))
    assert isinstance(move, Move)
    assert (move.product, move.legs[0].nbytes) == (Product.RAW, 1e8)
    (screen,) = actions(controller.handle([Moved(700.0, 0, move.target, Product.RAW)]))
    assert isinstance(screen, Compute)
    assert screen.node == move.target
    done = Computed(701.0, 0, move.target, "screen", 0.0)
    (classify,) = actions(controller.handle([done]))
    done = Computed(702.0, 0, move.target, "classify", 0.0)
    (close,) = actions(controller.handle([done]))
    assert classify.stage == "classify"
    assert close.delivered


def test_what_the_detector_saw_decides() -> None:
    limit = SCENARIO.pipeline.cloud_limit
    for seen, kept in ((limit, True), (limit + 1e-6, False)):
        controller = core(ONBOARD)
        controller.handle([Captured(10.0, JOB)])
        (action,) = actions(controller.handle([Computed(12.0, 0, 0, "screen", seen)]))
        assert isinstance(action, Compute) is kept
        if not kept:
            assert (action.delivered, action.reason) == (False, "cloud")


def test_no_contact_before_the_deadline_is_a_miss() -> None:
    late = replace(JOB, deadline_s=500.0)
    (close,) = actions(core(BENT_PIPE).handle([Captured(10.0, late)]))
    assert (close.delivered, close.reason) == (False, Cause.CONTACT.value)
    assert "Kiruna" in close.detail
    assert "10 min" in close.detail
    assert "8 min" in close.detail


def test_no_contact_within_what_is_known_waits() -> None:
    controller = core(RELAY)  # the only window is a downlink
    far = replace(JOB, deadline_s=1e6)
    (wait,) = actions(controller.handle([Captured(10.0, far)]))
    assert isinstance(wait, Wait)
    assert wait.cause is Cause.CONTACT


def test_a_refused_shutter_ends_the_job() -> None:
    (close,) = actions(core(ONBOARD).handle([CaptureRefused(10.0, JOB)]))
    assert (close.delivered, close.reason) == (False, "storage")


def rule(effect: str) -> Scenario:
    one = Rule("watch", effect, "compute", "any", "any", "any", "people watch computing")
    return replace(SCENARIO, rules=(one,))


def test_a_denied_step_is_recorded_and_ends_the_job() -> None:
    decisions = core(ONBOARD, rule("deny")).handle([Captured(10.0, JOB)])
    assert isinstance(decisions[0], Refused)
    assert (decisions[1].action.delivered, decisions[1].action.reason) == (False, "rule")


@pytest.mark.parametrize("granted", [True, False])
def test_a_reserved_step_waits_for_a_person(granted: bool) -> None:
    controller = core(ONBOARD, rule("ask"))
    (asked,) = actions(controller.handle([Captured(10.0, JOB)]))
    assert isinstance(asked, AskApproval)
    people = replace(rule("ask"), approver=Approver(99.0, grants=granted))
    after = actions(controller.handle([SimulatedPeople(people).answer(asked)]))
    if granted:
        assert after == [asked.subject]
    else:
        assert after[0] == asked  # the refusal, for the record
        assert (after[1].delivered, after[1].reason) == (False, "rule")


def test_batches_equal_single_events() -> None:
    second = replace(JOB, job_id=1, t_capture_s=11.0)
    one, both = core(ONBOARD), core(ONBOARD)
    single = one.handle([Captured(10.0, JOB)]) + one.handle([Captured(11.0, second)])
    batch = both.handle([Captured(10.0, JOB), Captured(11.0, second)])
    assert [a.node for a in actions(single)] == [a.node for a in actions(batch)]
    assert len(batch) == 2
