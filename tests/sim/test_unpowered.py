"""A satellite without energy neither photographs nor sends, and computes nothing."""

from dataclasses import replace

import polars as pl
import pytest

from flights import fly, world_of
from missions import COMPUTE, SCENARIO, with_group
from perigrid.base.architecture import BENT_PIPE, ORBITAL, RELAY, Architecture
from perigrid.sim.world import World

FLOWN = [BENT_PIPE, RELAY, ORBITAL]


@pytest.fixture(scope="module")
def starved(world: World) -> World:
    """20 Wh and an array of 0.2 m2 under a bus of 150 W: empty within minutes, and for good."""
    array = replace(COMPUTE.array, area_m2=0.2)
    battery = replace(COMPUTE.battery, capacity_j=20 * 3600.0)
    scenario = with_group(SCENARIO, "compute", array=array, battery=battery)
    return world_of(replace(scenario, scheduler="lookahead"), world.bank)


@pytest.mark.parametrize("architecture", FLOWN)
def test_a_fleet_without_energy_delivers_nothing(
    starved: World, architecture: Architecture
) -> None:
    result = fly(starved, architecture)
    delivered = result.jobs.filter(pl.col("outcome") == "delivered")
    assert (delivered["t_end_s"] < 1800.0).all(), "on what the batteries held at the start"
    late = result.jobs.filter(pl.col("t_capture_s") > 1800.0)
    assert len(late) > 50
    assert late["reason"].unique().to_list() == ["battery"]
    assert late["time_to_insight_s"].is_null().all() or late["time_to_insight_s"].is_nan().all()
    assert late["downlink_bytes"].sum() + late["relay_bytes"].sum() == 0.0


@pytest.fixture(scope="module")
def dark(world: World) -> World:
    """Small batteries, and no light for an hour and a half."""
    battery = replace(COMPUTE.battery, capacity_j=0.02 * COMPUTE.battery.capacity_j)
    scenario = replace(with_group(SCENARIO, "compute", battery=battery), scheduler="lookahead")
    flown = world_of(scenario, world.bank)
    lit = (flown.outlook.t_s < 3600.0) | (flown.outlook.t_s >= 9000.0)
    return replace(flown, outlook=replace(flown.outlook, array_w=flown.outlook.array_w * lit))


def test_what_an_empty_satellite_would_send_waits_for_its_battery(dark: World) -> None:
    result = fly(dark, BENT_PIPE)
    jobs = result.jobs
    waited = jobs.filter((pl.col("wait_battery_s") > 0.0) & (pl.col("outcome") == "delivered"))
    assert len(waited) > 0, "sent in the light that followed"
    assert (jobs["wait_fault_s"] == 0.0).all(), "no fault is to blame"
    in_dark = jobs.filter(pl.col("t_capture_s").is_between(5400.0, 9000.0))
    assert len(in_dark) > 0
    assert in_dark["reason"].unique().to_list() == ["battery"]
    ended = jobs.filter(pl.col("outcome") == "delivered")["t_end_s"]
    assert not ended.is_between(5400.0, 9000.0).any()


def test_a_healthy_fleet_waits_for_no_battery(world: World) -> None:
    result = fly(world, BENT_PIPE)
    assert (result.jobs["wait_battery_s"] == 0.0).all()
    assert "battery" not in result.jobs["reason"].to_list()
