"""Where compute jobs are computed: rules, grants, queues, memory, models, heat."""

from dataclasses import replace

import numpy as np
import pytest

from perigrid.base.jobs import Cause
from perigrid.base.messages import (
    AskApproval,
    Close,
    Compute,
    Computed,
    Move,
    MoveFailed,
    NodeFailed,
    NodeRepaired,
    StateReported,
    TaskLost,
    TimerRang,
    Wait,
)
from perigrid.control.core.recovery import LATER_S
from perigrid.scenario.policy_model import PolicyFile
from routed_cases import (
    DEADLINE_S,
    FIRST,
    FLEET,
    MIDDLE_S,
    NEAR_S,
    WORK_S,
    Routed,
    asked,
    routed,
    scenario_of,
)


def test_a_longer_way_to_an_idle_satellite_beats_a_queue():
    case = routed(asked(FLEET, 4))
    targets = [action.target for action in case.taken(range(4))]
    assert targets == [2, 4, 2, 4]


def test_a_queue_is_told_as_what_it_costs():
    case = routed(asked(FLEET, 2))
    _, second = case.taken(range(2))
    (other,) = second.alternatives
    assert other.why == "its answer comes later for the work before it"


def test_what_cannot_be_in_time_is_not_begun():
    case = routed(asked(FLEET, 1, deadline_s=70.0))
    (closed,) = case.taken()
    assert isinstance(closed, Close)
    assert closed.reason == "compute"
    assert {one.why for one in closed.alternatives} == {"its answer would come too late"}


def test_a_full_memory_a_full_storage_and_a_fault_rule_a_satellite_out():
    jobs = asked(
        FLEET, 3, model_bytes=[2e11, 0.0, 0.0], model=[0, 1, 1], t_capture_s=[10.0, 20.0, 30.0]
    )
    case = routed(jobs)
    (wait,) = case.taken([0])
    assert isinstance(wait, Wait)
    assert wait.cause == Cause.COMPUTE
    assert {one.why for one in wait.alternatives} == {"no memory for the model"}
    case.core.satellites["held_bytes"][2] = case.core.satellites["room_bytes"][2]
    (up,) = case.taken([1])
    assert up.target == 4
    assert up.alternatives[0].why == "no room for the data"
    case.told(NodeFailed(25.0, 4, "crash", False), report(case, 26.0, {}))
    (wait,) = case.taken([2])
    assert sorted(one.why for one in wait.alternatives) == [
        "no room for the data",
        "out of order",
    ]


def test_loading_a_model_counts_until_it_is_there():
    jobs = asked(FLEET, 3, model_bytes=2e10, t_capture_s=[10.0, 200.0, 400.0])
    case = routed(jobs)
    (up,) = case.taken([0])
    (begun,) = case.moved(up)
    assert case.core.satellites["busy_s"][2] == pytest.approx(
        up.legs[0].t_arrival_s + 10.0 + WORK_S
    )
    case.computed(begun, 90.0)
    case.feed({FIRST: {4: NEAR_S, 2: MIDDLE_S}}, until_s=1000.0)
    (up,) = case.taken([1])
    assert up.target == 2  # farther, and has the model
    (other,) = up.alternatives
    assert (other.node, other.why) == (4, "its answer comes later for loading the model")


def test_models_that_no_longer_fit_were_dropped():
    jobs = asked(FLEET, 3, model=[0, 1, 0], model_bytes=7e10, t_capture_s=[10.0, 200.0, 400.0])
    case = routed(jobs, {FIRST: {2: NEAR_S}})
    for number, end_s in ((0, 110.0), (1, 300.0)):
        (up,) = case.taken([number])
        (begun,) = case.moved(up)
        case.computed(begun, end_s)
    (up,) = case.taken([2])
    case.moved(up)
    assert case.core.jobs["load_s"][2] == pytest.approx(35.0)


def test_a_computer_with_slots_does_so_many_at_once():
    case = Routed(asked(FLEET, 3), scenario=scenario_of("groups.shell.computer.slots=2"))
    case.feed({FIRST: {2: NEAR_S}})
    moves = case.taken(range(3))
    begun = [one for move in moves for one in case.moved(move)]
    assert [type(one) for one in begun] == [Compute, Compute, Wait]
    ended = case.computed(begun[0], 70.1)
    assert [type(one) for one in ended] == [Move, Compute]


@pytest.mark.parametrize("slots", [1, 2])
def test_a_computer_is_believed_free_when_its_work_is_shared_out(slots):
    case = Routed(
        asked(FLEET, 4),
        scenario=scenario_of(f"groups.shell.computer.slots={slots}", "scheduler=fifo"),
    )
    case.feed({FIRST: {2: NEAR_S}})
    moves = case.taken(range(4))
    for move in moves:
        case.moved(move, 11.0)
    assert case.core.satellites["busy_s"][2] == pytest.approx(11.0 + 4 * WORK_S / slots)


PARTNER = (
    "operators=[{name: partner, satellites: [shell-0002]}]",
    "parties=[{name: demo, home: SE, authorising_state: SE}, "
    "{name: partner, home: US, authorising_state: US}]",
)


def ruled(text, jobs=None):
    return routed(jobs, scenario=scenario_of(*PARTNER, f"rules=[{{id: no, reason: so, {text}}}]"))


@pytest.mark.parametrize("action", ["move", "compute"])
def test_a_rule_closes_a_satellite(action):
    case = ruled(f"effect: deny, action: {action}, product: raw, to_operator: partner")
    (up,) = case.taken()
    assert up.target == 4
    assert (up.alternatives[0].node, up.alternatives[0].why) == (2, "closed by rule no")


def test_what_people_must_allow_is_asked_before_it_sets_out():
    rule = "rules=[{id: no, reason: so, form: approve, action: move, product: raw}]"
    case = routed(scenario=scenario_of(rule))
    case.taken()
    (ask,) = case.told(TimerRang(30.0, 0))
    assert isinstance(ask, AskApproval)
    assert ask.subject.target == 2


def test_another_operator_s_satellite_is_used_where_a_grant_lends_it():
    text = "effect: deny, action: move, product: answer, to_country: BR"
    (up,) = ruled(text).taken()
    assert up.target == 4
    assert up.alternatives[0].why == "another operator's, which lends it to nobody"
    lent = "{id: some, lender: partner, borrower: demo, compute_hours: 1, until_hours: 3}"
    lending = scenario_of(*PARTNER, f"grants=[{lent}]")
    (up,) = routed(None, {FIRST: {2: NEAR_S}}, scenario=lending).taken()
    assert up.target == 2
    (up,) = routed(scenario=lending).taken()
    assert up.target == 4
    assert up.alternatives[0].why == "another operator's, which would have to lend it"


def test_where_no_satellite_may_ever_have_it_a_job_ends_at_once():
    case = ruled("effect: deny, action: move, product: raw, to_operator: any")
    (closed,) = case.taken()
    assert (type(closed), closed.reason) == (Close, "rule")
    assert closed.detail == "every satellite that may compute it is closed to it by a rule"
    assert {one.why for one in closed.alternatives} == {"closed by rule no"}
    assert {one.node for one in closed.alternatives} == {2, 4}


def timed(condition):
    text = (
        '@id("timed") @reason("so") forbid (principal, action == Action::"process", resource) '
        f"when {{ {condition} }};"
    )
    scenario = scenario_of()
    governance = replace(scenario.governance, policies=(PolicyFile("law/t.cedar", text),))
    return routed(scenario=replace(scenario, governance=governance))


def test_where_a_rule_closes_every_satellite_for_a_time_a_job_waits_for_its_end():
    case = timed("context.now_s < 130")
    (wait,) = case.taken()
    assert (type(wait), wait.cause, wait.until_s) == (Wait, Cause.RULE, 130.0)
    assert wait.reason == "rule timed closes every satellite to it for 2 min from now"
    assert {one.why for one in wait.alternatives} == {"closed by rule timed"}
    (up,) = case.told(TimerRang(130.0, 0))
    assert isinstance(up, Move)
    (closed,) = timed("context.now_s < 3000").taken()
    assert (type(closed), closed.reason) == (Close, "rule")
    assert closed.detail == "rule timed closes every satellite to it for 50 min from now"


def test_where_its_answer_may_not_go_a_job_is_not_begun():
    case = ruled("effect: deny, action: move, product: answer, to_country: US")
    (closed,) = case.taken()  # asked for at Adelanto
    assert (type(closed), closed.reason) == (Close, "rule")
    (other,) = closed.alternatives
    assert (other.node, other.why) == (FIRST, "closed by rule no")
    case = ruled("effect: deny, action: move, product: answer, to_country: DE")
    (up,) = case.taken()
    assert up.target == 4


def test_an_answer_that_people_must_allow_is_asked_for_once_it_is_there():
    case = ruled("form: approve, action: move, product: answer, to_country: US")
    (up,) = case.taken()
    assert up.target == 4
    (begun,) = case.moved(up)
    case.computed(begun, 71.0)
    (ask,) = case.told(TimerRang(90.0, 0))
    assert isinstance(ask, AskApproval)
    assert ask.subject.target == FIRST


def test_of_data_from_nobody_knows_where_territory_denies():
    area = "{south_deg: -10, north_deg: 10, west_deg: -10, east_deg: 10}"
    jobs = asked(FLEET, 2, origin=[3, FIRST])
    case = ruled(f"form: close-area, area: {area}", jobs)
    facts = case.core.jobs["facts"]
    assert facts[0] != facts[1]
    said = case.taken(range(2))
    assert [(type(one), one.job_id) for one in said] == [(Move, 1), (Compute, 0), (Close, 0)]
    assert said[2].reason == "rule"


def test_sizes_are_classes():
    sizes = np.geomspace(0.1, 10.0, 1000)
    case = Routed(asked(FLEET, 1000, area_m2=sizes, t_capture_s=10.0 + np.arange(1000.0)))
    costs, rows = case.core.costs[0, :, 0]["work_s"], case.core.jobs["area"]
    assert costs.shape == (256,)
    assert (costs[rows] >= WORK_S * sizes * (1.0 - 1e-12)).all()
    assert (costs[rows] <= WORK_S * sizes * 1.02).all()


def report(case, t_s, computer_k):
    """Telemetry of satellites that are alike but for the heat of their computers."""
    n = case.fleet.n_satellites
    kelvin = [290.0] * n
    for node, value_k in computer_k.items():
        kelvin[node] = value_k
    battery_j = tuple(0.9 * case.fleet.buses.capacity_j)
    return StateReported(t_s, battery_j, tuple(kelvin), tuple(kelvin), (0.0,) * n)


@pytest.mark.parametrize("below_k", [1.0, 4.0, 8.0])
def test_price_holds_no_compute_job_back(below_k):
    case = routed(scenario=scenario_of("scheduler=price"))
    limit_k = float(case.core.satellites["limit_k"][0])
    told = report(case, 5.0, dict.fromkeys(range(6), limit_k - below_k))
    floor_j = case.core.satellites["floor_j"] + 0.03 * case.core.satellites["capacity_j"]
    case.told(replace(told, battery_j=tuple(floor_j)))
    (up,) = case.taken()
    assert isinstance(up, Move)
    (begun,) = case.moved(up)
    assert isinstance(begun, Compute)


def test_a_hot_computer_is_reckoned_with_as_slow():
    case = routed()
    hot_k = float(case.fleet.buses.throttle_k[2] + case.fleet.buses.limit_k[2]) / 2.0
    case.told(report(case, 5.0, {2: hot_k}))
    (up,) = case.taken()
    assert up.target == 4
    (other,) = up.alternatives
    assert other.node == 2
    assert other.t_answer_s > 10.0 + 2.0 * WORK_S


def test_heat_does_not_hold_back_what_would_end_no_sooner_after_cooling():
    case = routed(None, {FIRST: {2: NEAR_S}}, scenario=scenario_of("scheduler=lookahead"))
    warm_k = float(case.fleet.buses.throttle_k[2]) + 1.0
    case.told(report(case, 5.0, {2: warm_k}))
    (up,) = case.taken()
    (begun,) = case.moved(up)
    assert isinstance(begun, Compute)


def test_a_crash_empties_the_memory():
    case = routed(asked(FLEET, 2, model_bytes=2e10, t_capture_s=[10.0, 300.0]))
    (up,) = case.taken([0])
    (begun,) = case.moved(up)
    case.computed(begun, 90.0)
    case.told(NodeFailed(100.0, 2, "crash", False))
    case.told(NodeRepaired(200.0, 2))
    (up,) = case.taken([1])
    assert case.core.jobs["load_s"][1] == pytest.approx(10.0)


def test_what_a_satellite_was_promised_is_taken_back_when_it_does_not_come():
    case = routed(asked(FLEET, 2, t_capture_s=[10.0, 20.0]), {FIRST: {2: NEAR_S}})
    case.taken([0])
    assert case.core.satellites["promised_s"][2] == WORK_S
    case.feed({})
    case.told(MoveFailed(10.001, 0, FIRST, 0, "crash"))
    assert case.core.satellites["promised"][2] == 0
    assert case.core.satellites["promised_s"][2] == 0.0
    assert case.core.satellites["held_bytes"][2] == 0.0


STAYS = scenario_of("recovery.on_failure=retry-same")


def test_who_waits_for_a_node_beyond_the_deadline_ends_then():
    case = routed(delays_s={FIRST: {2: NEAR_S}}, scenario=STAYS)
    (up,) = case.taken()
    (begun,) = case.moved(up)
    case.told(NodeFailed(20.0, 2, "crash", False))
    (wait,) = case.told(TaskLost(20.0, 0, 2, begun.stage, 0.0))
    assert isinstance(wait, Wait)
    assert wait.until_s == 10.0 + DEADLINE_S
    (closed,) = case.told(TimerRang(wait.until_s, 0))
    assert (type(closed), closed.reason) == (Close, "fault")
    assert case.core.satellites["promised"][2] == 0


def test_an_answer_on_a_satellite_that_is_away_is_not_looked_for_every_second():
    shaken = scenario_of("faults.crash_every_hours=1", "faults.crash_minutes=40")
    case = routed(delays_s={FIRST: {2: NEAR_S}}, scenario=shaken)
    (up,) = case.taken()
    (begun,) = case.moved(up)
    case.feed({}, until_s=500.0)
    case.computed(begun, 80.0)
    case.told(NodeFailed(100.0, 2, "crash", False))
    late_s = 10.0 + DEADLINE_S + 50.0
    (wait,) = case.told(TimerRang(late_s, 0))
    assert wait.until_s == late_s + LATER_S


def test_what_was_lost_with_a_satellite_is_sent_again_from_the_ground():
    case = routed()
    case.told(report(case, 0.0, {}))
    (up,) = case.taken()
    (begun,) = case.moved(up)
    case.told(NodeFailed(20.0, 2, "loss", True))
    (wait,) = case.told(TaskLost(20.0, 0, 2, begun.stage, 0.0))
    assert (wait.until_s, wait.cause) == (300.0, Cause.FAULT)
    (again,) = case.told(report(case, 300.0, {}))
    assert (again.source, again.target) == (FIRST, 4)
    (begun,) = case.moved(again)
    assert begun.node == 4


def two_on_one(*changes: str) -> tuple[Routed, Compute]:
    """One job at work on a satellite, and another that waits there."""
    case = routed(asked(FLEET, 2), {FIRST: {2: NEAR_S}}, scenario=scenario_of(*changes))
    first, second = case.taken(range(2))
    (begun,) = case.moved(first)
    (wait,) = case.moved(second)
    assert (type(begun), type(wait)) == (Compute, Wait)
    case.feed({FIRST: {2: NEAR_S, 4: MIDDLE_S, 5: MIDDLE_S}})
    return case, begun


def test_a_crash_sends_what_was_there_from_the_ground_to_others():
    case, begun = two_on_one()
    assert case.told(NodeFailed(20.0, 2, "crash", False)) == []
    (wait,) = case.told(TaskLost(20.0, begun.job_id, 2, begun.stage, 0.0))
    assert wait.reason == "the ground has not heard yet what befell its satellite"
    (waiting,) = case.told(report(case, 30.0, {}))
    (lost,) = case.told(TimerRang(wait.until_s, begun.job_id))
    assert {waiting.job_id, lost.job_id} == {0, 1}
    assert {waiting.target, lost.target} == {4, 5}
    assert waiting.source == lost.source == FIRST


def test_what_shall_go_on_where_it_was_waits_for_its_satellite():
    case, begun = two_on_one("recovery.on_failure=retry-same")
    assert case.told(NodeFailed(20.0, 2, "crash", False)) == []
    (wait,) = case.told(TaskLost(20.0, begun.job_id, 2, begun.stage, 0.0))
    assert isinstance(wait, Wait)


def test_what_waits_on_a_satellite_in_quarantine_is_sent_from_the_ground_to_another():
    case, begun = two_on_one("recovery.on_suspicion=elsewhere", "recovery.quarantine_after=1")
    (wait,) = case.told(Computed(70.0, begun.job_id, 2, begun.stage, None, suspect=True))
    assert isinstance(wait, Wait)
    again = case.told(report(case, 90.0, {}), TimerRang(wait.until_s, begun.job_id))
    assert {one.job_id for one in again} == {0, 1}
    assert {one.target for one in again} == {4, 5}
    assert {one.source for one in again} == {FIRST}
