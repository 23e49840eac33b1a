"""Architectures flown: new ones, a scenario's own, and compositions that must be equal."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from flights import fly, table, world_of
from missions import LASER, SCENARIO, station, with_group, with_stage
from perigrid.api import Study
from perigrid.base.architecture import (
    BENT_PIPE,
    GROUND_ANYWHERE,
    HOSTED,
    ONBOARD,
    ONBOARD_RELAY,
    ORBITAL,
    RELAY,
    Architecture,
)
from perigrid.base.errors import ScenarioError
from perigrid.ledger.record import ACTIONS, EVENTS, read_record
from perigrid.ledger.seal import LEDGER
from perigrid.scenario.model import Scenario, SunSynchronous
from perigrid.sim.bound import run_bound
from perigrid.sim.replay import first_difference
from perigrid.sim.run import simulate
from perigrid.sim.storm import fly_seed
from perigrid.sim.world import World
from storms import storm

NEW = (ONBOARD_RELAY, HOSTED, GROUND_ANYWHERE)
HYBRID = Architecture.of(
    "hybrid", {"screen": ["origin"], "*": ["data-centre"]}, {"raw": ["relay", "downlink"]}
)
EITHER = Architecture.of("either", {"*": ["origin", "data-centre"]}, {"*": ["downlink"]})
PARTED = Architecture.of(
    "parted", {"screen": ["origin"], "*": ["satellite"]}, {"raw": ["crosslink"], "*": ["downlink"]}
)
EVERY = (*NEW, HYBRID, EITHER, PARTED)


def linked() -> Scenario:
    """A ring so close that neighbours see each other, with two terminals each and a relay."""
    ring = with_group(SCENARIO, "compute", orbit=SunSynchronous(14, 520.0e3, 10.5), laser=LASER)
    return replace(ring, duration_s=2 * 3600.0, scheduler="lookahead")


@pytest.fixture(scope="module")
def ring(world: World) -> World:
    return world_of(linked(), world.bank)


@pytest.fixture(scope="module")
def flown(ring: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folders = {}
    for architecture in EVERY:
        folders[architecture.name] = folder = tmp_path_factory.mktemp(architecture.name)
        simulate(replace(ring, scenario=own(ring.scenario, architecture)), architecture, folder)
    return folders


def own(scenario: Scenario, architecture: Architecture) -> Scenario:
    return replace(scenario, own_architectures=(architecture,))


def decided(folder: Path) -> list[object]:
    kept = [entry for entry in read_record(folder / LEDGER) if entry["kind"] in {EVENTS, ACTIONS}]
    return [(one["t_s"], one.get("events"), one.get("decisions")) for one in kept]


def moves(folder: Path) -> pl.DataFrame:
    return table(folder, "actions").filter(pl.col("kind") == "move")


@pytest.mark.parametrize("architecture", EVERY, ids=lambda one: one.name)
def test_a_replay_decides_the_same(
    ring: World, flown: dict[str, Path], architecture: Architecture
) -> None:
    world = ring.under(architecture)
    ledger = flown[architecture.name] / LEDGER
    scenario = own(ring.scenario, architecture)
    found = first_difference(ledger, scenario, world.fleet, world.outlook, architecture)
    assert found is None


@pytest.mark.parametrize("architecture", EVERY, ids=lambda one: one.name)
def test_jobs_run_where_they_may_and_nowhere_else(
    ring: World, flown: dict[str, Path], architecture: Architecture
) -> None:
    jobs = pl.read_parquet(flown[architecture.name] / "jobs.parquet")
    delivered = jobs.filter(pl.col("outcome") == "delivered")
    assert delivered.height > 0
    if architecture is EITHER:
        return
    satellites = set(ring.fleet.names[: ring.fleet.n_satellites])
    on_board = delivered["node"].is_in(list(satellites))
    at_home = delivered["node"] == delivered["satellite"]
    last = architecture.places("classify")
    assert on_board.all() == (last != {"data-centre"})
    if last == {"satellite"}:
        assert not at_home.any()
    if last == {"origin"}:
        assert at_home.all()


def test_cloudy_pixels_of_a_hybrid_stay_on_board(flown: dict[str, Path]) -> None:
    jobs = pl.read_parquet(flown["hybrid"] / "jobs.parquet")
    down = jobs["relay_bytes"] + jobs["downlink_bytes"]
    cloudy = jobs["reason"] == "cloud"
    assert cloudy.any()
    assert down.filter(cloudy).sum() == 0.0
    sent = down.filter(jobs["outcome"] == "delivered")
    assert (sent == jobs["raw_bytes"].filter(jobs["outcome"] == "delivered")).all()


def test_links_carry_only_their_products(flown: dict[str, Path]) -> None:
    hosted = pl.read_parquet(flown["hosted"] / "jobs.parquet")
    relayed = pl.read_parquet(flown["onboard-relay"] / "jobs.parquet")
    assert (hosted["crosslink_bytes"] > 0.0).any()
    assert (hosted["relay_bytes"] + hosted["downlink_bytes"] < hosted["raw_bytes"]).all()
    assert (relayed["downlink_bytes"] == 0.0).all()
    assert relayed["relay_bytes"].sum() > 0.0


def test_a_ground_architecture_without_a_relay_is_a_bent_pipe(world: World, tmp_path: Path) -> None:
    own_only = tuple(one for one in SCENARIO.stations if one.role == "operator")
    cut = world_of(replace(linked(), stations=own_only), world.bank)
    for name, architecture in (("any", GROUND_ANYWHERE), ("pipe", BENT_PIPE)):
        (tmp_path / name).mkdir()
        simulate(cut, architecture, tmp_path / name)
    assert decided(tmp_path / "any") == decided(tmp_path / "pipe")


def test_without_stations_it_is_the_relay_and_answers_differ_from_pixels(
    world: World, tmp_path: Path
) -> None:
    mute = world_of(with_group(linked(), "compute", radio=None), world.bank)
    for name, architecture in (("any", GROUND_ANYWHERE), ("relay", RELAY)):
        (tmp_path / name).mkdir()
        simulate(mute, architecture, tmp_path / name)
    any_jobs, relay_jobs = (
        pl.read_parquet(tmp_path / name / "jobs.parquet") for name in ("any", "relay")
    )
    assert any_jobs.equals(relay_jobs)


def test_taking_crosslinks_out_of_orbital_leaves_onboard(ring: World, tmp_path: Path) -> None:
    less = Architecture.of("less", {"*": ["origin"]}, {"*": ["downlink"]})
    for name, architecture in (("less", less), ("onboard", ONBOARD)):
        (tmp_path / name).mkdir()
        simulate(ring, architecture, tmp_path / name)
    assert decided(tmp_path / "less") == decided(tmp_path / "onboard")


def test_a_sooner_way_for_all_is_never_later(ring: World) -> None:
    mean = {
        one.name: fly(ring, one).summary["time_to_insight_s"]["p50_all"]
        for one in (BENT_PIPE, RELAY, GROUND_ANYWHERE)
    }
    assert mean["ground-anywhere"] <= min(mean["relay"], mean["bent-pipe"] or float("inf"))


@pytest.mark.parametrize("architecture", EVERY, ids=lambda one: one.name)
def test_no_architecture_exceeds_the_bound(
    flown: dict[str, Path], architecture: Architecture
) -> None:
    summary = json.loads((flown[architecture.name] / "summary.json").read_text(encoding="utf-8"))
    assert 0 < summary["value"] <= summary["bound"]["value"]


@pytest.mark.parametrize("scheduler", ["fifo", "edf", "price", "planner"])
@pytest.mark.parametrize("architecture", [HOSTED, HYBRID, PARTED], ids=lambda one: one.name)
def test_no_scheduler_exceeds_the_bound(
    ring: World, scheduler: str, architecture: Architecture
) -> None:
    changed = replace(ring, scenario=replace(ring.scenario, scheduler=scheduler))
    summary = fly(changed, architecture).summary
    assert 0 < summary["value"] <= summary["bound"]["value"]


@pytest.mark.parametrize("architecture", [HYBRID, EITHER], ids=lambda one: one.name)
def test_a_short_deadline_binds_and_the_bound_holds(
    world: World, architecture: Architecture
) -> None:
    demand = replace(SCENARIO.demand, deadline_s=60.0)
    stations = tuple(one for one in SCENARIO.stations if one.role == "operator")
    short = replace(linked(), demand=demand, stations=stations)
    changed = world_of(short, world.bank).under(architecture)
    summary = fly(changed, architecture).summary
    bound = summary["bound"]
    assert summary["value"] <= bound["value"] < bound["wanted"]


@pytest.mark.parametrize("architecture", [HOSTED, PARTED], ids=lambda one: one.name)
def test_a_slow_model_binds_the_hosts(world: World, architecture: Architecture) -> None:
    pipeline = SCENARIO.pipeline
    slow = with_stage(pipeline, "classify", fixed_s=900.0)
    dense = replace(SCENARIO.demand, cell_rad=0.02)
    changed = world_of(replace(linked(), pipeline=slow, demand=dense), world.bank)
    summary = fly(changed, architecture).summary
    bound = summary["bound"]
    assert 0 < summary["value"] <= bound["value"] <= bound["wanted"]
    if architecture is HOSTED:  # where stages part, only routes and volume are asked
        assert bound["kind"] == "compute"
        assert bound["value"] < bound["wanted"]


def test_a_bound_of_all_places_is_no_lower_than_that_of_one(ring: World) -> None:
    def value(architecture: Architecture) -> int:
        return run_bound(ring.under(architecture), architecture).value

    assert value(EITHER) >= max(value(ONBOARD), value(BENT_PIPE))
    assert value(GROUND_ANYWHERE) >= max(value(RELAY), value(BENT_PIPE))
    assert value(HOSTED) <= value(ORBITAL.of("all", {"*": ["origin", "satellite"]}, {
        "*": ["crosslink", "downlink", "relay"]}))  # fmt: skip


@pytest.mark.parametrize("architecture", EVERY, ids=lambda one: one.name)
def test_storms_leave_no_violation(ring: World, tmp_path: Path, architecture: Architecture) -> None:
    scenario = own(replace(ring.scenario, faults=storm().faults), architecture)
    run = fly_seed(replace(ring, scenario=scenario), architecture, 1, tmp_path)
    assert run.violations == []


def test_the_sender_without_a_station_uses_the_relay(world: World) -> None:
    far = replace(linked(), stations=(station("Kiruna", 67.86, 20.96), *SCENARIO.stations[2:]))
    summary = fly(world_of(far, world.bank), ONBOARD_RELAY).summary
    assert summary["bytes"]["downlink"] == 0.0
    assert summary["bytes"]["relay"] > 0.0


def test_imagers_send_to_data_centre_satellites_of_another_operator(tmp_path: Path) -> None:
    changes = ("hours=2", "step_s=60", "pipeline.executed_scenes=4", "architectures=[hosted]")
    study = Study.open("imagers-and-data-centre", overrides=changes)
    run = study.run("hosted", tmp_path / "run")
    by = run.jobs.filter(pl.col("node") != "")
    assert len(by) >= 3
    assert by["satellite"].str.starts_with("imagers").all()
    assert by["node"].str.starts_with("data-centre").all()
    moved = run.jobs["crosslink_bytes"]
    assert (moved >= run.jobs["raw_bytes"]).sum() >= len(by)
    with pytest.raises(ScenarioError, match="needs a computer on the satellites of imagers"):
        study.run("onboard", tmp_path / "none")
