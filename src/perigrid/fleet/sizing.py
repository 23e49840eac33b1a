"""The smallest array, battery and radiator that keep a group's computers at full power."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Floats, Outlook
from perigrid.fleet.year import PlaneYear
from perigrid.physics.battery_ageing import SPACE_LITHIUM_ION
from perigrid.physics.sizing import (
    NO_MARGINS,
    HeatRules,
    Margins,
    Sizing,
    StorageRules,
    size_for_load,
)
from perigrid.scenario.model import Battery, SatelliteGroup

_SECONDS_PER_HOUR = 3600.0


def group_sizing(
    fleet: Fleet,
    outlook: Outlook,
    index: int,
    links: Iterable[ContactKind] = (),
    *,
    life_years: float = 0.0,
    margins: Margins = NO_MARGINS,
) -> Sizing | None:
    """Size a group's bus for the satellite of it that has it hardest.

    Parameters
    ----------
    fleet : Fleet
        Buses and computers; area and capacity are what is looked for, all else is kept.
    outlook : Outlook
        Array power and heat from outside, per area of the bus as it is; contacts.
    index : int
        Which of the fleet's groups.
    links : iterable of ContactKind
        Links of an architecture; its lasers draw power for as long as they are held.
    life_years : float
        Years from the outlook's start that the bus has to last; array and battery fade [year].
    margins : Margins
        On each size.

    Returns
    -------
    Sizing or None
        None if the group carries no computer or the outlook has no whole step.

    Raises
    ------
    ValueError
        If no size would do.

    Notes
    -----
    The same steps as :func:`perigrid.fleet.sustained.fleet_sustained`. A season that the outlook
    does not hold is not looked at: for that see :func:`year_sizing`.
    """
    group, rows = fleet.spans()[index]
    if group.computer is None or len(outlook.t_s) < 2:
        return None
    dt_s = float(outlook.t_s[1] - outlook.t_s[0])
    whole = int(np.count_nonzero(np.diff(outlook.t_s) > dt_s * (1.0 - 1.0e-9)))
    edges = (rows, slice(0, whole)), (rows, slice(1, whole + 1))
    array_w, heat_w = (
        0.5 * (values[edges[0]] + values[edges[1]])
        for values in (outlook.array_w, outlook.environment_w)
    )
    load_w = group.bus_load_w + held_laser_w(fleet, outlook, links)[rows, :whole]
    return _sized(group, array_w, heat_w, dt_s, load_w, life_years, margins)


@dataclass(frozen=True, slots=True)
class YearSizing:
    """The smallest bus for a year, and the days that ask for it.

    Parameters
    ----------
    smallest : Sizing
        Array, battery and radiator.
    array_day, battery_day, radiator_day : int
        Days after the year's first on which nothing smaller would do.
    """

    smallest: Sizing
    array_day: int
    battery_day: int
    radiator_day: int


def year_sizing(
    group: SatelliteGroup,
    years: Sequence[PlaneYear],
    held_w: Sequence[float],
    *,
    life_years: float = 0.0,
    margins: Margins = NO_MARGINS,
) -> YearSizing | None:
    """Size a group's bus for its hardest plane on the hardest day of a year.

    Parameters
    ----------
    group : SatelliteGroup
        Bus and computer; area and capacity are what is looked for, all else is kept.
    years : sequence of PlaneYear
        Of :func:`perigrid.fleet.year.group_year`, per area of the bus as it is.
    held_w : sequence of float
        Mean power of the lasers held in each plane [W].
    life_years : float
        Years from now that the bus has to last; array and battery fade [year].
    margins : Margins
        On each size.

    Returns
    -------
    YearSizing or None
        None if the group carries no computer.

    Raises
    ------
    ValueError
        If no size would do.

    Notes
    -----
    The same steps as :func:`perigrid.fleet.sustained.group_sustained`. The battery fades as if its
    hardest day lasted all year.
    """
    days = [len(one.day) for one in years]
    array_w = np.concatenate([one.array_w for one in years])
    found = _sized(
        group,
        array_w,
        np.concatenate([one.environment_w for one in years]),
        np.repeat([one.step_s for one in years], days),
        np.broadcast_to((group.bus_load_w + np.repeat(held_w, days))[:, None], array_w.shape),
        life_years,
        margins,
    )
    if found is None:
        return None
    day = np.concatenate([one.day for one in years])
    rows = found.array_row, found.battery_row, found.radiator_row
    return YearSizing(found, *(int(day[row]) for row in rows))


def _sized(
    group: SatelliteGroup,
    array_w: Floats,
    environment_w: Floats,
    step_s: float | Floats,
    load_w: Floats,
    life_years: float,
    margins: Margins,
) -> Sizing | None:
    """Size for rows of steps, each of one satellite or of one day."""
    if group.computer is None:
        return None
    lasting = (1.0 - group.array.degradation_per_year) ** life_years
    return size_for_load(
        array_w * (lasting / group.array.area_m2),
        environment_w / group.thermal.radiator_area_m2,
        step_s,
        compute_w=group.computer.active_w,
        bus_load_w=load_w,
        storage=_storage_rules(group.battery, life_years),
        heat=_heat_rules(group),
        margins=margins,
    )


def _storage_rules(battery: Battery, life_years: float) -> StorageRules:
    """Keep window, losses, rates and fade of a battery."""
    fade = replace(
        SPACE_LITHIUM_ION,
        cycle_loss_share=battery.cycle_loss_share,
        calendar_loss_share=battery.calendar_loss_share,
    )
    per_hour = _SECONDS_PER_HOUR / battery.capacity_j
    return StorageRules(
        min_soc=battery.min_soc,
        charge_efficiency=battery.charge_efficiency,
        discharge_efficiency=battery.discharge_efficiency,
        charge_rate=battery.max_charge_w * per_hour,
        discharge_rate=battery.max_discharge_w * per_hour,
        fade=fade if life_years > 0.0 else None,
        life_years=life_years,
    )


def _heat_rules(group: SatelliteGroup) -> HeatRules:
    """Keep the heat path of a bus."""
    thermal = group.thermal
    return HeatRules(
        computer_heat_capacity_j_k=thermal.computer_heat_capacity_j_k,
        radiator_heat_capacity_j_k=thermal.radiator_heat_capacity_j_k,
        conductance_w_k=thermal.conductance_w_k,
        emissivity=thermal.emissivity,
        initial_k=thermal.initial_k,
        max_computer_k=thermal.computer_throttle_k,
    )
