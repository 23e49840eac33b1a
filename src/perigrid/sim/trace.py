"""What a simulation leaves behind, for the tables and the summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from perigrid.base.jobs import Architecture
from perigrid.base.messages import Action
from perigrid.fleet.model import Floats
from perigrid.fleet.state import FleetState
from perigrid.sim.accounting import Account
from perigrid.sim.telemetry import Telemetry


@dataclass(slots=True)
class Trace:
    """What a simulation leaves behind."""

    accounts: list[Account]
    telemetry: Telemetry
    state: FleetState
    decisions: list[tuple[int, float, Action, str, str, str]]
    booked_bytes: Floats
    balance_error: float
    held_laser_j: float
    architecture: Architecture
    head: str = ""
    records: int = 0
    limits: dict[str, float] = field(default_factory=dict)
    approvals: dict[str, Any] = field(default_factory=dict)
