"""One step of battery and heat for satellites of one bus: physics with the scenario's numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.physics.heat import HeatStep, two_node_step
from perigrid.physics.power import BatteryStep, battery_step
from perigrid.scenario.model import SatelliteGroup

Floats = npt.NDArray[np.float64]


def step_battery(
    bus: SatelliteGroup, stored_j: Floats, supply_w: Floats, load_w: Floats, dt_s: float
) -> BatteryStep:
    """Carry the batteries over one step.

    Parameters
    ----------
    bus : SatelliteGroup
        Capacity, floor, efficiencies and power limits.
    stored_j : (n_satellites,) float array
        Energy stored at the start [J].
    supply_w, load_w : (n_satellites,) float array
        Mean array power and mean load [W].
    dt_s : float
        Length of the step [s].

    Returns
    -------
    BatteryStep
        See :func:`perigrid.physics.power.battery_step`.
    """
    battery = bus.battery
    return battery_step(
        stored_j,
        supply_w,
        load_w,
        dt_s,
        capacity_j=battery.capacity_j,
        floor_j=battery.capacity_j * battery.min_soc,
        charge_efficiency=battery.charge_efficiency,
        discharge_efficiency=battery.discharge_efficiency,
        max_charge_w=battery.max_charge_w,
        max_discharge_w=battery.max_discharge_w,
    )


def step_heat(
    bus: SatelliteGroup,
    computer_k: Floats,
    radiator_k: Floats,
    computer_w: Floats,
    radiator_w: Floats,
    dt_s: float,
) -> HeatStep:
    """Carry the temperatures over one step.

    Parameters
    ----------
    bus : SatelliteGroup
        Heat capacities, conductance and radiator.
    computer_k, radiator_k : (n_satellites,) float array
        Temperatures at the start [K].
    computer_w, radiator_w : (n_satellites,) float array
        Heat into the computer and into the radiator node [W].
    dt_s : float
        Length of the step [s].

    Returns
    -------
    HeatStep
        See :func:`perigrid.physics.heat.two_node_step`.
    """
    thermal = bus.thermal
    return two_node_step(
        computer_k,
        radiator_k,
        computer_w,
        radiator_w,
        dt_s,
        computer_heat_capacity_j_k=thermal.computer_heat_capacity_j_k,
        radiator_heat_capacity_j_k=thermal.radiator_heat_capacity_j_k,
        conductance_w_k=thermal.conductance_w_k,
        emissivity=thermal.emissivity,
        area_m2=thermal.radiator_area_m2,
    )
