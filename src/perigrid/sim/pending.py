"""The one thing a job is busy with."""

from __future__ import annotations

from dataclasses import dataclass

from perigrid.base.messages import Action
from perigrid.sim.executor import Task


@dataclass(slots=True)
class Pending:
    """What a job is busy with, since when, and the task of a ``Compute``."""

    t_from_s: float
    action: Action
    task: Task | None = None
