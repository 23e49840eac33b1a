"""Decisions about compute jobs over the routes of now, with times worked out by hand."""

import math

import numpy as np
import pytest

from perigrid.base.architecture import BENT_PIPE, ONBOARD
from perigrid.base.errors import ScenarioError
from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import (
    AskApproval,
    Close,
    Compute,
    Move,
    MoveFailed,
    NodeFailed,
    TimerRang,
    Wait,
)
from perigrid.control.core.routes import FAR
from routed_cases import (
    ANSWER_S,
    DEADLINE_S,
    FIRST,
    FLEET,
    HOP_S,
    RAW_S,
    SECOND,
    UNTIL_S,
    WORK_S,
    N,
    Routed,
    asked,
    scenario_of,
)

NEAR_S, MIDDLE_S, FAR_S = 0.01, 0.02, 0.04


def routed(jobs=None, delays_s=None, **built):
    case = Routed(jobs, **built)
    case.feed({FIRST: {2: NEAR_S, 4: MIDDLE_S}} if delays_s is None else delays_s)
    return case


def test_a_job_goes_where_its_answer_comes_first_and_back_to_who_asked():
    case = routed()
    (up,) = case.taken()
    assert (up.product, up.source, up.target) == (Product.RAW, FIRST, 2)
    (leg,) = up.legs
    assert (leg.contact, leg.kind) == (-1, "crosslink")
    assert leg.t_start_s == 10.0
    assert leg.t_end_s == pytest.approx(10.0 + RAW_S)
    assert leg.t_arrival_s == pytest.approx(10.0 + RAW_S + NEAR_S)
    (other,) = up.alternatives
    assert other.node == 4
    assert other.why == "its answer comes later"
    ends_s = leg.t_arrival_s + WORK_S
    assert other.t_answer_s == pytest.approx(
        ends_s + 2 * MIDDLE_S - NEAR_S + ANSWER_S + HOP_S, abs=1e-9
    )
    (begun,) = case.moved(up)
    assert isinstance(begun, Compute)
    assert begun.node == 2
    (down,) = case.computed(begun, ends_s)
    assert (down.product, down.source, down.target) == (Product.ANSWER, 2, FIRST)
    (leg,) = down.legs
    assert leg.kind == "downlink"
    assert leg.t_arrival_s == pytest.approx(ends_s + ANSWER_S + NEAR_S + HOP_S)
    (closed,) = case.moved(down)
    assert isinstance(closed, Close)
    assert closed.delivered


def test_a_longer_way_to_an_idle_satellite_beats_a_queue():
    case = routed(asked(FLEET, 4))
    targets = [action.target for action in case.taken(range(4))]
    assert targets == [2, 4, 2, 4]


def test_a_queue_is_told_as_what_it_costs():
    case = routed(asked(FLEET, 2))
    _, second = case.taken(range(2))
    (other,) = second.alternatives
    assert other.why == "its answer comes later for the work before it"


def test_a_line_is_shared():
    case = routed(asked(FLEET, 3, raw_bytes=5e9))
    legs = [action.legs[0] for action in case.taken(range(3))]
    assert [leg.t_start_s for leg in legs] == pytest.approx([10.0, 12.0, 14.0])
    assert [leg.t_ready_s for leg in legs] == [10.0, 10.0, 10.0]


def test_what_comes_down_shares_a_line_too():
    jobs = asked(FLEET, 2, answer_share=1000.0)
    case = routed(jobs)
    moves = case.taken(range(2))
    begun = [one for move in moves for one in case.moved(move)]
    downs = [one for task in begun for one in case.computed(task, 80.0)]
    first, second = (one.legs[0] for one in downs)
    assert first.nbytes == 5e8
    assert first.t_end_s == pytest.approx(80.2)
    assert second.t_start_s == pytest.approx(80.2)


def test_a_move_that_fails_gives_its_line_back():

    case = routed(asked(FLEET, 1, raw_bytes=5e10))
    case.taken()
    row = case.core.nodes[FIRST]
    assert row["line_free_s"] == pytest.approx(30.0)
    (again,) = case.told(MoveFailed(15.0, 0, FIRST, 0, "away"))
    assert again.legs[0].t_start_s == pytest.approx(15.0)


def test_out_of_reach_it_waits_for_other_routes_and_then_closes():
    case = routed(delays_s={})
    (wait,) = case.taken()
    assert isinstance(wait, Wait)
    assert (wait.until_s, wait.cause) == (UNTIL_S, Cause.CONTACT)
    case.feed({}, until_s=DEADLINE_S)
    (closed,) = case.told(TimerRang(UNTIL_S, 0))
    assert isinstance(closed, Close)
    assert (closed.delivered, closed.reason) == (False, "contact")


def test_what_cannot_be_in_time_is_not_begun():
    case = routed(asked(FLEET, 1, deadline_s=70.0))
    (closed,) = case.taken()
    assert isinstance(closed, Close)
    assert closed.reason == "compute"
    assert {one.why for one in closed.alternatives} == {"its answer would come too late"}


def test_an_answer_without_a_way_down_waits_for_other_routes():
    case = routed()
    (up,) = case.taken()
    (begun,) = case.moved(up)
    case.feed({FIRST: {4: NEAR_S}}, until_s=120.0)
    (wait,) = case.computed(begun, 71.0)
    assert isinstance(wait, Wait)
    assert (wait.until_s, wait.cause) == (120.0, Cause.CONTACT)
    case.feed({FIRST: {2: NEAR_S}}, until_s=180.0)
    (down,) = case.told(TimerRang(120.0, 0))
    assert isinstance(down, Move)
    assert down.target == FIRST


def test_an_answer_goes_to_its_own_user_only():
    case = routed(delays_s={FIRST: {2: FAR_S}, SECOND: {2: NEAR_S}})
    (up,) = case.taken()
    (begun,) = case.moved(up)
    (down,) = case.computed(begun, 71.0)
    assert down.target == FIRST


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
    assert up.alternatives[0].why == "no room for the pixels"
    case.told(NodeFailed(25.0, 4, "crash", False))
    (wait,) = case.taken([2])
    assert sorted(one.why for one in wait.alternatives) == [
        "no room for the pixels",
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
    assert (up.alternatives[0].node, up.alternatives[0].why) == (2, "closed by a rule for now")


def test_what_people_must_allow_is_asked_before_it_sets_out():
    rule = "rules=[{id: no, reason: so, form: approve, action: move, product: raw}]"
    case = routed(scenario=scenario_of(rule))
    (ask,) = case.taken()
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


def test_where_its_answer_may_not_go_a_job_is_not_begun():
    case = ruled("effect: deny, action: move, product: answer, to_country: US")
    (closed,) = case.taken()  # asked for at Adelanto
    assert (type(closed), closed.reason) == (Close, "rule")
    case = ruled("effect: deny, action: move, product: answer, to_country: DE")
    (up,) = case.taken()
    assert up.target == 4


def test_an_answer_that_people_must_allow_is_asked_for_once_it_is_there():
    case = ruled("form: approve, action: move, product: answer, to_country: US")
    (up,) = case.taken()
    assert up.target == 4
    (begun,) = case.moved(up)
    (ask,) = case.computed(begun, 71.0)
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


def test_data_of_a_satellite_are_computed_there_and_go_down_where_they_are_first():
    jobs = asked(FLEET, 1, origin=3)
    case = routed(jobs, {FIRST: {3: FAR_S}, SECOND: {3: NEAR_S}})
    (begun,) = case.taken()
    assert isinstance(begun, Compute)
    assert begun.node == 3
    (down,) = case.computed(begun, 70.0)
    assert (down.source, down.target) == (3, SECOND)
    (closed,) = case.moved(down)
    assert closed.delivered


def test_satellites_hand_over_what_waits_over_lasers():
    jobs = asked(FLEET, 4, origin=3)
    case = Routed(jobs, scenario=scenario_of("scheduler=lookahead"))
    case.feed({FIRST: {3: NEAR_S}, SECOND: dict.fromkeys(range(N), FAR_S)}, lasers_s=0.002)
    actions = case.taken(range(4))
    moves = [one for one in actions if isinstance(one, Move)]
    assert [type(one) for one in actions].count(Compute) == 1
    assert len(moves) >= 1
    first = moves[0].legs[0]
    assert (first.source, first.kind) == (3, "crosslink")
    assert first.t_arrival_s == pytest.approx(10.0 + 8.0 * 5e6 / 1e11 + 0.002)


def test_on_board_data_stay_where_they_are():
    jobs = asked(FLEET, 2, origin=3)
    case = routed(jobs, {FIRST: {3: FAR_S}}, architecture=ONBOARD)
    actions = case.taken(range(2))
    assert [type(one) for one in actions] == [Compute, Wait]
    assert len(case.core.laser_s) == 0


def test_through_the_ground_by_fibre_and_back():
    case = routed(architecture=BENT_PIPE)
    (there,) = case.taken()
    (centre,) = case.fleet.data_centres
    assert (there.product, there.source, there.target) == (Product.RAW, FIRST, centre)
    (leg,) = there.legs
    assert leg.kind == "terrestrial"
    (begun,) = case.moved(there)
    assert (type(begun), begun.node) == (Compute, centre)
    (back,) = case.computed(begun, 80.0)
    assert (back.product, back.source, back.target) == (Product.ANSWER, centre, FIRST)
    assert back.legs[0].t_arrival_s - back.legs[0].t_end_s == pytest.approx(
        leg.t_arrival_s - leg.t_end_s
    )
    (closed,) = case.moved(back)
    assert closed.delivered


def test_data_of_a_satellite_go_down_to_the_ground_to_be_computed():
    case = routed(asked(FLEET, 1, origin=3), {FIRST: {3: NEAR_S}}, architecture=BENT_PIPE)
    (down,) = case.taken()
    (centre,) = case.fleet.data_centres
    assert [leg.kind for leg in down.legs] == ["downlink", "terrestrial"]
    assert down.target == centre
    (begun,) = case.moved(down)
    (closed,) = case.computed(begun, 80.0)
    assert closed.delivered


def test_nearest_and_some_from_anywhere_are_weighed():
    case = routed(delays_s={FIRST: dict.fromkeys(range(N), MIDDLE_S) | {5: NEAR_S}})
    core = case.core
    row = core.nodes["ground"][FIRST]
    core.route_near[row, 1:] = -1  # of the near ones only the first is known
    (up,) = case.taken()
    told = {one.node for one in up.alternatives} | {up.target}
    assert 1 < len(told) <= 1 + FAR
    assert up.target == 5


def test_a_plan_needs_windows():
    with pytest.raises(ScenarioError, match="plans over contacts"):
        Routed(scenario=scenario_of("scheduler=planner"))


def test_a_route_is_not_there_before_it_is_fed():
    case = Routed()
    assert math.isinf(case.core.route_delay_s.min())
    (wait,) = case.taken()
    assert isinstance(wait, Wait)
