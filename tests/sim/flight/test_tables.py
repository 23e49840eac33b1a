"""Tables of a flight."""

import numpy as np
import polars as pl
import pytest
from tests.flight_cases import STORM, flown, small

from perigrid.base.jobs import Cause
from perigrid.control.dispatch.codes import NAMES
from perigrid.ledger.tables import COMPUTE_JOBS, FLEET_ACTIONS, JOBS
from perigrid.sim.flight.build import build_flight
from perigrid.sim.flight.legs import Sky
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.tables import actions_frame, jobs_frame

WAITS = [f"wait_{cause}_s" for cause in Cause]


@pytest.fixture(scope="module")
def short():
    """A flight of six minutes, its log kept."""
    scenario = small("hours=0.1")
    flight = build_flight(scenario)
    for leg in Sky(scenario, flight.fleet, flight.mesh, flight.faults).legs(0):
        fly_leg(flight.world, leg, lambda: None)
    return flight


def jobs_of(*changes):
    flight, _ = flown(small(*changes))
    return flight, jobs_frame(flight, slice(0, len(flight.world.jobs)))


def test_actions_say_what_the_log_holds(short):
    actions = actions_frame(short, 7)
    assert dict(actions.schema) == FLEET_ACTIONS
    assert actions["job_id"].n_unique() == (short.world.jobs["phase"] > 0).sum()
    assert set(actions["other1_why"].to_list()) <= set(NAMES)
    assert actions["sequence"].unique().to_list() == [7]
    chosen = actions.filter(pl.col("kind") == "compute")
    assert set(chosen["target"]) <= set(short.nodes[:48])
    assert set(chosen["source"]) <= set(short.nodes[48:])
    later = chosen["other1_t_answer_s"].to_numpy() >= chosen["t_until_s"].to_numpy()
    safe = np.isin(chosen["other1_why"].to_list(), ["slower", "queue", "model"])
    assert later[safe].all()
    waits = actions.filter(pl.col("kind") == "wait")
    assert (waits["t_until_s"] > waits["t_s"]).all()
    assert actions.filter(pl.col("kind") == "close")["t_until_s"].is_nan().all()


def test_jobs_have_the_columns_that_observations_have(short):
    jobs = jobs_frame(short, slice(10, 50))
    assert dict(jobs.schema) == COMPUTE_JOBS
    assert list(JOBS) == jobs.columns[: len(JOBS)]
    assert jobs["job_id"].to_list() == list(range(10, 50))
    delivered = jobs.filter(pl.col("outcome") == "delivered")
    took_s = delivered["t_end_s"] - delivered["t_capture_s"]
    assert (delivered["time_to_insight_s"] == took_s).all()
    assert (delivered["downlink_bytes"] == delivered["answer_bytes"]).all()
    assert (jobs["place"] == jobs["satellite"]).all()
    assert jobs["latitude_deg"].is_between(-90.0, 90.0).all()
    assert jobs.null_count().sum_horizontal().item() == 0


@pytest.mark.parametrize("changes", [(), STORM, ("jobs.count=1500", "jobs.deadline_minutes=6")])
def test_waits_by_cause_add_up_to_a_job_s_life(changes):
    flight, jobs = jobs_of(*changes)
    ended_s = jobs["t_end_s"].fill_nan(flight.scenario.duration_s)
    lived_s = (ended_s - jobs["t_capture_s"]).to_numpy()
    waited_s = jobs.select(pl.sum_horizontal(WAITS)).to_series().to_numpy()
    np.testing.assert_allclose(waited_s, lived_s, rtol=0.0, atol=1e-6)
    missed = jobs.filter(pl.col("outcome") == "missed")
    assert set(missed["reason"]) <= {str(cause) for cause in Cause}
    assert (jobs.filter(pl.col("outcome") != "missed")["reason"] == "").all()


def waits_of(*changes):
    _, jobs = jobs_of(*changes)
    return {name: jobs[f"wait_{name}_s"].sum() for name in Cause}


def test_a_wait_is_booked_to_what_stood_in_the_way():
    calm = waits_of()
    assert calm["compute"] > 0.9 * sum(calm.values())
    assert calm["fault"] == calm["heat"] == calm["battery"] == 0.0
    assert waits_of(*STORM)["fault"] > 100.0
    dark = waits_of("groups.shell.array.area_m2=0.3", "groups.shell.battery.initial_soc=0.35")
    assert dark["battery"] > 100.0
    hot = waits_of("groups.shell.thermal.computer_throttle_c=-9", "jobs.count=900")
    assert hot["heat"] > 100.0
    far = waits_of("stations.gateways.min_elevation_deg=80", "groups.shell.laser.max_range_km=10")
    assert far["contact"] > 0.5 * sum(far.values())
    full = waits_of("groups.shell.storage_gb=0.000001")
    assert full["storage"] > 0.5 * sum(full.values())
