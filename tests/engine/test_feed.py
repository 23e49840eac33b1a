"""Whole runs over routes, fed leg by leg."""

from contextlib import closing

import numpy as np
import polars as pl
import pytest

from flight_cases import STORM, small
from perigrid.base.architecture import BENT_PIPE, ORBITAL
from perigrid.engine import telemetry
from perigrid.engine.blocks import held_j
from perigrid.engine.build import fleet_state
from perigrid.engine.fault_table import fault_schedule
from perigrid.engine.feed import Feed, ahead
from perigrid.engine.state import LINKS, Count, Ended
from perigrid.fleet.network.legs import Sky
from perigrid.fleet.network.mesh import fleet_mesh
from perigrid.fleet.state import balance_error
from perigrid.sim import world as sim
from tests.engine.plain import built
from tests.engine.routed import flown


def told(folder, name):
    return pl.read_parquet(sorted((folder / name).glob("*.parquet")))


def test_jobs_go_up_are_computed_and_come_back(tmp_path):
    w, recorder, decider = flown(small(), tmp_path)
    jobs = w.jobs
    delivered = jobs["ended"] == Ended.DELIVERED
    assert delivered.sum() > 200
    assert w.counts[Count.TAKEN] == 300
    assert decider.legs == list(range(30))
    up, down = LINKS.index("crosslink"), LINKS.index("downlink")
    np.testing.assert_allclose(w.sent_bytes[delivered, up], jobs["raw_bytes"][delivered])
    answers = decider.share * decider.output_bytes
    np.testing.assert_allclose(w.sent_bytes[delivered, down], answers[delivered])
    assert (jobs["space_j"][delivered] > 0.0).all()
    state = fleet_state(w, sim.build_world(small()).fleet)
    assert balance_error(state) < 1e-9
    legs = told(tmp_path, "legs")
    assert set(legs["contact"]) == {-1}
    assert set(legs["kind"]) == {"crosslink", "downlink"}
    assert recorder.sums.steps == 180


def test_a_storm_of_faults_loses_no_job_and_no_energy(tmp_path):
    scenario = small(*STORM, "faults.crash_every_hours=0.1", "faults.crash_minutes=1",
                     "jobs.count=2000", "jobs.input_mb=2000")  # fmt: skip
    w, _, _ = flown(scenario, tmp_path)
    counts = w.counts
    for name in ("FAILED_MOVES", "LOST_TASKS", "SUSPECT_RESULTS", "STATIONS"):
        assert counts[Count[name]] > 0, name
    events = told(tmp_path, "events")
    broken = events.filter(pl.col("kind") == "MoveFailed")
    assert set(broken["cause"]) >= {"crash", "weather", "away"}
    assert "CaptureRefused" not in set(events["kind"])  # who asks on the ground can wait
    assert balance_error(fleet_state(w, sim.build_world(scenario).fleet)) < 1e-9
    ended = w.jobs["ended"] != Ended.IN_FLIGHT
    assert ended.sum() == counts[Count.CLOSED]


def test_telemetry_is_told_where_places_are_known_and_summed_over_all_steps(tmp_path, monkeypatch):
    for name in ("all", "few"):
        (tmp_path / name).mkdir()
    _, recorder, _ = flown(small(), tmp_path / "all")
    rows = told(tmp_path / "all", "telemetry")
    assert rows["t_s"].unique().sort().to_list() == [120.0 * k for k in range(1, 16)]
    assert rows.height == 15 * 48
    monkeypatch.setattr(telemetry, "MOST_ROWS", 200)
    _, few, _ = flown(small(), tmp_path / "few")
    rows = told(tmp_path / "few", "telemetry")
    assert rows["t_s"].unique().sort().to_list() == [480.0, 960.0, 1440.0, 1800.0]
    assert few.sums.state() == recorder.sums.state()


def test_lasers_are_held_all_the_time_where_anything_goes_over_them(tmp_path):
    scenario = small("jobs.origin=satellites", "hours=0.1")
    for architecture, power_w in ((ORBITAL, 4 * 50.0), (BENT_PIPE, 0.0)):
        world = sim.build_world(scenario)
        w = built(world, architecture)
        assert held_j(w) == 48 * power_w * 360.0


def test_a_run_that_is_fed_pauses_only_where_it_is_fed_next(tmp_path):
    seen = []

    def pause(w, *_):
        seen.append((int(w.counts[Count.STEP]), int(w.counts[Count.BLOCK])))
        return float(w.t_s[w.counts[Count.STEP]]) + 100.0

    flown(small("hours=0.1"), tmp_path, pause=pause)
    assert seen == [(0, -6), (12, 6), (24, 18)]


def test_a_feed_goes_on_with_the_leg_that_comes_next(tmp_path):
    scenario = small("hours=0.3")
    world = sim.build_world(scenario)
    mesh = fleet_mesh(scenario, world.fleet, ORBITAL)
    sky = Sky(scenario, world.fleet, mesh, fault_schedule(scenario, world.fleet, world.outlook))
    w, taken = built(world, ORBITAL), []
    w.counts[Count.STEP] = 13 * 6
    with closing(Feed(sky, taken.append)) as feed:
        feed(w)
    (leg,) = taken
    assert leg.number == 13
    assert w.counts[Count.BLOCK] == 13 * 6
    np.testing.assert_array_equal(w.array_w, leg.array_w.T)
    np.testing.assert_array_equal(w.environment_w, leg.environment_w.T)


def test_what_fails_ahead_is_raised_where_legs_are_taken():
    def failing():
        yield 1
        raise ArithmeticError("ahead")

    with pytest.raises(ArithmeticError, match="ahead"), ahead(failing()) as legs:
        list(legs)


def test_legs_left_untaken_do_not_hang():
    with ahead(iter(range(100))) as legs:
        assert next(legs) == 0
