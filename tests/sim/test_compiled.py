"""Run folders of the compiled engine: what they hold, and that they can be gone on with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from perigrid.base.architecture import RELAY
from perigrid.ledger.audit import verify_run
from perigrid.ledger.source import open_source
from perigrid.ledger.table_file import read_table
from perigrid.ledger.tables import ACTIONS, CONTACTS, JOBS, TELEMETRY
from perigrid.report.explain import explain
from perigrid.report.run_book import open_book
from perigrid.sim import checkpoint
from perigrid.sim.compiled import fly_compiled
from perigrid.sim.kept_run import Keep, fly
from perigrid.sim.run import simulate, write_run
from perigrid.sim.world import World
from tests.engine.recorded import Recorded, decider, record


@pytest.fixture(scope="module")
def found(world: World) -> Recorded:
    return record(world, RELAY)


def flown(found: Recorded, folder: Path, keep: Keep | None = None, **options: Any) -> Path:
    folder.mkdir(exist_ok=True)
    flight = fly_compiled(
        found.world, RELAY, folder, lambda *_: decider(found), keep=keep, **options
    )
    write_run(flight, found.world, RELAY, folder)
    return folder


@pytest.fixture(scope="module")
def both(found: Recorded, world: World, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same run by both engines."""
    python = tmp_path_factory.mktemp("python")
    write_run(fly(world, RELAY, python), world, RELAY, python)
    return [python, flown(found, tmp_path_factory.mktemp("compiled"))]


def test_tables_and_figures_are_those_of_the_engine_in_python(both: list[Path]) -> None:
    sources = [open_source(folder) for folder in both]
    for name, schema in (("jobs", JOBS), ("contacts", CONTACTS), ("telemetry", TELEMETRY)):
        assert_frame_equal(*(read_table(one, name, schema) for one in sources), check_exact=True)
    columns = [name for name in ACTIONS if name != "sequence"]
    assert_frame_equal(*(read_table(one, "actions", ACTIONS, columns) for one in sources))
    python, compiled = (json.loads((one / "summary.json").read_text()) for one in both)
    other = {name for name in python if python[name] != compiled[name]}
    assert other == {"records", "ledger_head"}


def test_the_ledger_covers_every_part(both: list[Path]) -> None:
    verdict = verify_run(open_source(both[1]))
    assert verdict.doubts == []
    assert verdict.uncovered == []
    part = both[1] / "legs" / "part-00000.parquet"
    content = part.read_bytes()
    part.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert any("legs" in doubt.where for doubt in verify_run(open_source(both[1])).doubts)
    part.write_bytes(content)


def test_decisions_are_read_back_as_they_were_made(both: list[Path], found: Recorded) -> None:
    said = [one for _, decisions in found.instants for one in decisions]
    read = list(open_book(open_source(both[1])).decisions())
    assert [one.action for one in read] == [one.action for one in said]
    assert [one.verdict for one in read] == [one.verdict for one in said]


def test_a_job_is_explained_alike(both: list[Path]) -> None:
    jobs = pl.read_parquet(both[0] / "jobs.parquet")
    told = jobs.group_by("outcome").agg(pl.col("job_id").first())["job_id"].to_list()
    for job in told:
        assert explain(both[1], job).text() == explain(both[0], job).text()


def test_a_broken_run_goes_on_to_the_same_bytes(
    both: list[Path], found: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 1800.0)
    monkeypatch.setattr(checkpoint, "SHARE", 1e9)
    work = tmp_path / "work"
    work.mkdir()
    keep = Keep(work, "key", None)

    def stop(_name: str, share: float) -> None:
        if share > 0.6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flown(found, tmp_path / "run", keep, progress=stop)
    shares: list[float] = []
    folder = flown(found, tmp_path / "run", keep, progress=lambda _, share: shares.append(share))
    assert shares[0] > 0.2, "it did not begin anew"
    names = [sorted(p.relative_to(one) for p in one.rglob("*.*")) for one in (folder, both[1])]
    assert names[0] == names[1]
    for name in names[0]:
        assert (folder / name).read_bytes() == (both[1] / name).read_bytes(), name


def test_a_run_without_observations_has_its_tables(world: World, tmp_path: Path) -> None:
    simulate(replace(world, jobs=()), RELAY, tmp_path)
    run = open_source(tmp_path)
    assert verify_run(run).doubts == []
    assert read_table(run, "jobs", JOBS).height == 0
    assert read_table(run, "actions", ACTIONS).height == 0
    assert read_table(run, "telemetry", TELEMETRY).height > 0
