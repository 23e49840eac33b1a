"""Compute jobs of a large fleet: plain section of the scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BATCH: Final = "batch"
"""The kind of work of compute jobs."""
COMPUTE: Final = "compute"
"""Their only stage."""


@dataclass(frozen=True, slots=True)
class ComputeJobs:
    """Jobs that arrive over a run and may be done by any satellite.

    A median comes with a spread: the standard deviation of the logarithm; 0 for one size.
    ``origin`` is ``ground`` (asked for near a ground node, the answer goes back there) or
    ``satellites`` (on data a satellite holds, the answer goes down by the quickest way).
    """

    count: int
    origin: str
    day_swing_share: float  # of the mean arrival rate; 0 for the same rate at all hours
    peak_hours: float  # local solar time of most arrivals
    work_s: float  # median, at full speed
    work_spread: float
    work_ops: float  # median; 0 where work_s counts
    efficiency: float  # of the peak rate, where work_ops counts
    input_bytes: float
    output_bytes: float
    data_spread: float
    deadline_s: float  # from the request to the answer
    value: float
    value_spread: float
    memory_bytes: float  # of one job at work, besides its model
    models: int
    model_bytes: float
    model_spread: float
    popularity: float  # exponent of Zipf's law over the models
    load_bytes_s: float  # from flash into memory
    least_power_share: float  # of a slot's power above idle, drawn evenly from it to 1
    routes_s: float  # between two snapshots of the network
