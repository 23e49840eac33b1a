"""Prices: a job runs where it takes least of what is scarce, if that is less than it is worth."""

from __future__ import annotations

from typing import Final

from perigrid.control.scheduling.built_in import BuiltIn, Plan

STEEPNESS: Final = 50.0
"""Price of the last unit over that of the first (assumed)."""

HEAT_SPAN_K: Final = 30.0
"""Room below the throttling temperature in which heat has a price (assumed). [K]"""

LAST_CHANCE: Final = 2.0
"""Times its work that a job may have left and still be held back for its price (assumed). [1]"""


class Price(BuiltIn):
    """Moves a job to where it is cheapest when its satellite is taken up, or lets it wait.

    Notes
    -----
    All observations are worth the same, 1. The marginal costs of battery, heat and time (a queue
    or a link that has to be waited for) are ``(m**u - 1) / (m - 1)`` of the share ``u`` that would
    be used up, and are added. Above 1 a job waits for better times; when waiting longer would make
    it late, its own lateness counts for nothing more and it runs wherever limits allow. On the
    ground only time is scarce.
    """

    plan = Plan.PRICE
    gain = "it costs less there"
    weighs_places = True
