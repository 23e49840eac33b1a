"""Moves that set out, arrive and break off, and the legs that are kept of them."""

import pytest

from perigrid.base.architecture import RELAY
from perigrid.base.jobs import Product
from perigrid.control.core.messages import FAULTS, NOTHING, PRODUCTS, EventKind
from perigrid.engine import storage
from perigrid.engine.books import end
from perigrid.engine.faults import what_fails
from perigrid.engine.moves import (
    BATTERY,
    arrive,
    drop_old_legs,
    fail,
    foresee_legs,
    set_out,
)
from perigrid.engine.state import LINKS, Count, Doing, Due, Filled, Trouble
from tests.engine.plain import plain

ENERGY = FAULTS.index("battery")
TIMES_S = ((10.0, 20.0), (100.0, 130.0))


def send(w, job, product, target, times_s=TIMES_S):
    """Let a job's product go from satellite 0 over 1 to a target."""
    ways = ((0, 1, 1), (1, target, 1))[: len(times_s)]
    first = int(w.log.filled[1])
    for (source, to, kind), (start_s, end_s) in zip(ways, times_s, strict=True):
        leg = w.log.legs[w.log.filled[1]]
        leg.contact, leg.kind, leg.source, leg.target = 5, kind, source, to
        leg.t_ready_s, leg.t_window_s, leg.t_start_s = start_s - 8.0, start_s - 3.0, start_s
        leg.t_end_s, leg.t_arrival_s, leg.nbytes = end_s, end_s + 0.5, 1e6
        w.log.filled[1] += 1
    wanted = w.log.decisions[0]
    wanted.job, wanted.source, wanted.target = job, 0, target
    wanted.product = PRODUCTS.index(product)
    wanted.first_leg, wanted.legs = first, len(times_s)
    set_out(w, 0, 1.0)


def test_pixels_that_arrive_are_held_where_room_was_kept(world):
    w = plain(world, RELAY)
    storage.store(w, 7, 0)
    send(w, 7, Product.RAW, 2)
    assert (w.jobs[7].holder, w.jobs[7].reserved) == (0, 2)
    assert (w.queue[0].t_s, w.queue[0].kind, w.queue[0].job) == (130.5, Due.ARRIVE, 7)
    arrive(w, 7, 40.0)
    assert (w.jobs[7].holder, w.jobs[7].reserved, w.jobs[7].doing) == (2, NOTHING, Doing.NOTHING)
    assert w.sent_bytes[7, LINKS.index("crosslink")] > 0.0
    assert w.waits_s[7].sum() == pytest.approx((20.5 - 2.0) + (130.5 - 92.0))


@pytest.mark.parametrize(("k", "full", "holder"), [(0, False, 0), (1, False, 1), (1, True, 0)])
def test_a_move_breaks_off_where_a_satellite_lacks_energy(world, k, full, holder):
    w = plain(world, RELAY)
    storage.store(w, 7, 0)
    send(w, 7, Product.RAW, 2)
    if full:
        w.sats[1].held_bytes = w.sats[1].room_bytes
    t_s = TIMES_S[k][0]
    assert what_fails(w, 7, k, t_s) == NOTHING
    w.sats[1].off = 1
    assert what_fails(w, 7, k, t_s) == ENERGY
    assert what_fails(w, 7, k, t_s + 1.0) == NOTHING, "it is due at another time"
    fail(w, 7, k, ENERGY, t_s)
    event = w.log.events[w.log.filled[Filled.EVENTS] - 1]
    assert (event.kind, event.node, event.stage, event.fault) == (
        EventKind.MOVE_FAILED, holder, k, ENERGY
    )  # fmt: skip
    assert (w.jobs[7].holder, w.jobs[7].reserved) == (holder, NOTHING)
    assert w.waits_s[7, BATTERY] == 8.0
    assert w.sent_bytes[7].any() == (k > 0), "what arrived before was sent"
    assert what_fails(w, 7, k, t_s) == NOTHING, "it has failed"


def test_legs_of_satellites_without_energy_are_entered_step_by_step(world):
    w = plain(world, RELAY)
    send(w, 7, Product.ANSWER, 2)
    w.sats[0].off = 1
    before = int(w.counts[Count.QUEUED])
    foresee_legs(w, 0.0, 60.0)
    foresee_legs(w, 60.0, 120.0)  # of satellites 1 and 2
    entered = w.queue[: w.counts[Count.QUEUED]]
    assert w.counts[Count.QUEUED] == before + 1
    assert (entered[0].kind, entered[0].t_s, entered[0].part) == (Due.LEG, 10.0, 0)


def test_legs_of_moves_that_are_over_make_room(world):
    w = plain(world, RELAY)
    for job in range(4):
        send(w, job, Product.ANSWER, 2, TIMES_S[: 1 + job % 2])
    kept = {job: w.legs[w.jobs[job].first_leg :][: w.jobs[job].legs].copy() for job in (1, 3)}
    end(w, 0)
    end(w, 2)
    drop_old_legs(w)
    assert w.counts[Count.LEGS] == 4
    for job, legs in kept.items():
        assert (w.legs[w.jobs[job].first_leg :][: w.jobs[job].legs] == legs).all()


def test_a_way_with_more_legs_than_there_is_room_for_stops_the_run(world):
    w = plain(world, RELAY)
    storage.store(w, 7, 0)
    w.counts[Count.LEGS] = len(w.legs) - 1
    send(w, 7, Product.RAW, 2)
    assert w.counts[Count.TROUBLE] == Trouble.LONG_WAYS
    assert w.counts[Count.OF_JOB] == 7
    assert w.counts[Count.LEGS] == len(w.legs) - 1
