"""Decisions about compute jobs over the routes of now, with times worked out by hand."""

import heapq
import math

import numpy as np
import pytest

from perigrid.base.architecture import BENT_PIPE, ONBOARD
from perigrid.base.errors import ScenarioError
from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import (
    Close,
    Compute,
    Move,
    MoveFailed,
    TimerRang,
    Wait,
)
from perigrid.control.core.routes import FAR, REACHED, ask, count_hosts, list_hosts
from perigrid.control.core.rules import facts_of
from routed_cases import (
    ANSWER_S,
    DEADLINE_S,
    FAR_S,
    FIRST,
    FLEET,
    HOP_S,
    MIDDLE_S,
    NEAR_S,
    RAW_S,
    SECOND,
    UNTIL_S,
    WORK_S,
    N,
    Routed,
    asked,
    routed,
    scenario_of,
)


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


def listed(case, source):
    """Satellites that a product can be sent to from a node, and how long that takes."""
    tables = ("con", "jobs", "satellites", "nodes", "facts", "exits")
    c = case.core._replace(**{one: getattr(case.core, one).view(np.recarray) for one in tables})
    ask(c.here, 0, facts_of(c, 0, 0), source, 0.0, 0)
    list_hosts(c, c.here, 0.0)
    nodes = c.here.reached[: count_hosts(c, c.here)].tolist()
    return {node: c.here.arrival_s[node] for node in nodes}


def nearest_by_plain_search(core, source):
    """Delays over lasers from a satellite, nearest first."""
    found, heap = {}, [(0.0, source)]
    while heap:
        delay_s, node = heapq.heappop(heap)
        if node in found:
            continue
        found[node] = delay_s
        for entry in range(core.laser_first[node], core.laser_first[node + 1]):
            heapq.heappush(heap, (delay_s + core.laser_s[entry], int(core.laser_to[entry])))
    del found[source]
    return found


def test_neighbours_over_lasers_are_those_of_a_plain_search():
    shell = (
        "groups.shell.orbit.walker.planes=6",
        "groups.shell.orbit.walker.satellites_per_plane=8",
    )
    case = Routed(scenario=scenario_of(*shell))
    assert len(case.core.laser_s) == 4 * 48
    rng = np.random.default_rng(1)
    for source in range(8):
        case.core.laser_s[:] = rng.uniform(1e-3, 1e-2, 4 * 48)
        found = listed(case, source)
        plain = sorted(nearest_by_plain_search(case.core, source).items(), key=lambda one: one[1])
        assert len(found) == REACHED
        assert list(found) == [node for node, _ in plain[:REACHED]]
        assert list(found.values()) == pytest.approx([delay_s for _, delay_s in plain[:REACHED]])


def test_what_was_found_before_is_forgotten():
    case = routed()
    assert listed(case, FIRST) == {2: NEAR_S, 4: MIDDLE_S}
    case.feed({FIRST: {3: NEAR_S}})
    assert listed(case, FIRST) == {3: NEAR_S}
    assert np.isinf(np.delete(case.core.here.arrival_s, 3)).all()
    assert listed(case, SECOND) == {}
