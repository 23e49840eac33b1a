"""Whole flights of the loop; equality with what was agreed on is in ``test_agreed``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import run_checker
from flights import table, world_of
from missions import COMPUTE, SCENARIO, with_group
from perigrid.base.architecture import BENT_PIPE, COMPARED, ORBITAL, Architecture
from perigrid.sim.run import simulate
from perigrid.sim.world import World
from tests.engine.test_decided import busy


@pytest.mark.parametrize("architecture", COMPARED, ids=lambda one: one.name)
def test_a_flight_breaks_no_limit_and_loses_no_job(
    world: World, architecture: Architecture, tmp_path: Path
) -> None:
    summary = simulate(world, architecture, tmp_path).summary
    audit = run_checker.read(tmp_path)
    run_checker.check_jobs(audit)
    run_checker.check_legs(audit)
    run_checker.check_storage(audit, COMPUTE.storage_bytes)
    assert audit.found == []
    assert summary["energy_balance_error"] < 1e-9
    assert summary["insights_delivered"] > 0


def test_events_come_in_order_of_time_and_nodes_before_all_else(
    world: World, tmp_path: Path
) -> None:
    simulate(world, ORBITAL, tmp_path)
    events, actions = table(tmp_path, "events"), table(tmp_path, "actions")
    for one in (events, actions):
        assert one["t_s"].is_sorted()
    assert actions["heard"].is_sorted()
    heard_s = events["t_s"].gather(actions["heard"] - 1)
    assert (heard_s == actions["t_s"]).all(), "each is decided at the instant of what it heard last"


def test_stages_queue_and_slow_down_on_computers_that_are_hot(world: World, tmp_path: Path) -> None:
    thermal = replace(COMPUTE.thermal, radiator_area_m2=0.6)
    hot = replace(with_group(busy(), "compute", thermal=thermal,
                             orbit=busy().group("compute").orbit), scheduler="edf")  # fmt: skip
    jobs = simulate(world_of(hot, world.bank), ORBITAL, tmp_path).jobs
    assert jobs["wait_compute_s"].max() > 900.0, "they queue"
    assert jobs["wait_heat_s"].max() > 0.0, "they are slowed down"
    assert jobs["crosslink_bytes"].sum() > 0.0


def test_satellites_without_energy_refuse_to_photograph_and_drop_their_moves(
    world: World, tmp_path: Path
) -> None:
    battery = replace(COMPUTE.battery, capacity_j=0.02 * COMPUTE.battery.capacity_j)
    scenario = replace(with_group(SCENARIO, "compute", battery=battery), scheduler="lookahead")
    dark = world_of(scenario, world.bank)
    lit = (dark.outlook.t_s < 3600.0) | (dark.outlook.t_s >= 9000.0)
    dark = replace(dark, outlook=replace(dark.outlook, array_w=dark.outlook.array_w * lit))
    simulate(dark, BENT_PIPE, tmp_path)
    events = table(tmp_path, "events")
    refused = events.filter(pl.col("kind") == "CaptureRefused")
    failed = events.filter(pl.col("kind") == "MoveFailed")
    assert refused.height > 0
    assert failed.height > 0
    assert set(failed["cause"]) == {"battery"}
