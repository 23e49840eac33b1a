"""What is booked on each satellite, and whether one more job fits: the list schedulers' simulation.

Battery, temperature and memory are kept as trajectories of the whole day; a trial runs them forward
from the start it tries and stops where they meet the old ones again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from perigrid.control.planning.instance import Instance
from perigrid.fleet.model import Floats, Ints
from perigrid.physics.compiled import compiled

_SLACK_J = 1e-6
_SLACK_K = 1e-9


class Limits(NamedTuple):
    """An instance's satellites as plain arrays, for compiled code; fields as in ``Satellites``."""

    gain_j: Floats
    floor_j: Floats
    capacity_j: Floats
    downlink_bytes: Floats
    memory_bytes: Floats
    limit_k: Floats
    warming_k: Floats
    warming_k_per_j: float
    kept_share: float


class Jobs(NamedTuple):
    """An instance's jobs as plain arrays, for compiled code; fields as in ``Work``."""

    release: Ints
    deadline: Ints
    duration: Ints
    energy_j: Floats
    memory_bytes: Floats
    output_bytes: Floats
    value: Floats
    candidate: Ints
    delay: Ints


class Book(NamedTuple):
    """Trajectories of all satellites with what is booked; changed in place.

    Parameters
    ----------
    load_j : (n_satellites, n_slots) float array
        Energy that jobs draw [J].
    busy : (n_satellites, n_slots) int array
        Jobs that run, 0 or 1; 1 where the computer is closed.
    sent_bytes, held_bytes : (n_satellites, n_slots) float array
        Downlink and memory taken [B].
    battery_j, warm_k : (n_satellites, n_slots + 1) float array
        State before each slot [J, K].
    """

    load_j: Floats
    busy: Ints
    sent_bytes: Floats
    held_bytes: Floats
    battery_j: Floats
    warm_k: Floats


def limits_of(instance: Instance) -> Limits:
    """Take an instance's satellites apart.

    Parameters
    ----------
    instance : Instance
        The instance.

    Returns
    -------
    Limits
        Shared arrays, not copies.
    """
    return Limits(*(getattr(instance.satellites, name) for name in Limits._fields))


def jobs_of(instance: Instance) -> Jobs:
    """Take an instance's jobs apart.

    Parameters
    ----------
    instance : Instance
        The instance.

    Returns
    -------
    Jobs
        Shared arrays, not copies.
    """
    return Jobs(*(getattr(instance.work, name) for name in Jobs._fields))


def empty_book(instance: Instance) -> Book:
    """Simulate a day in which nothing is computed.

    Parameters
    ----------
    instance : Instance
        The instance.

    Returns
    -------
    Book
        Nothing booked.
    """
    count, slots = instance.n_satellites, instance.n_slots
    sky = instance.satellites
    battery_j, warm_k = np.empty((count, slots + 1)), np.empty((count, slots + 1))
    battery_j[:, 0], warm_k[:, 0] = sky.start_j, sky.start_k
    for slot in range(slots):
        full_j = battery_j[:, slot] + sky.gain_j[:, slot]
        battery_j[:, slot + 1] = np.minimum(sky.capacity_j, full_j)
        warm_k[:, slot + 1] = sky.kept_share * warm_k[:, slot] + sky.warming_k[:, slot]
    empty = (np.zeros((count, slots)) for _ in range(3))
    load_j, sent_bytes, held_bytes = empty
    busy = sky.closed.astype(np.int64)
    return Book(load_j, busy, sent_bytes, held_bytes, battery_j, warm_k)


@compiled()
def free_to_run(book: Book, s: int, t: int, slots: int) -> bool:
    """Whether no other job runs in these slots."""
    return not book.busy[s, t : t + slots].any()


@compiled()
def first_send(book: Book, limits: Limits, jobs: Jobs, j: int, s: int, end: int) -> int:
    """First slot in time in which the output can be sent, memory allowing; -1 if none."""
    size = jobs.output_bytes[j]
    for q in range(end, jobs.deadline[j] + 1):
        if book.held_bytes[s, q] + size > limits.memory_bytes[s, q]:
            return -1
        if book.sent_bytes[s, q] + size <= limits.downlink_bytes[s, q]:
            return q
    return -1


@compiled()
def _bears(book: Book, limits: Limits, jobs: Jobs, j: int, s: int, t: int) -> bool:
    """Whether the battery stays above its floor if the job starts then."""
    end, level = t + jobs.duration[j], book.battery_j[s, t]
    for q in range(t, book.load_j.shape[1]):
        drawn = jobs.energy_j[j] if q < end else 0.0
        level += limits.gain_j[s, q] - book.load_j[s, q] - drawn
        level = min(limits.capacity_j[s], level)
        if level < limits.floor_j[s] - _SLACK_J:
            return False
        if q >= end and level == book.battery_j[s, q + 1]:
            return True
    return True


@compiled()
def _stays_cool(book: Book, limits: Limits, jobs: Jobs, j: int, s: int, t: int) -> bool:
    """Whether temperature and memory hold if the job starts then."""
    end, extra = t + jobs.duration[j], 0.0
    for q in range(t, end):
        if book.held_bytes[s, q] + jobs.memory_bytes[j] > limits.memory_bytes[s, q]:
            return False
    if limits.limit_k[s] == np.inf:
        return True
    for q in range(t, book.load_j.shape[1]):
        drawn = jobs.energy_j[j] if q < end else 0.0
        extra = limits.kept_share * extra + limits.warming_k_per_j * drawn
        if book.warm_k[s, q + 1] + extra > limits.limit_k[s]:
            return False
        if q >= end and extra < _SLACK_K:
            return True
    return True


@compiled()
def fits(book: Book, limits: Limits, jobs: Jobs, j: int, s: int, t: int) -> int:
    """Slot of the downlink if the job can run from a slot on, else -1.

    Parameters
    ----------
    book, limits, jobs
        What is booked, what there is, what is asked.
    j, s, t : int
        Job, satellite and first slot.

    Returns
    -------
    int
        Earliest downlink; -1 if computer, battery, heat, memory or downlink forbid it.
    """
    end = t + jobs.duration[j]
    if end > jobs.deadline[j] or not free_to_run(book, s, t, jobs.duration[j]):
        return -1
    sent = first_send(book, limits, jobs, j, s, end)
    if sent < 0 or not _bears(book, limits, jobs, j, s, t):
        return -1
    return sent if _stays_cool(book, limits, jobs, j, s, t) else -1


@compiled()
def take(
    book: Book, limits: Limits, jobs: Jobs, j: int, s: int, t: int, sent: int, sign: int
) -> None:
    """Book a job, or take it back.

    Parameters
    ----------
    book, limits, jobs
        What is booked, what there is, what is asked.
    j, s, t, sent : int
        Job, satellite, first slot and slot of the downlink.
    sign : int
        1 to book, -1 to take back.
    """
    end = t + jobs.duration[j]
    for q in range(t, end):
        book.busy[s, q] += sign
        book.load_j[s, q] += sign * jobs.energy_j[j]
        book.held_bytes[s, q] += sign * jobs.memory_bytes[j]
    for q in range(end, sent + 1):
        book.held_bytes[s, q] += sign * jobs.output_bytes[j]
    book.sent_bytes[s, sent] += sign * jobs.output_bytes[j]
    for q in range(t, book.load_j.shape[1]):
        level = book.battery_j[s, q] + limits.gain_j[s, q] - book.load_j[s, q]
        book.battery_j[s, q + 1] = min(limits.capacity_j[s], level)
        warm = limits.kept_share * book.warm_k[s, q] + limits.warming_k[s, q]
        book.warm_k[s, q + 1] = warm + limits.warming_k_per_j * book.load_j[s, q]
