"""Compute jobs on a small mission, laid out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from perigrid.base.job_table import JobTable
from perigrid.scenario.convert_jobs import to_batch, to_jobs
from perigrid.scenario.jobs import BATCH
from perigrid.scenario.schema.jobs import JobsSpec
from perigrid.sim.world import World


def computing(world: World, columns=None, **asked) -> World:
    """The same mission with compute jobs: ten minutes each, one asked for every five minutes."""
    spec = JobsSpec(**{"count": 4, "work_s": 600.0, "deadline_minutes": 60.0, **asked})
    scenario = replace(
        world.scenario, jobs=to_jobs(spec), pipeline=to_batch(spec), workload=BATCH, faults=None
    )
    at_s = np.arange(spec.count) * 300.0
    ground = min(world.fleet.stations)
    table = {
        "origin": np.full(spec.count, ground),
        "user": np.full(spec.count, ground),
        "t_capture_s": at_s,
        "deadline_s": at_s + 3600.0,
        "raw_bytes": np.full(spec.count, 5e6),
        "area_m2": np.ones(spec.count),
        "latitude_rad": np.full(spec.count, world.fleet.latitude_rad[ground]),
        "longitude_rad": np.full(spec.count, world.fleet.longitude_rad[ground]),
        "value": np.arange(1.0, spec.count + 1.0),
        **(columns or {}),
    }
    return replace(world, scenario=scenario, jobs=JobTable(table), outcomes={})
