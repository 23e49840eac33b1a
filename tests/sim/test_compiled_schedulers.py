"""Planner and schedulers of others: whole runs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from flights import table
from perigrid.base.registry import SCHEDULERS
from perigrid.ledger.audit import verify_run
from perigrid.ledger.source import open_source
from perigrid.report.explain import explain
from perigrid.report.run_book import open_book
from perigrid.scenario.load import load_scenario
from perigrid.sim import checkpoint
from perigrid.sim.compiled import fly_compiled
from perigrid.sim.kept_run import Keep
from perigrid.sim.run import write_run
from perigrid.sim.world import World, build_world
from plug_ins import install
from tests.control.core.test_plug_in import CURIOUS
from tests.engine.agreed import LOADED

_SCRATCH = TemporaryDirectory(prefix="perigrid-schedulers-")


@pytest.fixture(autouse=True)
def schedulers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "curious", "Mine", CURIOUS)


def mission(scheduler: str, sets: tuple[str, ...]) -> World:
    world = build_world(load_scenario("three-body", overrides=sets))
    return replace(world, scenario=replace(world.scenario, scheduler=scheduler))


def compiled(world: World, folder: Path, **options: Any) -> Path:
    architecture = world.scenario.architecture("orbital")
    world = world.under(architecture)
    folder.mkdir(exist_ok=True)
    write_run(fly_compiled(world, architecture, folder, **options), world, architecture, folder)
    return folder


@cache
def whole(scheduler: str) -> Path:
    """A run that nothing disturbed."""
    return compiled(mission(scheduler, LOADED), Path(_SCRATCH.name) / scheduler)


@pytest.mark.parametrize("scheduler", ["planner", "curious"])
def test_a_run_is_recorded_and_explained(scheduler: str) -> None:
    folder = whole(scheduler)
    source = open_source(folder)
    assert verify_run(source).doubts == []
    said = list(open_book(source).decisions())
    assert [one.action.job_id for one in said] == table(folder, "actions")["job_id"].to_list()
    for job in table(folder, "jobs")["job_id"].to_list()[::20]:
        assert f"{job}" in explain(folder, job).text()


@pytest.mark.parametrize("scheduler", ["planner", "curious"])
def test_a_broken_run_goes_on_to_the_same_bytes(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 1800.0)
    monkeypatch.setattr(checkpoint, "SHARE", 1e9)
    world, work = mission(scheduler, LOADED), tmp_path / "work"
    work.mkdir()
    keep = Keep(work, "key", None)

    def stop(_name: str, share: float) -> None:
        if share > 0.6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compiled(world, tmp_path / "run", keep=keep, progress=stop)
    shares: list[float] = []
    broken = compiled(
        world, tmp_path / "run", keep=keep, progress=lambda _, share: shares.append(share)
    )
    assert shares[0] > 0.2, "it did not begin anew"
    both = broken, whole(scheduler)
    names = [sorted(p.relative_to(one) for p in one.rglob("*.*")) for one in both]
    assert names[0] == names[1]
    for name in names[0]:
        assert len({(one / name).read_bytes() for one in both}) == 1, name


UNKEPT = (
    CURIOUS.replace("self.waiting = {}", "self.waiting, self.thing = {}, Thing()", 1)
    + "\n\nclass Thing:\n    pass\n"
)


def test_a_scheduler_that_cannot_be_kept_flies_without_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 1800.0)
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "unkept", "Mine", UNKEPT)
    work, told = tmp_path / "work", []
    work.mkdir()
    compiled(
        mission("unkept", (*LOADED, "hours=1")),
        tmp_path / "run",
        keep=Keep(work, "key", told.append),
    )
    assert len(told) == 1
    assert "Thing cannot be kept" in told[0]
    assert list(work.glob("*/*")) == []
