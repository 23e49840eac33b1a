"""What a flight gives back besides its folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from perigrid.base.architecture import ORBITAL
from perigrid.base.units import S_PER_HOUR
from perigrid.scenario.jobs import BATCH
from perigrid.scenario.model import Scenario

ARCHITECTURE: Final = ORBITAL.name
"""Any computing satellite computes, and answers go down."""


@dataclass(slots=True)
class FlightResult:
    """What a flight gives back besides its folder.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    summary : dict
        As in ``summary.json``.
    manifest : dict
        As in ``manifest.json``.
    stages_s : dict of str to float
        Wall time by stage [s].
    """

    scenario: Scenario
    summary: dict[str, Any]
    manifest: dict[str, Any]
    stages_s: dict[str, float] = field(default_factory=dict)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What it was warned of."""
        return tuple(self.manifest["warnings"])

    @property
    def comparison(self) -> dict[str, Any]:
        """The flight as a comparison of one, as ``comparison.json`` has it."""
        scenario = self.scenario
        return {
            "scenario": scenario.name,
            "workload": BATCH,
            "hours": scenario.duration_s / S_PER_HOUR,
            "seed": scenario.seed,
            "observations": self.summary["jobs"],
            "architectures": {ARCHITECTURE: self.summary},
        }
