"""Limits that no step may break."""

from __future__ import annotations

from typing import Final

from perigrid.base.errors import InvariantError
from perigrid.fleet.model import Fleet
from perigrid.fleet.state import FleetState

LIMIT_TOLERANCE: Final = 1e-9
"""Relative slack of the checks on battery and storage. [-]"""


def check_limits(fleet: Fleet, state: FleetState, t_s: float) -> None:
    """Check batteries and storages of all satellites.

    Parameters
    ----------
    fleet : Fleet
        Capacities.
    state : FleetState
        Now.
    t_s : float
        Now [s].

    Raises
    ------
    InvariantError
        If a battery or a storage is outside its limits.
    """
    bus = fleet.satellites
    capacity_j, slack = bus.battery.capacity_j, 1.0 + LIMIT_TOLERANCE
    stored_j, held_bytes = state.battery_j, state.storage_bytes
    floor_j = capacity_j * bus.battery.min_soc
    if stored_j.min() * slack < floor_j or stored_j.max() > capacity_j * slack:
        raise InvariantError(f"a battery left its limits at {t_s:.0f} s")
    if held_bytes.min() < -1.0 or held_bytes.max() > bus.storage_bytes * slack:
        raise InvariantError(f"a storage left its limits at {t_s:.0f} s")
