"""The physics step: speeds at its start, battery and heat at its end, for all satellites."""

from __future__ import annotations

import numpy as np

from perigrid.control.dispatch.arrays import Floats, Table
from perigrid.control.dispatch.codes import BATTERY, HEAT
from perigrid.physics.compiled import kernel, part
from perigrid.physics.heat import throttle, two_node_advance
from perigrid.physics.power import battery_advance, power_share
from perigrid.sim.flight.work import begin_waiting, foresee, progress, send_away
from perigrid.sim.flight.world import World

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
    """
    con, t_end_s = w.con[0], t_s + dt_s
    for s in range(len(array_w)):
        me = w.sats[s]
        me.array_w = array_w[s]
        if array_w[s] >= con.base_w:
            me.dark_since_s = np.inf
        elif not np.isfinite(me.dark_since_s):
            me.dark_since_s = t_s
        power_speed = power_share(
            me.battery_j, array_w[s], con.base_w, con.needed_w, dt_s,
            con.floor_j, con.discharge_efficiency, con.max_discharge_w,
        )  # fmt: skip
        cool_speed = throttle(me.computer_k, con.throttle_k, con.limit_k)
        me.speed = min(cool_speed, power_speed)
        me.slow = HEAT if cool_speed <= power_speed else BATTERY
        for slot in range(con.slots):
            job = w.running[s, slot]
            if job >= 0:
                foresee(w, s, job, t_end_s)
        if me.head >= 0:
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
    con = w.con[0]
    for s in range(len(environment_w)):
        me = w.sats[s]
        for slot in range(con.slots):
            if w.running[s, slot] >= 0:
                progress(w, s, w.running[s, slot], t_end_s)
        extra_w = con.extra_w / con.slots * (me.busy_s / dt_s)
        me.compute_j += extra_w * dt_s
        me.busy_s = 0.0
        compute_w = con.idle_w + extra_w
        served_share, loss_w = _battery(me, con, compute_w, dt_s)
        _heat(me, con, compute_w * served_share, served_share, loss_w, environment_w[s], dt_s)


@part
def _battery(me: Table, con: Table, compute_w: float, dt_s: float) -> tuple[float, float]:
    """Step one battery; the share of the load that was served, and the losses as heat."""
    load_w = con.bus_w + compute_w + con.link_w
    after, served, unserved, spilled, charge_loss, discharge_loss = battery_advance(
        me.battery_j, me.array_w, load_w, dt_s,
        con.capacity_j, con.floor_j, con.charge_efficiency, con.discharge_efficiency,
        con.max_charge_w, con.max_discharge_w,
    )  # fmt: skip
    me.battery_j = after
    me.generated_j += me.array_w * dt_s
    me.served_j += served
    me.unserved_j += unserved
    me.spilled_j += spilled
    me.charge_loss_j += charge_loss
    me.discharge_loss_j += discharge_loss
    me.surplus_j += max(0.0, me.array_w - con.base_w) * dt_s
    me.lowest_j = min(me.lowest_j, after)
    share = served / (load_w * dt_s) if load_w > 0.0 else 1.0
    return share, (charge_loss + discharge_loss) / dt_s


@part
def _heat(
    me: Table,
    con: Table,
    computer_w: float,
    served_share: float,
    loss_w: float,
    environment_w: float,
    dt_s: float,
) -> None:
    """Step the two temperatures of one satellite."""
    radiator_w = environment_w + (con.bus_w + con.link_w) * served_share + loss_w
    computer_k, radiator_k, radiated_j = two_node_advance(
        me.computer_k, me.radiator_k, computer_w, radiator_w, dt_s,
        con.computer_j_k, con.radiator_j_k, con.conductance_w_k, con.emissivity, con.area_m2,
    )  # fmt: skip
    me.warming_k_s = (radiator_k - me.radiator_k) / dt_s
    me.computer_k, me.radiator_k = computer_k, radiator_k
    me.radiated_j += radiated_j
    me.environment_j += environment_w * dt_s
    me.coldest_k = min(me.coldest_k, computer_k)
    me.hottest_k = max(me.hottest_k, computer_k)
    me.hottest_radiator_k = max(me.hottest_radiator_k, radiator_k)


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
    for s in range(len(w.sats)):
        if w.sats[s].head >= 0 and w.sats[s].speed < _STANDSTILL and w.ends[s].away == 0:
            send_away(w, s, t_s, w.sats[s].slow)
