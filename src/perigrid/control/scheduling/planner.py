"""Receding horizon: the jobs that wait are planned together, anew whenever one asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from perigrid.base.jobs import Cause, Job, Product
from perigrid.base.messages import Action, Alternative, Compute, Move, Wait
from perigrid.control.alternatives import shortlist
from perigrid.control.contact_plan import Route
from perigrid.control.planning.assign import assign
from perigrid.control.scheduling.base import Belief
from perigrid.control.scheduling.guard import RETRY_S, Guard
from perigrid.control.scheduling.slots import waiting_instance
from perigrid.fleet.model import Outlook

MOST_JOBS: Final = 60
"""Jobs planned together: those due first; the others wait for their turn (assumed)."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where and when a job is planned."""

    node: int
    start_s: float
    route: Route | None


class Planner:
    """Plans the jobs that wait so that most of them are in time.

    Notes
    -----
    A job whose satellite is free and bears it begins at once: waiting could only hurt. The others
    are planned together over the forecast's two hours by an exact programme that begins with a
    list plan and replaces it only by a better one that the checker passes. Only what begins now is
    carried out; the rest waits for its planned start and is planned anew then, with newer
    telemetry. Every start is looked at by the guarded forecast once more.
    """

    def __init__(self) -> None:
        self._guard = Guard()
        self._held: dict[int, tuple[Job, float]] = {}
        # Contacts of this batch's moves: they are booked only when the batch is answered.
        self._taken: set[int] = set()
        # Where each job of this batch's plan could have gone: its origin and other satellites.
        self._asked: dict[int, tuple[int, ...]] = {}

    def choose(self, jobs: Sequence[Job], belief: Belief, outlook: Outlook) -> list[Action]:
        """Answer every job with one action.

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
            ``Compute``, ``Move`` or ``Wait`` per job, in the order asked.
        """
        self._guard.look(belief, outlook)
        self._taken.clear()
        self._asked.clear()
        for job in jobs:
            self._held.pop(job.job_id, None)
        answers: dict[int, Action] = {}
        later = []
        for job in sorted(jobs, key=lambda one: (one.deadline_s, one.job_id)):
            if self._crowded(job.origin) or not self._free(job.origin, belief):
                later.append(job)
            else:
                reason = "at once: while it is free no other place is looked at"
                answers[job.job_id] = self._compute(job, job.origin, belief, reason)
        places = self._plan(later, belief) if later else {}
        for job in later:
            answers[job.job_id] = self._answer(job, places.get(job.job_id), belief)
        return [answers[job.job_id] for job in jobs]

    def recheck(self, job: Job, node: int, belief: Belief, outlook: Outlook) -> Wait | None:
        """Look again when pixels have arrived where they were sent.

        Parameters
        ----------
        job, node, belief, outlook
            As for :meth:`perigrid.control.scheduling.guard.Guard.recheck`.

        Returns
        -------
        Wait or None
            None if the job may begin.
        """
        return self._guard.recheck(job, node, belief, outlook)

    def _crowded(self, node: int) -> bool:
        """Whether other jobs are held back on a satellite, and must be weighed too."""
        return any(job.origin == node for job, _ in self._held.values())

    def _free(self, node: int, belief: Belief) -> bool:
        idle = float(belief.busy_until_s[node]) <= belief.t_s
        return idle and self._guard.earliest_start(node, belief.t_s)[1] is None

    def _plan(self, asked: Sequence[Job], belief: Belief) -> dict[int, _Place]:
        """Plan the jobs that ask together with those that are held back."""
        self._held = {job_id: held for job_id, held in self._held.items() if held[1] >= belief.t_s}
        every = [*asked, *(job for job, _ in self._held.values())]
        every.sort(key=lambda job: (job.deadline_s, job.job_id))
        jobs = every[:MOST_JOBS]
        waiting = waiting_instance(jobs, belief, self._guard)
        if waiting is None:
            return {}
        ways = zip(jobs, waiting.routes, strict=True)
        self._asked = {job.job_id: (job.origin, *routes) for job, routes in ways}
        plan = assign(waiting.instance, waiting.starts)
        places = {}
        for row in plan.placed:
            node = int(plan.satellite[row])
            start_s = belief.t_s + waiting.instance.slot_s * int(plan.start[row])
            route = waiting.routes[row].get(node)
            places[jobs[row].job_id] = _Place(node, start_s, route)
        return places

    def _answer(self, job: Job, place: _Place | None, belief: Belief) -> Action:
        now_s = belief.t_s
        if place is None:
            return self._without_place(job, belief)
        if place.route is not None:
            if self._taken & {leg.contact for leg in place.route.legs}:
                return self._wait(job, now_s + 1.0, belief, "its link is being booked")
            return self._move(job, place.node, place.route, belief)
        if place.start_s > now_s:
            return self._wait(job, place.start_s, belief, "its planned start")
        if not self._free(place.node, belief):
            return self._without_place(job, belief)
        return self._compute(job, place.node, belief, "as planned with all that wait")

    def _without_place(self, job: Job, belief: Belief) -> Action:
        """Nothing planned: as soon as limits allow, or when there is news."""
        free_s = max(belief.t_s, float(belief.busy_until_s[job.origin]))
        start_s, cause = self._guard.earliest_start(job.origin, free_s)
        if cause is None and start_s <= belief.t_s and not self._crowded(job.origin):
            return self._compute(job, job.origin, belief, "no plan for it: as limits allow")
        until_s = min(start_s, belief.t_s + RETRY_S)
        return self._wait(job, until_s, belief, "no place before its deadline yet")

    def _wait(self, job: Job, until_s: float, belief: Belief, reason: str) -> Action:
        until_s = max(until_s, belief.t_s + 1.0)
        free_s = float(belief.busy_until_s[job.origin])
        cause = self._guard.earliest_start(job.origin, belief.t_s)[1]
        if cause is None or free_s > belief.t_s:
            # A cloudy scene frees the computer after its first stage: ask again then.
            sooner_s = free_s - belief.work(job.origin, job).unsure_s
            until_s = min(until_s, sooner_s if sooner_s > belief.t_s else max(free_s, until_s))
            cause = Cause.COMPUTE
        until_s = max(until_s, belief.t_s + 1.0)
        self._held[job.job_id] = (job, until_s)
        return Wait(job.job_id, until_s, cause, reason, self._lost(job, None, belief))

    def _compute(self, job: Job, node: int, belief: Belief, reason: str) -> Action:
        self._guard.commit(node, belief.t_s, belief, job)
        lost = self._lost(job, node, belief)
        return Compute(job.job_id, node, belief.first_stage, reason, lost)

    def _move(self, job: Job, node: int, route: Route, belief: Belief) -> Action:
        start_s = max(route.t_arrival_s, float(belief.busy_until_s[node]))
        self._guard.commit(node, start_s, belief, job)
        belief.storage.reserve(job.job_id, node, job.raw_bytes)
        self._taken |= {leg.contact for leg in route.legs}
        reason = "planned with all that wait: more of them are in time this way"
        lost = self._lost(job, node, belief)
        return Move(job.job_id, Product.RAW, job.origin, node, route.legs, reason, lost)

    def _lost(self, job: Job, node: int | None, belief: Belief) -> tuple[Alternative, ...]:
        """Places that the joint plan could have given a job and did not."""
        asked = self._asked.get(job.job_id, ())
        why = "the plan for all that wait gives it no place there now"
        lost = shortlist(Alternative(one, None, why) for one in asked if one != node)
        return (*lost, *belief.ruled_out(job)) if lost else ()
