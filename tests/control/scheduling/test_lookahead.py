from core_cases import CROSS, DOWN, FLEET, GROUND, fill, report, told
from missions import SCENARIO
from perigrid.base.architecture import ONBOARD, ORBITAL
from perigrid.base.jobs import Cause
from perigrid.base.messages import Compute, Move, Wait
from perigrid.scenario.model import Rule
from waiting_cases import JOB, LINKED, ask, at, busy, core


def test_a_free_origin_computes_at_once_weighs_nothing_else_and_says_so() -> None:
    (action,) = ask(core("lookahead"), JOB)
    assert isinstance(action, Compute)
    assert action.node == 0
    assert action.alternatives == ()
    assert "no other place is looked at" in action.reason


def test_a_busy_origin_hands_over_to_a_free_neighbour_and_is_named() -> None:
    controller = core("lookahead")
    busy(controller, 900.0, 0.0)
    (action,) = ask(controller, JOB)
    assert isinstance(action, Move)
    assert action.target == 1
    home = action.alternatives[0]
    assert home.node == 0
    assert home.t_answer_s is not None
    assert home.t_answer_s > 900.0 + 50.0
    assert home.why == "the computer is taken up until 900 s from then"


def test_without_leave_to_migrate_it_queues_at_home() -> None:
    controller = core("lookahead", architecture=ONBOARD)
    busy(controller, 900.0, 0.0)
    (action,) = ask(controller, JOB)
    assert isinstance(action, Wait)
    assert action.cause is Cause.COMPUTE


def test_a_neighbour_without_room_is_not_chosen_and_closed_places_are_named() -> None:
    rule = Rule("keep-home", "deny", "move", "raw", "any", "any", "pixels stay at home")
    controller = core("lookahead")
    busy(controller, 900.0, 0.0)
    fill(controller.belief, 1, 0.5 * JOB.raw_bytes)
    (full,) = ask(controller, JOB)
    assert isinstance(full, Wait)
    assert [one.why for one in full.alternatives] == ["no room for the pixels"]
    controller = core("lookahead", rules=(rule,))
    busy(controller, 900.0, 0.0)
    (shut,) = ask(controller, JOB)
    assert isinstance(shut, Wait)
    assert SCENARIO.rules == ()
    assert shut.alternatives == ()


def test_a_busier_neighbour_is_not_chosen() -> None:
    controller = core("lookahead")
    busy(controller, 900.0)
    (later,) = ask(controller, JOB)
    assert isinstance(later, Wait)
    assert [(one.node, one.why) for one in later.alternatives] == [(1, "would begin later")]


def test_a_low_battery_defers_with_its_cause() -> None:
    low = report(FLEET, soc=0.31)
    (action,) = ask(core("lookahead", architecture=ONBOARD, array_w=0.0, told=low), JOB)
    assert isinstance(action, Wait)
    assert action.cause is Cause.BATTERY
    assert action.until_s > 0.0


def test_two_scenes_of_one_batch_do_not_go_over_a_link_at_once() -> None:
    pair = [JOB, at(0.0, JOB, 1)]
    controller = core("lookahead", pair)
    busy(controller, 900.0, 0.0)
    actions = ask(controller, *pair)
    legs = [leg for action in actions if isinstance(action, Move) for leg in action.legs]
    assert len(legs) == 1
    assert isinstance(actions[1], Wait)
    assert {one.node: one.why for one in actions[1].alternatives} == {
        1: "the link is being given to another scene"
    }


def test_an_idle_neighbour_is_sent_what_waits() -> None:
    """The neighbour was taken up when the job was asked about, and is free when news comes."""
    controller = core("lookahead")
    busy(controller, 400.0)
    assert isinstance(ask(controller, JOB)[0], Wait)
    controller.belief.busy_until_s[1] = 10.0
    (moved,) = told(controller, report(FLEET, 10.0))
    assert isinstance(moved, Move)
    assert moved.target == 1


def test_a_link_that_is_not_open_yet_is_not_booked() -> None:
    rows = [(CROSS, 0, 1, 300.0, 500.0), *LINKED[1:]]
    controller = core("lookahead", rows=rows)
    busy(controller, 900.0, 0.0)
    (answer,) = ask(controller, JOB)
    assert isinstance(answer, Wait)
    assert [one.why for one in answer.alternatives] == ["a link is not open yet"]


def test_pixels_that_did_not_come_keep_no_place() -> None:
    other = at(100.0, JOB, 1, origin=1, deadline_s=JOB.deadline_s + 1.0)
    controller = core("lookahead", [JOB, other])
    busy(controller, 900.0, 0.0)
    assert isinstance(ask(controller, JOB)[0], Move)
    controller.belief.busy_until_s[1] = 60.0  # the pixels should have arrived long ago
    assert isinstance(ask(controller, other)[0], Compute)


def test_in_time_comes_before_sooner() -> None:
    """The neighbour would begin sooner, but its only way down comes after the deadline."""
    late = at(0.0, JOB, 0, deadline_s=3000.0)
    rows = [LINKED[0], LINKED[1], (DOWN, 1, GROUND, 6000.0, 7200.0)]
    controller = core("lookahead", [late], rows, ORBITAL)
    busy(controller, 900.0, 0.0)
    (answer,) = ask(controller, late)
    assert isinstance(answer, Wait)
    assert [one.why for one in answer.alternatives] == ["its answer would come too late"]
