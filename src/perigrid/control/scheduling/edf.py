"""Earliest deadline first, on the satellite that took the scene."""

from __future__ import annotations

from perigrid.control.scheduling.base import Belief, Ready
from perigrid.control.scheduling.places import Place
from perigrid.control.scheduling.queues import Queues


class Edf(Queues):
    """Holds jobs back while their computer is busy, then starts the one that is due first."""

    alone = "no other place is asked"
    gain = ""

    def _others(self, one: Ready, home: Place, belief: Belief) -> list[Place]:  # noqa: ARG002
        return []
