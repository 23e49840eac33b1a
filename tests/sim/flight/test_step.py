"""Physics of a step against the fleet's own."""

import numpy as np
import pytest
from tests.flight_cases import flown, small

from perigrid.fleet.model import Contacts, Outlook
from perigrid.fleet.state import ENERGY_FLOWS, advance, initial_state
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from perigrid.sim.flight.step import begin_step, end_step
from perigrid.sim.flight.world import Phase
from speeds import compute_speed


def outlook_of(legs, t_s):
    """Only what ``advance`` reads."""
    none = np.zeros(0)
    array_w = np.vstack([leg.array_w for leg in legs]).T
    return Outlook(
        t_s=t_s, illumination=none, array_w=array_w,
        environment_w=np.vstack([leg.environment_w for leg in legs]).T,
        latitude_rad=none, longitude_rad=none, altitude_m=none,
        contacts=Contacts(*[none] * 9),
    )  # fmt: skip


def test_battery_and_heat_are_those_of_the_fleet_s_state():
    scenario = small("hours=1.5", "jobs.count=1500", "jobs.work_s=200",
                     "groups.shell.battery.capacity_wh=420")  # fmt: skip
    flight = build_flight(scenario)
    legs = list(Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0))
    t_s = np.arange(len(legs) * 6 + 1) * 10.0
    outlook, state = outlook_of(legs, t_s), initial_state(flight.fleet)
    world = flight.world
    con = world.con[0]
    rng = np.random.default_rng(1)
    seen_slow = False
    world.counts[2] = len(world.jobs)  # no job is released: loads are given instead
    for step in range(len(t_s) - 1):
        begin_step(world, t_s[step], 10.0, np.ascontiguousarray(outlook.array_w[:, step]))
        base_w = np.full(48, con["base_w"])
        heat, power = compute_speed(state, flight.fleet, outlook.array_w[:, step], base_w, 10.0)
        np.testing.assert_array_equal(world.sats["speed"], np.minimum(heat, power))
        seen_slow |= bool((world.sats["speed"] < 1.0).any())
        busy = rng.random(48) < 0.9
        world.sats["busy_s"] = busy * world.sats["speed"] * 10.0
        compute_w = con["idle_w"] + con["extra_w"] * (world.sats["busy_s"] / 10.0)
        advance(state, flight.fleet, outlook, step, compute_w=compute_w,
                link_w=np.full(48, con["link_w"]))  # fmt: skip
        end_step(world, t_s[step + 1], 10.0, np.ascontiguousarray(outlook.environment_w[:, step]))
        np.testing.assert_allclose(world.sats["battery_j"], state.battery_j, rtol=1e-13)
        np.testing.assert_allclose(world.sats["computer_k"], state.computer_k, rtol=1e-13)
        np.testing.assert_allclose(world.sats["radiator_k"], state.radiator_k, rtol=1e-13)
    assert seen_slow
    for name in ENERGY_FLOWS:
        np.testing.assert_allclose(world.sats[name], state.flows_j[name], rtol=1e-10, atol=1e-6)


def test_a_queue_leaves_a_satellite_that_stands_still():
    scenario = small("jobs.count=2000", "jobs.work_s=200")
    moved = []

    def look(flight, t_s):
        sats = flight.world.sats
        if t_s == 900.0:
            # A battery that has failed: at its floor, and no light in the next steps.
            sats["battery_j"] = flight.world.con["floor_j"][0]
            waiting = np.flatnonzero(sats["head"] >= 0)
            moved.append(waiting[sats["array_w"][waiting] < flight.world.con["base_w"][0]])
        if t_s == 910.0:
            assert (sats["head"][moved[0]] >= 0).all()
        if t_s == 970.0:  # the step after the next routes
            assert (sats["head"][moved[0]] < 0).all()

    flight, _ = flown(scenario, look)
    assert len(moved[0]) > 0
    assert (flight.world.jobs["phase"] != Phase.PENDING).all()


def test_a_job_takes_its_share_of_a_slots_power():
    flight, _ = flown(small("jobs.least_power_share=0.1"))
    jobs, sats = flight.world.jobs, flight.world.sats
    assert jobs["power_share"].min() < 0.2
    slot_w = flight.world.con[0]["extra_w"] / flight.world.con[0]["slots"]
    done_s = jobs["whole_s"] - jobs["left_s"]
    assert sats["compute_j"].sum() == pytest.approx((done_s * jobs["power_share"]).sum() * slot_w)
