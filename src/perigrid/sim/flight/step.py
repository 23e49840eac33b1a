"""The physics step: speeds at its start, battery and heat at its end, for all satellites."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.arrays import Floats
from perigrid.physics.compiled import kernel, part
from perigrid.physics.heat import two_node_advance
from perigrid.sim.flight.work import begin_waiting, foresee, progress, send_away
from perigrid.sim.flight.world import World

_LOWEST_J, _COLDEST_K, _HOTTEST_K = 0, 1, 2
# A queue leaves a computer slower than this share of full speed.
_STANDSTILL = 0.05


@kernel
def begin_step(w: World, t_s: float, dt_s: float, array_w: Floats) -> None:
    """Set every computer's speed, and foresee which jobs end within the step.

    Parameters
    ----------
    w : World
        Changed in place; all running jobs are accounted until ``t_s``.
    t_s, dt_s : float
        Start and length of the step [s].
    array_w : (n,) float array
        Array power in the step [W].

    Notes
    -----
    The equations of :func:`perigrid.fleet.state.compute_speed`.
    """
    lim, bus, sat, nodes = w.lim, w.bus, w.sat, w.nodes
    t_end_s = t_s + dt_s
    for s in range(len(array_w)):
        sat.array_w[s] = array_w[s]
        if array_w[s] >= lim.base_w:
            sat.dark_since_s[s] = np.inf
        elif not np.isfinite(sat.dark_since_s[s]):
            sat.dark_since_s[s] = t_s
        heat_speed = (lim.limit_k - sat.computer_k[s]) / (lim.limit_k - lim.throttle_k)
        usable_j = max(sat.battery_j[s] - bus.floor_j, 0.0)
        from_battery_w = min(usable_j * bus.discharge_efficiency / dt_s, bus.max_discharge_w)
        available_w = array_w[s] + from_battery_w - lim.base_w
        power_speed = min(1.0, max(0.0, available_w / bus.needed_w))
        nodes.speed[s] = min(min(1.0, max(0.0, heat_speed)), power_speed)
        for slot in range(lim.slots):
            job = nodes.running[s, slot]
            if job >= 0:
                foresee(w, s, job, t_end_s)
        if nodes.head[s] >= 0:
            begin_waiting(w, s, t_s, t_end_s)


@kernel
def end_step(w: World, t_end_s: float, dt_s: float, environment_w: Floats) -> None:
    """Account for running jobs, then carry batteries and temperatures over the step.

    Parameters
    ----------
    w : World
        Changed in place.
    t_end_s, dt_s : float
        End and length of the step [s].
    environment_w : (n,) float array
        Heat the radiators absorb in the step [W].

    Notes
    -----
    The equations of :func:`perigrid.fleet.state.advance`.
    """
    nodes, lim = w.nodes, w.lim
    for s in range(len(environment_w)):
        for slot in range(lim.slots):
            if nodes.running[s, slot] >= 0:
                progress(w, s, nodes.running[s, slot], t_end_s)
        extra_w = lim.extra_w / lim.slots * (nodes.busy_s[s] / dt_s)
        nodes.compute_j[s] += extra_w * dt_s
        nodes.busy_s[s] = 0.0
        served_share, loss_w = _battery(w, s, lim.idle_w + extra_w, dt_s)
        _heat(w, s, (lim.idle_w + extra_w) * served_share, served_share, loss_w,
              environment_w[s], dt_s)  # fmt: skip


@part
def _battery(w: World, s: int, compute_w: float, dt_s: float) -> tuple[float, float]:
    """Step one battery; the share of the load that was served, and the losses as heat."""
    bus, sat, flows = w.bus, w.sat, w.nodes.flows_j
    load_w = bus.bus_w + compute_w + bus.link_w
    supply_j, load_j = sat.array_w[s] * dt_s, load_w * dt_s
    direct = min(supply_j, load_j)
    surplus, deficit = supply_j - direct, load_j - direct
    stored = sat.battery_j[s]
    room = max(0.0, bus.capacity_j - stored) / bus.charge_efficiency
    charging = min(min(surplus, bus.max_charge_w * dt_s), room)
    usable = max(0.0, stored - bus.floor_j) * bus.discharge_efficiency
    delivered = min(min(deficit, bus.max_discharge_w * dt_s), usable)
    drawn = delivered / bus.discharge_efficiency
    if charging > 0.0:
        after = min(stored + bus.charge_efficiency * charging, max(stored, bus.capacity_j))
    else:
        after = max(stored - drawn, min(stored, bus.floor_j))
    sat.battery_j[s] = after
    charge_loss, discharge_loss = charging * (1.0 - bus.charge_efficiency), drawn - delivered
    served = direct + delivered
    flows[0, s] += supply_j
    flows[1, s] += served
    flows[2, s] += deficit - delivered
    flows[3, s] += surplus - charging
    flows[4, s] += charge_loss
    flows[5, s] += discharge_loss
    w.nodes.surplus_j[s] += max(0.0, sat.array_w[s] - w.lim.base_w) * dt_s
    w.nodes.extremes[_LOWEST_J, s] = min(w.nodes.extremes[_LOWEST_J, s], after)
    share = served / load_j if load_w > 0.0 else 1.0
    return share, (charge_loss + discharge_loss) / dt_s


@part
def _heat(
    w: World,
    s: int,
    computer_w: float,
    served_share: float,
    loss_w: float,
    environment_w: float,
    dt_s: float,
) -> None:
    """Step the two temperatures of one satellite."""
    bus, sat, nodes = w.bus, w.sat, w.nodes
    radiator_w = environment_w + (bus.bus_w + bus.link_w) * served_share + loss_w
    computer_k, radiator_k, radiated_j = two_node_advance(
        sat.computer_k[s], sat.radiator_k[s], computer_w, radiator_w, dt_s,
        bus.computer_j_k, bus.radiator_j_k, bus.conductance_w_k, bus.emissivity, bus.area_m2,
    )  # fmt: skip
    sat.warming_k_s[s] = (radiator_k - sat.radiator_k[s]) / dt_s
    sat.computer_k[s], sat.radiator_k[s] = computer_k, radiator_k
    nodes.flows_j[6, s] += radiated_j
    nodes.flows_j[7, s] += environment_w * dt_s
    nodes.extremes[_COLDEST_K, s] = min(nodes.extremes[_COLDEST_K, s], computer_k)
    nodes.extremes[_HOTTEST_K, s] = max(nodes.extremes[_HOTTEST_K, s], computer_k)


@kernel
def move_queues(w: World, t_s: float) -> None:
    """Have the queues of satellites that stand still, hot or empty, decided anew.

    Parameters
    ----------
    w : World
        Changed in place.
    t_s : float
        Now, when new routes have come [s].
    """
    for s in range(len(w.sat.battery_j)):
        if w.nodes.head[s] >= 0 and w.nodes.speed[s] < _STANDSTILL and w.sat.away[s] == 0:
            send_away(w, s, t_s)
