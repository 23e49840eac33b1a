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
from perigrid.control.policy.authorize import Authorized, Refused
from perigrid.control.scheduling.base import Belief


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
        work_s = belief.work(action.node, job).stage_s[action.stage]
        belief.give(action.job_id, action.node, work_s)
