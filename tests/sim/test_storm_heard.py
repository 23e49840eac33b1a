"""Choices by telemetry that nobody could have heard are found in a storm."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from perigrid.base.architecture import ORBITAL
from perigrid.engine.fault_table import fault_schedule
from perigrid.fleet.windows import no_contacts
from perigrid.sim.run import simulate
from perigrid.sim.storm_heard import CHOSEN, MOST_MOVES, too_new
from perigrid.sim.storm_record import told
from perigrid.sim.world import World, build_world
from storms import storm

SEED = 8
Entries = list[dict[str, Any]]


@pytest.fixture(scope="module")
def shaken() -> World:
    return build_world(storm(f"seed={SEED}")).under(ORBITAL)


@pytest.fixture(scope="module")
def entries(shaken: World, tmp_path_factory: pytest.TempPathFactory) -> Entries:
    folder = tmp_path_factory.mktemp("flown")
    summary = simulate(shaken, ORBITAL, folder).summary
    ages = summary["telemetry_age_s"]
    assert 0.0 < ages["mean"] < ages["worst"]
    return told(folder, shaken.fleet.names)


def found(world: World, entries: Entries) -> list[str]:
    return too_new(world, fault_schedule(world.scenario, world.fleet, world.outlook), entries)


def changed(entries: Entries, change: Callable[[float], float]) -> Entries:
    """The same record with other ages."""
    new = []
    for entry in entries:
        decisions = [
            {**one, "action": {**one["action"], "age_s": change(one["action"]["age_s"])}}
            for one in entry.get("decisions", ())
        ]
        new.append({**entry, "decisions": decisions} if decisions else entry)
    return new


def test_a_run_as_flown_passes_and_chose_by_old_telemetry(shaken: World, entries: Entries) -> None:
    assert found(shaken, entries) == []
    moves = [one["action"] for entry in entries for one in entry.get("decisions", ())]
    ages_s = [one["age_s"] for one in moves if one["why"] in CHOSEN and one["type"] == "Move"]
    assert any(age_s > 600.0 for age_s in ages_s)


def test_what_was_not_heard_is_found(shaken: World, entries: Entries) -> None:
    doubts = found(shaken, changed(entries, lambda _: math.nan))
    assert doubts
    assert all("was not heard there" in one for one in doubts)


def test_an_age_of_no_report_is_found(shaken: World, entries: Entries) -> None:
    doubts = found(shaken, changed(entries, lambda age_s: age_s + 7.0))
    assert any("there was no report" in one for one in doubts)


def test_without_links_only_the_first_report_is_heard(shaken: World, entries: Entries) -> None:
    alone = replace(shaken, outlook=replace(shaken.outlook, contacts=no_contacts()))
    assert len(found(alone, entries)) > len(found(shaken, entries))


def test_a_job_that_is_sent_to_and_fro_is_found(shaken: World, entries: Entries) -> None:
    move = next(
        entry
        for entry in entries
        for one in entry.get("decisions", ())
        if one["action"]["type"] == "Move"
    )
    assert any("between two reports" in one for one in found(shaken, [move] * (MOST_MOVES + 1)))
