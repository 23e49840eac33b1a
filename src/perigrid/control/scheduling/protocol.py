"""What a scheduler must answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from perigrid.base.messages import Action
from perigrid.control.scheduling.base import Belief, Ready
from perigrid.fleet.model import Outlook


@runtime_checkable
class WeighsPlaces(Protocol):
    """A scheduler that heeds ``here`` and ``ground_s``; the others know satellites only."""

    weighs_places: bool


class Scheduler(Protocol):
    """Chooses where and when the stages of waiting jobs are computed."""

    def choose(
        self, ready: Sequence[Ready], freed: Sequence[int], belief: Belief, outlook: Outlook
    ) -> list[Action]:
        """Answer every job with one action: compute here, move there, wait, or give it up.

        Parameters
        ----------
        ready : sequence of Ready
            Jobs that ask: taken just now, screened, arrived, or waiting no longer.
        freed : sequence of int
            Satellites of which there is news: a stage ended, telemetry came, it is back.
        belief : Belief
            The fleet now; stages given are noted in it, room on other satellites reserved.
        outlook : Outlook
            What decisions cannot change.

        Returns
        -------
        list of Action
            One for each job that asks: ``Compute``, ``Move``, ``Wait`` or ``Close``; and any for
            jobs that were made to wait, whose wait that ends.
        """
        ...
