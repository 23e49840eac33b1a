"""Physics between two edges of a step: speeds at its start, battery and heat at its end."""

from __future__ import annotations

from perigrid.control.core.messages import Table
from perigrid.engine.books import trouble
from perigrid.engine.computers import catch_up, foresee, set_speed
from perigrid.engine.moves import foresee_legs
from perigrid.engine.state import Clock, Count, Trouble, World
from perigrid.physics.compiled import part
from perigrid.physics.heat import throttle, two_node_advance
from perigrid.physics.power import battery_advance, power_share

_OFF, _TOLD, _BLOCK = int(Count.OFF), int(Count.TOLD), int(Count.BLOCK)
_STEP_END = int(Clock.STEP_END)
_BATTERY, _STORAGE = int(Trouble.BATTERY), int(Trouble.STORAGE)
_SLACK = 1.0 + 1e-9


@part
def begin_step(w: World, step: int) -> None:
    """Set every computer's speed, and foresee what ends or fails within the step.

    Parameters
    ----------
    w : World
        Changed in place.
    step : int
        Its number.
    """
    t_from_s, t_to_s, column = w.t_s[step], w.t_s[step + 1], step - w.counts[_BLOCK]
    w.clock[_STEP_END] = t_to_s
    w.counts[_OFF] = 0
    for row in range(len(w.sats)):
        me = w.sats[row]
        sent_w = w.sent_j[row, column] / (t_to_s - t_from_s)
        me.base_w = me.bus_w + me.idle_w + (w.held_w[row, column] + max(sent_w, me.radio_w))
        _allow(me, w.array_w[row, column], t_to_s - t_from_s)
        w.counts[_OFF] += me.off
        set_speed(w.nodes[row], t_from_s, me.heat_speed, me.power_speed)
    if w.counts[_OFF] > 0:
        foresee_legs(w, t_from_s, t_to_s)
    for row in range(len(w.sats)):
        me = w.nodes[row]
        for slot in range(me.first_slot, me.first_slot + me.busy):
            foresee(w, row, w.running[slot])


@part
def _allow(me: Table, array_w: float, dt_s: float) -> None:
    """Say how fast a satellite may compute in a step, and whether its payload has energy at all.

    Camera, computer, radio and lasers stay off where array and battery do not carry what is
    served first, and the bus has all.
    """
    if me.needed_w > 0.0:
        me.heat_speed = throttle(me.computer_k, me.throttle_k, me.limit_k)
        me.power_speed = power_share(
            me.battery_j, array_w, me.base_w, me.needed_w, dt_s,
            me.floor_j, me.discharge_efficiency, me.max_discharge_w,
        )  # fmt: skip
    usable_j = max(me.battery_j - me.floor_j, 0.0)
    stored_w = min(usable_j * me.discharge_efficiency / dt_s, me.max_discharge_w)
    me.off = array_w + stored_w < me.base_w


@part
def end_step(w: World, step: int) -> None:
    """Carry batteries and temperatures over a step with the work that was really done.

    Parameters
    ----------
    w : World
        Changed in place.
    step : int
        Its number.

    Notes
    -----
    The equations of :func:`perigrid.fleet.state.advance`.
    """
    t_to_s, told, column = w.t_s[step + 1], w.counts[_TOLD], step - w.counts[_BLOCK]
    dt_s = t_to_s - w.t_s[step]
    w.counts[_TOLD] += 1
    for row in range(len(w.sats)):
        computer, drawn_j = w.nodes[row], 0.0
        if computer.busy > 0 or computer.energy_j != 0.0:
            catch_up(w, row, t_to_s)
            drawn_j, computer.energy_j = computer.energy_j, 0.0
        compute_w = w.sats[row].idle_w + drawn_j / dt_s
        link_w = w.held_w[row, column] + w.sent_j[row, column] / dt_s
        array_w = w.array_w[row, column]
        base_w = w.sats[row].bus_w + w.sats[row].idle_w + w.held_w[row, column]
        w.sats[row].surplus_j += max(0.0, array_w - base_w) * dt_s
        spilled_j = _advance(
            w.sats[row], dt_s, array_w, w.environment_w[row, column], compute_w, link_w
        )
        _check_limits(w, row)
        _tell(w, row, told, array_w - spilled_j / dt_s, compute_w, link_w)


@part
def _advance(
    me: Table, dt_s: float, array_w: float, environment_w: float, compute_w: float, link_w: float
) -> float:
    """Step one satellite and add to its flows; answer the energy that was spilled [J]."""
    load_w = me.bus_w + compute_w + link_w
    stored_j, served_j, unserved_j, spilled_j, charge_loss_j, discharge_loss_j = battery_advance(
        me.battery_j, array_w, load_w, dt_s, me.capacity_j, me.floor_j, me.charge_efficiency,
        me.discharge_efficiency, me.max_charge_w, me.max_discharge_w,
    )  # fmt: skip
    share = served_j / (load_w * dt_s) if load_w > 0.0 else 1.0
    loss_w = (charge_loss_j + discharge_loss_j) / dt_s
    outside_w = environment_w + (me.bus_w + link_w) * share + loss_w
    me.computer_k, me.radiator_k, radiated_j = two_node_advance(
        me.computer_k, me.radiator_k, compute_w * share, outside_w, dt_s,
        me.computer_j_k, me.radiator_j_k, me.conductance_w_k, me.emissivity, me.area_m2,
    )  # fmt: skip
    me.battery_j = stored_j
    me.generated_j += array_w * dt_s
    me.served_j += served_j
    me.unserved_j += unserved_j
    me.spilled_j += spilled_j
    me.charge_loss_j += charge_loss_j
    me.discharge_loss_j += discharge_loss_j
    me.radiated_j += radiated_j
    me.environment_j += environment_w * dt_s
    return spilled_j


@part
def _check_limits(w: World, row: int) -> None:
    me = w.sats[row]
    if me.battery_j < me.floor_j / _SLACK or me.battery_j > me.capacity_j * _SLACK:
        trouble(w, _BATTERY, -1)
    if me.held_bytes < -1.0 / _SLACK or me.held_bytes > me.room_bytes * _SLACK:
        trouble(w, _STORAGE, -1)


@part
def _tell(w: World, row: int, told: int, used_w: float, compute_w: float, link_w: float) -> None:
    """Take down the state at the step's end, by :data:`perigrid.engine.state.STATE_COLUMNS`."""
    me, to = w.sats[row], w.telemetry
    to[0, told, row] = used_w
    to[1, told, row] = me.battery_j / me.capacity_j
    to[2, told, row] = me.computer_k
    to[3, told, row] = me.radiator_k
    to[4, told, row] = compute_w
    to[5, told, row] = link_w
    to[6, told, row] = me.held_bytes
    to[7, told, row] = min(me.heat_speed, me.power_speed)
