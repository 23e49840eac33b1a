"""The price scheduler on an instance: a job runs where its value exceeds what it uses up."""

from __future__ import annotations

from typing import Final

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
from perigrid.fleet.model import Ints
from perigrid.physics.compiled import compiled

STEEPNESS: Final = 50.0
"""Price of the last unit over that of the first (assumed): the larger, the more is kept back."""

_EARLIER: Final = 1e-3
"""What a slot of waiting costs, to choose among equals (assumed)."""


def price(instance: Instance) -> Schedule:
    """Place each job once, when it is released, where its value exceeds the price by most.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.

    Returns
    -------
    Schedule
        Jobs that no place is worth wait, and ask again in every slot.

    Notes
    -----
    A job that takes the energy ``E`` costs ``w E (p(battery) + p(heat) + p(link))`` with the usual
    worth of a joule ``w`` (the median over the jobs, as earlier days would tell it) and
    ``p(u) = (m**u - 1) / (m - 1)``, where ``u`` is the share of the satellite's battery, of its
    temperature limit and of the slot's downlink that would be used up. Such prices keep room for
    jobs worth more without knowing them, and send jobs to a neighbour that is less used.

    References
    ----------
    B. Awerbuch, Y. Azar and S. Plotkin, "Throughput-competitive on-line routing", Proceedings of
    the 34th Annual Symposium on Foundations of Computer Science, 1993,
    doi:10.1109/SFCS.1993.366884.
    """
    plan, book = empty_schedule(instance.n_jobs), empty_book(instance)
    work = instance.work
    if not instance.n_jobs:
        return plan
    worth_j = float(np.median(work.value / (work.duration * work.energy_j)))
    order = np.argsort(work.release, kind="stable")
    given = limits_of(instance), jobs_of(instance)
    _sell(book, *given, order, worth_j, plan.satellite, plan.start, plan.sent)
    return plan


@compiled()
def _steep(used: float) -> float:
    """Price of a thing of which a share is used."""
    return float((STEEPNESS ** min(1.0, max(0.0, used)) - 1.0) / (STEEPNESS - 1.0))


@compiled()
def _scarcity(book: Book, limits: Limits, jobs: Jobs, j: int, s: int, t: int, sent: int) -> float:
    """Prices of battery, heat and link together, with the job in place."""
    level, warm, end = book.battery_j[s, t], 0.0, t + jobs.duration[j]
    lowest, hottest = level, 0.0
    for q in range(t, book.load_j.shape[1]):
        drawn = jobs.energy_j[j] if q < end else 0.0
        level += limits.gain_j[s, q] - book.load_j[s, q] - drawn
        level = min(limits.capacity_j[s], level)
        warm = limits.kept_share * warm + limits.warming_k_per_j * drawn
        lowest = min(lowest, level)
        hottest = max(hottest, (book.warm_k[s, q + 1] + warm) / limits.limit_k[s])
        if q >= end and level == book.battery_j[s, q + 1]:
            break
    usable = limits.capacity_j[s] - limits.floor_j[s]
    sending = book.sent_bytes[s, sent] + jobs.output_bytes[j]
    return (
        _steep(1.0 - (lowest - limits.floor_j[s]) / usable)
        + _steep(hottest)
        + _steep(sending / limits.downlink_bytes[s, sent])
    )


@compiled()
def _best_buy(
    book: Book, limits: Limits, jobs: Jobs, j: int, now: int, worth_j: float
) -> tuple[int, int, int]:
    """Satellite, start and downlink of the most profit; -1 if none has any."""
    usual = worth_j * jobs.duration[j] * jobs.energy_j[j]
    best, found = 0.0, (-1, -1, -1)
    for k in range(jobs.candidate.shape[1]):
        s = jobs.candidate[j, k]
        last = jobs.deadline[j] - jobs.duration[j] if s >= 0 else -1
        for t in range(now + jobs.delay[j, k], last + 1):
            down = fits(book, limits, jobs, j, s, t)
            if down < 0:
                continue
            cost = usual * _scarcity(book, limits, jobs, j, s, t, down)
            profit = jobs.value[j] - cost - _EARLIER * (down - now)
            if profit > best:
                best, found = profit, (s, t, down)
    return found


@compiled()
def _sell(
    book: Book,
    limits: Limits,
    jobs: Jobs,
    order: Ints,
    worth_j: float,
    satellite: Ints,
    start: Ints,
    sent: Ints,
) -> None:
    """In each slot, let the jobs that wait buy their best place, in order of release."""
    for now in range(book.load_j.shape[1]):
        for j in order:
            if start[j] >= 0 or jobs.release[j] > now:
                continue
            if jobs.deadline[j] < now + jobs.duration[j]:
                continue
            s, t, down = _best_buy(book, limits, jobs, j, now, worth_j)
            if s >= 0:
                take(book, limits, jobs, j, s, t, down, 1)
                satellite[j], start[j], sent[j] = s, t, down
