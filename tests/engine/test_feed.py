"""Whole runs over routes, fed leg by leg."""

import numpy as np
import polars as pl

from perigrid.engine.build import fleet_state
from perigrid.engine.state import LINKS, Count, Ended
from perigrid.fleet.state import balance_error
from perigrid.sim import world as sim
from tests.engine.routed import STORM, flown, small


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
    for name in ("FAILED_MOVES", "LOST_TASKS", "REFUSED_CAPTURES", "SUSPECT_RESULTS", "STATIONS"):
        assert counts[Count[name]] > 0, name
    events = told(tmp_path, "events")
    broken = events.filter(pl.col("kind") == "MoveFailed")
    assert set(broken["cause"]) >= {"crash", "weather", "away"}
    refused = events.filter(pl.col("kind") == "CaptureRefused")
    assert set(refused["cause"]) == {"fault"}
    assert balance_error(fleet_state(w, sim.build_world(scenario).fleet)) < 1e-9
    ended = w.jobs["ended"] != Ended.IN_FLIGHT
    assert ended.sum() == counts[Count.CLOSED]
