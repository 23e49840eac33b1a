"""A span of orbits flown over and over under a constant compute power: energy, store, heat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import STEFAN_BOLTZMANN_W_M2_K4
from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]
Store = tuple[float, float, float, float, float, float]
"""A battery as the kernels take it, of :func:`store_numbers`."""
Nodes = tuple[float, float, float, float, float, float, float, float]
"""Computer and radiator as the kernels take them, of :func:`node_numbers`."""

_DAYS: Final = 2
# The second flight may end lower than it began by rounding only.
_STORE_TOLERANCE: Final = 1.0e-9
# Flights go on until the temperatures come back to where they began, so that a short span does not
# live on a cold start; the cap is for bodies that would take months to settle.
_SETTLED_K: Final = 1.0e-5
_MOST_STEPS: Final = 1_000_000
_NEWTON_STEPS: Final = 60
_NEWTON_TOLERANCE: Final = 1.0e-12


@dataclass(frozen=True, slots=True)
class BatteryLimits:
    """Battery as :func:`perigrid.physics.power.battery_step` takes it."""

    capacity_j: float
    floor_j: float
    charge_efficiency: float
    discharge_efficiency: float
    max_charge_w: float
    max_discharge_w: float


@dataclass(frozen=True, slots=True)
class HeatLimits:
    """Two nodes as :func:`perigrid.physics.heat.two_node_step` takes them, and the limit."""

    computer_heat_capacity_j_k: float
    radiator_heat_capacity_j_k: float
    conductance_w_k: float
    emissivity: float
    area_m2: float
    initial_k: float
    max_computer_k: float


def store_numbers(battery: BatteryLimits) -> Store:
    """Turn a battery into what the kernels take.

    Parameters
    ----------
    battery : BatteryLimits
        Storage.

    Returns
    -------
    tuple of float
        Its fields in their order.
    """
    return (
        float(battery.capacity_j),
        float(battery.floor_j),
        float(battery.charge_efficiency),
        float(battery.discharge_efficiency),
        float(battery.max_charge_w),
        float(battery.max_discharge_w),
    )


def node_numbers(heat: HeatLimits, dt_s: float) -> Nodes:
    """Turn both nodes into the step of ``heat.two_node_step``, with one unknown left.

    Parameters
    ----------
    heat : HeatLimits
        Nodes.
    dt_s : float
        Length of a step [s].

    Returns
    -------
    tuple of float
        Radiated power per T^4, inertia of both nodes, conductance, share of the radiator's
        temperature in the computer's, slope of the balance, first and highest temperature.
    """
    inertia1 = heat.computer_heat_capacity_j_k / dt_s
    inertia2 = heat.radiator_heat_capacity_j_k / dt_s
    share = heat.conductance_w_k / (inertia1 + heat.conductance_w_k)
    return (
        float(heat.emissivity * STEFAN_BOLTZMANN_W_M2_K4 * heat.area_m2),
        float(inertia1),
        float(inertia2),
        float(heat.conductance_w_k),
        float(share),
        float(inertia2 + heat.conductance_w_k * (1.0 - share)),
        float(heat.initial_k),
        float(heat.max_computer_k),
    )


@kernel
def surplus_w(power_w: float, supply_w: Floats, load_w: Floats, store: Store) -> float:
    """Mean surplus over the span, through the battery's losses, less the mean deficit.

    Parameters
    ----------
    power_w : float
        Of the computer, constant [W].
    supply_w, load_w : (n_steps,) float array
        Array power and all that is not the computer [W].
    store : tuple of float
        Of :func:`store_numbers`; only the efficiencies count.

    Returns
    -------
    float
        Below 0 where no battery of any size would do [W].
    """
    gained = 0.0
    drawn = 0.0
    for t in range(supply_w.shape[0]):
        net = supply_w[t] - (power_w + load_w[t])
        if net >= 0.0:
            gained += net
        else:
            drawn -= net
    mean_w: float = (gained * store[2] - drawn / store[3]) / supply_w.shape[0]
    return mean_w


@kernel
def lowest_store_j(
    power_w: float, supply_w: Floats, load_w: Floats, dt_s: float, store: Store
) -> float:
    """Find the lowest store above the floor in the second flight.

    Parameters
    ----------
    power_w : float
        Of the computer, constant [W].
    supply_w, load_w : (n_steps,) float array
        Array power and all that is not the computer [W].
    dt_s : float
        Length of a step [s].
    store : tuple of float
        Of :func:`store_numbers`; full at the start of the first flight.

    Returns
    -------
    float
        Below 0 if a load goes unserved or the store ends lower than it began [J].
    """
    # The step is that of power.battery_step.
    capacity, floor, charge, discharge, most_in, most_out = store
    stored = capacity
    before = capacity
    lowest = capacity
    short = 0.0
    for _ in range(_DAYS):
        before = stored
        lowest = stored
        short = 0.0
        for t in range(supply_w.shape[0]):
            net_j = (supply_w[t] - (power_w + load_w[t])) * dt_s
            if net_j >= 0.0:
                taken = min(net_j, most_in * dt_s, max(0.0, capacity - stored) / charge)
                stored = min(stored + charge * taken, max(stored, capacity))
            else:
                given = min(-net_j, most_out * dt_s, max(0.0, stored - floor) * discharge)
                short += -net_j - given
                stored = max(stored - given / discharge, min(stored, floor))
                lowest = min(lowest, stored)
    fallen = before - stored
    if short > 0.0 or fallen > _STORE_TOLERANCE * capacity:
        return -max(short, fallen)
    return lowest - floor


@kernel
def hottest_k(power_w: float, absorbed_w: Floats, load_w: Floats, nodes: Nodes) -> float:
    """Find the hottest computer temperature of a flight that repeats itself.

    Parameters
    ----------
    power_w : float
        Of the computer, constant [W].
    absorbed_w, load_w : (n_steps,) float array
        Heat from outside, and power of all that is not the computer, both into the radiator [W].
    nodes : tuple of float
        Of :func:`node_numbers`.

    Returns
    -------
    float
        Temperature [K].
    """
    leak, inertia1, inertia2, conductance, share, slope, computer, _ = nodes
    radiator = computer
    hottest = computer
    for flight in range(max(_DAYS, _MOST_STEPS // max(1, absorbed_w.shape[0]))):
        hottest = computer
        before, radiator_before = computer, radiator
        for t in range(absorbed_w.shape[0]):
            offset = (inertia1 * computer + power_w) / (inertia1 + conductance)
            source = inertia2 * radiator + absorbed_w[t] + load_w[t] + conductance * offset
            radiator = _root_k(leak, slope, source, radiator)
            computer = share * radiator + offset
            hottest = max(hottest, computer)
        drift = max(abs(computer - before), abs(radiator - radiator_before))
        if flight + 1 >= _DAYS and drift <= _SETTLED_K:
            break
    return hottest


@part
def _root_k(leak: float, slope: float, source: float, guess: float) -> float:
    """Solve ``leak T^4 + slope T = source`` for the positive root by Newton's method."""
    temperature = min(max(guess, 1.0), source / slope)
    for _ in range(_NEWTON_STEPS):
        cubed = leak * temperature * temperature * temperature
        change = (cubed * temperature + slope * temperature - source) / (4.0 * cubed + slope)
        temperature -= change
        if abs(change) <= _NEWTON_TOLERANCE * temperature:
            break
    return temperature
