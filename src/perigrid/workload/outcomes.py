"""What the stages find in each job: from the executed detector, or drawn from the seed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np

from perigrid.base.jobs import Job
from perigrid.scenario.model import Scenario
from perigrid.scenario.pipeline import CLOUD_DETECTOR, DrawnOutcome
from perigrid.workload.job_graph import Floats
from perigrid.workload.scene_bank import SceneBank

OUTCOME_STREAM: Final = 4
"""Independent random stream of a run, split by the stage's name."""


def outcomes_of(scenario: Scenario, jobs: Sequence[Job], bank: SceneBank) -> dict[str, Floats]:
    """Settle what every stage will find, whenever and wherever it runs.

    Parameters
    ----------
    scenario : Scenario
        Pipeline and seed.
    jobs : sequence of Job
        Numbered from 0.
    bank : SceneBank
        What the detector said of the jobs' scenes.

    Returns
    -------
    dict of str to (n_jobs,) float array
        By stage; those without an outcome are left out [1]. The same for every architecture, and
        whatever other stages there are.
    """
    scenes = np.array([job.scene for job in jobs], dtype=int)
    found: dict[str, Floats] = {}
    for stage in scenario.pipeline.stages:
        if stage.executes == CLOUD_DETECTOR:
            found[stage.name] = bank.cloud_seen[scenes]
        elif stage.outcome is not None:
            name = int.from_bytes(hashlib.sha256(stage.name.encode()).digest()[:8], "big")
            rng = np.random.default_rng([scenario.seed, OUTCOME_STREAM, name])
            found[stage.name] = _drawn(stage.outcome, rng, len(jobs))
    return found


def _drawn(outcome: DrawnOutcome, rng: np.random.Generator, count: int) -> Floats:
    if outcome.kind == "chance":
        return (rng.random(count) < outcome.mean).astype(np.float64)
    alpha = outcome.mean * outcome.concentration
    return rng.beta(alpha, outcome.concentration - alpha, count)
