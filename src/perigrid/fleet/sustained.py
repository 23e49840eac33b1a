"""The compute power that each satellite of a fleet can hold, given its outlook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from itertools import chain

import numpy as np

from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Floats, Outlook
from perigrid.physics.sustained import (
    BatteryLimits,
    HeatLimits,
    SustainedCompute,
    sustained_compute_w,
)
from perigrid.scenario.model import SatelliteGroup


def fleet_sustained(
    fleet: Fleet, outlook: Outlook, links: Iterable[ContactKind] = ()
) -> SustainedCompute | None:
    """Find the constant compute power that every satellite can hold without throttling.

    Parameters
    ----------
    fleet : Fleet
        Bus, battery, radiator and computer.
    outlook : Outlook
        Array power, heat from outside and contacts; best whole orbits of it.
    links : iterable of ContactKind
        Links of an architecture; its lasers draw power for as long as they are held.

    Returns
    -------
    SustainedCompute or None
        One entry per satellite; 0 W, bound by ``computer``, where there is none, and no limit to
        speak of. None if no satellite carries one or the outlook has no whole step.

    Notes
    -----
    Power in a step is the mean of its two edges. The battery may be drawn down to its minimum
    state of charge, and the computer may warm up to where throttling would start. A shorter last
    step is left out, so that all steps last equally long. Beside the computer stand the bus and the
    lasers held; the radio, which draws only while it sends, is left out.
    """
    if not fleet.buses.computes.any() or len(outlook.t_s) < 2:
        return None
    dt_s = float(outlook.t_s[1] - outlook.t_s[0])
    whole = int(np.count_nonzero(np.diff(outlook.t_s) > dt_s * (1.0 - 1.0e-9)))
    array_w = 0.5 * (outlook.array_w[:, :whole] + outlook.array_w[:, 1 : whole + 1])
    environment_w = 0.5 * (
        outlook.environment_w[:, :whole] + outlook.environment_w[:, 1 : whole + 1]
    )
    held_w = held_laser_w(fleet, outlook, links)[:, :whole]
    found = [
        group_sustained(group, array_w[rows], environment_w[rows], dt_s, held_w[rows])
        for group, rows in fleet.spans()
    ]
    columns = {
        one.name: [getattr(part, one.name) for part in found] for one in fields(SustainedCompute)
    }
    binding = tuple(chain.from_iterable(columns.pop("binding")))
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return SustainedCompute(binding=binding, **joined)


def group_sustained(
    group: SatelliteGroup, array_w: Floats, environment_w: Floats, dt_s: float, held_w: Floats
) -> SustainedCompute:
    """Find the constant compute power that a group's bus can hold, row by row.

    Parameters
    ----------
    group : SatelliteGroup
        Bus, battery, radiator and computer.
    array_w, environment_w : (n, n_steps) float array
        Array power and heat from outside in each step; rows are satellites or days [W].
    dt_s : float
        Length of a step [s].
    held_w : (n, n_steps) float array
        Power of the lasers held [W].

    Returns
    -------
    SustainedCompute
        One entry per row; as of :func:`fleet_sustained` without a computer.
    """
    if group.computer is None:
        return _without(len(array_w))
    return sustained_compute_w(
        array_w,
        environment_w,
        dt_s,
        bus_load_w=group.bus_load_w + held_w,
        idle_w=group.computer.idle_w,
        installed_w=group.computer.active_w,
        battery=_battery_limits(group),
        heat=_heat_limits(group),
    )


def _without(count: int) -> SustainedCompute:
    """Nothing to sustain and nothing that limits it: satellites without a computer."""
    compute_w, endless = np.zeros(count), np.full(count, np.inf)
    return SustainedCompute(
        compute_w, endless, endless, endless, ("computer",) * count, endless, endless, endless
    )


def _battery_limits(group: SatelliteGroup) -> BatteryLimits:
    """Storage of a bus as the physics takes it."""
    battery = group.battery
    return BatteryLimits(
        capacity_j=battery.capacity_j,
        floor_j=battery.capacity_j * battery.min_soc,
        charge_efficiency=battery.charge_efficiency,
        discharge_efficiency=battery.discharge_efficiency,
        max_charge_w=battery.max_charge_w,
        max_discharge_w=battery.max_discharge_w,
    )


def _heat_limits(group: SatelliteGroup) -> HeatLimits:
    """Heat path of a bus as the physics takes it."""
    thermal = group.thermal
    return HeatLimits(
        computer_heat_capacity_j_k=thermal.computer_heat_capacity_j_k,
        radiator_heat_capacity_j_k=thermal.radiator_heat_capacity_j_k,
        conductance_w_k=thermal.conductance_w_k,
        emissivity=thermal.emissivity,
        area_m2=thermal.radiator_area_m2,
        initial_k=thermal.initial_k,
        max_computer_k=thermal.computer_throttle_k,
    )
