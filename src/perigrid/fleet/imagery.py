"""Observations as a kind of work: what the fleet photographs, and what is in the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from perigrid.base.jobs import Job
from perigrid.fleet.ephemeris import Ephemeris
from perigrid.fleet.model import Fleet
from perigrid.fleet.observations import observe
from perigrid.scenario.model import Scenario
from perigrid.workload.job_graph import Floats
from perigrid.workload.outcomes import outcomes_of
from perigrid.workload.scene_bank import SceneBank

OBSERVATION_STREAM: Final = 2
"""Independent random stream of a run, derived from the scenario's seed."""


class Imagery:
    """Scenes over land or over listed places, each taken when its satellite passes by day."""

    def draw(
        self, scenario: Scenario, fleet: Fleet, ephemeris: Ephemeris, n_scenes: int
    ) -> tuple[Job, ...]:
        """Plan the observations of a run.

        Parameters
        ----------
        scenario, fleet, ephemeris, n_scenes
            As for :meth:`perigrid.fleet.workloads.WorkloadKind.draw`.

        Returns
        -------
        tuple of Job
            In order of capture.
        """
        rng = np.random.default_rng([scenario.seed, OBSERVATION_STREAM])
        return observe(scenario, fleet, ephemeris, n_scenes, rng)

    def outcomes(
        self, scenario: Scenario, jobs: Sequence[Job], bank: SceneBank
    ) -> dict[str, Floats]:
        """Settle what every stage finds in every observation.

        Parameters
        ----------
        scenario, jobs, bank
            As for :func:`perigrid.workload.outcomes.outcomes_of`.

        Returns
        -------
        dict of str to (n_jobs,) float array
            By stage [1].
        """
        return outcomes_of(scenario, jobs, bank)
