"""Every denial that is asked for, through the controller and as it stands in the record."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from approval_cases import (
    ASK,
    DIRECTOR,
    FLEET,
    GROUND,
    JOB,
    LATE,
    MISSION,
    OFFICER,
    OVERSIGHT,
    REVOKED,
    TWO,
    Flight,
    core,
    grant,
    key_of,
    outlook_of,
    stop,
)
from perigrid.base.approvals import REFUSE, Envelope
from perigrid.base.jobs import Product
from perigrid.base.messages import (
    AskApproval,
    AuthorityExpired,
    Captured,
    Close,
    Compute,
    Computed,
    EnvelopeAnswered,
    Leg,
    Move,
    Ordered,
    TimerRang,
    Verdict,
    Wait,
)
from perigrid.control.approver_model import SimulatedPeople
from perigrid.control.policy.approval.authority import LOOK_AGAIN_S, TOO_EARLY
from perigrid.control.policy.approval.envelope import Facts
from perigrid.control.policy.approval.signed import envelope_hash, sign
from perigrid.control.policy.authorize import Authorized, Refused
from perigrid.scenario.model import PolicyFile
from perigrid.scenario.oversight import Oversight

SOON = Facts("compute", "raw", (), (), 0.0, 0.0, (), 0.0, 0.0, 0.0, 0.0)


def unknown() -> Facts:
    raise AssertionError("nobody lends and nobody signed an envelope: no facts are needed")


def test_two_people_in_both_roles_let_the_very_action_pass(fly: Callable[..., Flight]) -> None:
    flight = fly()
    asked = flight.capture()
    both = grant(asked, DIRECTOR), grant(asked, OFFICER)
    (decision,) = flight.answer(99.0, *both)
    assert decision.action == asked.subject
    assert isinstance(decision, Authorized)
    assert decision.expires_s == asked.expires_s
    assert flight.denials() == []


def forged(asked: AskApproval) -> list:
    """One honest approval with a second that must not count, and why."""
    honest = grant(asked, DIRECTOR)
    again = replace(honest, nonce="other")
    other = replace(asked, subject_hash="0" * 64)
    stranger = replace(OFFICER, name="stranger")
    early, late = asked.asked_s - 1.0, asked.asked_s + 31.0
    return [
        ("same-person", honest, sign(again, key_of(DIRECTOR))),
        ("replayed", honest, honest),
        ("expired", honest, grant(asked, OFFICER, expires_s=late)),
        ("expired", honest, grant(asked, OFFICER, signed_at_s=early)),
        ("altered", honest, replace(grant(asked, OFFICER), expires_s=asked.expires_s - 1.0)),
        ("altered", honest, replace(grant(asked, OFFICER), signature="00" * 64)),
        ("altered", honest, replace(grant(asked, OFFICER), signature="no hex")),
        ("not-asked", honest, grant(other, OFFICER)),
        ("stale-evidence", honest, grant(asked, OFFICER, evidence="0" * 64)),
        ("unknown-key", honest, grant(asked, stranger)),
        ("revoked-key", honest, grant(asked, REVOKED)),
        ("wrong-role", honest, grant(asked, OFFICER, role="cook")),
        ("too-long", honest, grant(asked, OFFICER, expires_s=asked.expires_s + 1.0)),
        ("not-yet", honest, grant(asked, OFFICER, signed_at_s=100.0)),
        ("refused", honest, grant(asked, OFFICER, answer=REFUSE)),
        ("no-quorum", honest),
        ("no-quorum",),
    ]


@pytest.mark.parametrize("number", range(17))
def test_what_must_not_count_is_denied_recorded_and_not_done(
    fly: Callable[..., Flight], number: int
) -> None:
    flight = fly()
    why, *approvals = forged(flight.capture())[number]
    decisions = flight.answer(99.0, *approvals)
    assert not any(isinstance(one.action, (Compute, Move)) for one in decisions)
    close = decisions[-1].action
    assert isinstance(close, Close)
    assert (close.delivered, close.reason) == (False, "rule")
    assert flight.denials() == [f"approval:{why}"]


def test_an_approval_replayed_for_another_job_is_denied(fly: Callable[..., Flight]) -> None:
    flight = fly()
    asked = flight.capture()
    both = grant(asked, DIRECTOR), grant(asked, OFFICER)
    flight.answer(99.0, *both)
    second = replace(JOB, job_id=1, t_capture_s=100.0)
    flight.handle(Captured(100.0, second))
    event = SimulatedPeople(MISSION).answer(asked)
    decisions = flight.handle(replace(event, t_s=130.0, job_id=1, approvals=both))
    assert not any(isinstance(one.action, Compute) for one in decisions)
    assert flight.denials() == ["approval:replayed"] * 2


def test_approval_of_one_stage_is_none_of_the_next(fly: Callable[..., Flight]) -> None:
    flight = fly()
    asked = flight.capture()
    flight.answer(99.0, grant(asked, DIRECTOR), grant(asked, OFFICER))
    (again,) = flight.handle(Computed(100.0, 0, 0, "screen", 0.1))
    assert isinstance(again.action, AskApproval)
    assert again.action.subject.stage == "classify"
    assert again.action.evidence != asked.evidence


def test_after_its_expiry_an_approved_action_is_asked_anew(fly: Callable[..., Flight]) -> None:
    flight = fly()
    asked = flight.capture()
    flight.answer(99.0, grant(asked, DIRECTOR), grant(asked, OFFICER))
    (again,) = flight.handle(AuthorityExpired(asked.expires_s, 0, 0))
    assert isinstance(again.action, AskApproval)
    assert again.action.asked_s == asked.expires_s


def test_people_are_not_asked_before_their_approval_could_last() -> None:
    authority = core(replace(MISSION, rules=(replace(ASK, action="move"),)))._people.authority
    authority.gate.learn([Captured(10.0, JOB)])
    valid_s = TWO.valid_s

    def down(begins_s: float) -> Move:
        leg = Leg(0, "downlink", 0, GROUND, 200.0, begins_s, begins_s, 1e9, 1e9, 1e8)
        return Move(0, Product.RAW, 0, GROUND, (leg,), "")

    asked = authority.decide(down(200.0 + 0.9 * valid_s), 200.0, unknown, lambda: "seen")
    assert isinstance(asked.action, AskApproval)
    held = authority.decide(down(200.0 + 3.0 * valid_s), 200.0, unknown, lambda: "seen")
    assert isinstance(held, Refused)
    assert held.verdict.rule == TOO_EARLY
    assert authority.look_again_s(held, 200.0) == pytest.approx(200.0 + 2.5 * valid_s)


def test_a_stop_holds_what_is_not_safe_until_it_ends_or_is_lifted(
    fly: Callable[..., Flight],
) -> None:
    late = replace(JOB, t_capture_s=30.0)
    flight = fly(replace(MISSION, rules=()), None, late)
    (noted,) = flight.handle(Ordered(20.0, stop()))
    assert noted.verdict.rule == "stop"
    refused, wait = flight.handle(Captured(30.0, late))
    assert not refused.may_run
    assert isinstance(refused.action, Compute)
    assert wait.action.until_s == 30.0 + LOOK_AGAIN_S
    lifted = stop(kind="resume", nonce="2", issued_s=40.0)
    flight.handle(Ordered(40.0, lifted))
    (screen,) = flight.handle(TimerRang(wait.action.until_s, 0))
    assert isinstance(screen.action, Compute)
    assert flight.denials() == ["stop"]


@pytest.mark.parametrize(
    ("nodes", "kind", "held"),
    [
        ((FLEET.groups[0].name,), "crosslink", True),
        ((FLEET.relays.name,), "crosslink", False),
        ((FLEET.relays.name,), "relay", True),
        ((FLEET.names[FLEET.n_satellites + 7],), "relay", True),  # one that it may cross
        ((FLEET.names[1],), "relay", False),
    ],
)
def test_a_stop_of_a_group_or_of_what_a_way_may_cross_holds_it(nodes, kind: str, held: bool):
    authority = core()._people.authority
    authority.intake.told(Ordered(20.0, stop(nodes=nodes)))
    leg = Leg(0, kind, 0, GROUND, 30.0, 30.0, 40.0, 50.0, 50.1, 1e6)
    move = Move(0, Product.RAW, 0, GROUND, (leg,), "")
    decision = authority.decide(move, 30.0, unknown, str)
    assert (decision.verdict.rule == "stop") is held


def test_only_a_rule_that_read_the_clock_is_waited_for():
    text = (
        '@id("night") forbid (principal, action == Action::"process", resource) '
        "when { context.now_s < 500 };"
    )
    governance = replace(MISSION.governance, policies=(PolicyFile("law/night.cedar", text),))
    authority = core(replace(MISSION, governance=governance))._people.authority
    stage = Compute(0, 0, "screen", "")
    for rule, again_s in (("night", 500.0), ("grant:none", None), ("override", None)):
        refused = Refused(stage, Verdict("deny", rule, ""))
        assert authority.look_again_s(refused, 30.0) == again_s


def test_a_stop_by_nobody_who_may_is_denied(fly: Callable[..., Flight]) -> None:
    only_officers = replace(OVERSIGHT.terms, order_roles=("safety-officer",))
    mission = replace(MISSION, rules=(), oversight=replace(OVERSIGHT, terms=only_officers))
    flight = fly(mission)
    honest = stop(OFFICER)
    flight.handle(Ordered(20.0, stop()))
    flight.handle(Ordered(21.0, replace(honest, nodes=("sso-0",))))
    flight.handle(Ordered(2000.0, honest))
    flight.handle(Ordered(10.0, honest))
    wanted = ["wrong-role", "altered", "expired"]
    assert flight.denials()[:3] == [f"approval:{why}" for why in wanted]


def test_an_override_outweighs_what_rules_and_people_allow(fly: Callable[..., Flight]) -> None:
    flight = fly()
    asked = flight.capture()
    veto = stop(kind="override", subject=asked.subject_hash)
    flight.handle(Ordered(50.0, veto))
    decisions = flight.answer(99.0, grant(asked, DIRECTOR), grant(asked, OFFICER))
    assert isinstance(decisions[-1].action, Close)
    assert flight.denials() == ["override"]


ALONE = replace(MISSION, rules=(), oversight=replace(OVERSIGHT, autonomy_s=500.0))


def test_out_of_leave_only_safe_acts_pass(fly: Callable[..., Flight]) -> None:
    flight = fly(ALONE, outlook_of((0, 0.0, 50.0), (0, 3000.0, 3300.0)))
    (screen,) = flight.handle(Captured(10.0, JOB))
    assert screen.expires_s == 550.0
    refused, wait = flight.handle(Computed(600.0, 0, 0, "screen", 0.1))
    assert refused.verdict.rule == "safe-mode"
    assert isinstance(wait.action, Wait)
    assert wait.action.until_s == 3000.0
    (classify,) = flight.handle(TimerRang(3000.0, 0))
    assert isinstance(classify.action, Compute)
    assert flight.denials() == ["safe-mode"]


def test_an_approved_downlink_is_safe_without_leave(fly: Callable[..., Flight]) -> None:
    flight = fly(ALONE, outlook_of((0, 0.0, 50.0), (0, 3000.0, 3300.0)))
    flight.handle(Captured(10.0, JOB))
    flight.handle(Computed(500.0, 0, 0, "screen", 0.1))
    (down,) = flight.handle(Computed(700.0, 0, 0, "classify", 0.1))
    assert isinstance(down.action, Move)
    assert down.action.product is Product.ANSWER
    assert flight.denials() == []


def envelope(**changes: object) -> Envelope:
    base = Envelope(
        "day", ("compute",), ("raw",), (), (), (), None, 0.0, 5000.0, 1.0, -1.0, -1.0, 2,
        ("flight-director", "safety-officer"),
    )  # fmt: skip
    return replace(base, **changes)


def enveloped(bounds: Envelope) -> tuple:
    mission = replace(MISSION, oversight=replace(OVERSIGHT, envelopes=(bounds,)))
    (answer,) = SimulatedPeople(mission).opening()
    return mission, answer


def test_inside_an_envelope_nobody_is_asked_until_it_is_used_up(fly: Callable[..., Flight]) -> None:
    mission, answer = enveloped(envelope())
    flight = fly(mission, None, LATE)
    (noted,) = flight.handle(answer)
    assert noted.verdict.reason == "envelope day is in force"
    (screen,) = flight.handle(Captured(200.0, LATE))
    assert isinstance(screen.action, Compute)
    assert screen.expires_s == 5000.0
    (asked,) = flight.handle(Computed(210.0, 0, 0, "screen", 0.1))
    assert isinstance(asked.action, AskApproval)
    assert flight.denials() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"actions": ("move",)},
        {"products": ("answer",)},
        {"nodes": ("nowhere",)},
        {"from_s": 300.0},
        {"until_s": 150.0},
        {"count": 0.0},
        {"energy_j": 0.0},
        {"territories": ("SE",)},
    ],
)
def test_outside_an_envelope_people_are_asked(fly: Callable[..., Flight], changes: dict) -> None:
    mission, answer = enveloped(envelope(**changes))
    flight = fly(mission, None, LATE)
    flight.handle(answer)
    (asked,) = flight.handle(Captured(200.0, LATE))
    assert isinstance(asked.action, AskApproval)


def test_an_envelope_signed_by_one_is_none(fly: Callable[..., Flight]) -> None:
    mission, answer = enveloped(envelope())
    flight = fly(mission, None, LATE)
    flight.handle(EnvelopeAnswered(answer.t_s, "day", answer.approvals[:1]))
    asked = flight.capture(LATE)
    assert asked.subject_hash != envelope_hash(envelope())
    assert flight.denials()[0] == "approval:no-quorum"


def test_a_changed_plan_is_asked_about_anew(fly: Callable[..., Flight]) -> None:
    """The approved way never opens again; the new one touches another station."""
    stations = [row for row, one in FLEET.stations.items() if one.role == "operator"]
    ask = replace(ASK, action="move")
    mission = replace(MISSION, rules=(ask,), oversight=Oversight())
    rows = [(0, 300.0 + 100.0 * n, 310.0 + 100.0 * n) for n in range(8)]
    outlook = outlook_of(*rows)
    outlook.contacts.target[0] = stations[0]
    outlook.contacts.target[1:] = stations[1]
    flight = fly(mission, outlook)
    flight.handle(Captured(10.0, JOB))
    flight.handle(Computed(20.0, 0, 0, "screen", 0.1))
    (first,) = flight.handle(Computed(30.0, 0, 0, "classify", 0.1))
    assert isinstance(first.action, AskApproval)
    people = SimulatedPeople(mission)
    answer = replace(people.answer(first.action), t_s=350.0)  # the first station is gone
    (second,) = flight.handle(answer)
    assert isinstance(second.action, AskApproval)
    assert second.action.subject_hash != first.action.subject_hash
    (move,) = flight.handle(people.answer(second.action))
    assert isinstance(move.action, Move)


def test_an_approved_way_is_not_asked_about_again_for_what_was_weighed_beside_it(
    fly: Callable[..., Flight],
) -> None:
    """Planned again over the approved nodes, a move has no alternatives; the first one had."""
    stations = [row for row, one in FLEET.stations.items() if one.role == "operator"]
    mission = replace(MISSION, rules=(replace(ASK, action="move"),), oversight=Oversight())
    outlook = outlook_of((0, 300.0, 310.0), (0, 400.0, 410.0))
    outlook.contacts.target[:] = stations[:2]
    flight = fly(mission, outlook)
    flight.handle(Captured(10.0, JOB))
    flight.handle(Computed(20.0, 0, 0, "screen", 0.1))
    (asked,) = flight.handle(Computed(30.0, 0, 0, "classify", 0.1))
    assert isinstance(asked.action, AskApproval)
    assert asked.action.subject.alternatives
    (move,) = flight.handle(replace(SimulatedPeople(mission).answer(asked.action), t_s=60.0))
    assert isinstance(move.action, Move)
    assert move.action.legs == tuple(
        replace(leg, t_ready_s=60.0) if number == 0 else leg
        for number, leg in enumerate(asked.action.subject.legs)
    )


def test_facts_are_gathered_once_a_decision_and_anew_for_the_next() -> None:
    bounds = envelope(id="elsewhere", nodes=("nowhere",)), envelope()
    mission = replace(MISSION, oversight=replace(OVERSIGHT, envelopes=bounds))
    authority = core(mission)._people.authority
    authority.gate.learn([Captured(10.0, JOB)])
    for answer in SimulatedPeople(mission).opening():
        assert isinstance(answer, EnvelopeAnswered)
        authority.intake.told(replace(answer, t_s=200.0))
    gathered: list[str] = []
    stage = Compute(0, 0, "screen", "")

    def facts(product: str) -> Facts:
        gathered.append(product)
        return replace(SOON, product=product)

    asked = authority.decide(stage, 210.0, partial(facts, "answer"), lambda: "seen").action
    assert isinstance(asked, AskApproval)
    assert asked.evidence == "seen"
    changed = authority.decide(stage, 210.0, partial(facts, "answer"), lambda: "changed").action
    assert isinstance(changed, AskApproval)
    assert changed.evidence == "changed"
    assert authority.decide(stage, 210.0, partial(facts, "raw"), lambda: "seen").action == stage
    assert gathered == ["answer", "answer", "raw"]


@pytest.mark.parametrize("again", [True, False])
def test_an_approved_move_is_planned_again_over_the_same_nodes(
    fly: Callable[..., Flight], again: bool
) -> None:
    mission = replace(MISSION, rules=(replace(ASK, action="move"),))
    later = [(0, 3000.0, 3300.0)] if again else []
    flight = fly(mission, outlook_of((0, 600.0, 900.0), *later))
    flight.handle(Captured(10.0, JOB))
    flight.handle(Computed(12.0, 0, 0, "screen", 0.1))
    (one,) = flight.handle(Computed(13.0, 0, 0, "classify", 0.1))
    asked = one.action
    assert isinstance(asked, AskApproval)
    assert isinstance(asked.subject, Move)
    assert asked.subject.legs[0].t_start_s == 600.0
    made = flight.answer(1000.0, grant(asked, DIRECTOR), grant(asked, OFFICER))
    if not again:
        assert isinstance(made[-1].action, Close)
        return
    (move,) = (one.action for one in made)
    assert isinstance(move, Move)
    assert [leg.target for leg in move.legs] == [leg.target for leg in asked.subject.legs]
    assert move.legs[0].t_start_s == 3000.0


def test_any_number_of_signatures_that_do_not_count_are_told(fly: Callable[..., Flight]) -> None:
    flight = fly()
    asked = flight.capture()
    many = [grant(asked, OFFICER, role="cook", nonce=str(number)) for number in range(300)]
    *refused, close = flight.answer(99.0, *many)
    assert len(refused) == len(many)
    assert isinstance(close.action, Close)
