"""What a simulation leaves behind in memory when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from perigrid.base.architecture import Architecture
from perigrid.engine.telemetry import TelemetrySums
from perigrid.fleet.model import Floats
from perigrid.fleet.state import FleetState


@dataclass(slots=True)
class Trace:
    """What a simulation leaves behind."""

    jobs: pl.DataFrame  # columns of perigrid.ledger.tables.JOBS
    telemetry: TelemetrySums
    state: FleetState
    booked_bytes: Floats
    balance_error: float
    held_laser_j: float
    architecture: Architecture
    head: str
    records: int
    faults: dict[str, Any] | None
    telemetry_age_s: dict[str, float | int] | None
    approvals: dict[str, Any]
