"""Candidates of a decision."""

import numpy as np
from tests.flight_cases import small

from perigrid.control.dispatch.arrays import FAR, NEAR
from perigrid.control.dispatch.candidates import exits, nearest
from perigrid.control.dispatch.decide import decide_once
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky


def one_leg(*changes):
    scenario = small(*changes)
    flight = build_flight(scenario)
    leg = next(Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0))
    world = flight.world
    world.delay_s[...], world.near[...], world.laser_s[...] = leg.delay_s, leg.near, leg.laser_s
    world.sats["exit_node"] = leg.exit_node
    world.sats["array_w"] = leg.array_w[0]
    return world


def test_nearest_and_exits_are_the_least_delays():
    rng = np.random.default_rng(3)
    delay_s = np.round(rng.random((5, 65)), 1)  # many equal
    delay_s[rng.random(delay_s.shape) < 0.4] = np.inf
    near, exit_node = np.empty((5, NEAR), np.int32), np.empty(60, np.int32)
    nearest(delay_s, near)
    exits(delay_s, exit_node)
    for g in range(5):
        reached = np.flatnonzero(np.isfinite(delay_s[g, :60]))
        best = reached[np.argsort(delay_s[g, reached], kind="stable")][:NEAR]
        assert near[g, : len(best)].tolist() == best.tolist()
        assert (near[g, len(best) :] == -1).all()
    for s in range(60):
        column = delay_s[:, s]
        wanted = 60 + int(np.argmin(column)) if np.isfinite(column).any() else -1
        assert exit_node[s] == wanted


def test_data_on_the_ground_is_offered_to_the_nearest_and_to_some_from_anywhere():
    world = one_leg()
    for job in range(20):
        _, count = decide_once(world, 0.0, job, 0, 1.0, -1)
        ground = world.jobs["source"][job] - len(world.sats)
        nodes = world.room["node"][:count]
        near = world.near[ground][world.near[ground] >= 0]
        assert nodes[: len(near)].tolist() == near.tolist()
        assert 0 <= count - len(near) <= FAR
        assert (world.room["delay_s"][:count] == world.delay_s[ground, nodes]).all()


def test_data_in_orbit_is_offered_outwards_over_lasers():
    world = one_leg("jobs.origin=satellites")
    holder = int(world.jobs["source"][0])
    _, count = decide_once(world, 0.0, 0, 0, 1.0, -1)
    delay_s = world.room["delay_s"][:count]
    assert world.room["node"][0] == holder
    assert delay_s[0] == 0.0
    assert (np.diff(delay_s) >= 0.0).all()
    assert len(set(world.room["node"][:count].tolist())) == count
    first = slice(world.row_start[holder], world.row_start[holder + 1])
    assert delay_s[1] == world.laser_s[first].min()
