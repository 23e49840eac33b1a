"""What every architecture of a comparison shares: fleet, outlook, observations, executed scenes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.jobs import Job
from perigrid.base.progress import Progress
from perigrid.control.policy.build import build_policies
from perigrid.control.policy.custody import locate
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import Ephemeris, fleet_ephemeris, satellite_ephemeris
from perigrid.fleet.model import Fleet, Floats, Outlook
from perigrid.fleet.outlook import build_outlook, outlook_under
from perigrid.fleet.workloads import draw_jobs, settled_outcomes
from perigrid.physics.chunks import thread_count
from perigrid.scenario.model import Governance, Scenario
from perigrid.scenario.pipeline import LAND_CLASSIFIER
from perigrid.sim.data_cache import default_cache_dir, reference_scenes
from perigrid.sim.kept_masks import KeptDetector
from perigrid.workload.classifier import Classifier
from perigrid.workload.job_graph import Bools, stages_run
from perigrid.workload.scene_bank import NO_SCENES, SceneBank, build_bank

SCENE_STREAM: Final = 1
"""Independent random stream of a run, derived from the scenario's seed."""
MASKS: Final = "masks"
"""Folder of kept cloud masks among the fetched data."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is the same whatever the architecture."""

    scenario: Scenario
    fleet: Fleet
    outlook: Outlook
    bank: SceneBank
    jobs: Sequence[Job]
    outcomes: Mapping[str, Floats]
    """What each stage that finds anything finds, by its name: (n_jobs,) float arrays [1]."""

    def outcome(self, job_id: int, stage: str) -> float | None:
        """Say what a stage finds in an observation.

        Parameters
        ----------
        job_id : int
            Which.
        stage : str
            Name of the stage.

        Returns
        -------
        float or None
            None for a stage without an outcome [1].
        """
        found = self.outcomes.get(stage)
        return None if found is None else float(found[job_id])

    def under(self, architecture: Architecture) -> World:
        """Give it the windows that an architecture's laser terminals allow.

        Parameters
        ----------
        architecture : Architecture
            Which.

        Returns
        -------
        World
            The same in all else; the very same for most.
        """
        outlook = outlook_under(self.scenario, self.fleet, self.outlook, architecture)
        return self if outlook is self.outlook else replace(self, outlook=outlook)

    @property
    def stages_run(self) -> Bools:
        """Which stages lead to what each observation delivers, as for :func:`stages_run`."""
        count = len(next(iter(self.outcomes.values()), self.jobs))
        return stages_run(self.scenario.pipeline, self.outcomes, count)

    @property
    def wanted(self) -> Bools:
        """Which observations have anything to deliver: (n_jobs,) bool array."""
        return np.asarray(self.stages_run.any(axis=0))


def build_world(scenario: Scenario, progress: Progress | None = None) -> World:
    """Compute what no decision can change, run the real models, and find the observations.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    progress : callable, optional
        Told a label and a share from 0 to 1.

    Returns
    -------
    World
        Shared by all architectures.
    """
    tell = progress or (lambda _label, _share: None)
    fleet = build_fleet(scenario)
    build_policies(scenario, fleet)  # a policy that cannot be parsed stops a run before it starts
    if scenario.jobs is not None:
        outlook = build_outlook(scenario, fleet, progress=progress)
        tell("drawing jobs", 0.0)
        return observed(scenario, fleet, outlook, NO_SCENES)
    ephemeris = satellite_ephemeris(scenario)
    outlook = build_outlook(scenario, fleet, ephemeris, progress=progress)
    bank = build_bank(
        scenario.pipeline,
        scenario.demand,
        np.random.default_rng([scenario.seed, SCENE_STREAM]),
        scenario.pipeline.executed_scenes,
        KeptDetector(default_cache_dir() / MASKS, threads=thread_count()),
        lambda done, total: tell("running the cloud detector", done / total),
        real_scenes=reference_scenes(default_cache_dir()),
        classifier=Classifier() if scenario.pipeline.executes(LAND_CLASSIFIER) else None,
    )
    tell("finding observations", 0.0)
    return observed(scenario, fleet, outlook, bank, ephemeris)


def observed(
    scenario: Scenario,
    fleet: Fleet,
    outlook: Outlook,
    bank: SceneBank,
    ephemeris: Ephemeris | None = None,
) -> World:
    """Find the observations of a world of which all else is known.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    fleet, outlook
        What there is, and what decisions cannot change.
    bank : SceneBank
        Executed scenes.
    ephemeris : Ephemeris, optional
        Of the satellites; computed if left out.

    Returns
    -------
    World
        Shared by all architectures.
    """
    if ephemeris is None:
        ephemeris = _ephemeris(scenario)
    jobs = draw_jobs(scenario, fleet, ephemeris, bank.n_generated)
    governed = scenario.rules or scenario.governance != Governance()
    if governed and scenario.jobs is None:
        locate(jobs)  # all at once, before each architecture asks one by one
    return World(scenario, fleet, outlook, bank, jobs, settled_outcomes(scenario, jobs, bank))


def _ephemeris(scenario: Scenario) -> Ephemeris:
    """Say where satellites are; a large fleet with compute jobs, for which it is all one, once."""
    if scenario.jobs is None:
        return satellite_ephemeris(scenario)
    start_s = np.zeros(1)
    return fleet_ephemeris(scenario.flown, scenario.start, start_s, scenario.earth_orientation)
