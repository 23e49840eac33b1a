"""What some jobs find on some satellites when all others keep their places: an instance again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perigrid.control.planning.booking import empty_book, jobs_of, limits_of, take
from perigrid.control.planning.instance import Bools, Instance, Satellites, Schedule, Work
from perigrid.control.planning.starts import Starts, possible_starts
from perigrid.fleet.model import Ints


@dataclass(frozen=True, slots=True)
class Remainder:
    """A part of an instance.

    Parameters
    ----------
    instance : Instance
        The free jobs and their satellites, less what the other jobs take.
    jobs, satellites : int array
        Rows in the whole instance.
    starts : Starts
        Possible starts of the free jobs within the window.
    kept_value : float
        Value of the free jobs that have a place now.
    """

    instance: Instance
    jobs: Ints
    satellites: Ints
    starts: Starts
    kept_value: float

    def merge(self, whole: Schedule, part: Schedule) -> Schedule:
        """Put a schedule of the part into a schedule of the whole.

        Parameters
        ----------
        whole, part : Schedule
            Of the whole instance and of this part.

        Returns
        -------
        Schedule
            With all free jobs as the part has them.
        """
        columns = [np.array(one) for one in (whole.satellite, whole.start, whole.sent)]
        given = part.satellite, part.start, part.sent
        for column, new in zip(columns, given, strict=True):
            column[self.jobs] = new
        done = part.placed
        columns[0][self.jobs[done]] = self.satellites[part.satellite[done]]
        return Schedule(*columns)


def remainder(
    instance: Instance, schedule: Schedule, free: Bools, satellites: Ints, window: tuple[int, int]
) -> Remainder:
    """Take a part out of an instance.

    Parameters
    ----------
    instance : Instance
        The whole.
    schedule : Schedule
        Where all jobs are now.
    free : (n_jobs,) bool array
        Jobs that may be placed anew, or given up.
    satellites : int array
        Where they may be placed; every free job that has a place has it here.
    window : (int, int)
        First slot of a start, and the slot before which it must be.

    Returns
    -------
    Remainder
        Whatever can be flown there can be flown together with the jobs that are not free.
    """
    jobs: Ints = np.flatnonzero(free).astype(np.int64)
    part = Instance(
        _left(instance, schedule, free, satellites),
        _work(instance.work, jobs, satellites, instance.n_satellites),
        instance.slot_s,
    )
    starts = possible_starts(part).between(*window)
    kept = float(instance.work.value[jobs][schedule.start[jobs] >= 0].sum())
    return Remainder(part, jobs, satellites, starts, kept)


def _left(instance: Instance, schedule: Schedule, free: Bools, satellites: Ints) -> Satellites:
    """Satellites less what the jobs that are not free take."""
    sky = instance.satellites
    book = empty_book(instance)
    limits, jobs = limits_of(instance), jobs_of(instance)
    fixed = np.flatnonzero(np.isin(schedule.satellite, satellites) & ~free)
    for j in fixed:
        s, t, sent = (int(x[j]) for x in (schedule.satellite, schedule.start, schedule.sent))
        take(book, limits, jobs, int(j), s, t, sent, 1)
    here = satellites
    return Satellites(
        gain_j=sky.gain_j[here] - book.load_j[here],
        start_j=sky.start_j[here],
        floor_j=sky.floor_j[here],
        capacity_j=sky.capacity_j[here],
        downlink_bytes=sky.downlink_bytes[here] - book.sent_bytes[here],
        memory_bytes=sky.memory_bytes[here] - book.held_bytes[here],
        closed=book.busy[here] > 0,
        start_k=sky.start_k[here],
        limit_k=sky.limit_k[here],
        warming_k=sky.warming_k[here] + sky.warming_k_per_j * book.load_j[here],
        warming_k_per_j=sky.warming_k_per_j,
        kept_share=sky.kept_share,
    )


def _work(work: Work, jobs: Ints, satellites: Ints, n_satellites: int) -> Work:
    """Take the free jobs, with satellites numbered anew."""
    number = np.full(n_satellites + 1, -1, dtype=np.int64)
    number[satellites] = np.arange(len(satellites))
    parts = {name: getattr(work, name)[jobs] for name in Work.__slots__}
    parts["origin"] = number[parts["origin"]]
    parts["candidate"] = number[parts["candidate"]]
    return Work(**parts)
