"""Conservation: nothing is lost, done twice or outside its limits, whatever the mission."""

import errno
import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from flights import fly, table, world_of
from ledger.failing_disk import FailingDisk
from missions import SCENARIO, station, with_group
from perigrid.base.architecture import BENT_PIPE, COMPARED, ONBOARD, ORBITAL
from perigrid.base.errors import RunFolderError
from perigrid.base.jobs import Cause
from perigrid.ledger import record
from perigrid.ledger.audit import verify_run
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.record import read_record
from perigrid.ledger.source import Source, open_source
from perigrid.ledger.table_file import read_table
from perigrid.ledger.tables import JOBS, RUN_ACTIONS
from perigrid.report.run_book import open_book
from perigrid.scenario.load import load_scenario
from perigrid.scenario.model import Approver, Rule, Scenario
from perigrid.sim.run import simulate
from perigrid.sim.world import World

ARCHITECTURES = [architecture.name for architecture in COMPARED]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_observation_ends_once_or_is_in_flight(
    comparison: tuple[dict, Path], name: str
) -> None:
    result, folder = comparison
    jobs = pl.read_parquet(folder / name / "jobs.parquet")
    figures = result["architectures"][name]
    assert jobs["job_id"].to_list() == list(range(result["observations"]))
    ended = figures["insights_delivered"] + figures["insights_missed"] + figures["in_flight"]
    assert ended == result["observations"] > 50
    missed = jobs.filter(pl.col("outcome") == "missed")
    assert (missed["reason"] != "").all()
    closes = table(folder / name, "actions").filter(pl.col("kind") == "close")
    assert closes["job_id"].is_unique().all()
    assert closes.height == ended - figures["in_flight"]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_waits_add_up_to_the_life_of_every_ended_job(
    comparison: tuple[dict, Path], name: str
) -> None:
    jobs = pl.read_parquet(comparison[1] / name / "jobs.parquet")
    ended = jobs.filter(pl.col("outcome") != "in_flight")
    waits = sum(ended[f"wait_{cause.value}_s"] for cause in Cause)
    assert ((waits - (ended["t_end_s"] - ended["t_capture_s"])).abs() < 1e-6).all()
    assert all((jobs[f"wait_{cause.value}_s"] >= 0.0).all() for cause in Cause)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_energy_balance_closes(comparison: tuple[dict, Path], name: str) -> None:
    assert comparison[0]["architectures"][name]["energy_balance_error"] < 1e-9


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_battery_and_storage_stay_within_limits(
    comparison: tuple[dict, Path], name: str, world: World
) -> None:
    telemetry = table(comparison[1] / name, "telemetry")
    bus = world.fleet.groups[0]
    assert telemetry["battery_soc"].min() >= bus.battery.min_soc * (1 - 1e-9)
    assert telemetry["battery_soc"].max() <= 1 + 1e-9
    assert telemetry["storage_bytes"].min() > -1.0
    assert telemetry["storage_bytes"].max() <= bus.storage_bytes
    assert telemetry["computer_k"].max() <= bus.thermal.computer_limit_k


def test_no_contact_carries_more_than_its_volume(comparison: tuple[dict, Path]) -> None:
    for name in ARCHITECTURES:
        rows = pl.read_parquet(comparison[1] / name / "contacts.parquet")
        volume = (rows["t_end_s"] - rows["t_start_s"]) * rows["rate_bps"] / 8.0
        assert (rows["booked_bytes"] <= volume * (1 + 1e-9)).all()


def test_bytes_on_links_are_the_bytes_of_the_products(comparison: tuple[dict, Path]) -> None:
    bent = pl.read_parquet(comparison[1] / "bent-pipe" / "jobs.parquet")
    arrived = bent.filter(pl.col("outcome") != "in_flight")
    assert (arrived["downlink_bytes"] == arrived["raw_bytes"]).all()
    onboard = pl.read_parquet(comparison[1] / "onboard" / "jobs.parquet")
    assert onboard["downlink_bytes"].max() < 1e-4 * onboard["raw_bytes"].min()


def cramped(**changes: object) -> Scenario:
    return replace(with_group(SCENARIO, "compute", **changes), duration_s=3 * 3600.0)


def test_a_full_storage_refuses_at_the_shutter(world: World) -> None:
    mission = cramped(storage_bytes=3 * world.jobs[0].raw_bytes)
    jobs = fly(world_of(mission, world.bank), BENT_PIPE).jobs
    refused = jobs.filter(pl.col("reason") == "storage")
    assert refused.height > 0
    assert (refused["t_end_s"] == refused["t_capture_s"]).all()


def test_a_neighbour_that_was_promised_has_room_when_the_pixels_arrive(world: World) -> None:
    """Crowded recorders and slow computers: a real fleet that once sent pixels into full ones."""
    crowd = ("hours=8", "groups.scs-01.storage_gb=0.3", "groups.scs-01.computer.host_gops=0.02")
    scenario = load_scenario("three-body", overrides=crowd)
    compute = scenario.group("compute")
    assert compute is not None
    stations = tuple(place for place in scenario.stations if place.role == "operator")
    mission = replace(scenario, groups=(compute,), stations=stations)
    result = fly(world_of(mission, world.bank), ORBITAL)
    assert result.summary["bytes"]["crosslink"] > 100 * world.jobs[0].raw_bytes
    assert result.summary["missed_by"]["storage"] > 0


def slow_computer(scenario: Scenario, factor: float) -> Scenario:
    """The same power for much less speed, so that computing takes long."""
    group = scenario.group("compute")
    assert group is not None
    assert group.computer is not None
    computer = replace(
        group.computer,
        host_ops_s=group.computer.host_ops_s / factor,
        host_w=group.computer.active_w - group.computer.idle_w,
    )
    return with_group(scenario, "compute", computer=computer)


@pytest.mark.parametrize("scheduler", ["fifo", "lookahead"])
def test_a_starving_satellite_waits_for_light_and_keeps_its_floor(
    world: World, scheduler: str
) -> None:
    group = SCENARIO.group("compute")
    assert group is not None
    small = replace(group.battery, capacity_j=group.battery.capacity_j / 12, initial_soc=0.35)
    mission = cramped(battery=small, array=replace(group.array, area_m2=0.95))
    mission = replace(slow_computer(mission, 400.0), scheduler=scheduler)
    result = fly(world_of(mission, world.bank), ONBOARD)
    assert result.summary["binding"]["battery"] > 0.0
    assert result.summary["battery_soc_min"] >= 0.3 * (1 - 1e-9)
    assert result.summary["energy_balance_error"] < 1e-9


def test_time_outside_the_temperature_limits_is_counted(world: World) -> None:
    group = SCENARIO.group("compute")
    assert group is not None
    outside_s = []
    for survival_min_k in (150.0, 289.0):  # a computer that stands anything, and a tender one
        thermal = replace(group.thermal, survival_min_k=survival_min_k)
        result = fly(world_of(cramped(thermal=thermal), world.bank), ONBOARD)
        outside_s.append(result.summary["outside_temperature_s"])
    hardy_s, tender_s = outside_s
    assert hardy_s == 0.0
    assert 0.0 < tender_s <= 3 * 3600.0 * world.fleet.n_satellites


def test_a_person_who_takes_time_shows_as_rule(world: World) -> None:
    ask = Rule("ask-home", "ask", "move", "answer", "CN", "any", "a person looks at answers")
    mission = cramped()
    mission = replace(mission, rules=(ask,), approver=Approver(600.0, grants=True))
    result = fly(world_of(mission, world.bank), ONBOARD)
    delivered = result.jobs.filter(pl.col("outcome") == "delivered")
    assert delivered.height > 0
    assert (delivered["wait_rule_s"] >= 600.0 - 1e-6).all()
    nobody = replace(mission, approver=Approver(600.0, grants=False))
    refused = fly(world_of(nobody, world.bank), ONBOARD)
    assert refused.summary["insights_delivered"] == 0
    assert refused.summary["missed_by"]["rule"] > 0


def test_a_denied_country_receives_nothing(world: World) -> None:
    deny = Rule("no-raw-abroad", "deny", "move", "raw", "CN", "any", "raw pixels stay in orbit")
    mission = replace(cramped(), rules=(deny,))
    result = fly(world_of(mission, world.bank), BENT_PIPE)
    assert result.summary["insights_delivered"] == 0
    assert result.summary["bytes"]["downlink"] == 0.0
    assert set(result.summary["missed_by"]) == {"rule"}


def test_extra_stations_are_used(world: World) -> None:
    more = (*SCENARIO.stations, station("Punta Arenas", -53.0, -70.9))
    mission = replace(cramped(), stations=more)
    changed = world_of(mission, world.bank)
    jobs = fly(changed, BENT_PIPE).jobs
    assert jobs.filter(pl.col("outcome") == "delivered").height > 0


def test_the_summary_is_what_the_tables_say(comparison: tuple[dict, Path]) -> None:
    result, folder = comparison
    for name in ARCHITECTURES:
        jobs = pl.read_parquet(folder / name / "jobs.parquet")
        stored = json.loads((folder / name / "summary.json").read_text())
        assert stored == result["architectures"][name]
        times = jobs.filter(pl.col("outcome") == "delivered")["time_to_insight_s"]
        assert stored["time_to_insight_s"]["mean"] == pytest.approx(times.mean())
        assert stored["time_to_insight_s"]["p50"] == pytest.approx(times.median())


@pytest.mark.parametrize("fail_at", [0, 1])
def test_a_disk_that_fails_stops_the_flight_and_nothing_looks_finished(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail_at: int
) -> None:
    disk = FailingDisk(fail_at, OSError(errno.ENOSPC, "No space left on device"))
    monkeypatch.setattr(record, "Disk", lambda: disk)
    with pytest.raises(OSError, match="No space"):
        simulate(world, ORBITAL, tmp_path)
    assert not (tmp_path / "ledger" / "checkpoint").exists(), "it is not sealed"
    assert not (tmp_path / "summary.json").exists()
    parts = {entry["part"] for entry in read_record(tmp_path / "ledger") if "part" in entry}
    for part in parts:
        assert (tmp_path / part).is_file(), "it was whole on the disk before it was named"


def test_a_mission_without_observations_flies_and_is_read_like_any_other(
    world: World, tmp_path: Path
) -> None:
    outcomes = {name: found[:0] for name, found in world.outcomes.items()}
    result = simulate(replace(world, jobs=(), outcomes=outcomes), ORBITAL, tmp_path)
    assert result.jobs.height == result.summary["insights_delivered"] == 0
    assert result.summary["compute_w_mean"] > 0.0, "the satellites fly all the same"
    run = open_source(tmp_path)
    verdict = verify_run(run)
    assert (verdict.doubts, verdict.uncovered) == ([], [])
    assert dict(table(tmp_path, "jobs").schema) == JOBS
    steps = len(world.outlook.t_s) - 1
    assert table(tmp_path, "telemetry").height == steps * world.fleet.n_satellites
    assert set(table(tmp_path, "events")["kind"]) == {"StateReported"}
    assert list(open_book(run).decisions()) == []
    assert read_table(run, "actions", RUN_ACTIONS).height == 0
    for missing in ("jobs", "telemetry"):
        with pytest.raises(RunFolderError, match="missing"):
            read_table(Source("bare", None, {RECORD: run.read(RECORD)}), missing)
