"""First in, first out: every job is computed where it was taken, at once. Myopic on purpose."""

from __future__ import annotations

from collections.abc import Sequence

from perigrid.base.jobs import Job
from perigrid.base.messages import Action, Compute
from perigrid.control.scheduling.base import Belief
from perigrid.fleet.model import Outlook


class Fifo:
    """Queues each job on its own satellite and lets the hardware's protection do the rest."""

    def choose(self, jobs: Sequence[Job], belief: Belief, outlook: Outlook) -> list[Action]:  # noqa: ARG002  the scheduler's signature; myopic means not looking
        """Answer every job with ``Compute`` on its origin.

        Parameters
        ----------
        jobs : sequence of Job
            Waiting jobs.
        belief : Belief
            The fleet now.
        outlook : Outlook
            Not looked at.

        Returns
        -------
        list of Action
            One ``Compute`` per job.
        """
        actions: list[Action] = []
        for job in jobs:
            belief.commit(job.origin, belief.t_s, belief.work_s(job.origin, job))
            actions.append(
                Compute(
                    job.job_id,
                    job.origin,
                    belief.first_stage,
                    "first in, first out, where taken: no other place is asked",
                )
            )
        return actions
