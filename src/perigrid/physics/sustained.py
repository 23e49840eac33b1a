"""The compute power that a satellite can hold all day: heat, energy and battery together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.heat import two_node_step
from perigrid.physics.power import battery_step

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_CANDIDATES: Final = 32
_ROUNDS: Final = 3
_DAYS: Final = 2
# The second day may end lower than the first by rounding only.
_STORE_TOLERANCE: Final = 1.0e-9


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
    """Constant electrical power of the computer that each limit allows.

    Parameters
    ----------
    compute_w : (n,) float array
        The smallest of the limits; 0 where even an idle computer cannot be kept up [W].
    heat_w, energy_w, battery_w : (n,) float array
        What each limit alone would allow, up to the installed power [W].
    binding : tuple of str
        ``heat``, ``energy``, ``battery`` or ``computer`` (the installed power) per satellite.
    """

    compute_w: Floats
    heat_w: Floats
    energy_w: Floats
    battery_w: Floats
    binding: tuple[str, ...]


def sustained_compute_w(
    array_w: Floats,
    environment_w: Floats,
    dt_s: float,
    *,
    bus_load_w: float,
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
    bus_load_w : float
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
    not pass its limit. Each is monotone in the power, so a section search with 32 points a round
    closes in on it, to 1/32768 of the installed power. ``energy`` is the same with a battery of
    any size: over the span, surplus x charging efficiency >= deficit / discharging efficiency.
    """
    shape = array_w.shape[0]

    def search(holds: Callable[[Floats], Bools]) -> Floats:
        return _largest(holds, shape, installed_w)

    heat_w = search(lambda power: _stays_cool(power, environment_w, dt_s, bus_load_w, heat))
    energy_w = search(lambda power: _balances(power, array_w, bus_load_w, battery))
    battery_w = search(lambda power: _stays_charged(power, array_w, dt_s, bus_load_w, battery))
    lowest = np.minimum(heat_w, np.minimum(energy_w, battery_w))
    resolution_w = installed_w / (_CANDIDATES - 1) ** _ROUNDS
    return SustainedCompute(
        compute_w=np.where(lowest < idle_w, 0.0, lowest),
        heat_w=heat_w,
        energy_w=energy_w,
        battery_w=battery_w,
        binding=tuple(
            _binding(*limits, installed_w, resolution_w)
            for limits in zip(heat_w, energy_w, battery_w, strict=True)
        ),
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


def _largest(holds: Callable[[Floats], Bools], count: int, highest_w: float) -> Floats:
    """Section search for the largest power in 0 to ``highest_w`` that holds, per satellite."""
    low = np.zeros(count)
    high = np.full(count, highest_w)
    share = np.linspace(0.0, 1.0, _CANDIDATES)
    for _ in range(_ROUNDS):
        power = low[:, None] + (high - low)[:, None] * share
        good = np.logical_and.accumulate(holds(power), axis=1)
        last = np.maximum(0, np.count_nonzero(good, axis=1) - 1)
        rows = np.arange(count)
        low = power[rows, last]
        high = power[rows, np.minimum(last + 1, _CANDIDATES - 1)]
    return low


def _balances(power: Floats, array_w: Floats, bus_load_w: float, battery: BatteryLimits) -> Bools:
    """Whether the span's surplus, through the battery's losses, covers its deficit."""
    good = np.empty(power.shape, dtype=np.bool_)
    for column in range(power.shape[1]):
        net = array_w - (power[:, column, None] + bus_load_w)
        gained = np.sum(np.maximum(net, 0.0), axis=1) * battery.charge_efficiency
        drawn = np.sum(np.maximum(-net, 0.0), axis=1) / battery.discharge_efficiency
        good[:, column] = gained >= drawn
    return good


def _stays_charged(
    power: Floats, array_w: Floats, dt_s: float, bus_load_w: float, battery: BatteryLimits
) -> Bools:
    """Whether the second flight serves every load and ends no lower than it began."""
    load = power + bus_load_w
    stored = np.full(power.shape, battery.capacity_j)
    short = np.zeros(power.shape)
    before = stored
    for _ in range(_DAYS):
        before = stored
        short[:] = 0.0
        for supply in array_w.T:
            step = battery_step(
                stored,
                supply[:, None],
                load,
                dt_s,
                capacity_j=battery.capacity_j,
                floor_j=battery.floor_j,
                charge_efficiency=battery.charge_efficiency,
                discharge_efficiency=battery.discharge_efficiency,
                max_charge_w=battery.max_charge_w,
                max_discharge_w=battery.max_discharge_w,
            )
            stored = step.stored_j
            short += step.unserved_j
    served: Bools = short <= 0.0
    return served & (stored >= before - _STORE_TOLERANCE * battery.capacity_j)


def _stays_cool(
    power: Floats, environment_w: Floats, dt_s: float, bus_load_w: float, heat: HeatLimits
) -> Bools:
    """Whether the computer stays at or below its limit through the second flight."""
    computer = np.full(power.shape, heat.initial_k)
    radiator = np.full(power.shape, heat.initial_k)
    hottest = computer
    for _ in range(_DAYS):
        hottest = computer
        for absorbed in environment_w.T:
            step = two_node_step(
                computer,
                radiator,
                power,
                absorbed[:, None] + bus_load_w,
                dt_s,
                computer_heat_capacity_j_k=heat.computer_heat_capacity_j_k,
                radiator_heat_capacity_j_k=heat.radiator_heat_capacity_j_k,
                conductance_w_k=heat.conductance_w_k,
                emissivity=heat.emissivity,
                area_m2=heat.area_m2,
            )
            computer, radiator = step.computer_k, step.radiator_k
            hottest = np.maximum(hottest, computer)
    cool: Bools = hottest <= heat.max_computer_k
    return cool
