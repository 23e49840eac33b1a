"""Computers that work through a queue at a speed that heat and energy set.

``slots`` tasks run side by side, each at full rate; the rest waits in order of arrival.
"""

from __future__ import annotations

import numpy as np

from perigrid.base.jobs import Cause
from perigrid.control.core.messages import CAUSES, Table
from perigrid.engine.memory import free_memory, take_memory
from perigrid.engine.queue import push
from perigrid.engine.state import Clock, Due, World
from perigrid.physics.compiled import part

COMPUTE, HEAT, BATTERY = (
    CAUSES.index(one) for one in (Cause.COMPUTE, Cause.HEAT, Cause.BATTERY)
)  # fmt: skip
_FINISH, _STEP_END = int(Due.FINISH), int(Clock.STEP_END)


@part
def set_speed(me: Table, t_s: float, heat_speed: float, power_speed: float) -> None:
    """Change the speed of a computer at a step boundary; its tasks are caught up.

    Parameters
    ----------
    me : record
        The computer.
    t_s : float
        Now [s].
    heat_speed, power_speed : float
        Shares of full speed that temperature and energy allow.
    """
    speed = min(heat_speed, power_speed)
    brake = HEAT if heat_speed <= power_speed else BATTERY
    if speed != me.speed or brake != me.brake:
        _count_to(me, t_s)
        me.speed, me.brake = speed, brake


@part
def submit(w: World, node: int, job: int, t_s: float) -> None:
    """Put a job's stage at the end of a computer's queue.

    Parameters
    ----------
    w : World
        Changed in place.
    node, job : int
        Rows.
    t_s : float
        Now [s].
    """
    me, task = w.nodes[node], w.jobs[job]
    _count_to(me, t_s)
    task.at_speed_s, task.heat_s, task.battery_s = me.at_speed_s, me.heat_s, me.battery_s
    task.left_s, task.running, task.following = task.work_s, 0, -1
    task.tasks += 1
    if me.head < 0:
        me.head = job
    else:
        w.jobs[me.tail].following = job
    me.tail = job


@part
def start_waiting(w: World, node: int, t_s: float) -> None:
    """Start queued tasks on free slots, in their order, as far as memory is free.

    Parameters
    ----------
    w : World
        Changed in place.
    node : int
        Its row.
    t_s : float
        Now [s].
    """
    me = w.nodes[node]
    while me.head >= 0 and me.busy < me.slots:
        job = me.head
        ready_s = take_memory(w, node, job, t_s)
        if ready_s == np.inf:
            break
        me.head = w.jobs[job].following
        w.jobs[job].t_task_s, w.jobs[job].running = ready_s, 1
        w.running[me.first_slot + me.busy] = job
        me.busy += 1
        foresee(w, node, job)


@part
def foresee(w: World, node: int, job: int) -> None:
    """Enter a running task's end if it comes before the computer's speed can change.

    Parameters
    ----------
    w : World
        Changed in place.
    node, job : int
        Rows.
    """
    me, task = w.nodes[node], w.jobs[job]
    finish_s = task.t_task_s + task.left_s / me.speed if me.speed > 0.0 else np.inf
    if node >= w.con[0].satellites or finish_s < w.clock[_STEP_END]:
        push(w, finish_s, _FINISH, job, task.tasks)


@part
def catch_up(w: World, node: int, t_s: float) -> None:
    """Count the work done until now.

    Parameters
    ----------
    w : World
        Changed in place.
    node : int
        Its row.
    t_s : float
        Now [s].
    """
    me = w.nodes[node]
    _count_to(me, t_s)
    for slot in range(me.first_slot, me.first_slot + me.busy):
        task = w.jobs[w.running[slot]]
        # Its work begins later than now while its model is being read.
        done_s = min(max(t_s - task.t_task_s, 0.0) * me.speed, task.left_s)
        task.left_s -= done_s
        task.t_task_s = max(task.t_task_s, t_s)
        me.energy_j += done_s * task.power_w


@part
def complete(w: World, node: int, job: int, t_s: float) -> None:
    """Take a finished task off its slot, and put its time into the books.

    Parameters
    ----------
    w : World
        Changed in place.
    node, job : int
        Rows.
    t_s : float
        Now [s].
    """
    me, task = w.nodes[node], w.jobs[job]
    _count_to(me, t_s)
    me.energy_j += task.left_s * task.power_w
    task.left_s, task.running = 0.0, 0
    free_memory(w, node, job)
    slot = me.first_slot
    while w.running[slot] != job:
        slot += 1
    me.busy -= 1
    for later in range(slot, me.first_slot + me.busy):
        w.running[later] = w.running[later + 1]
    book_time(w, node, job)


@part
def book_time(w: World, node: int, job: int) -> None:
    """Divide a task's time since :func:`submit`, up to the last time that was counted.

    Parameters
    ----------
    w : World
        Changed in place.
    node, job : int
        Rows.

    Notes
    -----
    ``compute`` for work and queue at the speed reached, ``heat`` or ``battery`` for the speed
    withheld.
    """
    me, task = w.nodes[node], w.jobs[job]
    w.waits_s[job, COMPUTE] += me.at_speed_s - task.at_speed_s
    w.waits_s[job, HEAT] += me.heat_s - task.heat_s
    w.waits_s[job, BATTERY] += me.battery_s - task.battery_s


@part
def _count_to(me: Table, t_s: float) -> None:
    passed_s = t_s - me.mark_s
    me.at_speed_s += passed_s * me.speed
    if me.speed < 1.0:
        withheld_s = passed_s * (1.0 - me.speed)
        if me.brake == HEAT:
            me.heat_s += withheld_s
        else:
            me.battery_s += withheld_s
    me.mark_s = t_s
