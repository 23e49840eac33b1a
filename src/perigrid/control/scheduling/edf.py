"""Earliest deadline first, on the satellite that took the scene."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from perigrid.base.jobs import Cause, Job
from perigrid.base.messages import Action, Compute, Wait
from perigrid.control.scheduling.base import Belief
from perigrid.control.scheduling.guard import Guard
from perigrid.fleet.model import Outlook


class Edf:
    """Holds jobs back while their computer is busy, then starts the one that is due first.

    Notes
    -----
    A job that can no longer be done in time comes after all that can: under overload the plain
    rule would spend itself on lost jobs. Limits are kept by the same forecast as the look-ahead
    scheduler's, guarded against its errors.
    """

    def __init__(self) -> None:
        self._guard = Guard()
        # Jobs held back on each satellite: due time and when they ask again.
        self._held: dict[int, dict[int, tuple[float, float]]] = defaultdict(dict)

    def choose(self, jobs: Sequence[Job], belief: Belief, outlook: Outlook) -> list[Action]:
        """Answer every job with ``Compute`` on its origin or ``Wait``.

        Parameters
        ----------
        jobs : sequence of Job
            Waiting jobs.
        belief : Belief
            The fleet now; commitments are noted in it.
        outlook : Outlook
            What decisions cannot change.

        Returns
        -------
        list of Action
            One per job, in the order asked.
        """
        self._guard.look(belief, outlook)
        for job in jobs:
            self._held[job.origin].pop(job.job_id, None)
        due = sorted(jobs, key=lambda job: (self._due_s(job, belief), job.job_id))
        answers = {job.job_id: self._place(job, belief) for job in due}
        return [answers[job.job_id] for job in jobs]

    def _due_s(self, job: Job, belief: Belief) -> float:
        lost = belief.t_s + belief.work_s(job.origin, job) > job.deadline_s
        return float("inf") if lost else job.deadline_s

    def _place(self, job: Job, belief: Belief) -> Action:
        node, now_s = job.origin, belief.t_s
        due_s = self._due_s(job, belief)
        before = self._ahead(node, due_s, now_s)
        free_s = float(belief.busy_until_s[node])
        if free_s > now_s:
            return self._hold(job, due_s, self._wake_s(job, free_s, before, belief), Cause.COMPUTE)
        start_s, cause = self._guard.earliest_start(node, now_s)
        if cause is not None:
            return self._hold(job, due_s, max(start_s, now_s + 1.0), cause)
        self._guard.commit(node, now_s, belief, job)
        reason = "of the jobs that waited here, the one due first; no other place is asked"
        return Compute(job.job_id, node, belief.first_stage, reason)

    def _ahead(self, node: int, due_s: float, now_s: float) -> int:
        """Jobs held back here that are due before; those that no longer ask are forgotten."""
        held = self._held[node]
        for job_id in [one for one, (_, until_s) in held.items() if until_s < now_s]:
            del held[job_id]
        return sum(other_s <= due_s for other_s, _ in held.values())

    def _wake_s(self, job: Job, free_s: float, before: int, belief: Belief) -> float:
        """When the computer may be free for a job: a cloudy scene ends after its first stage."""
        work = belief.work(job.origin, job)
        sooner_s = free_s - work.unsure_s + before * work.sure_s
        return sooner_s if sooner_s > belief.t_s else free_s

    def _hold(self, job: Job, due_s: float, until_s: float, cause: Cause) -> Wait:
        self._held[job.origin][job.job_id] = (due_s, until_s)
        reason = (
            "held back until the jobs due before it are done"
            if cause is Cause.COMPUTE
            else f"{cause} would not last; no other place is asked"
        )
        return Wait(job.job_id, until_s, cause, reason)
