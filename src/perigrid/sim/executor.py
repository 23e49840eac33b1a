"""Computers that work through a queue at a speed that heat and energy set."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from perigrid.base.jobs import Cause


@dataclass(slots=True)
class Task:
    """A stage of a job on a computer."""

    job_id: int
    stage: str
    work_s: float  # at full speed
    power_w: float  # above idle, at full speed
    left_s: float = 0.0
    t_from_s: float = 0.0
    marks_s: dict[Cause, float] = field(default_factory=dict)
    kept_s: float = 0.0  # done and saved by an earlier try; not part of ``work_s``
    corrupted: bool = False
    detected: bool = False  # of a corruption, that a check will find it


class ComputeQueue:
    """One node's processor: ``slots`` tasks side by side, the rest in order of arrival.

    Parameters
    ----------
    slots : int
        Tasks at a time, each at full rate. ``energy_j`` sums what they drew above idle.
    """

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._waiting: deque[Task] = deque()
        self._running: list[Task] = []
        self._speed = 1.0
        self._brake = Cause.COMPUTE
        self._mark_s = 0.0
        self._at_speed_s = 0.0
        self._withheld_s = {Cause.HEAT: 0.0, Cause.BATTERY: 0.0}
        self.energy_j = 0.0

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing runs and nothing ran since ``energy_j`` was taken."""
        return not self._running and self.energy_j == 0.0

    def set_speed(self, t_s: float, heat_speed: float, power_speed: float) -> None:
        """Change the speed at a step boundary; running tasks must have been caught up before.

        Parameters
        ----------
        t_s : float
            Now [s].
        heat_speed, power_speed : float
            Shares of full speed that temperature and energy allow.
        """
        speed = min(heat_speed, power_speed)
        brake = Cause.HEAT if heat_speed <= power_speed else Cause.BATTERY
        if (speed, brake) != (self._speed, self._brake):
            self._count_to(t_s)
            self._speed, self._brake = speed, brake

    def submit(self, t_s: float, task: Task) -> None:
        """Put a task at the end of the queue.

        Parameters
        ----------
        t_s : float
            Now [s].
        task : Task
            Not started.
        """
        self._count_to(t_s)
        task.marks_s = self._counters_s()
        task.left_s = task.work_s
        self._waiting.append(task)

    def drop_waiting(self, is_barred: Callable[[Task], bool]) -> list[Task]:
        """Take tasks off the queue that may not begin any more.

        Parameters
        ----------
        is_barred : callable
            Tells which.

        Returns
        -------
        list of Task
            Those that were taken off.
        """
        barred = [task for task in self._waiting if is_barred(task)]
        for task in barred:
            self._waiting.remove(task)
        return barred

    def start_waiting(self, t_s: float) -> list[Task]:
        """Start queued tasks on free slots.

        Parameters
        ----------
        t_s : float
            Now [s].

        Returns
        -------
        list of Task
            Those that started.
        """
        started = []
        while self._waiting and len(self._running) < self._slots:
            task = self._waiting.popleft()
            task.t_from_s = t_s
            self._running.append(task)
            started.append(task)
        return started

    def finish_s(self, task: Task) -> float:
        """Say when a running task ends at the present speed.

        Parameters
        ----------
        task : Task
            Running.

        Returns
        -------
        float
            Infinity while the computer stands still [s].
        """
        return task.t_from_s + task.left_s / self._speed if self._speed > 0.0 else float("inf")

    def catch_up(self, t_s: float) -> None:
        """Count the work done until now.

        Parameters
        ----------
        t_s : float
            Now [s].
        """
        self._count_to(t_s)
        for task in self._running:
            done_s = min((t_s - task.t_from_s) * self._speed, task.left_s)
            task.left_s -= done_s
            task.t_from_s = t_s
            self.energy_j += done_s * task.power_w

    def complete(self, t_s: float, task: Task) -> dict[Cause, float]:
        """Take a finished task off its slot.

        Parameters
        ----------
        t_s : float
            Now [s].
        task : Task
            Running, with nothing left to do.

        Returns
        -------
        dict of Cause to float
            How its time since :meth:`submit` divides: ``compute`` for work and queue at the speed
            reached, ``heat`` or ``battery`` for the speed withheld [s].
        """
        self._count_to(t_s)
        self.energy_j += task.left_s * task.power_w
        task.left_s = 0.0
        self._running.remove(task)
        return self.since_submitted(task)

    def since_submitted(self, task: Task) -> dict[Cause, float]:
        """Divide a task's time in this queue so far.

        Parameters
        ----------
        task : Task
            Waiting, running or just completed.

        Returns
        -------
        dict of Cause to float
            Seconds by cause, up to the last time that was counted [s].
        """
        return {
            cause: seconds_s - task.marks_s[cause]
            for cause, seconds_s in self._counters_s().items()
        }

    def abort(self, t_s: float) -> list[Task]:
        """Empty the computer: it was reset.

        Parameters
        ----------
        t_s : float
            Now [s].

        Returns
        -------
        list of Task
            What ran or waited, caught up to now, running ones first.
        """
        self.catch_up(t_s)
        tasks = self.unfinished()
        self._running.clear()
        self._waiting.clear()
        return tasks

    def running(self) -> list[Task]:
        """Tasks on slots.

        Returns
        -------
        list of Task
            In the order in which they started.
        """
        return list(self._running)

    def is_running(self, task: Task) -> bool:
        """Say whether a task is on a slot.

        Parameters
        ----------
        task : Task
            Of this queue.

        Returns
        -------
        bool
            False while it waits.
        """
        return any(running is task for running in self._running)

    def unfinished(self) -> list[Task]:
        """Tasks running or waiting.

        Returns
        -------
        list of Task
            Running ones first.
        """
        return [*self._running, *self._waiting]

    def _counters_s(self) -> dict[Cause, float]:
        return {Cause.COMPUTE: self._at_speed_s, **self._withheld_s}

    def _count_to(self, t_s: float) -> None:
        passed_s = t_s - self._mark_s
        self._at_speed_s += passed_s * self._speed
        if self._speed < 1.0:
            self._withheld_s[self._brake] += passed_s * (1.0 - self._speed)
        self._mark_s = t_s
