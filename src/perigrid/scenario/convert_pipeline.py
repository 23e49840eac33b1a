"""From the schema of the pipeline to its stages, whichever way they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from perigrid.base.units import BYTES_PER_MB
from perigrid.scenario.findings import Finding
from perigrid.scenario.pipeline import (
    CLOUD_DETECTOR,
    LAND_CLASSIFIER,
    Condition,
    DrawnOutcome,
    Pipeline,
    Stage,
    graph_faults,
)
from perigrid.scenario.schema.pipeline import (
    EXECUTED,
    ClassifySpec,
    OutcomeSpec,
    PipelineSpec,
    ScreenSpec,
    StageSpec,
)
from perigrid.scenario.tree import Loc

SHORTHAND: Final = ("screen", "classify", "drop_above_cloud")
"""Keys that adjust the two measured stages."""


def to_pipeline(spec: PipelineSpec) -> Pipeline:
    """Convert the pipeline.

    Parameters
    ----------
    spec : PipelineSpec
        Valid.

    Returns
    -------
    Pipeline
        The stages that are listed, or the two measured ones.
    """
    stages = tuple(map(_own, spec.stages)) if spec.stages else _measured(spec)
    return Pipeline(stages, spec.deliver, spec.executed_scenes)


def pipeline_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Find what does not hold between the keys of a pipeline.

    Parameters
    ----------
    spec : PipelineSpec
        Valid key by key.

    Yields
    ------
    Finding
        At the key to change.
    """
    here: Loc = ("pipeline",)
    if spec.stages is None:
        return
    for key in SHORTHAND:
        if key in spec.model_fields_set:
            words = f"{key} adjusts the two measured stages, and stages are listed"
            yield Finding((*here, key), words, "say it in the list, or leave the list out")
    for index, stage in enumerate(spec.stages):
        given = stage.outcome
        if given is not None and (given.chance is None) == (given.beta is None):
            words = "give exactly one of chance and beta"
            yield Finding((*here, "stages", index, "outcome"), words, "see docs/pipeline.md")
            return
    for row, key, words, remedy in graph_faults(to_pipeline(spec)):
        yield Finding((*here, "stages", row, *key.split(".")), words, remedy)


def unread_keys(pipeline: PipelineSpec) -> Iterator[tuple[Loc, str]]:
    """List the keys of a pipeline that count for nothing.

    Parameters
    ----------
    pipeline : PipelineSpec
        Valid, and its relations checked.

    Yields
    ------
    tuple, str
        Where the key stands, and why it is not read.
    """
    if pipeline.stages:
        yield from _own_stages(pipeline, pipeline.stages)
        return
    why = "a scene that is screened out sends nothing"
    yield ("pipeline", "screen", "output_bytes"), why
    for name, stage in (("screen", pipeline.screen), ("classify", pipeline.classify)):
        shipped = type(stage).model_fields["model"].default
        if stage.model != shipped:
            why = f"scenes go through {shipped} whatever it is called; the numbers beside it count"
            yield ("pipeline", name, "model"), why


def _own_stages(pipeline: PipelineSpec, stages: list[StageSpec]) -> Iterator[tuple[Loc, str]]:
    asked = {stage.when.stage for stage in stages if stage.when is not None}
    for index, stage in enumerate(stages):
        here: Loc = ("pipeline", "stages", index)
        if not stage.deliver or pipeline.deliver == "pixels":
            yield (*here, "output_bytes"), "its result does not go down"
        if stage.name not in asked:
            why = "no condition asks what it finds"
            yield (*here, "outcome"), why
            if EXECUTED.get(stage.model) == CLOUD_DETECTOR:
                yield (*here, "model"), why
    for key in SHORTHAND:
        yield ("pipeline", key), "stages are listed"
    if not any(stage.model in EXECUTED for stage in stages):
        why = "no stage names a shipped model"
        yield ("pipeline", "executed_scenes"), why


def _measured(spec: PipelineSpec) -> tuple[Stage, ...]:
    screen = Stage("screen", **_cost(spec.screen), executes=CLOUD_DETECTOR)
    clear = Condition("screen", None, spec.drop_above_cloud)
    classify = Stage(
        "classify", **_cost(spec.classify), executes=LAND_CLASSIFIER, when=clear, deliver=True
    )
    return screen, classify


def _own(spec: StageSpec) -> Stage:
    when = spec.when
    return Stage(
        spec.name,
        **_cost(spec),
        executes=EXECUTED.get(spec.model, ""),
        outcome=_outcome(spec.outcome),
        when=None if when is None else Condition(when.stage, when.above, when.at_most),
        deliver=spec.deliver,
        priority=spec.priority,
    )


def _outcome(spec: OutcomeSpec | None) -> DrawnOutcome | None:
    if spec is None:
        return None
    if spec.chance is not None:
        return DrawnOutcome("chance", spec.chance.probability, 0.0)
    assert spec.beta is not None  # noqa: S101  one of them is given
    return DrawnOutcome("beta", spec.beta.mean, spec.beta.concentration)


def _cost(spec: ScreenSpec | ClassifySpec | StageSpec) -> dict[str, Any]:
    return {
        "model": spec.model,
        "pixel_m": spec.pixel_m,
        "runs_on": spec.runs_on,
        "ops_per_pixel": spec.ops_per_pixel,
        "bytes_per_pixel": spec.bytes_per_pixel,
        "efficiency": spec.efficiency,
        "memory_bytes": spec.memory_mb * BYTES_PER_MB,
        "fixed_s": spec.fixed_s,
        "output_bytes": spec.output_bytes,
    }
