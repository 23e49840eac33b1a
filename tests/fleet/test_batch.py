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
from perigrid.workload import requests
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
def test_jobs_are_drawn_from_the_first_of_two_streams_of_the_seed(origin):
    scenario, fleet, jobs = drawn(f"jobs.origin={origin}")
    assert isinstance(jobs, JobTable)
    rng, _ = np.random.default_rng(scenario.seed).spawn(2)
    longitude = fleet.longitude_rad[list(fleet.stations)]
    found = requests.draw_jobs(
        scenario.jobs, scenario.start, scenario.duration_s, 12, longitude, rng
    )
    place = found.source.astype(np.int64)
    row = np.where(place < 12, place, place - 12 + min(fleet.stations))
    wanted = {"origin": row, "t_capture_s": found.release_s, "deadline_s": found.deadline_s,
              "raw_bytes": found.input_bytes, "model": found.model, "area_m2": found.size,
              "power_share": found.power_share, "value": found.value,
              "model_bytes": found.model_bytes[found.model]}  # fmt: skip
    for name, column in wanted.items():
        np.testing.assert_array_equal(jobs.column(name), column)
    sent_bytes = scenario.pipeline.stages[0].output_bytes * jobs.column("answer_share")
    np.testing.assert_allclose(sent_bytes, found.output_bytes, rtol=1e-12)


def test_the_jobs_of_a_seed_are_those_of_every_version():
    _, _, jobs = drawn()
    told = [(one.origin, round(one.t_capture_s, 3), one.model) for one in jobs[:3]]
    assert told == [(129, 138.416, 3), (179, 289.137, 7), (72, 289.49, 6)]


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
