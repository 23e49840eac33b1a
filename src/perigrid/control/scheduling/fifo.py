"""First in, first out: every job is computed where it was taken, at once. Myopic on purpose."""

from __future__ import annotations

from collections.abc import Sequence

from perigrid.base.messages import Action, Compute
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.fleet.model import Outlook


class Fifo:
    """Queues each job on its own satellite and lets the hardware's protection do the rest."""

    def choose(
        self, ready: Sequence[Ready], freed: Sequence[int], belief: Belief, outlook: Outlook
    ) -> list[Action]:
        """Answer every job with ``Compute`` where its pixels are.

        Parameters
        ----------
        ready : sequence of Ready
            Waiting jobs.
        freed, belief, outlook
            Not looked at: myopic means not looking.

        Returns
        -------
        list of Action
            One ``Compute`` per job.
        """
        del freed, outlook
        for one in ready:
            belief.give(one.job.job_id, one.node, belief.load(one, one.node).work_s)
        myopic = "first in, first out, where taken: no other place is asked"
        return [Compute(one.job.job_id, one.node, one.stage, one.why or myopic) for one in ready]
