"""A computer's queue: order, speed, and which cause each second is laid to."""

import numpy as np
import pytest

from perigrid.base.architecture import ORBITAL
from perigrid.engine.computers import (
    BATTERY,
    COMPUTE,
    HEAT,
    book_time,
    catch_up,
    complete,
    set_speed,
    start_waiting,
    submit,
)
from perigrid.engine.state import Clock, Count
from tests.engine.plain import plain

POWER_W = 3.0


@pytest.fixture
def w(world):
    """Satellite 0 has one slot; ends of stages are foreseen however late."""
    w = plain(world, ORBITAL)
    w.nodes[0].slots, w.clock[Clock.STEP_END] = 1, np.inf
    w.counts[Count.QUEUED] = 0
    return w


def give(w, job, work_s, t_s=0.0):
    w.jobs[job].work_s, w.jobs[job].power_w = work_s, POWER_W
    submit(w, 0, job, t_s)


def foreseen_s(w):
    return w.queue["t_s"][: w.counts[Count.QUEUED]].tolist()


def running(w):
    return w.running[w.nodes[0].first_slot :][: w.nodes[0].busy].tolist()


def test_stages_run_in_order_on_the_slots(w):
    give(w, 4, 10.0)
    give(w, 7, 5.0)
    start_waiting(w, 0, 0.0)
    assert running(w) == [4]
    assert (w.jobs[4].running, w.jobs[7].running) == (1, 0)
    assert foreseen_s(w) == [10.0]
    complete(w, 0, 4, 10.0)
    start_waiting(w, 0, 10.0)
    assert running(w) == [7]
    assert foreseen_s(w) == [10.0, 15.0]
    complete(w, 0, 7, 15.0)
    assert w.waits_s[4, COMPUTE] == w.waits_s[4].sum() == 10.0
    assert w.waits_s[7, COMPUTE] == w.waits_s[7].sum() == 15.0
    assert w.nodes[0].energy_j == 15.0 * POWER_W
    assert (w.nodes[0].busy, w.nodes[0].head) == (0, -1)


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_slot_that_is_free_is_taken_by_the_next_in_line(world, done):
    w = plain(world, ORBITAL)
    w.nodes[0].slots = 3
    w = w._replace(running=np.full(3, -1, dtype=np.int64))
    for job in range(5):
        give(w, job, 10.0)
    start_waiting(w, 0, 0.0)
    complete(w, 0, done, 10.0)
    start_waiting(w, 0, 10.0)
    assert w.running.tolist() == [job for job in range(3) if job != done] + [3]
    assert w.nodes[0].head == 4


def test_throttling_stretches_time_and_is_blamed_on_its_cause(w):
    me = w.nodes[0]
    give(w, 4, 10.0)
    start_waiting(w, 0, 0.0)
    for t_s, heat_speed, power_speed, left_s in ((4.0, 0.5, 1.0, 6.0), (8.0, 1.0, 0.25, 4.0)):
        catch_up(w, 0, t_s)
        assert w.jobs[4].left_s == left_s
        set_speed(me, t_s, heat_speed, power_speed)
    complete(w, 0, 4, 24.0)
    assert w.waits_s[4, [COMPUTE, HEAT, BATTERY]] == pytest.approx([10.0, 2.0, 12.0])
    assert me.energy_j == pytest.approx(10.0 * POWER_W)


def test_a_stopped_computer_never_finishes(w):
    set_speed(w.nodes[0], 0.0, 0.0, 1.0)
    give(w, 4, 1.0)
    start_waiting(w, 0, 0.0)
    assert foreseen_s(w) == []
    catch_up(w, 0, 100.0)
    assert (w.jobs[4].left_s, w.nodes[0].energy_j) == (1.0, 0.0)
    book_time(w, 0, 4)
    assert w.waits_s[4, HEAT] == w.waits_s[4].sum() == 100.0


def test_an_end_after_the_step_is_not_foreseen_in_orbit_and_is_on_the_ground(world):
    w = plain(world, ORBITAL)
    ground = next(iter(world.fleet.data_centres))
    w.clock[Clock.STEP_END] = 60.0
    for job, (node, seen) in enumerate([(0, 0), (ground, 1)]):
        w.jobs[job].work_s = 100.0
        submit(w, node, job, 0.0)
        start_waiting(w, node, 0.0)
        assert w.counts[Count.QUEUED] == seen
