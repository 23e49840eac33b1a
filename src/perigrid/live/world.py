"""What a live run needs to know of its world."""

from __future__ import annotations

from typing import Protocol

from perigrid.base.jobs import Job
from perigrid.fleet.model import Fleet, Outlook
from perigrid.scenario.model import Scenario
from perigrid.workload.scene_bank import SceneBank


class LiveWorld(Protocol):
    """What a live run needs to know; the simulator's world has it too."""

    @property
    def scenario(self) -> Scenario:
        """The mission."""

    @property
    def fleet(self) -> Fleet:
        """What there is."""

    @property
    def outlook(self) -> Outlook:
        """What decisions cannot change."""

    @property
    def bank(self) -> SceneBank:
        """Scenes, to be drawn again."""

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Observations, in order of capture."""

    def outcome(self, job_id: int, stage: str) -> float | None:
        """Say what a stage finds that executes no model; None if it finds nothing [1]."""
