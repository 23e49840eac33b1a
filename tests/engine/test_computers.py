"""A computer's queue against the one of the engine in Python."""

import numpy as np
import pytest

from perigrid.base.architecture import ORBITAL
from perigrid.base.jobs import Cause
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
from perigrid.sim.executor import ComputeQueue, Task
from tests.engine.plain import plain


@pytest.mark.parametrize("slots", [1, 3])
def test_any_course_of_work_is_that_of_the_queue_in_python(world, slots):
    w, rng = plain(world, ORBITAL), np.random.default_rng(slots)
    me = w.nodes[0]
    me.slots, w.clock[Clock.STEP_END] = slots, np.inf
    w = w._replace(running=np.full(slots, -1, dtype=np.int64))
    queue, tasks, t_s = ComputeQueue(slots), {}, 0.0
    for job in range(30):
        t_s += float(rng.exponential(5.0 / slots))
        heat, power = rng.uniform(0.3, 1.2, 2).clip(0.0, 1.0).tolist()
        queue.catch_up(t_s)
        catch_up(w, 0, t_s)
        queue.set_speed(t_s, heat, power)
        set_speed(me, t_s, heat, power)
        tasks[job] = Task(job, "x", float(rng.uniform(4.0, 12.0)), float(rng.uniform(10.0, 99.0)))
        w.jobs[job].work_s, w.jobs[job].power_w = tasks[job].work_s, tasks[job].power_w
        queue.submit(t_s, tasks[job])
        submit(w, 0, job, t_s)
        _start(w, queue, t_s)
        ready = [task for task in queue.running() if queue.finish_s(task) < t_s + 4.0]
        for task in sorted(ready, key=queue.finish_s):
            t_s = max(t_s, queue.finish_s(task))
            waits_s = queue.complete(t_s, task)
            complete(w, 0, task.job_id, t_s)
            assert w.waits_s[task.job_id][[COMPUTE, HEAT, BATTERY]].tolist() == [
                waits_s[cause] for cause in (Cause.COMPUTE, Cause.HEAT, Cause.BATTERY)
            ]
            assert w.jobs[task.job_id].running == 0
            _start(w, queue, t_s)
        assert me.energy_j == queue.energy_j
        assert w.running[: me.busy].tolist() == [task.job_id for task in queue.running()]
    assert me.head >= 0, "some still wait"
    waiting = tasks[int(me.head)]
    book_time(w, 0, waiting.job_id)
    assert w.waits_s[waiting.job_id].sum() == sum(queue.since_submitted(waiting).values())


def _start(w, queue, t_s):
    started = queue.start_waiting(t_s)
    start_waiting(w, 0, t_s)
    assert {queue.finish_s(task) for task in started} <= set(w.queue["t_s"].tolist())


def test_an_end_after_the_step_is_not_foreseen_in_orbit_and_is_on_the_ground(world):
    w = plain(world, ORBITAL)
    ground = next(iter(world.fleet.data_centres))
    w.clock[Clock.STEP_END] = 60.0
    for job, (node, seen) in enumerate([(0, 0), (ground, 1)]):
        w.jobs[job].work_s = 100.0
        submit(w, node, job, 0.0)
        start_waiting(w, node, 0.0)
        assert w.counts[Count.QUEUED] == seen
