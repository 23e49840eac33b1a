"""Compute jobs as a kind of work."""

import numpy as np
import pytest

from perigrid.base.errors import ScenarioError
from perigrid.base.job_table import JobTable
from perigrid.fleet.batch import Batch
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import fleet_ephemeris
from perigrid.fleet.workloads import draw_jobs, settled_outcomes
from perigrid.scenario.load import load_scenario
from perigrid.sim.flight.build import build_flight
from perigrid.workload.scene_bank import NO_SCENES

SMALL = (
    "groups.shell.orbit.walker.planes=3",
    "groups.shell.orbit.walker.satellites_per_plane=4",
    "jobs.count=400",
)


def drawn(*changes):
    scenario = load_scenario("mega-constellation", overrides=(*SMALL, *changes))
    fleet = build_fleet(scenario)
    start = fleet_ephemeris(fleet.groups, scenario.start, np.zeros(1), None)
    return scenario, fleet, draw_jobs(scenario, fleet, start, 0)


@pytest.mark.parametrize("origin", ["ground", "satellites"])
def test_jobs_are_those_that_flights_always_had(origin):
    scenario, fleet, jobs = drawn(f"jobs.origin={origin}")
    assert isinstance(jobs, JobTable)
    flown = build_flight(scenario).world
    first = min(fleet.stations)
    place = flown.jobs["source"].astype(np.int64)
    row = np.where(place < 12, place, place - 12 + first)
    wanted = {"origin": row, "t_capture_s": flown.jobs["release_s"],
              "deadline_s": flown.jobs["deadline_s"], "raw_bytes": flown.jobs["input_bytes"],
              "model": flown.jobs["model"], "power_share": flown.jobs["power_share"],
              "value": flown.jobs["value"],
              "model_bytes": flown.model_bytes[flown.jobs["model"]]}  # fmt: skip
    for name, column in wanted.items():
        np.testing.assert_array_equal(jobs.column(name), column)
    stage = scenario.pipeline.stages[0]
    np.testing.assert_allclose(
        stage.output_bytes * jobs.column("answer_share"), flown.jobs["output_bytes"], rtol=1e-12
    )
    np.testing.assert_allclose(
        stage.s_per_pixel * jobs.column("area_m2"), flown.jobs["work_s"], rtol=1e-12
    )


def test_who_asks_on_the_ground_gets_the_answer():
    _, fleet, jobs = drawn()
    one = jobs[7]
    assert one.user == one.origin
    assert one.latitude_rad == fleet.latitude_rad[one.origin]
    _, fleet, jobs = drawn("jobs.origin=satellites")
    assert (jobs.column("user") == -1).all()
    assert np.isnan(jobs.column("latitude_rad")).all()


def test_a_stage_of_such_work_finds_nothing_out():
    scenario, _, jobs = drawn()
    assert settled_outcomes(scenario, jobs, NO_SCENES) == {}


def test_a_scenario_without_jobs_has_none_to_draw():
    _, fleet, _ = drawn()
    plain = load_scenario("three-body")
    with pytest.raises(ScenarioError, match="asks for no compute jobs") as caught:
        Batch().draw(plain, fleet, None, 0)
    assert caught.value.problems[0].remedy


def test_a_job_of_a_node_that_asks_for_nothing_is_refused(monkeypatch):
    scenario, fleet, jobs = drawn()
    origin = jobs.column("origin").copy()
    origin[5] = max(fleet.data_centres)
    columns = {name: jobs.column(name) for name in ("t_capture_s", "deadline_s", "raw_bytes",
               "area_m2", "latitude_rad", "longitude_rad")}  # fmt: skip
    wrong = JobTable({"origin": origin, **columns})
    monkeypatch.setattr(Batch, "draw", lambda *_: wrong)
    with pytest.raises(ScenarioError, match="gives job 5 to no"):
        draw_jobs(scenario, fleet, None, 0)
