"""The plain flight by itself: what it says of one job can be followed by hand."""

import pytest

from perigrid.benchmark.flight_reference import PlainFlight
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from tests.flight_cases import small


def test_one_job_takes_its_way_its_loading_and_its_work():
    scenario = small("jobs.count=20")
    flight = build_flight(scenario)
    tasks = PlainFlight(flight).fly(Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0))
    # The first of all: nothing is in any memory yet, nobody else is on its way.
    task = next(task for task in tasks if task.outcome == "delivered")
    job, world = flight.world.jobs[task.number], flight.world
    load_s = world.model_bytes[job["model"]] / 2e9
    assert task.start_s - task.release_s < 0.1  # some light time, 5 MB at 20 Gbit/s
    assert task.end_s - task.start_s == pytest.approx(job["work_s"] + load_s, abs=0.1)
