"""The compute power that each satellite of a fleet can hold, given its outlook."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import ContactKind, Fleet, Outlook
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
        One entry per satellite; its mean over the fleet is ``result.compute_w.mean()``. None if
        the satellites carry no computer or the outlook has no whole step.

    Notes
    -----
    Power in a step is the mean of its two edges. The battery may be drawn down to its minimum
    state of charge, and the computer may warm up to where throttling would start. A shorter last
    step is left out, so that all steps last equally long. Beside the computer stand the bus and the
    lasers held; the radio, which draws only while it sends, is left out.
    """
    group = fleet.satellites
    if group.computer is None or len(outlook.t_s) < 2:
        return None
    dt_s = float(outlook.t_s[1] - outlook.t_s[0])
    whole = int(np.count_nonzero(np.diff(outlook.t_s) > dt_s * (1.0 - 1.0e-9)))
    array_w = 0.5 * (outlook.array_w[:, :whole] + outlook.array_w[:, 1 : whole + 1])
    environment_w = 0.5 * (
        outlook.environment_w[:, :whole] + outlook.environment_w[:, 1 : whole + 1]
    )
    return sustained_compute_w(
        array_w,
        environment_w,
        dt_s,
        bus_load_w=group.bus_load_w + held_laser_w(fleet, outlook, links)[:, :whole],
        idle_w=group.computer.idle_w,
        installed_w=group.computer.active_w,
        battery=_battery_limits(group),
        heat=_heat_limits(group),
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
