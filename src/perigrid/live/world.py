"""What a live run needs to know of its world."""

from __future__ import annotations

from typing import Protocol

from perigrid.base.architecture import Architecture
from perigrid.ledger.pins import PinnedWorld


class LiveWorld(PinnedWorld, Protocol):
    """What a live run needs to know; the simulator's world has it too."""

    def under(self, architecture: Architecture) -> LiveWorld:
        """Give it the windows that an architecture's laser terminals allow."""

    def outcome(self, job_id: int, stage: str) -> float | None:
        """Say what a stage finds that executes no model; None if it finds nothing [1]."""
