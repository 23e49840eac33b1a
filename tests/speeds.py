"""How fast computers may run, and who has no energy, as operations on whole arrays."""

from __future__ import annotations

import numpy as np

from perigrid.fleet.model import Fleet, Floats
from perigrid.fleet.state import FleetState
from perigrid.physics.heat import throttle


def compute_speed(
    state: FleetState, fleet: Fleet, array_w: Floats, base_w: Floats, dt_s: float
) -> tuple[Floats, Floats]:
    """Shares of full speed that temperature and energy allow; 0 where there is no computer."""
    buses = fleet.buses
    there = buses.needed_w > 0.0
    heat = np.where(there, throttle(state.computer_k, buses.throttle_k, buses.limit_k), 0.0)
    spare_w = array_w + _from_battery_w(state, fleet, dt_s) - base_w
    power = np.divide(spare_w, buses.needed_w, out=np.zeros(len(heat)), where=there)
    return heat, np.clip(power, 0.0, 1.0)


def unpowered(
    state: FleetState, fleet: Fleet, array_w: Floats, base_w: Floats, dt_s: float
) -> np.ndarray:
    """Satellites of which array and battery do not carry what is served first."""
    return array_w + _from_battery_w(state, fleet, dt_s) < base_w


def _from_battery_w(state: FleetState, fleet: Fleet, dt_s: float) -> Floats:
    buses = fleet.buses
    usable_j = np.maximum(state.battery_j - buses.capacity_j * buses.min_soc, 0.0)
    return np.minimum(usable_j * buses.discharge_efficiency / dt_s, buses.battery[-1])
