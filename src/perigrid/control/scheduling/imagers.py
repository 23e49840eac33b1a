"""Scenes of satellites without a computer: they have no place at home, whoever schedules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from perigrid.base.jobs import Cause, Job, Product
from perigrid.base.messages import Alternative, Close, Move, Wait
from perigrid.control.scheduling.base import RETRY_S, Belief

NO_COMPUTER: Final = "the satellite that took it has no computer"

Start = Callable[[int, float], tuple[float, Cause | None]]


def first_reached(
    job: Job, belief: Belief, start: Start, taken: set[int], end_s: float
) -> Move | Wait | Close:
    """Send a scene to the satellite that can begin first.

    Parameters
    ----------
    job : Job
        Held by a satellite without a computer.
    belief : Belief
        The fleet now; room on the receiver is reserved in it.
    start : callable
        Says when a job can begin on a satellite, not before a time, and what it would wait for.
    taken : set of int
        Contacts that this batch has given away already; changed.
    end_s : float
        End of the run [s].

    Returns
    -------
    Move, Wait or Close
        As :func:`unplaced` if none can take it now. A move is not committed yet.
    """
    cause, able = Cause.LINK, []
    for node, way in belief.reached(job, job.origin).items() if belief.may_migrate else ():
        start_s, waits_for = start(node, way.t_arrival_s)
        if not belief.storage.has_room(node, job.raw_bytes):
            cause = Cause.STORAGE
        elif waits_for is not None:
            cause = waits_for
        elif not taken & {leg.contact for leg in way.legs}:
            able.append((start_s, node, way))
    if not able:
        return unplaced(job, belief, cause, end_s)
    _, node, way = min(able, key=lambda one: one[:2])
    belief.storage.reserve(job.job_id, node, job.raw_bytes)
    taken |= {leg.contact for leg in way.legs}
    reason = f"{NO_COMPUTER}; of the others this one can begin first"
    return Move(job.job_id, Product.RAW, job.origin, node, way.legs, reason)


def unplaced(
    job: Job, belief: Belief, cause: Cause, end_s: float, lost: tuple[Alternative, ...] = ()
) -> Wait | Close:
    """Hold or miss a scene that no satellite with a computer can take now.

    Parameters
    ----------
    job : Job
        Held by a satellite without a computer.
    belief : Belief
        The fleet now.
    cause : Cause
        What it waits for.
    end_s : float
        End of the run [s].
    lost : tuple of Alternative
        Satellites that were looked at.

    Returns
    -------
    Wait or Close
        Missed if no satellite with a computer could have done it before its deadline: for a rule,
        if without rules one could.
    """
    now_s = belief.t_s
    if not belief.may_migrate:
        return _missed(job, Cause.COMPUTE, f"{NO_COMPUTER}, and no other may do it", lost)
    if _in_time(job, belief, free=False):
        until_s = min(now_s + RETRY_S, max(job.deadline_s, now_s + 1.0))
        return Wait(job.job_id, until_s, cause, f"{NO_COMPUTER}, and none can take it now", lost)
    if _in_time(job, belief, free=True):
        detail = f"{NO_COMPUTER}, and rules close all that have one"
        return _missed(job, Cause.RULE, detail, (*lost, *belief.ruled_out(job)))
    if job.deadline_s > end_s:
        reason = f"{NO_COMPUTER}, and none that has is reached before the run ends"
        return Wait(job.job_id, end_s, Cause.CONTACT, reason, lost)
    detail = f"{NO_COMPUTER}, and none that has is reached early enough before the deadline"
    return _missed(job, Cause.CONTACT, detail, lost)


def _in_time(job: Job, belief: Belief, *, free: bool) -> bool:
    """Whether a satellite that can be reached, by the rules or without, could do it in time."""
    return any(
        way.t_arrival_s + belief.work_s(node, job) <= job.deadline_s
        for node, way in belief.reached(job, job.origin, free=free).items()
    )


def _missed(job: Job, cause: Cause, detail: str, lost: tuple[Alternative, ...]) -> Close:
    return Close(job.job_id, delivered=False, reason=str(cause), detail=detail, alternatives=lost)
