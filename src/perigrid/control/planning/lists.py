"""List schedulers on an instance: first come, earliest deadline, look-ahead."""

from __future__ import annotations

import numpy as np

from perigrid.control.planning.booking import (
    Book,
    Jobs,
    Limits,
    empty_book,
    fits,
    jobs_of,
    limits_of,
    take,
)
from perigrid.control.planning.instance import Instance, Schedule, empty_schedule
from perigrid.control.planning.starts import Starts, possible_starts
from perigrid.fleet.model import Floats, Ints
from perigrid.physics.compiled import compiled


def fifo(instance: Instance) -> Schedule:
    """Run jobs where their pixels are, in order of release, as soon as one can start. Myopic.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.

    Returns
    -------
    Schedule
        Satellites never wait for anything better, and never help each other.
    """
    return _at_home(instance, np.argsort(instance.work.release, kind="stable"))


def edf(instance: Instance) -> Schedule:
    """Run jobs where their pixels are, the earliest deadline first.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.

    Returns
    -------
    Schedule
        As :func:`fifo` but for the order.
    """
    return _at_home(instance, np.argsort(instance.work.deadline, kind="stable"))


def _at_home(instance: Instance, order: Ints) -> Schedule:
    plan, book = empty_schedule(instance.n_jobs), empty_book(instance)
    given = limits_of(instance), jobs_of(instance)
    _dispatch(book, *given, order, plan.satellite, plan.start, plan.sent)
    return plan


@compiled()
def _dispatch(
    book: Book, limits: Limits, jobs: Jobs, order: Ints, satellite: Ints, start: Ints, sent: Ints
) -> None:
    """In each slot, start the first waiting jobs that can start now."""
    for t in range(book.load_j.shape[1]):
        for j in order:
            s = jobs.candidate[j, 0]
            if start[j] >= 0 or jobs.release[j] > t or book.busy[s, t] > 0:
                continue
            down = fits(book, limits, jobs, j, s, t)
            if down >= 0:
                take(book, limits, jobs, j, s, t, down, 1)
                satellite[j], start[j], sent[j] = s, t, down


def urgency(instance: Instance, starts: Starts | None = None) -> Floats:
    """Rank jobs for a look-ahead list: worth much, cheap in energy, hard to place.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.
    starts : Starts, optional
        Its possible starts, if they are known already.

    Returns
    -------
    (n_jobs,) float array
        The highest is placed first: value over the square root of the energy and the cube root of
        the number of starts that the job would have if it were alone. The exponents are assumed,
        chosen on five instances (seeds 0 to 4 of the family) that no study counts.
    """
    work = instance.work
    starts = possible_starts(instance) if starts is None else starts
    choices = np.maximum(1, np.diff(starts.first_of_job))
    rank: Floats = work.value / np.sqrt(work.duration * work.energy_j) / np.cbrt(choices)
    return rank


@compiled()
def _best_place(
    book: Book, limits: Limits, jobs: Jobs, j: int, now: int, toll: Floats
) -> tuple[int, int, int, int]:
    """Candidate, start and downlink with the least cost, and when it must be settled."""
    best, found = np.inf, (-1, -1, -1, -1)
    for k in range(jobs.candidate.shape[1]):
        s = jobs.candidate[j, k]
        if s < 0:
            continue
        first = max(now, jobs.release[j]) + jobs.delay[j, k]
        for t in range(first, jobs.deadline[j] - jobs.duration[j] + 1):
            down = fits(book, limits, jobs, j, s, t)
            if down < 0:
                continue
            cost = float(down)
            for q in range(t, t + jobs.duration[j]):
                cost += toll[s, q]
            if cost < best:
                best, found = cost, (s, t, down, t - jobs.delay[j, k])
    return found


@compiled()
def _online(
    book: Book, limits: Limits, jobs: Jobs, order: Ints, toll: Floats, satellite: Ints,
    start: Ints, sent: Ints, foresight: int,
) -> None:  # fmt: skip
    """Plan all that wait anew in each slot; settle only what must begin now."""
    drafted = np.empty((len(order), 4), dtype=np.int64)
    for now in range(book.load_j.shape[1]):
        count = 0
        for j in order:
            if start[j] >= 0 or jobs.release[j] > now + foresight:
                continue
            if jobs.deadline[j] < now + jobs.duration[j]:
                continue
            s, t, down, settle = _best_place(book, limits, jobs, j, now, toll)
            if s < 0:
                continue
            take(book, limits, jobs, j, s, t, down, 1)
            if settle <= now:
                satellite[j], start[j], sent[j] = s, t, down
            else:
                drafted[count, 0], drafted[count, 1] = j, s
                drafted[count, 2], drafted[count, 3] = t, down
                count += 1
        for i in range(count - 1, -1, -1):
            take(book, limits, jobs, drafted[i, 0], drafted[i, 1], drafted[i, 2], drafted[i, 3], -1)


def lookahead(instance: Instance, foresight: int = 0) -> Schedule:
    """Plan ahead in every slot, knowing the jobs that are released so far.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.
    foresight : int
        Slots before its release in which a job is known.

    Returns
    -------
    Schedule
        In each slot all jobs that wait are placed anew, the most urgent first (:func:`urgency`),
        each where its output is sent first with battery, heat, memory and downlink simulated to the
        end of the day; only what must begin now is settled.
    """
    order = np.argsort(-urgency(instance), kind="stable")
    return _planned(instance, order, np.zeros(instance.satellites.gain_j.shape), foresight)


def _planned(instance: Instance, order: Ints, toll: Floats, foresight: int) -> Schedule:
    plan, book = empty_schedule(instance.n_jobs), empty_book(instance)
    given = limits_of(instance), jobs_of(instance)
    _online(book, *given, order, toll, plan.satellite, plan.start, plan.sent, foresight)
    return plan
