"""Unlike groups in one mission: each satellite lives by its own numbers."""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from flights import table, world_of
from missions import CENTRES, COMPUTE, EYES, RELAY, SCENARIO, two_stages
from perigrid.base.architecture import BENT_PIPE, COMPARED, HOSTED, ONBOARD, ORBITAL, Architecture
from perigrid.fleet.build import build_fleet, elements_of
from perigrid.scenario.model import ElementSets, Scenario, SunSynchronous
from perigrid.sim.plan import plan
from perigrid.sim.run import simulate
from perigrid.sim.world import World

SHORT = replace(SCENARIO, duration_s=2 * 3600.0, scheduler="lookahead")
SEEING = replace(
    CENTRES,
    orbit=SunSynchronous(4, 700.0e3, 13.0),
    sensor=replace(COMPUTE.sensor, swath_m=30.0e3),
)
APART = replace(  # nothing that one satellite does changes another's day
    SHORT,
    duration_s=5 * 3600.0,
    demand=replace(SHORT.demand, revisit_s=0.0),
    pipeline=two_stages(1.1),
    stations=tuple(replace(one, antennas=50) for one in SHORT.stations),
)


def flight(world: World, architecture: Architecture) -> tuple[pl.DataFrame, pl.DataFrame, dict]:
    """Jobs, telemetry and summary of a run."""
    with tempfile.TemporaryDirectory() as folder:
        result = simulate(world, architecture, Path(folder))
        telemetry = table(Path(folder), "telemetry")
    return result.jobs, telemetry, result.summary


def groups(scenario: Scenario, *flown) -> Scenario:
    return replace(scenario, groups=(*flown, RELAY))


@pytest.mark.parametrize("architecture", [ONBOARD, BENT_PIPE])
def test_each_group_flies_as_if_it_were_alone(world: World, architecture: Architecture) -> None:
    jobs, telemetry, _ = flight(world_of(groups(APART, COMPUTE, SEEING), world.bank), architecture)
    for group in (COMPUTE, SEEING):
        alone = flight(world_of(groups(APART, group), world.bank), architecture)
        mine = telemetry.filter(pl.col("satellite").str.starts_with(group.name))
        assert mine.equals(alone[1])
        assert mine["link_w" if architecture is BENT_PIPE else "compute_w"].std() > 0.0
        taken = jobs.filter(pl.col("satellite").str.starts_with(group.name))
        same = ["satellite", "t_capture_s", "raw_bytes", "outcome", "t_end_s", "node"]
        assert taken.select(same).equals(alone[0].select(same))


def halves(group):
    """The same satellites as two groups of the same bus."""
    elements = elements_of(group, SHORT.start)
    cut = len(elements) // 2
    whole = replace(group, orbit=ElementSets(elements, "listed"))
    first, second = (replace(group, orbit=ElementSets(part, "listed")) for part in
                     (elements[:cut], elements[cut:]))  # fmt: skip
    return whole, first, replace(second, name="others")


@pytest.mark.parametrize("architecture", list(COMPARED))
def test_splitting_a_group_in_two_changes_no_figure(
    world: World, architecture: Architecture
) -> None:
    whole, first, second = halves(COMPUTE)
    one = flight(world_of(groups(SHORT, whole), world.bank), architecture)
    two = flight(world_of(groups(SHORT, first, second), world.bank), architecture)
    assert one[0].height > 20
    assert two[0].equals(one[0])
    assert two[1].equals(one[1])
    head = {"ledger_head": ""}  # the record knows groups by name
    assert two[2] | head == one[2] | head


@pytest.mark.parametrize("architecture", [ORBITAL, HOSTED])
@pytest.mark.parametrize("scheduler", ["fifo", "edf", "lookahead", "price", "planner"])
def test_scenes_of_imagers_are_computed_by_data_centre_satellites(
    world: World, scheduler: str, architecture: Architecture
) -> None:
    # Of two terminals hosted keeps one for the relay network.
    eyes = replace(EYES, laser=replace(EYES.laser, terminals=2))
    mission = groups(replace(SHORT, scheduler=scheduler), eyes, CENTRES)
    flown = world_of(mission, world.bank)
    jobs, telemetry, _ = flight(flown, architecture)
    assert jobs.height > 10
    computed = jobs.filter(pl.col("node") != "")
    assert computed.height > 0
    assert computed["node"].str.starts_with("centres").all()
    assert jobs["satellite"].str.starts_with("eyes").all()
    missed = jobs.filter(pl.col("outcome") == "missed")
    assert (missed["reason"] != "").all()
    eyes = telemetry.filter(pl.col("satellite").str.starts_with("eyes"))
    assert eyes["compute_w"].max() == eyes["throttle"].max() == 0.0


def test_a_scene_is_as_large_as_its_imager_makes_it(world: World) -> None:
    flown = world_of(groups(SHORT, COMPUTE, EYES), world.bank)
    fleet = flown.fleet
    assert {fleet.bus(job.origin).name for job in flown.jobs} == {"sso", "eyes"}
    for job in flown.jobs:
        sensor = fleet.bus(job.origin).sensor
        assert job.area_m2 == sensor.swath_m**2
        pixels = (sensor.swath_m / sensor.gsd_m) ** 2
        assert job.raw_bytes == pytest.approx(pixels * sensor.raw_bits_per_pixel / 8.0)


def test_a_plan_shows_every_group() -> None:
    result = plan(groups(replace(SHORT, architectures=("orbital",)), EYES, CENTRES))
    eyes, centres = result["groups"]
    assert (eyes["name"], eyes["satellites"], eyes["takes_scenes"]) == ("eyes", 3, True)
    assert (centres["name"], centres["satellites"], centres["takes_scenes"]) == (
        "centres",
        4,
        False,
    )
    assert eyes["smallest_bus"] is None
    assert centres["compute_peak_w"] == result["fleet"]["compute_peak_w"] == 800.0
    assert eyes["compute_peak_w"] == eyes["sustained_compute_w"] == 0.0
    assert result["fleet"]["sustained_compute_w"] == centres["sustained_compute_w"] > 0.0
    assert result["day"]["satellite"].startswith("centres")
    where = {one["name"]: one["where"] for one in result["margins"]}
    assert where["storage"].startswith("eyes")
    assert where["heat"].startswith("centres")
    fleet = build_fleet(groups(SHORT, EYES, CENTRES))
    np.testing.assert_allclose(
        result["fleet"]["bus_load_w"], fleet.buses.bus_load_w.mean(), rtol=1e-12
    )
