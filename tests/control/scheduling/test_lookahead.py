from dataclasses import replace

from missions import SCENARIO
from perigrid.base.jobs import Cause, Job
from perigrid.base.messages import Alternative, Compute, Move, Wait
from perigrid.control.scheduling.lookahead import Lookahead
from perigrid.fleet.model import ContactKind
from scheduling_cases import ask, belief_of, empty_outlook, report_of

CROSS, DOWN = ContactKind.CROSSLINK, ContactKind.DOWNLINK
JOB = Job(0, 0, 0.0, 1e4, 1e8, 1e9, 0.0, 0.0, 0, 0)


def first_station(belief: object) -> int:
    return next(row for row, place in belief.fleet.stations.items() if place.role == "operator")


def linked(*, may_migrate: bool = True) -> object:
    probe = belief_of(SCENARIO)
    ground = first_station(probe)
    rows = [(CROSS, 0, 1, 0.0, 500.0), (DOWN, 0, ground, 0.0, 7200.0)]
    return belief_of(SCENARIO, [*rows, (DOWN, 1, ground, 0.0, 7200.0)], may_migrate=may_migrate)


def test_a_free_origin_computes_at_once() -> None:
    belief = linked()
    action = ask(Lookahead(), [JOB], belief)[0]
    assert isinstance(action, Compute)
    assert action.node == 0


def test_a_busy_origin_hands_over_to_a_free_neighbour() -> None:
    belief = linked()
    belief.busy_until_s[0] = 900.0
    action = ask(Lookahead(), [JOB], belief)[0]
    assert isinstance(action, Move)
    assert action.target == 1


def test_without_leave_to_migrate_it_queues_at_home() -> None:
    belief = linked(may_migrate=False)
    belief.busy_until_s[0] = 900.0
    action = ask(Lookahead(), [JOB], belief)[0]
    assert isinstance(action, Wait)
    assert action.cause is Cause.COMPUTE


def test_a_neighbour_without_room_is_not_chosen() -> None:
    belief = linked()
    belief.busy_until_s[0] = 900.0
    full_bytes = belief.fleet.groups[0].storage_bytes
    belief.storage.take(99, 1, full_bytes - 0.5 * JOB.raw_bytes)
    assert isinstance(ask(Lookahead(), [JOB], belief)[0], Wait)


def test_a_busier_neighbour_is_not_chosen() -> None:
    belief = linked()
    belief.busy_until_s[:] = 900.0
    assert isinstance(ask(Lookahead(), [JOB], belief)[0], Wait)


def test_a_low_battery_defers_with_its_cause() -> None:
    belief = linked(may_migrate=False)
    belief.telemetry = report_of(belief.fleet, soc=0.31)
    action = ask(Lookahead(), [JOB], belief, empty_outlook(belief.fleet, array_w=0.0))[0]
    assert isinstance(action, Wait)
    assert action.cause is Cause.BATTERY
    assert action.until_s > 0.0


def test_two_scenes_of_one_batch_do_not_go_over_a_link_at_once() -> None:
    belief = linked()
    belief.busy_until_s[0] = 900.0
    pair = [JOB, replace(JOB, job_id=1)]
    actions = ask(Lookahead(), pair, belief)
    legs = [leg for action in actions if isinstance(action, Move) for leg in action.legs]
    assert len(legs) == 1
    assert isinstance(actions[1], Wait)
    told = {one.node: one.why for one in actions[1].alternatives}
    assert told == {1: "the link is being given to another scene"}


def test_the_place_it_was_taken_is_named_when_it_moves() -> None:
    belief = linked()
    belief.busy_until_s[0] = 900.0
    action = ask(Lookahead(), [JOB], belief)[0]
    assert isinstance(action, Move)
    home = action.alternatives[0]
    assert home.node == 0
    assert home.t_answer_s is not None
    assert home.t_answer_s > 900.0 + belief.work(0, JOB).stage_s["classify"]
    assert "taken up" in home.why


def test_why_each_neighbour_lost_is_told() -> None:
    belief = linked()
    belief.busy_until_s[:] = 900.0
    later = ask(Lookahead(), [JOB], belief)[0]
    assert [(one.node, one.why) for one in later.alternatives] == [(1, "would begin later")]
    belief = linked()
    belief.busy_until_s[0] = 900.0
    closed = Alternative(2, None, "closed by rule keep-home")
    belief.closed = lambda _job_id, _product: (closed,)
    belief.storage.take(99, 1, belief.fleet.groups[0].storage_bytes - 0.5 * JOB.raw_bytes)
    full = ask(Lookahead(), [JOB], belief)[0]
    assert [one.why for one in full.alternatives] == [
        "no room for the pixels",
        "closed by rule keep-home",
    ]


def test_a_free_origin_weighs_nothing_else_and_says_so() -> None:
    belief = linked()
    action = ask(Lookahead(), [JOB], belief)[0]
    assert isinstance(action, Compute)
    assert action.alternatives == ()
    assert "no other place is looked at" in action.reason
