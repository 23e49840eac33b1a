"""Fault storms: no job lost or done twice, limits never broken, whatever fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from flights import table
from perigrid.base.architecture import BENT_PIPE, ONBOARD, ORBITAL, Architecture
from perigrid.fleet.faults import FaultKind
from perigrid.ledger.audit import verify_run
from perigrid.ledger.seal import LEDGER
from perigrid.ledger.source import open_source
from perigrid.scenario.faults import Faults, Recovery
from perigrid.scenario.load import load_scenario
from perigrid.sim.replay import first_difference
from perigrid.sim.run import simulate
from perigrid.sim.storm import GOVERNED, fly_seed, fly_storm
from perigrid.sim.world import World, build_world
from storms import storm

JOB_STORM = Path(__file__).parents[2] / "examples" / "job-storm.yaml"
POLICIES = {
    "as in the example": Recovery(checkpoints="daly", quarantine_s=1800.0),
    "stay": Recovery("retry-same", "elsewhere", checkpoints="fixed", quarantine_after=0),
    "believe": Recovery("elsewhere", "accept", retries=1, quarantine_after=1),
}


ASKED = (
    "approval={people: 2, roles: [flight-director], valid_hours: 0.5}",
    "approvers=[{name: day, role: flight-director, delay_minutes: 2, delay_spread: 2.5,"
    " grants_share: 0.95}, {name: night, role: flight-director, delay_minutes: 2}]",
    "rules=[{id: ask-down, effect: ask, action: move, product: answer, reason: people look},"
    " {id: ask-up, effect: ask, action: move, product: raw, to_country: SE, reason: people look}]",
    "envelopes=[{id: some, actions: [move], products: [answer], countries: [JP], until_hours: 1,"
    " count: 20, people: 1}]",
)


@pytest.fixture(scope="module")
def calm() -> World:
    return build_world(storm())


def with_faults(world: World, faults: Faults | None, seed: int = 1) -> World:
    return replace(world, scenario=replace(world.scenario, faults=faults, seed=seed))


@pytest.mark.parametrize(
    ("architecture", "seeds"),
    [
        (ORBITAL, 6),
        (BENT_PIPE, 2),
        pytest.param(ORBITAL, 60, marks=pytest.mark.slow),
    ],
)
def test_everything_failing_under_compute_jobs(architecture: Architecture, seeds: int) -> None:
    world = build_world(load_scenario(str(JOB_STORM)))
    counts, violations = fly_storm(world, architecture, range(seeds))
    assert violations == []
    for name in ("fault: crash", "fault: station", "insights_delivered"):
        assert counts[name] >= seeds / 2, name
    if architecture is ORBITAL:
        for name in ("lost_tasks", "suspect_results", "retries"):
            assert counts[name] > seeds, name


@pytest.mark.parametrize(
    ("architecture", "seeds"),
    [
        (ORBITAL, 6),
        (ONBOARD, 4),
        (BENT_PIPE, 4),
        pytest.param(ORBITAL, 30, marks=pytest.mark.slow),
        pytest.param(ONBOARD, 15, marks=pytest.mark.slow),
        pytest.param(BENT_PIPE, 15, marks=pytest.mark.slow),
    ],
)
def test_everything_failing(calm: World, architecture: Architecture, seeds: int) -> None:
    counts, violations = fly_storm(calm, architecture, range(1000, 1000 + seeds))
    assert violations == []
    for kind in set(FaultKind) - {FaultKind.ACQUISITION}:
        assert counts[f"fault: {kind.name.lower()}"] >= 20 * seeds / 30, kind
    assert counts["failed_moves"] > 2 * seeds
    assert counts["refused_captures"] > seeds
    assert counts["retries"] > 2 * seeds
    if architecture is BENT_PIPE:
        return  # nothing is computed in orbit
    for name in ("lost_tasks", "suspect_results", "recomputations"):
        assert counts[name] > 2 * seeds, name
    assert counts["quarantines"] > seeds
    assert counts["wrong_answers"] > 0
    if architecture is ORBITAL:
        assert counts["fault: acquisition"] > seeds


@pytest.mark.slow
def test_three_hundred_seeds_of_everything_failing(calm: World) -> None:
    """The rest of the thousand: python benchmarks/fault_storm.py --seeds 1000."""
    _, violations = fly_storm(calm, ORBITAL, range(300))
    assert violations == []


def test_people_stops_and_timers_in_a_storm_lose_nothing(tmp_path: Path) -> None:
    """Nodes fail while people think about them, and approvals end while nodes are away."""
    run = fly_seed(build_world(storm(*GOVERNED)), ORBITAL, 1, tmp_path)
    assert run.violations == []
    assert run.summary["approvals"]["granted"] > 20
    assert run.summary["approvals"]["refused"] > 0
    assert [one["kind"] for one in run.summary["approvals"]["stops"]] == ["stop", "stop", "resume"]
    kinds = set(table(tmp_path, "events")["kind"])
    assert {"AuthorityExpired", "MoveFailed", "TaskLost"} <= kinds


def test_people_asked_about_many_jobs_in_a_storm_lose_nothing(tmp_path: Path) -> None:
    """Satellites are lost while people think about what they hold."""
    world = build_world(load_scenario(str(JOB_STORM), overrides=ASKED))
    run = fly_seed(world, ORBITAL, 0, tmp_path)
    assert run.violations == []
    approvals = run.summary["approvals"]
    assert 0 < approvals["requests"] < approvals["asked"] / 2
    actions = table(tmp_path, "actions")
    assert {"approval", "envelope:some"} <= set(actions["rule"])
    behind = actions.with_columns(before=pl.col("kind").shift().over("job_id"))
    assert behind.filter(pl.col("before") == "ask", pl.col("kind") == "wait").height > 0
    assert verify_run(open_source(tmp_path)).doubts == []


@pytest.mark.parametrize("policy", list(POLICIES.values()), ids=list(POLICIES))
@pytest.mark.parametrize("scheduler", ["fifo", "edf", "price"])
def test_no_policy_and_no_scheduler_loses_a_job(
    calm: World, policy: Recovery, scheduler: str
) -> None:
    changed = replace(calm.scenario, recovery=policy, scheduler=scheduler)
    world = replace(calm, scenario=changed)
    counts, violations = fly_storm(world, ORBITAL, range(50, 51))
    assert violations == []
    assert (counts["recomputations"] == 0) == (policy.on_suspicion == "accept")


def test_without_checkpoints_more_work_is_lost(calm: World) -> None:
    lost_s = {}
    for checkpoints in ("none", "daly"):
        recovery = replace(calm.scenario.recovery, checkpoints=checkpoints)
        world = replace(calm, scenario=replace(calm.scenario, recovery=recovery))
        lost_s[checkpoints] = fly_storm(world, ONBOARD, range(2))[0]["work_lost_s"]
    assert lost_s["none"] > 3.0 * lost_s["daly"] > 0.0


@pytest.mark.parametrize("architecture", [ORBITAL, BENT_PIPE])
def test_a_storm_repeats_and_replays(
    calm: World, architecture: Architecture, tmp_path: Path
) -> None:
    for name in ("first", "again"):
        (tmp_path / name).mkdir()
        simulate(calm, architecture, tmp_path / name)
    first = {p.relative_to(tmp_path / "first"): p.read_bytes() for p in files(tmp_path / "first")}
    again = {p.relative_to(tmp_path / "again"): p.read_bytes() for p in files(tmp_path / "again")}
    assert first == again
    ledger = tmp_path / "first" / LEDGER
    scenario, fleet, outlook = calm.scenario, calm.fleet, calm.outlook
    assert first_difference(ledger, scenario, fleet, outlook, architecture) is None


@pytest.mark.parametrize("architecture", [ORBITAL, ONBOARD])
def test_with_nothing_failing_a_run_is_as_without_the_section(
    calm: World, architecture: Architecture, tmp_path: Path
) -> None:
    written = []
    for name, faults in (("none", None), ("zero", Faults())):
        (tmp_path / name).mkdir()
        simulate(with_faults(calm, faults), architecture, tmp_path / name)
        written.append(kept(tmp_path / name))
    assert written[0] == written[1]
    assert len(written[0]) >= 6


def kept(folder: Path) -> list[bytes]:
    """Bytes of a run but for the scenario's own text and what seals it."""
    record = folder / "ledger" / "record.jsonl"
    lines = record.read_bytes().splitlines()[:-1]
    tables = [path for path in files(folder) if path.parent == folder]
    return [*lines, *(path.read_bytes() for path in tables if path.name != "scenario.json")]


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
