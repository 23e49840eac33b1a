from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.bus_steps import step_battery, step_heat
from perigrid.fleet.model import Fleet, Floats, Outlook
from perigrid.fleet.state import (
    ENERGY_FLOWS,
    FleetState,
    advance,
    balance_error,
    initial_state,
)
from perigrid.fleet.windows import no_contacts


def flat_outlook(n: int, steps: int, array_w: float, environment_w: float, dt_s: float) -> Outlook:
    shape = (n, steps + 1)
    zeros = np.zeros(shape)
    return Outlook(
        t_s=np.arange(steps + 1) * dt_s,
        illumination=zeros,
        array_w=np.full(shape, array_w),
        environment_w=np.full(shape, environment_w),
        latitude_rad=zeros,
        longitude_rad=zeros,
        altitude_m=zeros,
        contacts=no_contacts(),
    )


@pytest.fixture
def fleet() -> Fleet:
    return build_fleet(with_group(SCENARIO, "relay", orbit=replace(COMPUTE.orbit, satellites=1)))


def test_the_electrical_balance_closes_through_charge_drain_and_spill(fleet: Fleet) -> None:
    rng = np.random.default_rng(0)
    n, steps = fleet.n_satellites, 300
    outlook = flat_outlook(n, steps, 0.0, 50.0, 60.0)
    outlook.array_w[:] = rng.uniform(0.0, 2500.0, outlook.array_w.shape) * (
        rng.random(outlook.array_w.shape) < 0.5
    )
    state = initial_state(fleet)
    for step in range(steps):
        compute_w, link_w = rng.uniform(40.0, 400.0, n), rng.uniform(0.0, 80.0, n)
        advance(state, fleet, outlook, step, compute_w=compute_w, link_w=link_w)
    assert balance_error(state) < 1e-12
    assert state.flows_j["spilled_j"].sum() > 0.0
    floor_j = COMPUTE.battery.capacity_j * COMPUTE.battery.min_soc
    assert state.battery_j.min() >= floor_j * (1 - 1e-12)


def advance_by_arrays(
    state: FleetState, fleet: Fleet, outlook: Outlook, step: int, compute_w: Floats, link_w: Floats
) -> Floats:
    """The step as operations on whole arrays."""
    bus = fleet.groups[0]
    dt_s = float(outlook.t_s[step + 1] - outlook.t_s[step])
    supply_w = outlook.array_w[:, step]
    load_w = bus.bus_load_w + compute_w + link_w
    power = step_battery(bus, state.battery_j, supply_w, load_w, dt_s)
    share = np.divide(power.served_j, load_w * dt_s, out=np.ones_like(load_w), where=load_w > 0.0)
    loss_w = (power.charge_loss_j + power.discharge_loss_j) / dt_s
    outside_w = outlook.environment_w[:, step]
    heat = step_heat(
        bus,
        state.computer_k,
        state.radiator_k,
        compute_w * share,
        outside_w + (bus.bus_load_w + link_w) * share + loss_w,
        dt_s,
    )
    state.battery_j = power.stored_j
    state.computer_k, state.radiator_k = heat.computer_k, heat.radiator_k
    amounts = (
        supply_w * dt_s,
        power.served_j,
        power.unserved_j,
        power.spilled_j,
        power.charge_loss_j,
        power.discharge_loss_j,
        heat.radiated_j,
        outside_w * dt_s,
    )
    for name, amount_j in zip(ENERGY_FLOWS, amounts, strict=True):
        state.flows_j[name] = state.flows_j[name] + amount_j
    return supply_w - power.spilled_j / dt_s


def test_the_kernel_gives_the_bits_of_whole_arrays(fleet: Fleet) -> None:
    rng = np.random.default_rng(3)
    n, steps = fleet.n_satellites, 400
    outlook = flat_outlook(n, steps, 0.0, 0.0, 30.0)
    outlook.array_w[:] = rng.uniform(0.0, 2500.0, outlook.array_w.shape) * (
        rng.random(outlook.array_w.shape) < 0.25
    )
    outlook.environment_w[:] = rng.uniform(0.0, 300.0, outlook.environment_w.shape)
    state, wanted = initial_state(fleet), initial_state(fleet)
    for step in range(steps):
        compute_w, link_w = rng.uniform(40.0, 900.0, n), rng.uniform(0.0, 80.0, n)
        used_w = advance(state, fleet, outlook, step, compute_w=compute_w, link_w=link_w)
        wanted_w = advance_by_arrays(wanted, fleet, outlook, step, compute_w, link_w)
        assert used_w.tobytes() == wanted_w.tobytes()
    for name in ("battery_j", "computer_k", "radiator_k"):
        assert getattr(state, name).tobytes() == getattr(wanted, name).tobytes()
    for name in ENERGY_FLOWS:
        assert state.flows_j[name].tobytes() == wanted.flows_j[name].tobytes()
    assert state.flows_j["unserved_j"].sum() > 0.0
    assert state.flows_j["spilled_j"].sum() > 0.0


def test_a_missing_joule_would_be_seen(fleet: Fleet) -> None:
    outlook = flat_outlook(fleet.n_satellites, 1, 500.0, 0.0, 60.0)
    state = initial_state(fleet)
    idle = np.full(fleet.n_satellites, 40.0)
    advance(state, fleet, outlook, 0, compute_w=idle, link_w=0.0 * idle)
    state.battery_j[0] += 1.0
    assert balance_error(state) > 1e-8


def test_heat_settles_where_radiation_carries_all_power(fleet: Fleet) -> None:
    n = fleet.n_satellites
    outlook = flat_outlook(n, 2000, 2000.0, 100.0, 600.0)
    state = initial_state(fleet)
    compute_w = np.full(n, 300.0)
    for step in range(2000):
        advance(state, fleet, outlook, step, compute_w=compute_w, link_w=np.zeros(n))
    thermal = COMPUTE.thermal
    radiated_w = (
        thermal.emissivity * 5.670374419e-8 * thermal.radiator_area_m2 * state.radiator_k**4
    )
    assert radiated_w == pytest.approx(300.0 + 100.0 + COMPUTE.bus_load_w, rel=1e-6)
    assert state.computer_k - state.radiator_k == pytest.approx(300.0 / thermal.conductance_w_k)
