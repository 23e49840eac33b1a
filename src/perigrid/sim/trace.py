"""What a simulation leaves behind in memory when it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from perigrid.base.architecture import Architecture
from perigrid.control.policy.approval.authority import Lender
from perigrid.fleet.model import Floats
from perigrid.fleet.state import FleetState
from perigrid.sim.accounting import Account
from perigrid.sim.decisions import Decisions
from perigrid.sim.telemetry import Telemetry


@dataclass(slots=True)
class Trace:
    """What a simulation leaves behind."""

    accounts: list[Account]
    telemetry: Telemetry
    state: FleetState
    decisions: Decisions
    booked_bytes: Floats
    balance_error: float
    held_laser_j: float
    architecture: Architecture
    head: str = ""
    records: int = 0
    faults: dict[str, Any] | None = None
    lender: Lender | None = None
    approvals: dict[str, Any] = field(default_factory=dict)
