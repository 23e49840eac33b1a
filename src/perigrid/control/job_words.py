"""Why a job goes on to a stage, and why it ends without anything to deliver, in words."""

from __future__ import annotations

from typing import Final

from perigrid.base.jobs import CLOUD, NOTHING_FOUND, Cause
from perigrid.scenario.pipeline import CLOUD_DETECTOR, Pipeline, Stage
from perigrid.workload.job_graph import Results

SHUT: Final = {Cause.STORAGE: "storage was full", Cause.BATTERY: "the battery was at its floor"}
"""Why an observation was lost at the shutter, other than that its satellite was away."""


def found_words(pipeline: Pipeline, results: Results, stage: Stage) -> str:
    """Say why a stage comes next.

    Parameters
    ----------
    pipeline : Pipeline
        The graph.
    results : mapping of str to float or None
        What is done.
    stage : Stage
        The next.

    Returns
    -------
    str
        With the outcome that its condition asks for, if it has one.
    """
    if not results:
        return "where the pixels are"
    if stage.when is None:
        return f"after {list(results)[-1]}"
    return f"{_outcome(pipeline, results, stage.when.stage)}: on to {stage.name}"


def ruled_out(pipeline: Pipeline, results: Results) -> tuple[str, str]:
    """Say why nothing is left to do for a job that has nothing to deliver.

    Parameters
    ----------
    pipeline : Pipeline
        The graph.
    results : mapping of str to float or None
        What is done; the outcome of the last stage has ruled out what was left.

    Returns
    -------
    reason, detail : str
        ``cloud`` if the detector's answer did, else ``nothing found``; and the outcome with the
        limit that it passed.
    """
    last = list(results)[-1]
    outcome = results[last]
    assert outcome is not None  # noqa: S101  it has ruled something out
    limits = [
        f"more than {when.at_most:.0%}" if when.at_most is not None and outcome > when.at_most
        else f"not above {when.above:.0%}"
        for stage in pipeline.stages
        if (when := stage.when) is not None and when.stage == last and not when.holds(outcome)
    ]  # fmt: skip
    screened = pipeline.stage(last).executes == CLOUD_DETECTOR
    return CLOUD if screened else NOTHING_FOUND, f"{_outcome(pipeline, results, last)}, {limits[0]}"


def _outcome(pipeline: Pipeline, results: Results, name: str) -> str:
    if pipeline.stage(name).executes == CLOUD_DETECTOR:
        return f"the detector saw {results[name]:.0%} cloud"
    return f"{name} found {results[name]:.0%}"
