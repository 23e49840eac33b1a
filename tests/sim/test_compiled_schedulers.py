"""Planner and schedulers of others: whole runs, compiled and as in Python."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from perigrid.base.registry import SCHEDULERS
from perigrid.ledger.audit import verify_run
from perigrid.ledger.source import open_source
from perigrid.ledger.table_file import read_table
from perigrid.ledger.tables import ACTIONS, CONTACTS, JOBS, TELEMETRY
from perigrid.report.explain import explain
from perigrid.report.run_book import open_book
from perigrid.scenario.load import load_scenario
from perigrid.sim import checkpoint
from perigrid.sim.compiled import fly_compiled, stands_against
from perigrid.sim.kept_run import Keep, fly
from perigrid.sim.run import write_run
from perigrid.sim.world import World, build_world
from plug_ins import install
from tests.control.core.test_handle import LOADED
from tests.control.core.test_plug_in import CURIOUS, built_in

MISSIONS = {
    "planner": ("planner", LOADED),
    "mine": ("mine", LOADED),
    "curious": ("curious", LOADED),
    "planner for six hours": ("planner", ("hours=6",)),
    "mine for six hours": ("mine", ("hours=6",)),
}


@pytest.fixture(autouse=True)
def schedulers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, code in (("mine", built_in("Planner")), ("curious", CURIOUS)):
        install(tmp_path / "site", monkeypatch, SCHEDULERS, name, "Mine", code)


def mission(scheduler: str, sets: tuple[str, ...]) -> World:
    world = build_world(load_scenario("three-body", overrides=sets))
    return replace(world, scenario=replace(world.scenario, scheduler=scheduler))


def compiled(world: World, folder: Path, **options: Any) -> Path:
    architecture = world.scenario.architecture("orbital")
    world = world.under(architecture)
    assert stands_against(world, architecture) == ""
    folder.mkdir(exist_ok=True)
    write_run(fly_compiled(world, architecture, folder, **options), world, architecture, folder)
    return folder


@pytest.mark.parametrize(("scheduler", "sets"), MISSIONS.values(), ids=MISSIONS)
def test_a_whole_run_is_that_of_the_engine_in_python(
    scheduler: str, sets: tuple[str, ...], tmp_path: Path
) -> None:
    world, python = mission(scheduler, sets), tmp_path / "python"
    architecture = world.scenario.architecture("orbital")
    python.mkdir()
    under = world.under(architecture)
    write_run(fly(under, architecture, python), under, architecture, python)
    folders = python, compiled(world, tmp_path / "compiled")
    sources = [open_source(folder) for folder in folders]
    for name, schema in (("jobs", JOBS), ("contacts", CONTACTS), ("telemetry", TELEMETRY)):
        assert_frame_equal(*(read_table(one, name, schema) for one in sources), check_exact=True)
    columns = [name for name in ACTIONS if name != "sequence"]
    assert_frame_equal(*(read_table(one, "actions", ACTIONS, columns) for one in sources))
    said = [json.loads((one / "summary.json").read_text()) for one in folders]
    assert {name for name in said[0] if said[0][name] != said[1][name]} == {
        "records", "ledger_head",
    }  # fmt: skip
    assert verify_run(sources[1]).doubts == []
    books = [list(open_book(one).decisions()) for one in sources]
    assert [one.action for one in books[1]] == [one.action for one in books[0]]
    told = read_table(sources[0], "jobs", JOBS)["job_id"].to_list()[::20]
    assert [explain(python, job).text() for job in told] == [
        explain(folders[1], job).text() for job in told
    ]


@pytest.mark.parametrize("scheduler", ["planner", "mine", "curious"])
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
    whole = compiled(world, tmp_path / "whole")
    names = [sorted(p.relative_to(one) for p in one.rglob("*.*")) for one in (broken, whole)]
    assert names[0] == names[1]
    for name in names[0]:
        assert (broken / name).read_bytes() == (whole / name).read_bytes(), name


UNKEPT = """
from perigrid.control.scheduling.fifo import Fifo


class Thing:
    pass


class Mine(Fifo):
    def __init__(self):
        self.thing = Thing()
"""


def test_a_scheduler_that_cannot_be_kept_flies_without_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 1800.0)
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "unkept", "Mine", UNKEPT)
    work, told = tmp_path / "work", []
    work.mkdir()
    compiled(mission("unkept", LOADED), tmp_path / "run", keep=Keep(work, "key", told.append))
    assert len(told) == 1
    assert "Thing cannot be kept" in told[0]
    assert list(work.glob("*/*")) == []
