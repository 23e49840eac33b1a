"""What satellites' computers are given, and what ends it."""

from __future__ import annotations

from collections.abc import Sequence

from perigrid.base.jobs import Job
from perigrid.base.messages import (
    AuthorityExpired,
    Compute,
    Computed,
    Event,
    Moved,
    NodeRepaired,
    StateReported,
    TaskLost,
)
from perigrid.control.hosting import Hosting
from perigrid.control.policy.authorize import Authorized, Refused
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.control.track import Track


def freed_by(event: Event, belief: Belief) -> Sequence[int]:
    """Note that a stage ended, and say which satellites there is news of.

    Parameters
    ----------
    event : Event
        What happened.
    belief : Belief
        Its computers are changed.

    Returns
    -------
    sequence of int
        Fleet rows of satellites that may begin something now.
    """
    satellites = range(belief.fleet.n_satellites)
    match event:
        case StateReported():
            return satellites
        case Computed() | TaskLost() | AuthorityExpired():
            node = belief.take_back(event.job_id)
            return () if node is None else (node,)
        case Moved(node=node) if node in satellites:
            belief.settle(node)  # the time that was kept for it is its own now
        case NodeRepaired(node=node) if node in satellites:
            return (node,)
    return ()


def note_given(decision: Authorized | Refused, belief: Belief, job: Job) -> None:
    """Note what a computer is given, or that it is not given what a scheduler had chosen.

    Parameters
    ----------
    decision : Authorized or Refused
        About any action of a job.
    belief : Belief
        Its computers are changed.
    job : Job
        The job.
    """
    action = decision.action
    if not isinstance(action, Compute) or isinstance(decision, Refused):
        belief.take_back(action.job_id)
    elif action.node < belief.fleet.n_satellites and action.job_id not in belief.given_to:
        ready = Ready(job, action.node, action.stage)
        belief.give(action.job_id, action.node, belief.load(ready, action.node).work_s)


def ready_of(track: Track, hosting: Hosting) -> Ready:
    """Put a job before a scheduler.

    Parameters
    ----------
    track : Track
        Of a job that has a stage left.
    hosting : Hosting
        Where it may be computed.

    Returns
    -------
    Ready
        With its next stage, where its pixels are.
    """
    job, stage = track.job, track.next_stage
    assert stage is not None  # noqa: S101  else it is not asked for
    here = hosting.may_run(stage, job, track.holder)
    return Ready(job, track.holder, stage, track.seen, here, hosting.may_leave(stage))
