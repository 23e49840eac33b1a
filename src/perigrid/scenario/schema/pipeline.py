"""Schema of the pipeline: the two measured stages, or stages of the scenario's own."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from perigrid.scenario.pipeline import CLOUD_DETECTOR, LAND_CLASSIFIER, PIXELS
from perigrid.scenario.schema.fields import SLUG, Origin, Section, number, section, text
from perigrid.scenario.schema.stages import CLASSIFY, SCREEN, stage_number

MOST_STAGES: Final = 50
EXECUTED: Final = {SCREEN.model: CLOUD_DETECTOR, CLASSIFY.model: LAND_CLASSIFIER}
"""Shipped models by the name that a stage calls them."""


class ScreenSpec(Section):
    """The cloud screen, from the measured profile of the real detector."""

    model: str = text("Which model.", default=SCREEN.model)
    runs_on: Literal["host", "accelerator"] = Field(
        SCREEN.runs_on, description="host: general cores; accelerator: matrix units."
    )
    pixel_m: float = stage_number("pixel_m", SCREEN)
    ops_per_pixel: float = stage_number("ops_per_pixel", SCREEN)
    bytes_per_pixel: float = stage_number("bytes_per_pixel", SCREEN)
    efficiency: float = stage_number("efficiency", SCREEN)
    memory_mb: float = stage_number("memory_mb", SCREEN)
    fixed_s: float = stage_number("fixed_s", SCREEN)
    output_bytes: float = stage_number("output_bytes", SCREEN)


class ClassifySpec(Section):
    """The land classifier, from the measured profile of the real network."""

    model: str = text("Which model.", default=CLASSIFY.model)
    runs_on: Literal["host", "accelerator"] = Field(
        CLASSIFY.runs_on, description="host: general cores; accelerator: matrix units."
    )
    pixel_m: float = stage_number("pixel_m", CLASSIFY)
    ops_per_pixel: float = stage_number("ops_per_pixel", CLASSIFY)
    bytes_per_pixel: float = stage_number("bytes_per_pixel", CLASSIFY)
    efficiency: float = stage_number("efficiency", CLASSIFY)
    memory_mb: float = stage_number("memory_mb", CLASSIFY)
    fixed_s: float = stage_number("fixed_s", CLASSIFY)
    output_bytes: float = stage_number("output_bytes", CLASSIFY)


class ChanceSpec(Section):
    """A finding that a job has or has not: its outcome is 1 or 0."""

    probability: float = number("1", "How often it is 1.", ge=0, le=1)


class BetaSpec(Section):
    """A share: its outcome lies between 0 and 1."""

    mean: float = number("1", "Mean of the Beta distribution.", ge=0.001, le=0.999)
    concentration: float = number(
        "1", "Sum of its two parameters; below 2 it is U-shaped.", gt=0, le=1000
    )


class OutcomeSpec(Section):
    """What a stage finds, drawn for each job from the seed; give exactly one."""

    chance: ChanceSpec | None = None
    beta: BetaSpec | None = None


class ConditionSpec(Section):
    """Run only if an earlier stage's outcome is above the one and at most the other limit."""

    stage: str = text("Name of an earlier stage.", pattern=SLUG)
    above: float | None = number("1", "Its outcome is greater.", optional=True, ge=0, le=1)
    at_most: float | None = number("1", "Its outcome is no greater.", optional=True, ge=0, le=1)


class StageSpec(Section):
    """A stage of a pipeline of the scenario's own."""

    name: str = text("Name, of which the pipeline has no other.", pattern=SLUG)
    model: str = text("Which model; one that is shipped is really run on scenes.")
    runs_on: Literal["host", "accelerator"] = Field(
        "accelerator", description="host: general cores; accelerator: matrix units."
    )
    pixel_m: float = stage_number("pixel_m")
    ops_per_pixel: float = stage_number("ops_per_pixel")
    bytes_per_pixel: float = stage_number("bytes_per_pixel")
    efficiency: float = stage_number("efficiency")
    memory_mb: float = stage_number("memory_mb")
    fixed_s: float = stage_number("fixed_s")
    output_bytes: float = stage_number("output_bytes")
    outcome: OutcomeSpec | None = None
    when: ConditionSpec | None = None
    deliver: bool = Field(default=False, description="Whether its result goes down.")
    priority: int = number(
        "1",
        "How urgent what is sent is once this stage is done; of the stages done the highest "
        "counts. On its way down it takes the place of what is less urgent and has not begun.",
        0,
        Origin("routine: first come, first served"),
        ge=0,
        le=9,
    )


class PipelineSpec(Section):
    """Screen, then classify; or stages of the scenario's own."""

    stages: list[StageSpec] | None = Field(None, min_length=1, max_length=MOST_STAGES)
    screen: ScreenSpec = section(ScreenSpec)
    classify: ClassifySpec = section(ClassifySpec)
    drop_above_cloud: float = number(
        "1",
        "A scene whose detected cloud fraction is above this is dropped.",
        0.7,
        Origin("design choice: too little ground left to classify"),
        ge=0,
        le=1,
    )
    deliver: Literal["decisions", "pixels"] = Field(
        "decisions", description="What the customer wants: decisions, or the clear pixels."
    )
    executed_scenes: int = number(
        "1",
        "Scenes on which the real models run; every observation takes its answer from one.",
        96,
        Origin("design choice: a steady precision figure for about five seconds of computing"),
        ge=1,
        le=10_000,
    )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the stages that run, in order."""
        return tuple(name for name, _ in self.used())

    @property
    def delivering(self) -> frozenset[str]:
        """Names of those whose results go down."""
        if self.stages:
            return frozenset(stage.name for stage in self.stages if stage.deliver)
        return frozenset({"classify"})

    @property
    def sends_pixels(self) -> bool:
        """Whether the pixels themselves go down once the stages are done."""
        return self.deliver == PIXELS

    def used(self) -> list[tuple[str, ScreenSpec | ClassifySpec | StageSpec]]:
        """Give the stages that run.

        Returns
        -------
        list of (str, section)
            Names and sections, in order.
        """
        if self.stages:
            return [(stage.name, stage) for stage in self.stages]
        return [("screen", self.screen), ("classify", self.classify)]
