"""The core alone: feed events, look at what comes back."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import core_cases
from core_cases import DOWN, FLEET, GROUND, JOB
from missions import SCENARIO
from perigrid.base.architecture import BENT_PIPE, COMPARED, ONBOARD, ORBITAL, RELAY, Architecture
from perigrid.base.errors import ScenarioError
from perigrid.base.jobs import Cause, Job, Product
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
    Wait,
)
from perigrid.base.registry import SCHEDULERS
from perigrid.control.approver_model import SimulatedPeople
from perigrid.control.controller import Controller
from perigrid.control.policy.authorize import Refused
from perigrid.scenario.model import Approver, Rule, Scenario
from plug_ins import install
from scheduling_cases import contact_table, empty_outlook

SECOND = replace(JOB, job_id=1, t_capture_s=11.0)


def core(
    architecture: Architecture, scenario: Scenario = SCENARIO, jobs: Sequence[Job] = (JOB, SECOND)
) -> Controller:
    return core_cases.core(architecture, jobs, [(DOWN, 0, GROUND, 600.0, 900.0)], scenario)


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
    (close,) = actions(core(BENT_PIPE, jobs=[late]).handle([Captured(10.0, late)]))
    assert (close.delivered, close.reason) == (False, Cause.CONTACT.value)
    assert "Kiruna" in close.detail
    assert "10 min" in close.detail
    assert "8 min" in close.detail


def test_no_contact_within_what_is_known_waits() -> None:
    far = replace(JOB, deadline_s=1e6)
    controller = core(RELAY, jobs=[far])  # the only window is a downlink
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
    one, both = core(ONBOARD), core(ONBOARD)
    single = one.handle([Captured(10.0, JOB)]) + one.handle([Captured(11.0, SECOND)])
    batch = both.handle([Captured(10.0, JOB), Captured(11.0, SECOND)])
    assert [a.node for a in actions(single)] == [a.node for a in actions(batch)]
    assert len(batch) == 2


@pytest.mark.parametrize("architecture", list(COMPARED))
def test_a_fresh_one_has_nothing_booked_and_its_own_plan(architecture: Architecture) -> None:
    one, other = core(architecture).belief, core(architecture).belief
    assert one.plan.booked_bytes.sum() == 0.0
    assert one.telemetry is None
    assert one.may_migrate == (architecture is ORBITAL)
    assert other.plan is not one.plan


def test_an_unknown_scheduler_is_named() -> None:
    with pytest.raises(ScenarioError, match="oracle"):
        core(RELAY, replace(SCENARIO, scheduler="oracle"))


def test_what_is_made_of_a_built_in_scheduler_has_to_choose_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "from perigrid.control.scheduling.lookahead import Lookahead\n"
    code += "class Mine(Lookahead):\n    gain = 'it is mine'\n"
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "mine", "Mine", code)
    with pytest.raises(ScenarioError, match=r"'mine' \(Mine\) has no method choose") as told:
        core(ONBOARD, replace(SCENARIO, scheduler="mine"))
    assert told.value.problems[0].key == "scheduler"


def test_a_job_can_be_captured_only_once_and_only_if_it_is_known() -> None:
    controller = core(ONBOARD)
    controller.handle([Captured(10.0, JOB)])
    for event in (
        Captured(12.0, JOB),
        Captured(12.0, replace(SECOND, origin=1)),
        Captured(12.0, replace(JOB, job_id=7)),
        CaptureRefused(12.0, replace(JOB, job_id=-1)),
        Computed(12.0, 1, 0, "screen", 0.1),
        Computed(12.0, 99, 0, "screen", 0.1),
        Computed(12.0, 0, 10_000, "screen", 0.1),
        Computed(12.0, 0, 0, "no stage", 0.1),
        Moved(12.0, 0, -2, Product.RAW),
        MoveFailed(12.0, 0, 0, 0, "away"),
        Moved(12.0, 0, 0, Product.RAW),
        NodeFailed(12.0, 0, "corruption", wiped=False),
        NodeRepaired(12.0, -1),
    ):
        with pytest.raises(ValueError, match=r"cannot have happened|not in"):
            controller.handle([event])
    repaired = NodeRepaired(12.0, 0)
    with pytest.raises(ValueError, match="cannot have happened"):
        controller.handle([repaired, repaired])
    (classify,) = actions(controller.handle([Computed(13.0, 0, 0, "screen", 0.1)]))
    assert isinstance(classify, Compute)


def test_a_leg_that_a_way_has_not_cannot_break() -> None:
    controller = core(BENT_PIPE)
    (move,) = actions(controller.handle([Captured(10.0, JOB)]))
    with pytest.raises(ValueError, match="cannot have happened"):
        controller.handle([MoveFailed(600.0, 0, node=0, leg=len(move.legs), kind="away")])


def test_tables_that_are_too_short_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perigrid.control.controller._ROWS", 1)
    monkeypatch.setattr("perigrid.control.core.build.MOST_LATEST", 1)
    jobs = core_cases.jobs_of(*[JOB] * 40)
    controller = core(ONBOARD, replace(SCENARIO, scheduler="edf"), jobs)
    made = actions(controller.handle([Captured(10.0, job) for job in jobs]))
    assert sorted(one.job_id for one in made) == list(range(40))


def test_who_watches_sees_every_step_before_it_is_judged_and_changes_nothing() -> None:
    def flown(watch: object) -> list[object]:
        rows = [(DOWN, 0, GROUND, 600.0, 900.0)]
        outlook = replace(empty_outlook(FLEET), contacts=contact_table(rows))
        controller = Controller(rule("deny"), FLEET, outlook, BENT_PIPE, [JOB], watch=watch)
        made = controller.handle([Captured(10.0, JOB)])
        return made + controller.handle([Moved(700.0, 0, made[0].action.target, Product.RAW)])

    seen: list[Action] = []
    watched = flown(lambda _authority, action, _t_s: seen.append(action))
    assert watched == flown(None)
    assert seen == [one.action for one in watched if isinstance(one.action, Move | Compute)]
    assert len(seen) == 2
