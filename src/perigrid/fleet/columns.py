"""Numbers of every satellite's bus as columns: what kernels and sums over a fleet read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.scenario.model import Computer, SatelliteGroup

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
BatteryNumbers = tuple[float, float, float, float, float, float]
NodeNumbers = tuple[float, float, float, float, float]
BatteryColumns = tuple[Floats, Floats, Floats, Floats, Floats, Floats]
NodeColumns = tuple[Floats, Floats, Floats, Floats, Floats]

_LEAST_W: Final = 1e-9
"""Draw of a computer that needs no more at work than idle: a share of it can still be told [W]."""


@dataclass(frozen=True, slots=True)
class BusColumns:
    """One entry per satellite, in fleet order.

    Parameters
    ----------
    battery : tuple of (n_satellites,) float array
        The last arguments of :func:`perigrid.physics.power.battery_advance`.
    nodes : tuple of (n_satellites,) float array
        The last arguments of :func:`perigrid.physics.heat.two_node_advance`.
    capacity_j, min_soc, initial_soc : (n_satellites,) float array
        Battery: capacity [J], lowest and first state of charge [1].
    charge_efficiency, discharge_efficiency : (n_satellites,) float array
        Of the battery [1].
    bus_load_w, idle_w, active_w, radio_w : (n_satellites,) float array
        Draw of the bus, of the computer idle and at work, of a radio that sends; 0 without [W].
    needed_w : (n_satellites,) float array
        What a computer at work draws above idle, at most; 0 without one [W].
    computes : (n_satellites,) bool array
        Whether there is a computer.
    slots : (n_satellites,) int array
        Tasks at a time; 0 without a computer.
    initial_k, throttle_k, limit_k, survival_min_k : (n_satellites,) float array
        Temperature at the start, and where the computer slows down, stops and freezes [K].
    storage_bytes : (n_satellites,) float array
        Room of the recorder [B].
    """

    battery: BatteryColumns
    nodes: NodeColumns
    capacity_j: Floats
    min_soc: Floats
    initial_soc: Floats
    charge_efficiency: Floats
    discharge_efficiency: Floats
    bus_load_w: Floats
    idle_w: Floats
    active_w: Floats
    radio_w: Floats
    needed_w: Floats
    computes: Bools
    slots: Ints
    initial_k: Floats
    throttle_k: Floats
    limit_k: Floats
    survival_min_k: Floats
    storage_bytes: Floats


def bus_columns(groups: Sequence[SatelliteGroup], group_of: Ints) -> BusColumns:
    """Lay out the buses of groups by satellite.

    Parameters
    ----------
    groups : sequence of SatelliteGroup
        A bus each.
    group_of : (n_satellites,) int array
        Index of each satellite's group.

    Returns
    -------
    BusColumns
        In the order of ``group_of``.
    """

    def column(value: Callable[[SatelliteGroup], float]) -> Floats:
        return np.array([value(one) for one in groups], dtype=np.float64)[group_of]

    def computer(value: Callable[[Computer], float]) -> Floats:
        return column(lambda one: 0.0 if one.computer is None else value(one.computer))

    batteries = np.array([battery_numbers(one) for one in groups])[group_of]
    capacity, floor, charge, discharge, most_in, most_out = np.ascontiguousarray(batteries.T)
    nodes = np.array([node_numbers(one) for one in groups])[group_of]
    own, radiator, conductance, emissivity, area = np.ascontiguousarray(nodes.T)
    return BusColumns(
        battery=(capacity, floor, charge, discharge, most_in, most_out),
        nodes=(own, radiator, conductance, emissivity, area),
        capacity_j=capacity,
        min_soc=column(lambda one: one.battery.min_soc),
        initial_soc=column(lambda one: one.battery.initial_soc),
        charge_efficiency=charge,
        discharge_efficiency=discharge,
        bus_load_w=column(lambda one: one.bus_load_w),
        idle_w=computer(lambda one: one.idle_w),
        active_w=computer(lambda one: one.active_w),
        radio_w=column(lambda one: 0.0 if one.radio is None else one.radio.active_w),
        needed_w=computer(lambda one: max(one.active_w - one.idle_w, one.host_w, _LEAST_W)),
        computes=computer(lambda _: 1.0) > 0.0,
        slots=computer(lambda one: one.slots).astype(np.int64),
        initial_k=column(lambda one: one.thermal.initial_k),
        throttle_k=column(lambda one: one.thermal.computer_throttle_k),
        limit_k=column(lambda one: one.thermal.computer_limit_k),
        survival_min_k=column(lambda one: one.thermal.survival_min_k),
        storage_bytes=column(lambda one: one.storage_bytes),
    )


def battery_numbers(bus: SatelliteGroup) -> BatteryNumbers:
    """Give a bus's battery as kernels take it.

    Parameters
    ----------
    bus : SatelliteGroup
        The bus.

    Returns
    -------
    tuple of float
        The last arguments of :func:`perigrid.physics.power.battery_advance`.
    """
    battery = bus.battery
    return (
        battery.capacity_j,
        battery.capacity_j * battery.min_soc,
        battery.charge_efficiency,
        battery.discharge_efficiency,
        battery.max_charge_w,
        battery.max_discharge_w,
    )


def node_numbers(bus: SatelliteGroup) -> NodeNumbers:
    """Give a bus's computer and radiator as kernels take them.

    Parameters
    ----------
    bus : SatelliteGroup
        The bus.

    Returns
    -------
    tuple of float
        The last arguments of :func:`perigrid.physics.heat.two_node_advance`.
    """
    thermal = bus.thermal
    return (
        thermal.computer_heat_capacity_j_k,
        thermal.radiator_heat_capacity_j_k,
        thermal.conductance_w_k,
        thermal.emissivity,
        thermal.radiator_area_m2,
    )
