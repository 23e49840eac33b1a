"""Prices: a job runs where it takes least of what is scarce, if that is less than it is worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from perigrid.base.jobs import Cause
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.control.scheduling.places import NEVER_S, Place
from perigrid.control.scheduling.queues import Queues

STEEPNESS: Final = 50.0
"""Price of the last unit over that of the first (assumed)."""

HEAT_SPAN_K: Final = 30.0
"""Room below the throttling temperature in which heat has a price (assumed). [K]"""

LAST_CHANCE: Final = 2.0
"""Times its work that a job may have left and still be held back for its price (assumed). [1]"""


class Price(Queues):
    """Moves a job to where it is cheapest when its satellite is taken up, or lets it wait.

    Notes
    -----
    All observations are worth the same, 1. The marginal costs of battery, heat and time (a queue
    or a link that has to be waited for) are ``(m**u - 1) / (m - 1)`` of the share ``u`` that would
    be used up, and are added. Above 1 a job waits for better times; when waiting longer would make
    it late, its own lateness counts for nothing more and it runs wherever limits allow.
    """

    weighs_places = True
    gain = "it costs less there"

    def _barred(self, one: Ready, belief: Belief) -> Cause | None:
        cause = super()._barred(one, belief)
        last_s = one.job.deadline_s - LAST_CHANCE * belief.left_s(one, one.node)
        if cause is not None or belief.t_s > last_s:
            return cause
        costs = self._costs(one, one.node, belief.t_s, belief)
        return max(costs, key=lambda kind: costs[kind]) if sum(costs.values()) > 1.0 else None

    def _judged(self, one: Ready, place: Place, belief: Belief) -> Place:
        place = super()._judged(one, place, belief)
        if place.start_s == NEVER_S:
            return place
        price = sum(self._costs(one, place.node, place.start_s, belief).values())
        return replace(place, cost=(place.cost[0], price))

    def _ground(self, one: Ready, belief: Belief) -> list[Place]:
        """On the ground only time is scarce."""
        return [
            replace(place, cost=(place.cost[0], self._time(one, place.node, place.start_s, belief)))
            for place in super()._ground(one, belief)
        ]

    def _time(self, one: Ready, node: int, start_s: float, belief: Belief) -> float:
        slack_s = max(1.0, one.job.deadline_s - belief.t_s - belief.left_s(one, node))
        return _steep((start_s - belief.t_s) / slack_s)

    def _costs(self, one: Ready, node: int, start_s: float, belief: Belief) -> dict[Cause, float]:
        """Say what a start would cost, as shares of the job's value."""
        costs = {Cause.COMPUTE: self._time(one, node, start_s, belief)}
        view, load = self.guard.forecast, belief.load(one, node)
        if view is not None:
            buses = belief.fleet.buses
            usable_j = float(buses.capacity_j[node] * (1.0 - buses.min_soc[node]))
            used = 1.0 - view.energy_left_j(node, start_s, load) / usable_j
            costs[Cause.BATTERY] = _steep(used)
            costs[Cause.HEAT] = _steep(1.0 - view.heat_left_k(node, start_s, load) / HEAT_SPAN_K)
        return costs


def _steep(used: float) -> float:
    """Price of a thing of which a share is used."""
    return float((STEEPNESS ** min(1.0, max(0.0, used)) - 1.0) / (STEEPNESS - 1.0))
