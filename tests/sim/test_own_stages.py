"""A pipeline of four stages with a branch, flown in each architecture, replayed, cut and shaken."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flights import table, world_of
from missions import SCENARIO
from own_stages import OWN_STAGES, own_pipeline
from perigrid.base.architecture import COMPARED, ONBOARD, ORBITAL, architecture_named
from perigrid.control.controller import Controller
from perigrid.ledger.leaf import FILE_NAME
from perigrid.ledger.seal import LEDGER
from perigrid.ledger.source import open_source
from perigrid.scenario import library
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.model import Scenario
from perigrid.scenario.pipeline import Pipeline
from perigrid.sim.audit_replay import replay
from perigrid.sim.commands import compare
from perigrid.sim.cores import Cores
from perigrid.sim.run import simulate
from perigrid.sim.storm import fly_seed
from perigrid.sim.world import World, build_world
from perigrid.workload.job_graph import delivered_bytes, next_stage
from storms import storm

PIPELINE = own_pipeline()


@pytest.fixture(scope="module")
def branched(world: World) -> World:
    return world_of(replace(SCENARIO, pipeline=PIPELINE), world.bank)


def walked(world: World, job_id: int) -> list[str]:
    """Stages that a job runs if nothing stands in its way."""
    done: dict[str, float | None] = {}
    pipeline = world.scenario.pipeline
    while (stage := next_stage(pipeline, done)) is not None:
        done[stage.name] = world.outcome(job_id, stage.name)
    return list(done)


def record(folder: Path) -> list[dict[str, Any]]:
    place = folder / LEDGER / FILE_NAME
    return [json.loads(line) for line in place.read_text("utf-8").splitlines()]


def stages_done(folder: Path) -> dict[int, list[str]]:
    done = defaultdict(list)
    for event in table(folder, "events").filter(pl.col("kind") == "Computed").to_dicts():
        done[event["job_id"]].append(event["stage"])
    return done


@pytest.mark.parametrize("architecture", COMPARED, ids=lambda one: one.name)
def test_every_job_takes_its_way_through_the_stages(
    branched: World, tmp_path: Path, architecture: Any
) -> None:
    result = simulate(branched, architecture, tmp_path)
    jobs, done = result.jobs, stages_done(tmp_path)
    over = jobs.filter((pl.col("outcome") == "delivered") | pl.col("reason").is_in(["cloud"]))
    assert over.height > 20
    ways = set()
    for row in over.iter_rows(named=True):
        way = walked(branched, row["job_id"])
        assert done[row["job_id"]] == way
        ways.add(tuple(way))
    assert ways == {
        ("screen",),
        ("screen", "detect"),
        ("screen", "detect", "outline"),
        ("screen", "detect", "outline", "alert"),
    }
    assert (jobs.filter(pl.col("outcome") == "delivered")["kept"]).all()
    assert not jobs.filter(pl.col("reason") == "cloud")["kept"].any()
    counts = result.summary
    assert counts["insights_delivered"] + counts["insights_missed"] + counts["in_flight"] == len(
        jobs
    )


def test_what_goes_down_is_what_the_stages_put_out(branched: World, tmp_path: Path) -> None:
    result = simulate(branched, ONBOARD, tmp_path)
    delivered = result.jobs.filter(pl.col("outcome") == "delivered")
    sizes = [
        delivered_bytes(PIPELINE, dict.fromkeys(walked(branched, one), None))
        for one in delivered["job_id"]
    ]
    assert set(sizes) == {500.0, 2500.0}
    assert delivered["downlink_bytes"].to_list() == sizes


def test_energy_is_that_of_the_stages_that_ran(branched: World, tmp_path: Path) -> None:
    simulate(branched, ONBOARD, tmp_path)
    jobs = pl.read_parquet(tmp_path / "jobs.parquet")
    spent = defaultdict(set)
    for row in jobs.filter(pl.col("reason") == "cloud").iter_rows(named=True):
        spent["screen"].add(round(row["space_energy_j"], 6))
    belief_j = simulated_stage_j(branched)
    assert spent["screen"] == {round(belief_j["screen"], 6)}
    outlined = [
        row
        for row in jobs.filter(pl.col("outcome") == "delivered").iter_rows(named=True)
        if walked(branched, row["job_id"])[-1] == "alert"
    ]
    for row in outlined:
        assert row["space_energy_j"] > sum(belief_j.values())  # and the radio's
        assert row["space_energy_j"] < 1.01 * sum(belief_j.values()) + 50.0


def simulated_stage_j(world: World) -> dict[str, float]:
    controller = Controller(world.scenario, world.fleet, world.outlook, ONBOARD, world.jobs)
    return dict(controller.belief.work(0, world.jobs[0]).stage_j)


def own() -> Scenario:
    """A small mission of the library with a pipeline of its own."""
    text = (Path(library.__file__).parent / "dawn-dusk-demo.yaml").read_text("utf-8")
    return parse_scenario(f"{text}\n{OWN_STAGES}", "own", folder=None, overrides=("hours=3",))


def test_a_comparison_of_it_is_replayed_from_the_folder(tmp_path: Path) -> None:
    scenario = own()
    folder = tmp_path / "out"
    result = compare(scenario, [architecture_named("orbital")], folder)
    assert result["architectures"]["orbital"]["insights_delivered"] > 0
    found = replay(open_source(folder).inside("orbital"), Cores())
    assert found.doubts() == []
    assert found.ok


def test_a_branch_that_is_not_taken_leaves_nothing_to_deliver(
    branched: World, tmp_path: Path
) -> None:
    """Only alerts are wanted: what is not found ends at once, and is no loss."""
    stages = tuple(replace(one, deliver=one.name == "alert") for one in PIPELINE.stages)
    quiet = world_of(replace(SCENARIO, pipeline=Pipeline(stages, "decisions", 8)), branched.bank)
    result = simulate(quiet, ORBITAL, tmp_path)
    assert result.summary["missed_by"].keys() == {"cloud", "nothing found"}
    ended = result.jobs.filter(pl.col("reason") == "nothing found")
    assert not ended["kept"].any()
    assert ended["downlink_bytes"].sum() == 0.0
    closed = table(tmp_path, "actions").filter(pl.col("kind") == "close")
    assert closed["reason"].str.contains("detect found 0%, not above 50%").any()


@pytest.fixture(scope="module")
def shaken() -> World:
    return build_world(replace(storm("hours=2"), pipeline=PIPELINE))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_storms_lose_nothing(shaken: World, tmp_path: Path, seed: int) -> None:
    flown = fly_seed(shaken, ORBITAL, seed, tmp_path)
    assert flown.violations == []
    assert flown.summary["faults"]["recomputations"] > 0
