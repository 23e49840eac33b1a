"""The compute power that a satellite can hold all day: heat, energy and battery together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numba as nb
import numpy as np
import numpy.typing as npt

from perigrid.base.constants import STEFAN_BOLTZMANN_W_M2_K4
from perigrid.physics.chunks import over_ranges

Floats = npt.NDArray[np.float64]
# Numbers as the kernels take them; see _store_numbers and _node_numbers.
Store = tuple[float, float, float, float, float, float]
Nodes = tuple[float, float, float, float, float, float, float, float]

_HALVINGS: Final = 20
_DAYS: Final = 2
# The second day may end lower than the first by rounding only.
_STORE_TOLERANCE: Final = 1.0e-9
_NEWTON_STEPS: Final = 60
_NEWTON_TOLERANCE: Final = 1.0e-12
# What the kernel gives for each satellite.
_ANSWERS: Final = 6


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


@dataclass(frozen=True, slots=True)
class SustainedCompute:
    """Constant electrical power of the computer that each limit allows, and the room left.

    Parameters
    ----------
    compute_w : (n,) float array
        The smallest of the limits; 0 where even an idle computer cannot be kept up [W].
    heat_w, energy_w, battery_w : (n,) float array
        What each limit alone would allow, up to the installed power [W].
    binding : tuple of str
        ``heat``, ``energy``, ``battery`` or ``computer`` (the installed power) per satellite.
    heat_margin_k : (n,) float array
        Limit less the hottest computer temperature at ``compute_w``; below 0 where the bus alone
        is too hot [K].
    energy_margin_w : (n,) float array
        Mean surplus, after the battery's losses, at ``compute_w`` [W].
    battery_margin_j : (n,) float array
        Lowest store above the floor at ``compute_w`` [J].
    """

    compute_w: Floats
    heat_w: Floats
    energy_w: Floats
    battery_w: Floats
    binding: tuple[str, ...]
    heat_margin_k: Floats
    energy_margin_w: Floats
    battery_margin_j: Floats


def sustained_compute_w(
    array_w: Floats,
    environment_w: Floats,
    dt_s: float,
    *,
    bus_load_w: float | Floats,
    idle_w: float,
    installed_w: float,
    battery: BatteryLimits,
    heat: HeatLimits,
) -> SustainedCompute:
    """Find the largest constant compute power with every temperature and the store in limits.

    Parameters
    ----------
    array_w : (n, n_steps) float array
        Array power in each step [W].
    environment_w : (n, n_steps) float array
        Heat that the radiator absorbs in each step [W].
    dt_s : float
        Length of a step [s].
    bus_load_w : float or (n, n_steps) float array
        All that is not the computer; it ends as heat in the radiator node [W].
    idle_w : float
        Power of an idle computer, below which a result counts as 0 [W].
    installed_w : float
        Power of the computer at full load [W].
    battery : BatteryLimits
        Storage.
    heat : HeatLimits
        Nodes and the highest computer temperature allowed.

    Returns
    -------
    SustainedCompute
        Per limit, and together.

    Notes
    -----
    The given span is flown twice, from a full battery and the initial temperature. In the second
    flight nothing may go unserved, the store must end no lower than it began, and the computer may
    not pass its limit. Each is monotone in the power, so bisection closes in on it from below, to
    a millionth of the installed power. ``energy`` is the same with a battery of any size: over the
    span, surplus x charging efficiency >= deficit / discharging efficiency. The battery's own
    losses are left out of the heat, a few per cent of what it turns over.
    """
    supply = np.ascontiguousarray(array_w, dtype=np.float64)
    absorbed = np.ascontiguousarray(environment_w, dtype=np.float64)
    load = np.ascontiguousarray(np.broadcast_to(bus_load_w, supply.shape), dtype=np.float64)
    store = _store_numbers(battery)
    nodes = _node_numbers(heat, dt_s)
    answers = np.empty((_ANSWERS, supply.shape[0]))
    step_s, floor_w, top_w = float(dt_s), float(idle_w), float(installed_w)
    over_ranges(
        lambda first, stop: _search(
            supply, absorbed, load, step_s, floor_w, top_w, store, nodes, answers, first, stop
        ),
        supply.shape[0],
    )
    heat_w, energy_w, battery_w = answers[:3]
    lowest = answers[:3].min(axis=0)
    resolution_w = installed_w / 2**_HALVINGS
    return SustainedCompute(
        compute_w=np.where(lowest < idle_w, 0.0, lowest),
        heat_w=heat_w,
        energy_w=energy_w,
        battery_w=battery_w,
        binding=tuple(
            _binding(*limits, installed_w, resolution_w)
            for limits in zip(heat_w, energy_w, battery_w, strict=True)
        ),
        heat_margin_k=answers[3],
        energy_margin_w=answers[4],
        battery_margin_j=answers[5],
    )


def _binding(
    heat_w: float, energy_w: float, battery_w: float, installed_w: float, resolution_w: float
) -> str:
    """Name the limit that is met first; a full battery of any size cannot beat the energy."""
    lowest = min(heat_w, energy_w, battery_w)
    if lowest >= installed_w:
        return "computer"
    if heat_w <= lowest:
        return "heat"
    return "energy" if energy_w <= lowest + 2.0 * resolution_w else "battery"


def _store_numbers(battery: BatteryLimits) -> Store:
    """Turn a battery into what the kernels take."""
    return (
        float(battery.capacity_j),
        float(battery.floor_j),
        float(battery.charge_efficiency),
        float(battery.discharge_efficiency),
        float(battery.max_charge_w),
        float(battery.max_discharge_w),
    )


def _node_numbers(heat: HeatLimits, dt_s: float) -> Nodes:
    """Turn both nodes into the step of ``heat.two_node_step``, with one unknown left."""
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


@nb.njit(cache=True, nogil=True)
def _search(
    supply: Floats,
    absorbed: Floats,
    load: Floats,
    dt_s: float,
    idle_w: float,
    installed_w: float,
    store: Store,
    nodes: Nodes,
    answers: Floats,
    first: int,
    stop: int,
) -> None:
    """Limits and margins of satellites ``first`` to ``stop``."""
    for row in range(first, stop):
        for limit in range(3):
            answers[limit, row] = _largest(
                limit, supply[row], absorbed[row], load[row], dt_s, installed_w, store, nodes
            )
        power = min(answers[0, row], answers[1, row], answers[2, row])
        if power < idle_w:
            power = 0.0
        for limit in range(3):
            answers[3 + limit, row] = _margin(
                limit, power, supply[row], absorbed[row], load[row], dt_s, store, nodes
            )


@nb.njit(cache=True, nogil=True)
def _largest(
    limit: int,
    supply: Floats,
    absorbed: Floats,
    load: Floats,
    dt_s: float,
    highest_w: float,
    store: Store,
    nodes: Nodes,
) -> float:
    """Bisect for the largest power from 0 to ``highest_w`` that leaves a margin."""
    low, high = 0.0, highest_w
    if _margin(limit, high, supply, absorbed, load, dt_s, store, nodes) >= 0.0:
        return high
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if _margin(limit, middle, supply, absorbed, load, dt_s, store, nodes) >= 0.0:
            low = middle
        else:
            high = middle
    return low


@nb.njit(cache=True, nogil=True)
def _margin(
    limit: int,
    power: float,
    supply: Floats,
    absorbed: Floats,
    load: Floats,
    dt_s: float,
    store: Store,
    nodes: Nodes,
) -> float:
    """Room that a power leaves below a limit: heat [K], energy [W], battery [J]."""
    if limit == 0:
        return nodes[7] - _hottest_k(power, absorbed, load, nodes)
    if limit == 1:
        return _surplus_w(power, supply, load, store)
    return _lowest_store_j(power, supply, load, dt_s, store)


@nb.njit(cache=True, nogil=True)
def _surplus_w(power: float, supply: Floats, load: Floats, store: Store) -> float:
    """Mean surplus over the span, through the battery's losses, less the mean deficit."""
    gained = 0.0
    drawn = 0.0
    for t in range(supply.shape[0]):
        net = supply[t] - (power + load[t])
        if net >= 0.0:
            gained += net
        else:
            drawn -= net
    mean_w: float = (gained * store[2] - drawn / store[3]) / supply.shape[0]
    return mean_w


@nb.njit(cache=True, nogil=True)
def _lowest_store_j(power: float, supply: Floats, load: Floats, dt_s: float, store: Store) -> float:
    """Find the lowest store above the floor; below 0 if a load goes unserved."""
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
        for t in range(supply.shape[0]):
            net_j = (supply[t] - (power + load[t])) * dt_s
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


@nb.njit(cache=True, nogil=True)
def _hottest_k(power: float, absorbed: Floats, load: Floats, nodes: Nodes) -> float:
    """Hottest computer temperature of the second flight."""
    leak, inertia1, inertia2, conductance, share, slope, computer, _ = nodes
    radiator = computer
    hottest = computer
    for _ in range(_DAYS):
        hottest = computer
        for t in range(absorbed.shape[0]):
            offset = (inertia1 * computer + power) / (inertia1 + conductance)
            source = inertia2 * radiator + absorbed[t] + load[t] + conductance * offset
            radiator = _root_k(leak, slope, source, radiator)
            computer = share * radiator + offset
            hottest = max(hottest, computer)
    return hottest


@nb.njit(cache=True, nogil=True)
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
