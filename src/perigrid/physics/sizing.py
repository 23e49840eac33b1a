"""The smallest array, battery and radiator that hold a constant compute power."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.battery_ageing import (
    BatteryFade,
    battery_remaining_share,
    typical_depth_share,
)
from perigrid.physics.span_flight import (
    BatteryLimits,
    HeatLimits,
    hottest_k,
    lowest_store_j,
    node_numbers,
    store_numbers,
    surplus_w,
)

Floats = npt.NDArray[np.float64]

_HALVINGS: Final = 60
_DOUBLINGS: Final = 60
_RELATIVE: Final = 1.0e-12
_SECONDS_PER_HOUR: Final = 3600.0
_SECONDS_PER_YEAR: Final = 365.25 * 86_400.0


@dataclass(frozen=True, slots=True)
class StorageRules:
    """What is asked of the battery.

    Parameters
    ----------
    min_soc : float
        Lowest state of charge, of the capacity at end of life.
    charge_efficiency, discharge_efficiency : float
        As of :func:`perigrid.physics.power.battery_step`.
    charge_rate, discharge_rate : float
        Highest power over capacity at end of life [1/h].
    fade : BatteryFade or None
        Law of ageing; None for a battery that does not age.
    life_years : float
        Time to end of life [year].
    """

    min_soc: float
    charge_efficiency: float
    discharge_efficiency: float
    charge_rate: float = 1.0
    discharge_rate: float = 1.0
    fade: BatteryFade | None = None
    life_years: float = 0.0


@dataclass(frozen=True, slots=True)
class HeatRules:
    """Heat path whose radiator is to be sized.

    Parameters
    ----------
    computer_heat_capacity_j_k, radiator_heat_capacity_j_k : float
        As of :func:`perigrid.physics.heat.two_node_step` [J/K].
    conductance_w_k : float
        Between computer and radiator [W/K].
    emissivity : float
        Of the radiator.
    initial_k, max_computer_k : float
        Temperature at the start, and the highest allowed in the computer [K].
    """

    computer_heat_capacity_j_k: float
    radiator_heat_capacity_j_k: float
    conductance_w_k: float
    emissivity: float
    initial_k: float
    max_computer_k: float


@dataclass(frozen=True, slots=True)
class Margins:
    """Shares added to what just suffices; design practice asks for 5 to 20 %."""

    array_share: float = 0.0
    battery_share: float = 0.0
    radiator_share: float = 0.0


NO_MARGINS: Final = Margins()
"""What just suffices."""


@dataclass(frozen=True, slots=True)
class Sizing:
    """What holds the load.

    Parameters
    ----------
    array_area_m2 : float
        Of the panel whose power per square metre was given [m2].
    battery_capacity_j, battery_end_of_life_j : float
        Energy when full, new and at end of life [J].
    radiator_area_m2 : float
        Emitting area [m2].
    depth_share : float
        Typical depth of discharge, of the new capacity; the worst of the rows.
    cycles_per_year : float
        Discharges [1/year].
    array_row, battery_row, radiator_row : int
        The row that asks for the size; 0 for a battery that nothing draws on.
    """

    array_area_m2: float
    battery_capacity_j: float
    battery_end_of_life_j: float
    radiator_area_m2: float
    depth_share: float
    cycles_per_year: float
    array_row: int = 0
    battery_row: int = 0
    radiator_row: int = 0


def size_for_load(
    supply_w_m2: Floats,
    environment_w_m2: Floats,
    dt_s: float | Floats,
    *,
    compute_w: float,
    bus_load_w: float | Floats,
    storage: StorageRules,
    heat: HeatRules,
    margins: Margins = NO_MARGINS,
) -> Sizing:
    """Find the smallest array, battery and radiator that keep a load up over every row.

    Parameters
    ----------
    supply_w_m2 : (n, n_steps) float array
        Power at the bus of a square metre of array at end of life; rows are the satellites or days
        to survive, the worst of them decides [W/m2].
    environment_w_m2 : (n, n_steps) float array
        Heat that a square metre of radiator absorbs [W/m2].
    dt_s : float or (n,) float array
        Length of a step, of all rows or of each [s].
    compute_w : float
        Constant power of the computer [W].
    bus_load_w : float or (n, n_steps) float array
        All other load, which heats the radiator [W].
    storage : StorageRules
        Window, losses, rates and ageing.
    heat : HeatRules
        Heat path and the highest temperature.
    margins : Margins
        Added at the end, to the array first: the battery is sized for the array with its margin.

    Returns
    -------
    Sizing
        Array, battery and radiator.

    Raises
    ------
    ValueError
        If no size would do: no light, a charging rate too low, a computer too hot behind any
        radiator.

    Notes
    -----
    The same flights as :func:`perigrid.physics.sustained.sustained_compute_w`, with the same
    meaning of "holds", so that without margins both agree: what is sized for a load sustains it.
    Each size is met by bisection; what holds goes on holding with more array (energy), more
    battery (window and rates) and more radiator (temperature). Of the bracket's ends the larger is
    kept.
    """
    supply = np.ascontiguousarray(supply_w_m2, dtype=np.float64)
    outside = np.ascontiguousarray(environment_w_m2, dtype=np.float64)
    load = np.ascontiguousarray(np.broadcast_to(bus_load_w, supply.shape), dtype=np.float64)
    step_s = np.broadcast_to(np.asarray(dt_s, dtype=np.float64), len(supply))
    array_m2, array_row = _array_area_m2(supply, load, compute_w, storage)
    array_m2 *= 1.0 + margins.array_share
    lasting_j, battery_row = _capacity_j(array_m2 * supply, load, step_s, compute_w, storage)
    lasting_j *= 1.0 + margins.battery_share
    swing, yearly = _swing(array_m2 * supply, load, step_s, compute_w, storage, lasting_j)
    new_j = _new_capacity_j(lasting_j, swing, yearly, storage)
    radiator_m2, radiator_row = _radiator_area_m2(outside, load, step_s, compute_w, heat)
    return Sizing(
        array_area_m2=array_m2,
        battery_capacity_j=new_j,
        battery_end_of_life_j=lasting_j,
        radiator_area_m2=radiator_m2 * (1.0 + margins.radiator_share),
        depth_share=swing / new_j if new_j > 0.0 else 0.0,
        cycles_per_year=yearly,
        array_row=array_row,
        battery_row=battery_row,
        radiator_row=radiator_row,
    )


def _smallest_for_all(
    holds: Callable[[int, float], bool], hardest_first: Floats, guess: float, failure: str
) -> tuple[float, int]:
    """Find the smallest size that holds on every row, and the row that asks for it."""
    # The hardest rows first, so that few ask for more than those before.
    size, asking = 0.0, 0
    for row in np.argsort(-hardest_first, kind="stable").tolist():
        if size > 0.0 and holds(row, size):
            continue
        asking = row
        size = _smallest(partial(holds, row), size if size > 0.0 else guess, failure)
    return size, asking


def _smallest(holds: Callable[[float], bool], guess: float, failure: str) -> float:
    """Find the smallest size that holds, to rounding, by doubling and bisection."""
    high = guess
    for _ in range(_DOUBLINGS):
        if holds(high):
            break
        high *= 2.0
    else:
        raise ValueError(failure)
    low = 0.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if holds(middle):
            high = middle
        else:
            low = middle
        if high - low <= _RELATIVE * high:
            break
    return high


def _limits(storage: StorageRules, capacity_j: float) -> BatteryLimits:
    """Turn a capacity at end of life into a battery."""
    return BatteryLimits(
        capacity_j=capacity_j,
        floor_j=storage.min_soc * capacity_j,
        charge_efficiency=storage.charge_efficiency,
        discharge_efficiency=storage.discharge_efficiency,
        max_charge_w=storage.charge_rate * capacity_j / _SECONDS_PER_HOUR,
        max_discharge_w=storage.discharge_rate * capacity_j / _SECONDS_PER_HOUR,
    )


def _array_area_m2(
    supply: Floats, load: Floats, compute_w: float, storage: StorageRules
) -> tuple[float, int]:
    """Find the smallest array whose surplus covers its deficit on every row."""
    store = store_numbers(_limits(storage, 1.0))

    def holds(row: int, area_m2: float) -> bool:
        surplus: float = surplus_w(float(compute_w), area_m2 * supply[row], load[row], store)
        return surplus >= 0.0

    wanted_m2 = (load.mean(axis=1) + compute_w) / np.maximum(supply.mean(axis=1), 1e-9)
    guess = max(float(wanted_m2.max()), 1e-9)
    failure = "no array carries the load: a row has no light"
    return _smallest_for_all(holds, wanted_m2, guess, failure)


def _capacity_j(
    supply: Floats, load: Floats, step_s: Floats, compute_w: float, storage: StorageRules
) -> tuple[float, int]:
    """Find the smallest battery at end of life that serves the load on every row."""

    def holds(row: int, capacity_j: float) -> bool:
        store = store_numbers(_limits(storage, capacity_j))
        lowest_j: float = lowest_store_j(
            float(compute_w), supply[row], load[row], float(step_s[row]), store
        )
        return lowest_j >= 0.0

    deficit = np.maximum(load + compute_w - supply, 0.0).sum(axis=1) * step_s
    if deficit.max() <= 0.0:
        return 0.0, 0
    failure = "no battery carries the load: the array has nothing to spare"
    return _smallest_for_all(holds, deficit, float(deficit.max()), failure)


def _swing(
    supply: Floats,
    load: Floats,
    step_s: Floats,
    compute_w: float,
    storage: StorageRules,
    capacity_j: float,
) -> tuple[float, float]:
    """Energy drawn in a typical discharge of the worst row, and its discharges in a year."""
    if capacity_j <= 0.0:
        return 0.0, 0.0
    net_j = (supply - load - compute_w) * step_s[:, None]
    gain = np.where(
        net_j > 0.0, net_j * storage.charge_efficiency, net_j / storage.discharge_efficiency
    )
    store = np.full((len(gain), gain.shape[1] + 1), capacity_j)
    for step in range(gain.shape[1]):
        store[:, step + 1] = np.clip(store[:, step] + gain[:, step], 0.0, capacity_j)
    depth = typical_depth_share(store, capacity_j)
    drawn = np.maximum(-np.diff(store, axis=1), 0.0).sum(axis=1) / capacity_j
    row = int(np.argmax(drawn))
    turns = drawn[row] / depth[row] if depth[row] > 0.0 else 0.0
    span_s = gain.shape[1] * step_s[row]
    return float(depth[row] * capacity_j), float(turns / span_s * _SECONDS_PER_YEAR)


def _new_capacity_j(
    lasting_j: float, swing_j: float, yearly: float, storage: StorageRules
) -> float:
    """Find the capacity when new that leaves enough at end of life, for the depth it then has."""
    fade = storage.fade
    if fade is None or lasting_j <= 0.0:
        return lasting_j

    def holds(capacity_j: float) -> bool:
        if swing_j > capacity_j:
            return False
        left = battery_remaining_share(
            fade, yearly * storage.life_years, swing_j / capacity_j, storage.life_years
        )
        return bool(capacity_j * left >= lasting_j)

    return _smallest(holds, lasting_j, "no battery lasts as long: it loses all by time alone")


def _radiator_area_m2(
    outside: Floats, load: Floats, step_s: Floats, compute_w: float, heat: HeatRules
) -> tuple[float, int]:
    """Find the smallest radiator that keeps the computer cool on every row."""

    def holds(row: int, area_m2: float) -> bool:
        nodes = node_numbers(
            HeatLimits(
                computer_heat_capacity_j_k=heat.computer_heat_capacity_j_k,
                radiator_heat_capacity_j_k=heat.radiator_heat_capacity_j_k,
                conductance_w_k=heat.conductance_w_k,
                emissivity=heat.emissivity,
                area_m2=area_m2,
                initial_k=heat.initial_k,
                max_computer_k=heat.max_computer_k,
            ),
            float(step_s[row]),
        )
        hottest: float = hottest_k(float(compute_w), area_m2 * outside[row], load[row], nodes)
        return hottest <= heat.max_computer_k

    failure = (
        "no radiator keeps the computer cool: the drop over the heat path or the heat from "
        "outside leaves no room"
    )
    warmth_w = outside.mean(axis=1) + load.mean(axis=1)
    return _smallest_for_all(holds, warmth_w, 1.0, failure)
