"""What a scheduler must answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from typing import Final, Protocol

from perigrid.base.errors import WorkError
from perigrid.base.messages import Action, Close, Compute, Move, Wait
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.fleet.model import Outlook

_ANSWERS: Final = (Compute, Move, Wait, Close)


class Scheduler(Protocol):
    """Chooses where and when the stages of waiting jobs are computed.

    Notes
    -----
    A class without arguments, registered as an entry point of the group
    :data:`~perigrid.base.registry.SCHEDULERS`. With an attribute ``weighs_places = True`` it is
    also asked about jobs that may not be computed where their pixels are (``Ready.here``), and
    about data centres where ``Belief.on_ground`` leaves them open; without, the controller sends
    the former to the satellite that could begin first, and a mission that leaves orbit or ground
    open is refused.
    """

    def choose(
        self, ready: Sequence[Ready], freed: Sequence[int], belief: Belief, outlook: Outlook
    ) -> list[Action]:
        """Answer every job with one action: compute here, move there, wait, or give it up.

        Parameters
        ----------
        ready : sequence of Ready
            Jobs that ask: taken just now, screened, arrived, or waiting no longer.
        freed : sequence of int
            Satellites of which there is news: a stage ended, telemetry came, it is back.
        belief : Belief
            The fleet now; stages given are noted in it, room on other satellites reserved.
        outlook : Outlook
            What decisions cannot change.

        Returns
        -------
        list of Action
            One for each job that asks: ``Compute``, ``Move``, ``Wait`` or ``Close``; and any for
            jobs that were made to wait, whose wait that ends.
        """
        ...


def demand_answers(
    scheduler: object, ready: Sequence[Ready], actions: Sequence[Action], known: Container[int]
) -> None:
    """Refuse answers that leave out a job, or are about none.

    Parameters
    ----------
    scheduler : Scheduler
        Whose.
    ready : sequence of Ready
        Jobs that asked.
    actions : sequence of Action
        Its answers.
    known : container of int
        All jobs that were ever taken.

    Raises
    ------
    WorkError
        If a job that asks has not exactly one answer, or an answer is none.
    """
    count = Counter(one.job_id for one in actions)
    for one in ready:
        if count[one.job.job_id] != 1:
            times = count[one.job.job_id]
            what = f"answers job {one.job.job_id} {times} times, not once"
            raise WorkError(wrong_answer(scheduler, what))
    for action in actions:
        if action.job_id not in known or not isinstance(action, _ANSWERS):
            what = f"answers {type(action).__name__} to job {action.job_id}, which is no answer"
            raise WorkError(wrong_answer(scheduler, what))


def wrong_answer(scheduler: object, what: str) -> str:
    """Say what is wrong with a scheduler that answers what cannot be.

    Parameters
    ----------
    scheduler : Scheduler
        Whose answer.
    what : str
        What it does.

    Returns
    -------
    str
        With what to do about it.
    """
    remedy = "mend the plug-in, or choose another scheduler"
    return f"the scheduler {type(scheduler).__name__} {what}: {remedy}"
