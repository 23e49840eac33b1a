"""The storm's auditor finds what it should: a clean run passes, a tampered one does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perigrid.base.architecture import ONBOARD, ORBITAL
from perigrid.sim.run import RunResult, simulate
from perigrid.sim.storm import audit, fly_seed, fly_storm, storm_counts
from perigrid.sim.storm_record import told
from perigrid.sim.world import World, build_world
from storms import storm

SEED = 3
Entries = list[dict[str, Any]]


@pytest.fixture(scope="module")
def shaken() -> World:
    return build_world(storm(f"seed={SEED}"))


@pytest.fixture
def flown(shaken: World, tmp_path: Path) -> tuple[RunResult, Path]:
    return simulate(shaken, ORBITAL, tmp_path), tmp_path


def audited(
    world: World, result: RunResult, folder: Path, change: Callable[[Entries], None] | None = None
) -> list[str]:
    """Count a run again, with its record changed."""
    entries = told(folder, world.fleet.names)
    if change is not None:
        change(entries)
    return audit(world, result, entries, folder)


def first(entries: Entries, list_name: str, type_name: str) -> tuple[list[Any], int]:
    for entry in entries:
        for place, item in enumerate(entry.get(list_name, ())):
            message = item.get("action", item)
            if message["type"] == type_name:
                return entry[list_name], place
    raise AssertionError(type_name)


def drop(list_name: str, type_name: str) -> Callable[[Entries], None]:
    def change(entries: Entries) -> None:
        items, place = first(entries, list_name, type_name)
        del items[place]

    return change


def double(list_name: str, type_name: str) -> Callable[[Entries], None]:
    def change(entries: Entries) -> None:
        items, place = first(entries, list_name, type_name)
        items.insert(place, items[place])

    return change


def test_a_run_as_flown_passes(shaken: World, flown: tuple[RunResult, Path]) -> None:
    assert audited(shaken, *flown) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (drop("events", "Captured"), "jobs are missing"),
        (double("events", "Captured"), "captured twice"),
        (double("events", "Moved"), "ends nothing"),
        (drop("events", "Computed"), "ended at work"),
        (double("decisions", "Close"), "after its end"),
        (double("decisions", "Compute"), "two things at once"),
        (drop("decisions", "Close"), "were lost"),
    ],
)
def test_a_job_lost_or_done_twice_is_found(
    shaken: World,
    flown: tuple[RunResult, Path],
    change: Callable[[Entries], None],
    said: str,
) -> None:
    assert any(said in found for found in audited(shaken, *flown, change))


def test_work_by_nodes_that_were_away_is_found(
    shaken: World, flown: tuple[RunResult, Path]
) -> None:
    """The same run against the faults of another seed: much of it cannot have been."""
    other = replace(shaken, scenario=replace(shaken.scenario, seed=SEED + 1))
    found = audited(other, *flown)
    assert any("computed by a node away" in one for one in found)
    assert any("leg over a node away" in one for one in found)


def test_antennas_that_could_not_have_turned_are_found(
    shaken: World, flown: tuple[RunResult, Path]
) -> None:
    slow = {
        row: replace(one, antennas=1, antenna_turnaround_s=1e5)
        for row, one in shaken.fleet.stations.items()
    }
    other = replace(shaken, fleet=replace(shaken.fleet, stations=slow))
    assert any("had to have" in one for one in audited(other, *flown))


def test_a_table_that_tells_another_end_is_found(
    shaken: World, flown: tuple[RunResult, Path]
) -> None:
    result, folder = flown
    lost = replace(result, jobs=result.jobs.with_columns(outcome=result.jobs["outcome"].shuffle(1)))
    assert any("the table says" in one for one in audited(shaken, lost, folder))


def test_counts_add_up_over_seeds(shaken: World, tmp_path: Path) -> None:
    counts, violations = fly_storm(shaken, ONBOARD, range(5, 7))
    assert violations == []
    sums: dict[str, float] = {}
    for seed in (5, 6):
        (tmp_path / str(seed)).mkdir()
        run = fly_seed(shaken, ONBOARD, seed, tmp_path / str(seed))
        for name, count in storm_counts(run.summary).items():
            sums[name] = sums.get(name, 0) + count
    assert dict(counts) == sums
    ends = counts["insights_delivered"] + counts["insights_missed"] + counts["in_flight"]
    assert ends == 2 * len(shaken.jobs)
