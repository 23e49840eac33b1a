"""Compute jobs from the schema to the model."""

from __future__ import annotations

from perigrid.base.units import BYTES_PER_GB, BYTES_PER_MB
from perigrid.scenario.jobs import ComputeJobs
from perigrid.scenario.schema.jobs import JobsSpec

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
