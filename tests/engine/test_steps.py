"""One step of physics against the columns of the fleet."""

import numpy as np
import pytest

from perigrid.base.architecture import RELAY
from perigrid.engine.build import fleet_state
from perigrid.engine.state import STATE_COLUMNS, Clock, Count, Trouble
from perigrid.engine.steps import begin_step, end_step
from perigrid.fleet.state import ENERGY_FLOWS, advance, initial_state
from speeds import compute_speed, unpowered
from tests.engine.plain import plain


def test_a_step_is_that_of_the_fleet(world):
    w, rng, fleet = plain(world, RELAY), np.random.default_rng(4), world.fleet
    n, buses, step = fleet.n_satellites, fleet.buses, 17
    w.sats["battery_j"] = buses.capacity_j * rng.uniform(buses.min_soc, 1.0)
    w.sats["battery_j"][0] = buses.capacity_j[0] * buses.min_soc[0]
    w.sats["computer_k"], w.sats["radiator_k"] = rng.uniform(280.0, 349.0, (2, n))
    w.nodes["energy_j"][1] = 5e3
    w.array_w[0, step] = 0.0
    state = initial_state(fleet)
    state.battery_j[:] = w.sats["battery_j"]
    state.computer_k[:], state.radiator_k[:] = w.sats["computer_k"], w.sats["radiator_k"]
    dt_s = float(w.t_s[step + 1] - w.t_s[step])
    base_w = buses.bus_load_w + buses.idle_w + (w.held_w[:, step] + buses.radio_w)
    heat, power = compute_speed(state, fleet, w.array_w[:, step], base_w, dt_s)
    off = unpowered(state, fleet, w.array_w[:, step], base_w, dt_s)

    begin_step(w, step)
    assert w.clock[Clock.STEP_END] == w.t_s[step + 1]
    np.testing.assert_array_equal(w.sats["heat_speed"], heat)
    np.testing.assert_array_equal(w.sats["power_speed"], power)
    np.testing.assert_array_equal(w.sats["off"], off)
    assert w.counts[Count.OFF] == off.sum() > 0
    assert w.nodes["speed"][:n].tolist() == np.minimum(heat, power).tolist()

    end_step(w, step)
    drawn_w = np.zeros(n)
    drawn_w[1] = 5e3 / dt_s
    compute_w = buses.idle_w + drawn_w
    used_w = advance(state, fleet, world.outlook, step, compute_w=compute_w,
                     link_w=w.held_w[:, step])  # fmt: skip
    for name in ("battery_j", "computer_k", "radiator_k"):
        np.testing.assert_array_equal(w.sats[name], getattr(state, name))
    shown = fleet_state(w, fleet)
    for name in ENERGY_FLOWS:
        np.testing.assert_array_equal(shown.flows_j[name], state.flows_j[name])
    spare_w = w.array_w[:, step] - buses.bus_load_w - buses.idle_w - w.held_w[:, step]
    np.testing.assert_allclose(shown.flows_j["surplus_j"], np.maximum(spare_w, 0.0) * dt_s)
    told = dict(zip(STATE_COLUMNS, w.telemetry[:, 0], strict=True))
    np.testing.assert_array_equal(told["array_w"], used_w)
    np.testing.assert_array_equal(told["compute_w"], compute_w)
    assert w.counts[Count.TROUBLE] == Trouble.NONE
    assert w.nodes["energy_j"][1] == 0.0


def test_speed_follows_temperature_and_energy(world):
    w, buses = plain(world, RELAY), world.fleet.buses
    sats, base_w = w.sats, 200.0
    w.array_w[:, 0] = 0.0
    w.held_w[:, 0] = base_w - buses.bus_load_w - buses.idle_w - buses.radio_w
    begin_step(w, 0)
    assert w.nodes["speed"][: len(sats)].tolist() == [1.0] * len(sats)
    sats["battery_j"] = buses.capacity_j * buses.min_soc
    sats["computer_k"] = 0.5 * (buses.throttle_k + buses.limit_k)
    begin_step(w, 0)
    assert sats["heat_speed"] == pytest.approx(0.5)
    assert sats["power_speed"].tolist() == [0.0] * len(sats)
    assert sats["off"].all()
    w.array_w[:, 0] = base_w + 0.5 * buses.needed_w
    begin_step(w, 0)
    assert sats["power_speed"] == pytest.approx(0.5)
    assert not sats["off"].any()


def test_without_a_computer_nothing_runs(world):
    w = plain(world, RELAY)
    w.sats["needed_w"] = 0.0
    w.sats["heat_speed"] = w.sats["power_speed"] = 0.0
    begin_step(w, 0)
    assert w.nodes["speed"][: len(w.sats)].tolist() == [0.0] * len(w.sats)


def test_limits_that_are_broken_are_noticed(world):
    for name, trouble in (("battery_j", Trouble.BATTERY), ("held_bytes", Trouble.STORAGE)):
        w = plain(world, RELAY)
        begin_step(w, 0)
        w.sats[name][2] = 1e30
        end_step(w, 0)
        assert w.counts[Count.TROUBLE] == trouble
