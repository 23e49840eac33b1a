"""People are asked about acts that are alike at once, and grant what they were asked about."""

from dataclasses import replace

import pytest

from perigrid.base.digest import action_hash
from perigrid.base.messages import (
    AskApproval,
    Close,
    Computed,
    Move,
    Moved,
    TimerRang,
    Wait,
    jobs_of,
)
from perigrid.control.approver_model import SimulatedPeople
from perigrid.control.core.codes import ASK_EVERY_S
from perigrid.control.oversight import approval_context
from routed_cases import FIRST, FLEET, Routed, asked, routed, scenario_of

RULE = (
    "rules=[{id: hand, reason: so, form: approve, action: move, product: answer, to_country: US}]"
)
ONE = "approvers=[{name: ada, role: pilot, delay_minutes: 1, grants_share: 1}]"
NOBODY = "approvers=[{name: ada, role: pilot, delay_minutes: 1, grants_share: 0}]"
ENDS_S = 71.0
ASKED_S = 90.0


def asking(*changes: str, count: int = 3) -> tuple[Routed, AskApproval, list[object]]:
    """Jobs computed at the same time, of whose answers people are asked."""
    case = routed(asked(FLEET, count), scenario=scenario_of(RULE, "scheduler=fifo", *changes))
    moves = case.taken(range(count))
    begun = case.told(
        *(Moved(one.legs[-1].t_arrival_s, one.job_id, one.target, one.product) for one in moves)
    )
    waits = case.told(*(Computed(ENDS_S, one.job_id, one.node, one.stage, None) for one in begun))
    assert {(type(one), one.until_s, one.cause) for one in waits} == {(Wait, ASKED_S, "rule")}
    said = case.told(*(TimerRang(ASKED_S, number) for number in range(count)))
    (ask,) = [one for one in said if isinstance(one, AskApproval)]
    return case, ask, said


def answered(case: Routed, ask: AskApproval, *changes: str):
    """What is decided when people have answered; and when that is."""
    event = SimulatedPeople(scenario_of(RULE, "scheduler=fifo", *changes)).answer(ask)
    decisions = case.controller.handle([replace(event, job_id=job) for job in event.jobs])
    return event.t_s, decisions


def test_one_request_names_every_act():
    case, ask, said = asking(ONE)
    assert said == [ask]
    holders = case.core.jobs["holder"].tolist()
    assert ask.acts == tuple((job, holders[job], FIRST) for job in range(3))
    assert (ask.job_id, ask.subject.target, jobs_of(ask)) == (0, FIRST, (0, 1, 2))
    context = approval_context(scenario_of(RULE, "scheduler=fifo", ONE))
    assert ask.subject_hash == action_hash(ask, context)
    fewer = replace(ask, acts=ask.acts[:2])
    assert action_hash(fewer, context) != ask.subject_hash
    assert action_hash(ask.subject, context) != ask.subject_hash


def test_one_signature_lets_every_act_be_done():
    case, ask, _ = asking(ONE)
    _, decisions = answered(case, ask, ONE)
    assert [type(one.action) for one in decisions] == [Move] * 3
    assert sorted(one.action.job_id for one in decisions) == [0, 1, 2]
    assert {(one.verdict.decision, one.verdict.rule) for one in decisions} == {
        ("allow", "approval")
    }


def test_a_refusal_ends_every_job_that_was_asked_about():
    case, ask, _ = asking(NOBODY)
    _, decisions = answered(case, ask, NOBODY)
    noted = [one for one in decisions if isinstance(one.action, AskApproval)]
    assert [(one.verdict.rule, one.action.acts) for one in noted] == [("approval:refused", ())]
    closed = [one.action for one in decisions if one not in noted]
    assert [(type(one), one.reason) for one in closed] == [(Close, "rule")] * 3


@pytest.mark.parametrize("changed", ["asked_from", "asked_to", "asked_rule", "evidence"])
def test_what_people_were_not_asked_about_is_not_granted(changed):
    case, ask, _ = asking(ONE)
    if changed == "evidence":
        case.controller._people._together.pending[1].done[1] = 0
    else:
        case.core.jobs[changed][1] += 1
    t_s, decisions = answered(case, ask, ONE)
    assert t_s % ASK_EVERY_S == 0.0
    actions = {one.action.job_id: one.action for one in decisions}
    assert [type(actions[job]) for job in range(3)] == [Move, AskApproval, Move]
    assert jobs_of(actions[1]) == (1,)


def test_a_job_that_came_later_is_asked_about_itself():
    case = routed(asked(FLEET, 2), scenario=scenario_of(RULE, ONE))
    moves = case.taken(range(2))
    case.told(*(Moved(11.0, one.job_id, one.target, one.product) for one in moves))
    where = [one.target for one in moves]
    stage = case.controller._words.pipeline.names[0]
    case.told(Computed(ENDS_S, 0, where[0], stage, None))
    (first,) = case.told(TimerRang(ASKED_S, 0))
    assert first.acts == ((0, where[0], FIRST),)
    case.told(Computed(ASKED_S + 1.0, 1, where[1], stage, None))
    _, decisions = answered(case, first, ONE)
    assert [(type(one.action), one.action.job_id) for one in decisions] == [(Move, 0)]
    t_s = decisions[0].action.legs[0].t_start_s
    (ask,) = case.told(TimerRang(120.0, 1)) if t_s < 120.0 else case.told(TimerRang(t_s, 1))
    assert not isinstance(ask, Move)
