"""FleetState: what decisions do change, stepped as arrays over the computing satellites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.fleet.columns import BatteryColumns, NodeColumns
from perigrid.fleet.model import Fleet, Floats, Outlook
from perigrid.physics.compiled import kernel
from perigrid.physics.heat import two_node_advance
from perigrid.physics.power import battery_advance

Bools = npt.NDArray[np.bool_]

ENERGY_FLOWS = (
    "generated_j",
    "served_j",
    "unserved_j",
    "spilled_j",
    "charge_loss_j",
    "discharge_loss_j",
    "radiated_j",
    "environment_j",
)


@dataclass(slots=True)
class FleetState:
    """Battery, temperatures and storage of every computing satellite, with running energy sums.

    Parameters
    ----------
    battery_j, computer_k, radiator_k, storage_bytes : (n_satellites,) float array
        Energy stored [J], temperatures [K], bytes held [B].
    initial_battery_j : (n_satellites,) float array
        Energy stored at the start, for the balance [J].
    flows_j : dict of str to (n_satellites,) float array
        Energy since the start by :data:`ENERGY_FLOWS` [J].
    """

    battery_j: Floats
    computer_k: Floats
    radiator_k: Floats
    storage_bytes: Floats
    initial_battery_j: Floats
    flows_j: dict[str, Floats]


def initial_state(fleet: Fleet) -> FleetState:
    """State at the start of a run.

    Parameters
    ----------
    fleet : Fleet
        The fleet.

    Returns
    -------
    FleetState
        Battery and temperatures as the scenario says, storage empty.
    """
    n, buses = fleet.n_satellites, fleet.buses
    stored_j = buses.capacity_j * buses.initial_soc
    return FleetState(
        battery_j=stored_j,
        computer_k=buses.initial_k.copy(),
        radiator_k=buses.initial_k.copy(),
        storage_bytes=np.zeros(n),
        initial_battery_j=stored_j.copy(),
        flows_j={name: np.zeros(n) for name in ENERGY_FLOWS},
    )


def advance(
    state: FleetState,
    fleet: Fleet,
    outlook: Outlook,
    step: int,
    *,
    compute_w: Floats,
    link_w: Floats,
) -> Floats:
    """Carry battery and temperatures over one step.

    Parameters
    ----------
    state : FleetState
        Changed in place.
    fleet : Fleet
        The fleet.
    outlook : Outlook
        Supplies array power and absorbed heat, taken at the step's start.
    step : int
        Index of the step's left edge in ``outlook.t_s``.
    compute_w, link_w : (n_satellites,) float array
        Mean power of computers (idle included) and of transmitters in the step [W].

    Returns
    -------
    (n_satellites,) float array
        Array power used, after spilling [W].

    Notes
    -----
    All electrical power but the radiated signal ends as heat; the radiated share of a transmitter
    is neglected, which is on the safe side. Power that a dark, empty satellite cannot serve shows
    as ``unserved_j``.
    """
    buses = fleet.buses
    used_w = np.empty(fleet.n_satellites)
    _advance_rows(
        float(outlook.t_s[step + 1] - outlook.t_s[step]),
        outlook.array_w[:, step],
        outlook.environment_w[:, step],
        compute_w,
        link_w,
        buses.bus_load_w,
        buses.battery,
        buses.nodes,
        state.battery_j,
        state.computer_k,
        state.radiator_k,
        tuple(state.flows_j[name] for name in ENERGY_FLOWS),
        used_w,
    )
    return used_w


def balance_error(state: FleetState) -> float:
    """Relative error of the electrical energy balance since the start.

    Parameters
    ----------
    state : FleetState
        Now.

    Returns
    -------
    float
        ``max |generated - served - stored - lost - spilled| / generated`` over the satellites.
    """
    flows = state.flows_j
    residual_j = (
        flows["generated_j"]
        - flows["served_j"]
        - (state.battery_j - state.initial_battery_j)
        - flows["charge_loss_j"]
        - flows["discharge_loss_j"]
        - flows["spilled_j"]
    )
    scale_j = np.maximum(flows["generated_j"], state.initial_battery_j)
    return float(np.max(np.abs(residual_j) / np.maximum(scale_j, 1.0)))


@kernel
def _advance_rows(
    dt_s: float,
    array_w: Floats,
    environment_w: Floats,
    compute_w: Floats,
    link_w: Floats,
    bus_w: Floats,
    battery: BatteryColumns,
    nodes: NodeColumns,
    battery_j: Floats,
    computer_k: Floats,
    radiator_k: Floats,
    flows_j: tuple[Floats, ...],
    used_w: Floats,
) -> None:
    """Step every satellite and add to its flows, which come in the order of ENERGY_FLOWS."""
    generated, served, unserved, spilled, charge_loss, discharge_loss, radiated, absorbed = flows_j
    capacity, floor, charge, discharge, most_in, most_out = battery
    own, radiator, conductance, emissivity, area = nodes
    for row in range(len(used_w)):
        load_w = bus_w[row] + compute_w[row] + link_w[row]
        stored_j, served_j, unserved_j, spilled_j, charge_loss_j, discharge_loss_j = (
            battery_advance(
                battery_j[row], array_w[row], load_w, dt_s, capacity[row], floor[row],
                charge[row], discharge[row], most_in[row], most_out[row],
            )
        )  # fmt: skip
        share = served_j / (load_w * dt_s) if load_w > 0.0 else 1.0
        loss_w = (charge_loss_j + discharge_loss_j) / dt_s
        outside_w = environment_w[row] + (bus_w[row] + link_w[row]) * share + loss_w
        computer_k[row], radiator_k[row], radiated_j = two_node_advance(
            computer_k[row], radiator_k[row], compute_w[row] * share, outside_w, dt_s,
            own[row], radiator[row], conductance[row], emissivity[row], area[row],
        )  # fmt: skip
        battery_j[row] = stored_j
        generated[row] += array_w[row] * dt_s
        served[row] += served_j
        unserved[row] += unserved_j
        spilled[row] += spilled_j
        charge_loss[row] += charge_loss_j
        discharge_loss[row] += discharge_loss_j
        radiated[row] += radiated_j
        absorbed[row] += environment_w[row] * dt_s
        used_w[row] = array_w[row] - spilled_j / dt_s
