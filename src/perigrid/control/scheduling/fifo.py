"""First in, first out: every job is computed where it was taken, at once. Myopic on purpose."""

from __future__ import annotations

from collections.abc import Sequence

from perigrid.base.jobs import Job, StageName
from perigrid.base.messages import Action, Compute, Move
from perigrid.control.scheduling.base import Belief
from perigrid.control.scheduling.imagers import first_reached
from perigrid.fleet.model import Outlook


class Fifo:
    """Queues each job on its own satellite and lets the hardware's protection do the rest."""

    def choose(self, jobs: Sequence[Job], belief: Belief, outlook: Outlook) -> list[Action]:
        """Answer every job with ``Compute`` on its origin, if that has a computer.

        Parameters
        ----------
        jobs : sequence of Job
            Waiting jobs.
        belief : Belief
            The fleet now.
        outlook : Outlook
            Only its end is looked at.

        Returns
        -------
        list of Action
            One ``Compute`` per job; a scene of a satellite without a computer goes to the one
            that can begin first.
        """
        taken: set[int] = set()
        end_s = float(outlook.t_s[-1])
        return [self._place(job, belief, taken, end_s) for job in jobs]

    def _place(self, job: Job, belief: Belief, taken: set[int], end_s: float) -> Action:
        if belief.computes(job.origin):
            belief.commit(job.origin, belief.t_s, job)
            why = "first in, first out, where taken: no other place is asked"
            return Compute(job.job_id, job.origin, StageName.SCREEN, why)

        def start(node: int, t_s: float) -> tuple[float, None]:
            return max(t_s, float(belief.busy_until_s[node])), None

        action = first_reached(job, belief, start, taken, end_s)
        if isinstance(action, Move):
            belief.commit(action.target, action.legs[-1].t_arrival_s, job)
        return action
