"""Storms broken off and gone on with: to the byte what they would have been."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from perigrid.base.architecture import BENT_PIPE, ONBOARD, ORBITAL, Architecture
from perigrid.engine import telemetry as telemetry_module
from perigrid.engine.state import Count
from perigrid.engine.state import World as Flown
from perigrid.scenario.load import load_scenario
from perigrid.sim import checkpoint
from perigrid.sim.compiled_checkpoint import Kept
from perigrid.sim.kept_run import Keep
from perigrid.sim.run import simulate
from perigrid.sim.storm import GOVERNED, audit
from perigrid.sim.storm_record import told
from perigrid.sim.world import World, build_world
from storms import storm

TWO_OPERATORS = Path(__file__).parents[2] / "examples" / "two-operators" / "scenario.yaml"
SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("edf", "price", "planner")]


class PowerCutError(Exception):
    """Nothing of the process survives it."""


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints every quarter of an hour, parts of a few steps."""
    monkeypatch.setattr(checkpoint, "SHARE", float("inf"))
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 900.0)
    monkeypatch.setattr(telemetry_module, "ROWS_HELD", 100)


@pytest.fixture(scope="module")
def shaken() -> World:
    return build_world(storm())


@pytest.fixture(scope="module")
def governed() -> World:
    return build_world(storm(*GOVERNED))


@pytest.fixture(scope="module")
def lent() -> World:
    faults = "faults={crash_every_hours: 0.7, crash_minutes: 4, corruption_every_hours: 0.4}"
    return build_world(
        load_scenario(str(TWO_OPERATORS), overrides=("demand.land_grid.cell_deg=5", faults))
    )


def broken_off(world: World, architecture: Architecture, folder: Path, at_step: int) -> None:
    save_in_time = Kept.save

    def save(self: Kept, t_s: float, w: Flown) -> None:
        if w.counts[Count.STEP] >= at_step:
            raise PowerCutError
        save_in_time(self, t_s, w)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kept, "save", save)
        with pytest.raises(PowerCutError):
            simulate(world, architecture, folder / "run", keep=keep_in(folder))


def keep_in(folder: Path) -> Keep:
    for name in ("work", "run"):
        (folder / name).mkdir(parents=True, exist_ok=True)

    def refuse(notice: str) -> None:
        raise AssertionError(notice)

    return Keep(folder / "work", "key", refuse)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        place.relative_to(folder).as_posix(): place.read_bytes()
        for place in folder.rglob("*")
        if place.is_file()
    }


def check(world: World, architecture: Architecture, folder: Path) -> None:
    """Fly whole, and broken off three times; count and compare."""
    (folder / "whole").mkdir()
    result = simulate(world, architecture, folder / "whole")
    happened = told(folder / "whole", world.fleet.names)
    assert audit(world, result, happened, folder / "whole") == []
    steps = len(world.outlook.t_s) - 1
    for step in (steps // 4, steps // 2, steps - 4):
        broken_off(world, architecture, folder / "broken", step)
        assert list((folder / "broken" / "work").rglob("*.checkpoint"))
    simulate(world, architecture, folder / "broken" / "run", keep=keep_in(folder / "broken"))
    assert contents(folder / "broken" / "run") == contents(folder / "whole")


@pytest.mark.parametrize("scheduler", ["lookahead", *SLOW])
def test_a_storm_gone_on_with_is_the_storm(shaken: World, tmp_path: Path, scheduler: str) -> None:
    world = replace(shaken, scenario=replace(shaken.scenario, scheduler=scheduler, seed=7))
    check(world, ORBITAL, tmp_path)


@pytest.mark.parametrize("scheduler", ["fifo", *SLOW])
def test_so_it_is_with_people_stops_and_timers(
    governed: World, tmp_path: Path, scheduler: str
) -> None:
    world = replace(governed, scenario=replace(governed.scenario, scheduler=scheduler, seed=8))
    check(world, ORBITAL, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", [BENT_PIPE, ONBOARD])
def test_so_it_is_for_other_architectures(
    governed: World, tmp_path: Path, architecture: Architecture
) -> None:
    check(governed, architecture, tmp_path)


@pytest.mark.parametrize("scheduler", ["lookahead", *SLOW])
def test_so_it_is_with_grants(lent: World, tmp_path: Path, scheduler: str) -> None:
    world = replace(lent, scenario=replace(lent.scenario, scheduler=scheduler))
    check(world, ORBITAL, tmp_path)
