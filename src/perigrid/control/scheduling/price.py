"""Prices: a job runs where it takes least of what is scarce, if that is less than it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from perigrid.base.jobs import Cause, Job, Product
from perigrid.base.messages import Action, Alternative, Compute, Move, Wait
from perigrid.control.alternatives import shortlist
from perigrid.control.contact_plan import Route
from perigrid.control.scheduling.base import Belief
from perigrid.control.scheduling.guard import RETRY_S, Guard
from perigrid.fleet.model import Outlook

STEEPNESS: Final = 50.0
"""Price of the last unit over that of the first (assumed), as in ``planning.priced``."""

CHEAP: Final = 0.1
"""Price, as a share of a job's value, below which no other satellite is asked (assumed)."""

HEAT_SPAN_K: Final = 30.0
"""Room below the throttling temperature in which heat has a price (assumed). [K]"""


_BARRED: Final = {
    Cause.STORAGE: "no room for the pixels",
    Cause.LINK: "the link is being given to another scene",
    Cause.BATTERY: "battery would not last",
    Cause.HEAT: "heat would not last",
}


@dataclass(frozen=True, slots=True)
class _Offer:
    """What computing a job somewhere costs, as a share of its value."""

    node: int
    start_s: float
    cost: float
    cause: Cause
    route: Route | None


class Price:
    """Runs a job where it is cheapest, moves it to a cheaper neighbour, or lets it wait.

    Notes
    -----
    All observations are worth the same, 1. The marginal costs of battery, heat and time (a queue
    or a link that has to be waited for) are ``(m**u - 1) / (m - 1)`` of the share ``u`` that would
    be used up, and are added. Above 1 a job waits for better times; when waiting longer would make
    it late, its own lateness counts for nothing more and it runs wherever limits allow.
    """

    def __init__(self) -> None:
        self._guard = Guard()
        # Contacts of this batch's moves: they are booked only when the batch is answered.
        self._taken: set[int] = set()

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
            ``Compute``, ``Move`` or ``Wait`` per job.
        """
        self._guard.look(belief, outlook)
        self._taken.clear()
        return [self._place(job, belief) for job in jobs]

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

    def _place(self, job: Job, belief: Belief) -> Action:
        best = self._offer(job, job.origin, belief.t_s, None, belief)
        lost: tuple[Alternative, ...] = ()
        if best.cost > CHEAP and belief.may_migrate:
            offers = [best, *self._elsewhere(job, belief)]
            best = min(offers, key=lambda offer: (offer.cost, offer.node != job.origin, offer.node))
            dearer = [offer for offer in offers if offer is not best]
            dearer.sort(key=lambda offer: offer.cost)
            named = [_told(offer) for offer in dearer]
            lost = (*shortlist(named), *belief.ruled_out(job))
        last_chance = belief.t_s + 2.0 * belief.work_s(best.node, job) + RETRY_S > job.deadline_s
        if best.cost == float("inf") or (best.cost > 1.0 and not last_chance):
            until_s = best.start_s if best.cost == float("inf") else belief.t_s + RETRY_S
            reason = f"its {best.cause} would cost more than it is worth"
            return Wait(job.job_id, max(until_s, belief.t_s + 1.0), best.cause, reason, lost)
        self._guard.commit(best.node, best.start_s, belief, job)
        if best.route is None:
            reason = f"at a price of {best.cost:.2f} of its value where it was taken"
            return Compute(job.job_id, best.node, belief.first_stage, reason, lost)
        belief.storage.reserve(job.job_id, best.node, job.raw_bytes)
        self._taken |= {leg.contact for leg in best.route.legs}
        reason = f"at a price of {best.cost:.2f} of its value: cheaper than where it was taken"
        return Move(job.job_id, Product.RAW, job.origin, best.node, best.route.legs, reason, lost)

    def _elsewhere(self, job: Job, belief: Belief) -> list[_Offer]:
        offers = []
        for node, route in belief.reached(job, job.origin).items():
            offer = self._offer(job, node, route.t_arrival_s, route, belief)
            if not belief.storage.has_room(node, job.raw_bytes):
                offer = replace(offer, cost=float("inf"), cause=Cause.STORAGE)
            elif self._taken & {leg.contact for leg in route.legs}:
                offer = replace(offer, cost=float("inf"), cause=Cause.LINK)
            offers.append(offer)
        return offers

    def _offer(
        self, job: Job, node: int, there_s: float, route: Route | None, belief: Belief
    ) -> _Offer:
        queue_s = max(there_s, float(belief.busy_until_s[node]))
        start_s, cause = self._guard.earliest_start(node, queue_s)
        if cause is not None:
            return _Offer(node, start_s, float("inf"), cause, route)
        slack_s = max(1.0, job.deadline_s - belief.t_s - belief.work_s(node, job))
        costs = {Cause.COMPUTE: _steep((start_s - belief.t_s) / slack_s)}
        view = self._guard.forecast
        if view is not None:
            buses = belief.fleet.buses
            usable_j = float(buses.capacity_j[node] * (1.0 - buses.min_soc[node]))
            costs[Cause.BATTERY] = _steep(1.0 - view.energy_left_j(node, start_s) / usable_j)
            costs[Cause.HEAT] = _steep(1.0 - view.heat_left_k(node, start_s) / HEAT_SPAN_K)
        dearest = max(costs, key=lambda one: costs[one])
        return _Offer(node, start_s, sum(costs.values()), dearest, route)


def _told(offer: _Offer) -> Alternative:
    """Say why an offer lost; when the answer would come is not part of a price."""
    if offer.cost == float("inf"):
        return Alternative(offer.node, None, _BARRED[offer.cause])
    return Alternative(offer.node, None, f"dearer, most of it for {offer.cause}")


def _steep(used: float) -> float:
    """Price of a thing of which a share is used."""
    return float((STEEPNESS ** min(1.0, max(0.0, used)) - 1.0) / (STEEPNESS - 1.0))
