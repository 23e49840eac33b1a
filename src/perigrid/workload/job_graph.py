"""Walks the graph of a job's stages: which is next, what goes down, what is ruled out.

A job's stages run one after the other, in the order of the pipeline. A stage whose condition fails
is ruled out, and with it every stage whose condition asks for its outcome. A job goes on while a
stage that delivers can still run, and ends once none can: what those that ran have put out goes
down together, or, if there were none, nothing does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from perigrid.scenario.pipeline import Pipeline, Stage

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Results = Mapping[str, float | None]
"""Stages that are done, in order, with their outcomes; None for a stage that has none [1]."""
Ways = list[tuple[Stage, ...]]
"""Stages that some job runs, in order."""


def stages_ahead(pipeline: Pipeline, results: Results) -> tuple[Stage, ...]:
    """List the stages that may still run.

    Parameters
    ----------
    pipeline : Pipeline
        The graph.
    results : mapping of str to float or None
        What is done.

    Returns
    -------
    tuple of Stage
        In order, up to the last that delivers; the first of them is next. Those behind it may be
        ruled out yet. Empty if the job is done.
    """
    ahead: list[Stage] = []
    possible = set(results)
    left = len(results)
    for stage in pipeline.stages:
        if stage.name in results:
            left -= 1
        elif left == 0 and _may_run(stage, results, possible):
            possible.add(stage.name)
            ahead.append(stage)
    while ahead and not ahead[-1].deliver:
        ahead.pop()
    return tuple(ahead)


def _may_run(stage: Stage, results: Results, possible: set[str]) -> bool:
    when = stage.when
    if when is None:
        return True
    outcome = results.get(when.stage)
    return when.stage in possible if outcome is None else when.holds(outcome)


def next_stage(pipeline: Pipeline, results: Results) -> Stage | None:
    """Say what a job has to compute next.

    Parameters
    ----------
    pipeline : Pipeline
        The graph.
    results : mapping of str to float or None
        What is done.

    Returns
    -------
    Stage or None
        None if nothing is left to compute.
    """
    ahead = stages_ahead(pipeline, results)
    return ahead[0] if ahead else None


def sure_stages(pipeline: Pipeline) -> tuple[str, ...]:
    """Name the stages that every job goes through before an outcome may end it.

    Parameters
    ----------
    pipeline : Pipeline
        The graph.

    Returns
    -------
    tuple of str
        At least the first.
    """
    names = []
    for stage in pipeline.stages:
        if stage.when is not None:
            break
        names.append(stage.name)
    return tuple(names)


def delivered_bytes(pipeline: Pipeline, results: Results) -> float | None:
    """Size of what the stages that are done have to deliver.

    Parameters
    ----------
    pipeline : Pipeline
        The graph.
    results : mapping of str to float or None
        What is done.

    Returns
    -------
    float or None
        Their results together; None if none of them delivers anything [B].
    """
    sizes = [one.output_bytes for one in pipeline.stages if one.deliver and one.name in results]
    return sum(sizes) if sizes else None


def is_computed(pipeline: Pipeline, results: Results) -> bool:
    """Say whether a job is done and has something to deliver.

    Parameters
    ----------
    pipeline : Pipeline
        The graph.
    results : mapping of str to float or None
        What is done.

    Returns
    -------
    bool
        False while a stage is ahead, and where all were ruled out.
    """
    return not stages_ahead(pipeline, results) and delivered_bytes(pipeline, results) is not None


def stages_run(pipeline: Pipeline, outcomes: Mapping[str, Floats], count: int) -> Bools:
    """Tell for many jobs at once which stages lead to what they deliver.

    Parameters
    ----------
    pipeline : Pipeline
        The graph.
    outcomes : mapping of str to (n_jobs,) float array
        Of the stages that have any [1].
    count : int
        How many jobs.

    Returns
    -------
    (n_stages, n_jobs) bool array
        Stages that run in any case, up to the last that delivers; none for a job that delivers
        nothing. A stage behind it that ran in vain is not counted.
    """
    rows = {stage.name: row for row, stage in enumerate(pipeline.stages)}
    runs = np.ones((len(rows), count), dtype=np.bool_)
    for row, stage in enumerate(pipeline.stages):
        if stage.when is not None:
            runs[row] = runs[rows[stage.when.stage]]
            found = outcomes[stage.when.stage]
            if stage.when.above is not None:
                runs[row] &= found > stage.when.above
            if stage.when.at_most is not None:
                runs[row] &= found <= stage.when.at_most
    needed = np.zeros(count, dtype=np.bool_)
    for row in range(len(rows) - 1, -1, -1):
        if pipeline.stages[row].deliver:
            needed |= runs[row]
        runs[row] &= needed
    return runs


def ways_taken(pipeline: Pipeline, runs: Bools) -> Ways:
    """List the ways through the graph that any job takes.

    Parameters
    ----------
    pipeline : Pipeline
        The graph.
    runs : (n_stages, n_jobs) bool array
        From :func:`stages_run`.

    Returns
    -------
    list of tuple of Stage
        Each once.
    """
    return [
        tuple(stage for stage, runs_it in zip(pipeline.stages, way, strict=True) if runs_it)
        for way in np.unique(runs.T, axis=0)
    ]
