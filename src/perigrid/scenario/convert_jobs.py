"""Compute jobs from the schema to the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perigrid.base.units import BYTES_PER_GB, BYTES_PER_MB
from perigrid.scenario.jobs import COMPUTE, ComputeJobs
from perigrid.scenario.pipeline import Pipeline, Stage

if TYPE_CHECKING:
    from perigrid.scenario.model import Scenario
    from perigrid.scenario.schema import ScenarioFile
    from perigrid.scenario.schema.jobs import JobsSpec
    from perigrid.scenario.schema.pipeline import PipelineSpec

_S_PER_MINUTE = 60.0
_OPS_PER_TERAOP = 1.0e12


def to_jobs(spec: JobsSpec | None) -> ComputeJobs | None:
    """Convert the section of compute jobs.

    Parameters
    ----------
    spec : JobsSpec or None
        Valid.

    Returns
    -------
    ComputeJobs or None
        In SI units; None if the scenario asks for none.
    """
    if spec is None:
        return None
    return ComputeJobs(
        count=int(spec.count),
        origin=spec.origin,
        day_swing_share=spec.day_swing,
        peak_hours=spec.peak_hours,
        work_s=spec.work_s,
        work_spread=spec.work_spread,
        work_ops=spec.work_teraops * _OPS_PER_TERAOP,
        efficiency=spec.efficiency,
        input_bytes=spec.input_mb * BYTES_PER_MB,
        output_bytes=spec.output_mb * BYTES_PER_MB,
        data_spread=spec.data_spread,
        deadline_s=spec.deadline_minutes * _S_PER_MINUTE,
        value=spec.value,
        value_spread=spec.value_spread,
        memory_bytes=spec.memory_gb * BYTES_PER_GB,
        models=int(spec.models),
        model_bytes=spec.model_gb * BYTES_PER_GB,
        model_spread=spec.model_spread,
        popularity=spec.popularity,
        load_bytes_s=spec.load_gb_s * BYTES_PER_GB,
        least_power_share=spec.least_power_share,
        routes_s=spec.routes_s,
    )


def staged(mission: ScenarioFile | Scenario) -> PipelineSpec | Pipeline:
    """Give the stages that a mission's work has.

    Parameters
    ----------
    mission : ScenarioFile or Scenario
        As written, or as converted.

    Returns
    -------
    PipelineSpec or Pipeline
        That under ``pipeline``; of compute jobs the one that ``jobs`` amounts to.
    """
    jobs = mission.jobs
    if jobs is None or isinstance(jobs, ComputeJobs):
        return mission.pipeline
    return to_batch(jobs)


def to_batch(spec: JobsSpec) -> Pipeline:
    """Say what a compute job of median size takes, as the one stage that it has.

    Parameters
    ----------
    spec : JobsSpec
        Valid.

    Returns
    -------
    Pipeline
        Of a job of size 1: its area stands for its size, a pixel for a median job.
    """
    counted = spec.work_teraops > 0.0
    stage = Stage(
        name=COMPUTE,
        model="",
        pixel_m=1.0,
        runs_on="accelerator",
        ops_per_pixel=spec.work_teraops * _OPS_PER_TERAOP,
        bytes_per_pixel=0.0,
        efficiency=spec.efficiency,
        memory_bytes=spec.memory_gb * BYTES_PER_GB,
        fixed_s=0.0,
        output_bytes=spec.output_mb * BYTES_PER_MB,
        s_per_pixel=0.0 if counted else spec.work_s,
        deliver=True,
    )
    return Pipeline((stage,), deliver="decisions", executed_scenes=0)
