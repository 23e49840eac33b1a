"""Limits that no step may break."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.errors import InvariantError
from perigrid.fleet.model import Fleet, Floats
from perigrid.fleet.state import FleetState
from perigrid.physics.compiled import kernel

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
    buses, slack = fleet.buses, 1.0 + LIMIT_TOLERANCE
    stored_j, held_bytes = state.battery_j, state.storage_bytes
    _, floor_j, *_ = buses.battery
    if _leaves(stored_j, floor_j, buses.capacity_j, slack):
        raise InvariantError(f"a battery left its limits at {t_s:.0f} s")
    if _leaves(held_bytes, np.full(len(held_bytes), -1.0), buses.storage_bytes, slack):
        raise InvariantError(f"a storage left its limits at {t_s:.0f} s")


@kernel
def _leaves(values: Floats, lowest: Floats, highest: Floats, slack: float) -> bool:
    """Say whether any value is outside; so small a loop costs less than two calls of numpy."""
    outside = False
    for row, value in enumerate(values):
        outside |= value < lowest[row] / slack or value > highest[row] * slack
    return outside
