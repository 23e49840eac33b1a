"""The world is worse than the decision core believes: limits hold and no scene is lost or doubled.

The engine flies one fleet and outlook, the controller is given better ones.
"""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import run_checker
from flights import world_of
from missions import COMPUTE, SCENARIO, with_group, with_stage
from perigrid.base.architecture import ORBITAL
from perigrid.control.core.build import build_core
from perigrid.fleet.model import Fleet, Outlook
from perigrid.scenario.model import Scenario, SunSynchronous
from perigrid.sim import compiled
from perigrid.sim.run import simulate
from perigrid.sim.world import World

SCHEDULERS = ("fifo", "edf", "lookahead", "price", "planner")


def heavy() -> Scenario:
    """Enough work on small batteries for energy and heat to matter, near enough for links."""
    pipeline = SCENARIO.pipeline
    slow = with_stage(pipeline, "classify", fixed_s=120.0)
    small = replace(COMPUTE.battery, capacity_j=1.8e6, initial_soc=0.7)
    ring = SunSynchronous(14, 520.0e3, 10.5)
    scenario = replace(SCENARIO, pipeline=slow, duration_s=3 * 3600.0)
    return with_group(scenario, "compute", battery=small, orbit=ring)


def dim(fleet: Fleet, outlook: Outlook) -> tuple[Fleet, Outlook]:
    return fleet, replace(outlook, array_w=0.45 * outlook.array_w)


def small_battery(fleet: Fleet, outlook: Outlook) -> tuple[Fleet, Outlook]:
    bus = fleet.groups[0]
    battery = replace(bus.battery, capacity_j=0.5 * bus.battery.capacity_j)
    return replace(fleet, groups=(replace(bus, battery=battery),)), outlook


def throttled(fleet: Fleet, outlook: Outlook) -> tuple[Fleet, Outlook]:
    bus = fleet.groups[0]
    thermal = replace(bus.thermal, computer_throttle_k=291.0, computer_limit_k=296.0)
    return replace(fleet, groups=(replace(bus, thermal=thermal),)), outlook


def hot(fleet: Fleet, outlook: Outlook) -> tuple[Fleet, Outlook]:
    return fleet, replace(outlook, environment_w=3.0 * outlook.environment_w + 300.0)


WORSE = {"dim": dim, "small battery": small_battery, "throttled": throttled, "hot": hot}


@pytest.fixture(scope="module")
def believed(world: World) -> World:
    return world_of(heavy(), world.bank)


def fly(
    believed: World, worse: str, scheduler: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Fly the worse world with a controller that knows the better one only."""

    fleet, outlook = WORSE[worse](believed.fleet, believed.outlook)
    scenario = replace(believed.scenario, scheduler=scheduler)
    monkeypatch.setattr(
        compiled, "build_core",
        lambda scenario, _fleet, _outlook, where, jobs: build_core(
            scenario, believed.fleet, believed.outlook, where, jobs
        ),
    )  # fmt: skip
    world = replace(believed, scenario=scenario, fleet=fleet, outlook=outlook)
    return simulate(world, ORBITAL, folder).summary


@pytest.mark.parametrize(("scheduler", "worse"), sorted(product(SCHEDULERS, WORSE)))
def test_limits_hold_and_nothing_is_lost_or_doubled(
    believed: World, worse: str, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the engine itself raises where a battery or a storage leaves its limits or a scene is lost
    summary = fly(believed, worse, scheduler, tmp_path, monkeypatch)
    audit = run_checker.read(tmp_path)
    run_checker.check_jobs(audit)
    run_checker.check_legs(audit)
    run_checker.check_storage(audit, COMPUTE.storage_bytes)
    assert audit.found == []
    assert summary["value"] <= summary["bound"]["value"]
    thermal = WORSE[worse](believed.fleet, believed.outlook)[0].groups[0].thermal
    assert summary["computer_k_max"] <= thermal.computer_limit_k
    assert summary["outside_temperature_s"] == 0.0


@pytest.mark.parametrize("scheduler", ["edf", "price"])
def test_a_smaller_battery_is_learnt_of(
    believed: World, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "guarded").mkdir()
    (tmp_path / "idle").mkdir()
    guarded = fly(believed, "small battery", scheduler, tmp_path / "guarded", monkeypatch)
    assert guarded["value"] >= 0.9 * guarded["bound"]["value"]
    # what the buses alone lack in eclipse, with the lasers held as here and nothing computed
    closed = replace(believed, jobs=())
    idle = fly(closed, "small battery", scheduler, tmp_path / "idle", monkeypatch)
    assert guarded["unserved_j"] == pytest.approx(idle["unserved_j"])
