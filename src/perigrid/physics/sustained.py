"""The compute power that a satellite can hold all day: heat, energy and battery together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part
from perigrid.physics.span_flight import BatteryLimits as BatteryLimits
from perigrid.physics.span_flight import HeatLimits as HeatLimits
from perigrid.physics.span_flight import (
    Nodes,
    Store,
    hottest_k,
    lowest_store_j,
    node_numbers,
    store_numbers,
    surplus_w,
)

Floats = npt.NDArray[np.float64]

_HALVINGS: Final = 24
# Limits are searched beyond the installed power, so that a plan can say how far off they are.
_MOST_TIMES_INSTALLED: Final = 16.0
# What the kernel gives for each satellite.
_ANSWERS: Final = 6


@dataclass(frozen=True, slots=True)
class SustainedCompute:
    """Constant electrical power of the computer that each limit allows, and the room left.

    Parameters
    ----------
    compute_w : (n,) float array
        The smallest of the limits; 0 where even an idle computer cannot be kept up [W].
    heat_w, energy_w, battery_w : (n,) float array
        What each limit alone would allow, up to 16 times the installed power [W].
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
    The given span is flown again and again, from a full battery and the initial temperature: for
    the battery twice, after which it repeats itself or falls; for heat until the temperatures do.
    In the last flight nothing may go unserved, the store must end no lower than it began, and the
    computer may not pass its limit. Each is monotone in the power, so bisection closes in on it
    from below, to a millionth of the installed power. ``energy`` is the same with a battery of
    any size: over the span, surplus x charging efficiency >= deficit / discharging efficiency. The
    span should hold whole orbits: it is taken to go on for ever. The battery's own
    losses are left out of the heat, a few per cent of what it turns over.
    """
    supply = np.ascontiguousarray(array_w, dtype=np.float64)
    absorbed = np.ascontiguousarray(environment_w, dtype=np.float64)
    load = np.ascontiguousarray(np.broadcast_to(bus_load_w, supply.shape), dtype=np.float64)
    store = store_numbers(battery)
    nodes = node_numbers(heat, dt_s)
    answers = np.empty((_ANSWERS, supply.shape[0]))
    step_s, floor_w, top_w = float(dt_s), float(idle_w), float(installed_w)
    over_ranges(
        lambda first, stop: _search(
            supply, absorbed, load, step_s, floor_w, top_w, store, nodes, answers, first, stop
        ),
        supply.shape[0],
    )
    heat_w, energy_w, battery_w = answers[:3]
    lowest = np.minimum(answers[:3].min(axis=0), installed_w)
    resolution_w = _MOST_TIMES_INSTALLED * installed_w / 2**_HALVINGS
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


@kernel
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
            most_w = _MOST_TIMES_INSTALLED * installed_w
            answers[limit, row] = _largest(
                limit, supply[row], absorbed[row], load[row], dt_s, most_w, store, nodes
            )
        power = min(installed_w, answers[0, row], answers[1, row], answers[2, row])
        if power < idle_w:
            power = 0.0
        for limit in range(3):
            answers[3 + limit, row] = _margin(
                limit, power, supply[row], absorbed[row], load[row], dt_s, store, nodes
            )


@part
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


@part
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
        return nodes[7] - hottest_k(power, absorbed, load, nodes)
    if limit == 1:
        return surplus_w(power, supply, load, store)
    return lowest_store_j(power, supply, load, dt_s, store)
