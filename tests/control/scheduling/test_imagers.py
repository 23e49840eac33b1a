"""Scenes of satellites 0 and 1, which have no computer; 2 and 3 have."""

from dataclasses import replace

import pytest

from missions import CENTRES, EYES, SCENARIO
from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import Close, Compute, Move, Wait
from perigrid.base.registry import SCHEDULERS, create
from perigrid.control.scheduling.base import RETRY_S
from perigrid.control.scheduling.imagers import unplaced
from perigrid.scenario.model import SunSynchronous
from scheduling_cases import CROSS, DOWN, JOB, belief_of, empty_outlook, first_station

MISSION = replace(
    SCENARIO,
    groups=tuple(
        replace(group, orbit=SunSynchronous(2, 600.0e3, 6.0)) for group in (EYES, CENTRES)
    ),
)
NAMES = ("fifo", "edf", "lookahead", "price", "planner")


def mixed(*links, may_migrate=True):
    """Links given; satellite 2 sees a station all day."""
    ground = first_station(belief_of(MISSION))
    return belief_of(MISSION, [*links, (DOWN, 2, ground, 0.0, 14_000.0)], may_migrate=may_migrate)


def choose(name, jobs, belief):
    return create(SCHEDULERS, name).choose(jobs, belief, empty_outlook(belief.fleet))


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_goes_to_a_satellite_with_a_computer(name) -> None:
    belief = mixed((CROSS, 0, 1, 0.0, 9000.0), (CROSS, 0, 2, 0.0, 9000.0))
    (action,) = choose(name, [JOB], belief)
    assert isinstance(action, Move)
    assert (action.product, action.source, action.target) == (Product.RAW, 0, 2)
    assert belief.busy_until_s[2] > belief.busy_until_s[0] == 0.0
    assert not belief.storage.has_room(2, CENTRES.storage_bytes)


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_that_can_reach_none_is_missed_at_once(name) -> None:
    belief = mixed((CROSS, 0, 1, 0.0, 9000.0))
    (action,) = choose(name, [JOB], belief)
    assert isinstance(action, Close)
    assert not action.delivered
    assert action.reason == Cause.CONTACT
    assert "no computer" in action.detail


@pytest.mark.parametrize("name", NAMES)
def test_where_nothing_may_be_moved_it_is_missed_for_want_of_a_computer(name) -> None:
    belief = mixed((CROSS, 0, 2, 0.0, 9000.0), may_migrate=False)
    (action,) = choose(name, [JOB], belief)
    assert isinstance(action, Close)
    assert action.reason == Cause.COMPUTE


@pytest.mark.parametrize("name", NAMES)
def test_it_waits_for_room_or_a_link_and_a_satellite_with_a_computer_is_asked_as_ever(name) -> None:
    belief = mixed((CROSS, 0, 2, 0.0, 9000.0))
    belief.storage.take(9, 2, CENTRES.storage_bytes)
    waits, stays = choose(name, [JOB, replace(JOB, job_id=1, origin=2)], belief)
    assert isinstance(waits, Wait)
    assert 0.0 < waits.until_s <= RETRY_S
    assert isinstance(stays, Compute)
    assert stays.node == 2


@pytest.mark.parametrize("name", NAMES)
def test_two_scenes_of_a_batch_do_not_take_the_same_link(name) -> None:
    belief = mixed((CROSS, 0, 2, 0.0, 9000.0))
    first, second = choose(name, [JOB, replace(JOB, job_id=1)], belief)
    assert isinstance(first, Move)
    assert isinstance(second, Wait)


def test_of_several_it_is_the_one_that_can_begin_first() -> None:
    belief = mixed((CROSS, 0, 2, 0.0, 9000.0), (CROSS, 0, 3, 60.0, 9000.0))
    belief.busy_until_s[2] = 500.0
    for name in ("fifo", "edf"):
        (action,) = choose(name, [replace(JOB, job_id=7)], belief)
        assert isinstance(action, Move)
        assert action.target == 3
        belief.busy_until_s[3] = 0.0
        belief.storage.cancel(7)


def test_a_run_that_ends_before_the_deadline_leaves_it_in_flight_and_rules_are_named() -> None:
    belief = mixed((CROSS, 0, 1, 0.0, 9000.0))
    held = unplaced(replace(JOB, deadline_s=1e6), belief, Cause.LINK, 14_400.0)
    assert isinstance(held, Wait)
    assert held.until_s == 14_400.0
    near = mixed((CROSS, 0, 2, 0.0, 9000.0))
    near.open_nodes = lambda _job, _product: near.plan.allowed_nodes(frozenset({2, 3}))
    closed = unplaced(JOB, near, Cause.LINK, 14_400.0)
    assert isinstance(closed, Close)
    assert closed.reason == Cause.RULE
