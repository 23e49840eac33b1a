"""Kinds of work as plug-ins: each says which jobs there are and what their stages find.

A kind is a class without arguments, registered as an entry point of the group
:data:`~perigrid.base.registry.WORKLOADS`; a scenario names it as its ``workload``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from perigrid.base.errors import Problem, ScenarioError
from perigrid.base.job_table import column_of
from perigrid.base.jobs import Job
from perigrid.base.registry import WORKLOADS, create
from perigrid.fleet.ephemeris import Ephemeris
from perigrid.fleet.model import Fleet
from perigrid.scenario.model import Scenario
from perigrid.scenario.pipeline import Pipeline
from perigrid.workload.job_graph import Floats
from perigrid.workload.scene_bank import SceneBank

_CHECKED: Final = ("job_id", "t_capture_s", "origin", "scene", "raw_bytes", "area_m2")


class WorkloadKind(Protocol):
    """What there is to do. Time and randomness come from the scenario: the same gives the same."""

    def draw(
        self, scenario: Scenario, fleet: Fleet, ephemeris: Ephemeris, n_scenes: int
    ) -> Sequence[Job]:
        """List the jobs of a run.

        Parameters
        ----------
        scenario : Scenario
            The mission.
        fleet : Fleet
            Who may take them.
        ephemeris : Ephemeris
            Where satellites are; at the start alone in a run of compute jobs.
        n_scenes : int
            How many executed scenes there are; a job's ``scene`` is one of them, if there are any.

        Returns
        -------
        sequence of Job
            Numbered from 0 in order of capture.
        """
        ...

    def outcomes(
        self, scenario: Scenario, jobs: Sequence[Job], bank: SceneBank
    ) -> dict[str, Floats]:
        """Settle what the stages find, whenever and wherever they run.

        Parameters
        ----------
        scenario : Scenario
            Pipeline and seed.
        jobs : sequence of Job
            From :meth:`draw`.
        bank : SceneBank
            What the executed detector said of each scene.

        Returns
        -------
        dict of str to (n_jobs,) float array
            From 0 to 1, for every stage that has an outcome [1].
        """
        ...


def draw_jobs(
    scenario: Scenario, fleet: Fleet, ephemeris: Ephemeris, n_scenes: int
) -> Sequence[Job]:
    """List the jobs of a run, as its kind of work has them.

    Parameters
    ----------
    scenario, fleet, ephemeris, n_scenes
        As for :meth:`WorkloadKind.draw`.

    Returns
    -------
    sequence of Job
        Numbered from 0 in order of capture.

    Raises
    ------
    ScenarioError
        If the kind is not installed, or draws jobs that cannot be.
    """
    jobs = kind_of(scenario).draw(scenario, fleet, ephemeris, n_scenes)
    wrong = next(_wrong_jobs(jobs, fleet, n_scenes), "")
    if wrong:
        raise ScenarioError([_refused(scenario, wrong)])
    return jobs


def _wrong_jobs(jobs: Sequence[Job], fleet: Fleet, n_scenes: int) -> Iterator[str]:
    number, t_s, origin, scene, nbytes, area_m2 = (column_of(jobs, name) for name in _CHECKED)
    if not np.array_equal(number, np.arange(len(jobs))) or np.any(np.diff(t_s) < 0.0):
        yield "does not number its jobs from 0 in order of capture"
    # What is asked for on the ground has no scene, and may come without data.
    sky = (origin >= 0) & (origin < fleet.n_satellites) & (scene >= 0) & (scene < n_scenes)
    placed = sky if n_scenes else np.isin(origin, [*range(fleet.n_satellites), *fleet.stations])
    for job in np.flatnonzero(~placed)[:1].tolist():
        yield f"gives job {job} to no satellite, or no scene to it"
    sized = nbytes > 0.0 if n_scenes else nbytes >= 0.0
    for job in np.flatnonzero(~((t_s >= 0.0) & sized & (area_m2 > 0.0)))[:1].tolist():
        yield f"gives job {job} no time, no size or no area"


def settled_outcomes(
    scenario: Scenario, jobs: Sequence[Job], bank: SceneBank
) -> Mapping[str, Floats]:
    """Settle what the stages find in every job.

    Parameters
    ----------
    scenario, jobs, bank
        As for :meth:`WorkloadKind.outcomes`.

    Returns
    -------
    mapping of str to (n_jobs,) float array
        By stage [1].

    Raises
    ------
    ScenarioError
        If the kind leaves an outcome out, or gives one that is none.
    """
    outcomes = kind_of(scenario).outcomes(scenario, jobs, bank)
    wrong = next(_wrong_outcomes(scenario.pipeline, outcomes, len(jobs)), "")
    if wrong:
        raise ScenarioError([_refused(scenario, wrong)])
    return outcomes


def _wrong_outcomes(
    pipeline: Pipeline, outcomes: Mapping[str, Floats], count: int
) -> Iterator[str]:
    for stage in pipeline.stages:
        found = outcomes.get(stage.name)
        if stage.has_outcome and (found is None or found.shape != (count,)):
            yield f"does not say what {stage.name} finds in each job"
        elif found is not None and not np.all((found >= 0.0) & (found <= 1.0)):
            yield f"lets {stage.name} find what is not between 0 and 1"


def kind_of(scenario: Scenario) -> WorkloadKind:
    """Make the kind of work that a scenario names.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    WorkloadKind
        Fresh.

    Raises
    ------
    ScenarioError
        If none of that name is installed.
    """
    kind: WorkloadKind = create(WORKLOADS, scenario.workload)
    return kind


def _refused(scenario: Scenario, what: str) -> Problem:
    remedy = "mend the plug-in, or choose another workload"
    return Problem(f"the workload {scenario.workload} {what}", remedy, key="workload")
