"""A small mission with more work than its computers can do in time."""

import math
from dataclasses import replace

import pytest

from flights import fly, world_of
from missions import SCENARIO, station, with_group, with_stage
from perigrid.base.architecture import ORBITAL
from perigrid.scenario.model import SunSynchronous
from perigrid.sim.world import World


@pytest.fixture(scope="module")
def loaded(world: World) -> World:
    """A ring near enough for links, many stations, and minutes of work on a scene."""
    polar = [station(f"polar-{k}", 78.0 * (-1) ** k, 60.0 * k) for k in range(6)]
    scenario = replace(
        with_group(SCENARIO, "compute", orbit=SunSynchronous(14, 520.0e3, 10.5)),
        pipeline=with_stage(SCENARIO.pipeline, "classify", fixed_s=900.0),
        demand=replace(SCENARIO.demand, cell_rad=math.radians(2.0), deadline_s=3600.0),
        stations=(*SCENARIO.stations, *polar),
        duration_s=3 * 3600.0,
    )
    return world_of(scenario, world.bank)


def delivered(loaded: World, scheduler: str) -> dict:
    scenario = replace(loaded.scenario, scheduler=scheduler)
    return fly(replace(loaded, scenario=scenario), ORBITAL).summary


def test_the_default_delivers_at_least_what_fifo_and_edf_do(loaded: World) -> None:
    fifo, edf, default = (delivered(loaded, name) for name in ("fifo", "edf", "lookahead"))
    assert fifo["value"] < 0.8 * fifo["bound"]["value"], "it is loaded"
    assert fifo["value"] <= edf["value"] <= default["value"]
    assert default["value"] >= 0.85 * default["bound"]["value"]
    planned = delivered(loaded, "planner")
    assert planned["value"] >= 0.97 * default["value"]


def test_what_is_computed_is_in_time(loaded: World) -> None:
    scenario = replace(loaded.scenario, scheduler="lookahead")
    jobs = fly(replace(loaded, scenario=scenario), ORBITAL).jobs
    kept = jobs.filter((jobs["outcome"] == "missed") & (jobs["reason"] != "cloud"))
    assert len(kept) > 0
    # classifying takes over 100 kJ, screening little
    assert (kept["space_energy_j"] < 0.5 * jobs["space_energy_j"].max()).mean() > 0.95
