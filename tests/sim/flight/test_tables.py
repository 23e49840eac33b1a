"""Tables of a flight."""

import numpy as np
from tests.flight_cases import small

from perigrid.control.dispatch.codes import NAMES
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.tables import decisions_frame, jobs_frame, telemetry_frame


def test_frames_say_what_the_world_holds():
    scenario = small("hours=0.1")
    flight = build_flight(scenario)
    world = flight.world
    for leg in Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0):
        fly_leg(world, leg, lambda: None)
    decisions = decisions_frame(world)
    assert decisions["job"].unique().len() == (world.jobs["phase"] > 0).sum()
    assert set(decisions["other1_reason"].to_list()) <= set(NAMES)
    chosen = decisions.filter(decisions["node"] >= 0)
    later = chosen["other1_answer_s"].to_numpy() >= chosen["answer_s"].to_numpy()
    safe = np.isin(chosen["other1_reason"].to_list(), ["slower", "queue", "model"])
    assert later[safe].all()
    telemetry = telemetry_frame(world, 360.0)
    assert telemetry.height == 48
    np.testing.assert_array_equal(
        telemetry["battery_j"].to_numpy(), world.sats["battery_j"].astype(np.float32)
    )
    jobs = jobs_frame(world, slice(10, 50))
    assert jobs["job"].to_list() == list(range(10, 50))
    delivered = jobs.filter(jobs["outcome"] == "delivered")
    assert (delivered["latency_s"] > 0.0).all()
