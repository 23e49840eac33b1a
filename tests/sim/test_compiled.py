"""Run folders of flights: what they hold, and that they can be gone on with."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flights import table
from perigrid.base.architecture import RELAY
from perigrid.base.messages import Close, Move
from perigrid.ledger.audit import verify_run
from perigrid.ledger.source import open_source
from perigrid.report.explain import explain
from perigrid.report.run_book import open_book
from perigrid.sim import checkpoint, compiled
from perigrid.sim.kept_run import Keep
from perigrid.sim.run import simulate
from perigrid.sim.world import World


@pytest.fixture(scope="module")
def whole(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    simulate(world, RELAY, folder)
    return folder


def test_the_ledger_covers_every_part(whole: Path) -> None:
    verdict = verify_run(open_source(whole))
    assert verdict.doubts == []
    assert verdict.uncovered == []
    part = whole / "legs" / "part-00000.parquet"
    content = part.read_bytes()
    part.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert any("legs" in doubt.where for doubt in verify_run(open_source(whole)).doubts)
    part.write_bytes(content)


def test_decisions_are_read_back_as_they_stand_in_the_tables(whole: Path) -> None:
    actions, legs = table(whole, "actions"), table(whole, "legs")
    read = list(open_book(open_source(whole)).decisions())
    assert [one.t_s for one in read] == actions["t_s"].to_list()
    kinds = Counter(type(one.action).__name__.lower() for one in read)
    assert dict(kinds) == dict(actions["kind"].value_counts().iter_rows())
    assert [one.verdict.rule for one in read] == actions["rule"].to_list()
    moves = [one.action for one in read if isinstance(one.action, Move)]
    assert sum(len(one.legs) for one in moves) == legs.height > 0
    assert [leg.t_arrival_s for one in moves for leg in one.legs] == legs["t_arrival_s"].to_list()


def test_a_job_is_explained_to_its_end(whole: Path) -> None:
    jobs = pl.read_parquet(whole / "jobs.parquet")
    closes = {
        one.action.job_id: one.action
        for one in open_book(open_source(whole)).decisions()
        if isinstance(one.action, Close)
    }
    for outcome, job in jobs.group_by("outcome").agg(pl.col("job_id").first()).iter_rows():
        text = explain(whole, job).text()
        assert f"{job}" in text
        assert (job in closes) == (outcome != "in_flight")
        assert f"relay run: {jobs['satellite'][job]}" in text


def test_a_broken_run_goes_on_to_the_same_bytes(
    whole: Path, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 1800.0)
    monkeypatch.setattr(checkpoint, "SHARE", 1e9)
    folder, work = tmp_path / "run", tmp_path / "work"
    folder.mkdir()
    work.mkdir()
    keep = Keep(work, "key", None)

    def go_on(progress: Any) -> None:
        simulate(world, RELAY, folder, keep=keep, progress=progress)

    def stop(_name: str, share: float) -> None:
        if share > 0.6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go_on(stop)
    shares: list[float] = []
    go_on(lambda _, share: shares.append(share))
    assert shares[0] > 0.2, "it did not begin anew"
    names = [sorted(p.relative_to(one) for p in one.rglob("*.*")) for one in (folder, whole)]
    assert names[0] == names[1]
    for name in names[0]:
        assert (folder / name).read_bytes() == (whole / name).read_bytes(), name


def test_nothing_holds_the_arrays_of_a_flight_that_is_over(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[weakref.ref[Any]] = []
    plain = compiled.build_core

    def built(*mission: Any) -> Any:
        found = plain(*mission)
        held.append(weakref.ref(found[0].latest_s))
        return found

    monkeypatch.setattr(compiled, "build_core", built)
    gc.disable()
    try:
        simulate(world, RELAY, tmp_path)
        assert [one() is None for one in held] == [True]
    finally:
        gc.enable()
