"""The stages of a job: what each costs, when it runs, what it may find, and what is delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CLOUD_DETECTOR: Final = "cloud-detector"
LAND_CLASSIFIER: Final = "land-classifier"
"""The models of this package that are really executed."""

PIXELS: Final = "pixels"
"""What is delivered where the customer wants the clear pixels themselves."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A stage runs if an earlier one's outcome x is above < x <= at_most; None is no limit."""

    stage: str
    above: float | None
    at_most: float | None

    def holds(self, share: float) -> bool:
        """Say whether an outcome lies between the limits.

        Parameters
        ----------
        share : float
            Outcome of the stage [1].

        Returns
        -------
        bool
            False for NaN where there is any limit.
        """
        return (self.above is None or share > self.above) and (
            self.at_most is None or share <= self.at_most
        )


@dataclass(frozen=True, slots=True)
class DrawnOutcome:
    """What a stage finds, drawn for each job: 1 with a chance, else 0, or a share from a Beta."""

    kind: str  # "chance" or "beta"
    mean: float
    concentration: float  # sum of the Beta distribution's two parameters; 0 for a chance


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the pipeline, with the measured or given cost of its model."""

    name: str
    model: str
    pixel_m: float  # ground size of the pixels it reads
    runs_on: str  # "host" (general cores) or "accelerator"
    ops_per_pixel: float
    bytes_per_pixel: float  # memory traffic
    efficiency: float  # share of the peak rate reached
    memory_bytes: float
    fixed_s: float  # start-up per scene
    output_bytes: float
    s_per_pixel: float = 0.0  # on any computer, where no operations are counted
    executes: str = ""  # which real model runs on scenes: CLOUD_DETECTOR, LAND_CLASSIFIER or none
    outcome: DrawnOutcome | None = None  # where no executed model says it
    when: Condition | None = None  # None: it always runs
    deliver: bool = False  # whether its result goes down
    priority: int = 0  # of what goes down once it is done

    @property
    def has_outcome(self) -> bool:
        """Whether conditions may ask what it found."""
        return self.outcome is not None or self.executes == CLOUD_DETECTOR


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Stages in the order in which they run, one after the other for each job."""

    stages: tuple[Stage, ...]
    deliver: str  # "decisions": results of the stages that deliver; or "pixels"
    executed_scenes: int  # how many scenes the real models run on

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the stages, in order."""
        return tuple(stage.name for stage in self.stages)

    @property
    def delivering(self) -> frozenset[str]:
        """Names of the stages whose results go down."""
        return frozenset(stage.name for stage in self.stages if stage.deliver)

    @property
    def sends_pixels(self) -> bool:
        """Whether the pixels themselves go down once the stages are done."""
        return self.deliver == PIXELS

    @property
    def cloud_limit(self) -> float:
        """Detected cloud fraction above which the detector's answer rules a stage out [1].

        Returns
        -------
        float
            The first such limit; 1 if there is none.
        """
        detectors = {stage.name for stage in self.stages if stage.executes == CLOUD_DETECTOR}
        limits = (
            stage.when.at_most
            for stage in self.stages
            if stage.when is not None and stage.when.stage in detectors
        )
        return next((limit for limit in limits if limit is not None), 1.0)

    def executes(self, model: str) -> bool:
        """Say whether any stage executes a model.

        Parameters
        ----------
        model : str
            :data:`CLOUD_DETECTOR` or :data:`LAND_CLASSIFIER`.

        Returns
        -------
        bool
            True if one does.
        """
        return any(stage.executes == model for stage in self.stages)

    def stage(self, name: str) -> Stage:
        """Find a stage.

        Parameters
        ----------
        name : str
            As the scenario calls it.

        Returns
        -------
        Stage
            The one of that name.

        Raises
        ------
        KeyError
            If there is none.
        """
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise KeyError(name)


def graph_faults(pipeline: Pipeline) -> list[tuple[int, str, str, str]]:
    """Find what makes no sense in the graph of the stages.

    Parameters
    ----------
    pipeline : Pipeline
        Any.

    Returns
    -------
    list of (int, str, str, str)
        Index of the stage, the key below it, what is wrong, and what to do.
    """
    found: list[tuple[int, str, str, str]] = []
    earlier: dict[str, Stage] = {}
    for index, stage in enumerate(pipeline.stages):
        if stage.name in earlier:
            words = f"two stages are called {stage.name}"
            found.append((index, "name", words, "give each stage a name of its own"))
        if stage.outcome is not None and stage.executes == CLOUD_DETECTOR:
            words = "the executed detector says what is found, so that nothing is drawn"
            found.append((index, "model", words, "name another model, or leave out the outcome"))
        found += [(index, *fault) for fault in _condition_faults(stage, earlier)]
        earlier[stage.name] = stage
    if not pipeline.stages[-1].deliver:
        words = "the last stage delivers nothing, so that nobody would ever see what it does"
        found.append((len(pipeline.stages) - 1, "deliver", words, "say deliver: true, or drop it"))
    return found


def _condition_faults(stage: Stage, earlier: dict[str, Stage]) -> list[tuple[str, str, str]]:
    when = stage.when
    if when is None:
        return []
    if when.stage not in earlier:
        known = ", ".join(earlier) or "none"
        words = f"no stage before {stage.name} is called {when.stage}"
        return [("when.stage", words, f"name an earlier stage: {known}")]
    if not earlier[when.stage].has_outcome:
        words = f"{when.stage} has no outcome that a condition could ask for"
        return [("when.stage", words, f"give {when.stage} an outcome, or drop the condition")]
    if when.above is None and when.at_most is None:
        return [("when", "the condition has no limit", "give above, at_most, or both")]
    low, high = when.above, when.at_most
    if low is not None and high is not None and low >= high:
        words = f"no outcome is above {low:g} and at most {high:g}"
        return [("when.above", words, "give limits between which an outcome can lie")]
    if low is not None and low >= 1.0:
        words = "no outcome is above 1"
        return [("when.above", words, "outcomes lie between 0 and 1")]
    return []
