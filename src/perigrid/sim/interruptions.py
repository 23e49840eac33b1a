"""When faults and legs come due, and what a fault leaves of a move, a stage and a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from perigrid.base.jobs import Cause
from perigrid.base.messages import Leg, Move
from perigrid.control.contact_plan import NO_CONTACT
from perigrid.sim.pending import Pending


@dataclass(frozen=True, slots=True)
class FaultBegins:
    """A fault of the schedule begins."""

    row: int


@dataclass(frozen=True, slots=True)
class FaultEnds:
    """A fault of the schedule is over."""

    row: int


@dataclass(frozen=True, slots=True)
class LegBegins:
    """The first bit of a leg is due; both ends must work."""

    job_id: int
    leg: int


Turn = FaultBegins | FaultEnds | LegBegins


def legs_within(
    pending: Mapping[int, Pending], rows: frozenset[int], t_from_s: float, t_to_s: float
) -> Iterator[tuple[float, LegBegins]]:
    """List legs that are due within a span of time and need one of some satellites.

    Parameters
    ----------
    pending : mapping of int to Pending
        What jobs are busy with.
    rows : frozenset of int
        The satellites.
    t_from_s, t_to_s : float
        The span, its end not in it [s].

    Yields
    ------
    t_s, turn
        When each begins.
    """
    for job_id, busy in pending.items():
        legs = busy.action.legs if rows and isinstance(busy.action, Move) else ()
        for index, leg in enumerate(legs):
            due = leg.contact != NO_CONTACT and t_from_s <= leg.t_start_s < t_to_s
            if due and not rows.isdisjoint((leg.source, leg.target)):
                yield leg.t_start_s, LegBegins(job_id, index)


def current_leg(legs: Sequence[Leg], t_s: float) -> int:
    """Find the first leg whose last bit has not arrived.

    Parameters
    ----------
    legs : sequence of Leg
        Of a move that is not over.
    t_s : float
        Now [s].

    Returns
    -------
    int
        Its place.
    """
    return next((i for i, leg in enumerate(legs) if leg.t_arrival_s > t_s), len(legs) - 1)


def sent_part(leg: Leg, t_s: float) -> tuple[Leg, ...]:
    """Cut a leg to what was sent of it.

    Parameters
    ----------
    leg : Leg
        As planned.
    t_s : float
        Now [s].

    Returns
    -------
    tuple of Leg
        One leg with the bytes sent so far; none if it had not begun.
    """
    if leg.t_start_s >= t_s:
        return ()
    end_s = min(leg.t_end_s, t_s)
    share = (end_s - leg.t_start_s) / (leg.t_end_s - leg.t_start_s)
    return (replace(leg, t_end_s=end_s, nbytes=share * leg.nbytes),)


def undone_waits_s(
    waits_s: Mapping[Cause, float], saved_s: float, done_s: float
) -> dict[Cause, float]:
    """Lay a stage's time at a computer to the fault, but for the share whose work is saved.

    Parameters
    ----------
    waits_s : mapping of Cause to float
        The time by cause [s].
    saved_s, done_s : float
        Work that a checkpoint keeps, and all work done [s].

    Returns
    -------
    dict of Cause to float
        Adds up to the same [s].
    """
    share = saved_s / done_s if done_s > 0.0 else 0.0
    kept = {cause: share * seconds_s for cause, seconds_s in waits_s.items()}
    return kept | {Cause.FAULT: sum(waits_s.values()) - sum(kept.values())}


def older(now: Sequence[float], before: Sequence[float], rows: Sequence[int]) -> tuple[float, ...]:
    """Put some values of an earlier report in place of the present ones.

    Parameters
    ----------
    now, before : sequence of float
        One column of both reports.
    rows : sequence of int
        Satellites that are not heard of.

    Returns
    -------
    tuple of float
        What is known.
    """
    column = list(now)
    for row in rows:
        column[row] = before[row]
    return tuple(column)
