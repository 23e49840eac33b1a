"""Faults in the world, one at a time: what they stop and what they leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flights import fly
from perigrid.base.architecture import BENT_PIPE, ORBITAL, Architecture
from perigrid.scenario.faults import Faults, Recovery
from perigrid.sim.world import World, build_world
from storms import storm


@pytest.fixture(scope="module")
def calm() -> World:
    return build_world(storm())


def figures(world: World, faults: Faults, architecture: Architecture = ORBITAL):
    recovery = Recovery(quarantine_after=0, retries=100)
    scenario = replace(world.scenario, faults=faults, recovery=recovery)
    return fly(replace(world, scenario=scenario), architecture)


def test_only_what_is_asked_for_strikes(calm: World) -> None:
    result = figures(calm, Faults(crash_between_s=3000.0, crash_repair_s=200.0))
    faults = result.summary["faults"]
    struck = {kind for kind, count in faults["by_kind"].items() if count}
    assert struck == {"crash"}
    assert faults["lost_tasks"] > 0
    assert faults["wrong_answers"] == faults["suspect_results"] == 0
    assert result.summary["binding"]["fault"] > 0.0


def test_a_station_that_is_out_half_the_time_delays_but_loses_nothing(calm: World) -> None:
    outages = Faults(station_between_s=900.0, station_repair_s=900.0)
    before = figures(calm, Faults(), BENT_PIPE).summary
    after = figures(calm, outages, BENT_PIPE).summary
    assert "faults" not in before
    assert after["faults"]["failed_moves"] > 5
    assert after["time_to_insight_s"]["mean"] > before["time_to_insight_s"]["mean"]
    assert set(after["missed_by"]) <= {"cloud", "fault", "storage"}, "full while they wait"


def test_lasers_that_never_lock_leave_the_satellites_alone(calm: World) -> None:
    result = figures(calm, Faults(acquisition_failure_share=1.0))
    assert result.summary["faults"]["failed_moves"] > 0
    assert result.summary["bytes"]["crosslink"] == 0.0
    assert set(result.summary["faults"]["by_kind"]) >= {"acquisition"}


def test_unnoticed_corruption_gives_wrong_answers(calm: World) -> None:
    unseen = figures(calm, Faults(corruption_between_s=600.0, detected_share=0.0)).summary
    seen = figures(calm, Faults(corruption_between_s=600.0, detected_share=1.0)).summary
    assert unseen["faults"]["wrong_answers"] > 0
    assert unseen["faults"]["recomputations"] == 0
    assert seen["faults"]["wrong_answers"] == 0
    assert seen["faults"]["recomputations"] > 0
    assert seen["insights_delivered"] < unseen["insights_delivered"]


def test_a_fleet_that_is_lost_takes_everything_along(calm: World) -> None:
    result = figures(calm, Faults(loss_between_s=600.0))
    jobs = result.jobs
    assert result.summary["faults"]["by_kind"]["loss"] == calm.fleet.n_satellites
    assert (jobs["outcome"] != "in_flight").sum() >= jobs.height - 5
    assert result.summary["missed_by"]["fault"] > 0.7 * jobs.height
    late = jobs.filter(jobs["t_capture_s"] > 2.5 * 3600.0)
    assert set(late["reason"]) == {"fault"}


def test_every_second_of_a_struck_job_has_its_cause(calm: World) -> None:
    jobs = figures(calm, Faults(crash_between_s=2000.0, station_between_s=3000.0)).jobs
    waits = sum(jobs[name] for name in jobs.columns if name.startswith("wait_"))
    end_s = jobs["t_end_s"].fill_nan(calm.scenario.duration_s)
    assert np.allclose(waits, end_s - jobs["t_capture_s"], atol=1e-6)
    assert (jobs["wait_fault_s"] > 0.0).any()
