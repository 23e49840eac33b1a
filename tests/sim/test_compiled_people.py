"""Missions with people, orders, grants and limits of autonomy, flown compiled and in Python."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from perigrid.ledger.audit import verify_run
from perigrid.ledger.receipts import FOLDER as RECEIPTS
from perigrid.ledger.source import open_source
from perigrid.ledger.table_file import read_table
from perigrid.ledger.tables import ACTIONS, CONTACTS, JOBS, TELEMETRY
from perigrid.report.decision_diff import diff
from perigrid.report.decision_view import show
from perigrid.report.explain import explain
from perigrid.report.run_book import open_book
from perigrid.scenario.load import load_scenario
from perigrid.sim import checkpoint, compiled
from perigrid.sim.audit_replay import replay
from perigrid.sim.compiled import stands_against
from perigrid.sim.cores import Cores
from perigrid.sim.kept_run import Keep, fly
from perigrid.sim.run import simulate, write_run
from perigrid.sim.storm import GOVERNED
from perigrid.sim.world import World, build_world
from storms import EXAMPLE
from tests.control.core.test_authority import MISSIONS

_SCRATCH = TemporaryDirectory(prefix="perigrid-people-")
_HEARD = {"ApprovalAnswered", "EnvelopeAnswered", "Ordered"}
_WANTED = {"AskApproval", "Acknowledge"}
ORDERED, STORM = "stop, moves under way", "storm of faults"
# Everything fails while people think, stop the fleet and let satellites go on for a while.
FLOWN = {**MISSIONS, STORM: (EXAMPLE, "orbital", ("hours=3", *GOVERNED), set())}


@cache
def world(name: str) -> World:
    mission, _, overrides, _ = FLOWN[name]
    return build_world(load_scenario(mission, overrides=overrides))


@cache
def both(name: str) -> tuple[Path, Path]:
    """The same run by the engine in Python and by the compiled one."""
    flown, architecture = world(name), world(name).scenario.architecture(FLOWN[name][1])
    under = flown.under(architecture)
    folders = [Path(_SCRATCH.name) / name / engine for engine in ("python", "compiled")]
    for folder in folders:
        folder.mkdir(parents=True)
    write_run(fly(under, architecture, folders[0]), under, architecture, folders[0])
    assert not stands_against(under, architecture)
    simulate(flown, architecture, folders[1])
    return folders[0], folders[1]


def of_people(folder: Path) -> list[Any]:
    """Messages that a record holds of people, in order."""
    found = []
    for entry in open_book(open_source(folder)).entries:
        found += [one for one in entry.get("events", ()) if one["type"] in _HEARD]
        rows = entry.get("decisions", ())
        found += [one for one in rows if one["action"]["type"] in _WANTED]
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file()
    }


@pytest.mark.parametrize("name", FLOWN)
def test_a_run_is_that_of_the_engine_in_python(name: str) -> None:
    python, flown = both(name)
    sources = [open_source(one) for one in (python, flown)]
    for table, schema in (("jobs", JOBS), ("contacts", CONTACTS), ("telemetry", TELEMETRY)):
        assert_frame_equal(*(read_table(one, table, schema) for one in sources), check_exact=True)
    columns = [column for column in ACTIONS if column != "sequence"]
    assert_frame_equal(*(read_table(one, "actions", ACTIONS, columns) for one in sources))
    figures = [json.loads((one / "summary.json").read_text()) for one in (python, flown)]
    assert {key for key in figures[0] if figures[0][key] != figures[1][key]} <= {
        "records", "ledger_head",
    }  # fmt: skip
    said = [
        [(one.t_s, one.action, one.verdict) for one in open_book(source).decisions()]
        for source in sources
    ]
    assert said[0] == said[1]
    assert of_people(python) == of_people(flown)
    for place in (RECEIPTS, "ledger/side.jsonl"):
        told = [one / place for one in (python, flown)]
        if told[0].is_dir():
            assert files(told[0]) == files(told[1])
        elif told[0].exists():
            assert told[0].read_bytes() == told[1].read_bytes()
    verdict = verify_run(sources[1])
    assert (verdict.doubts, verdict.uncovered) == ([], [])
    assert diff(*sources).first is None


@pytest.mark.parametrize("name", FLOWN)
def test_jobs_are_explained_alike(name: str) -> None:
    python, flown = both(name)
    actions = pl.read_parquet(python / "actions.parquet").filter(pl.col("job_id") >= 0)
    jobs = actions.group_by("kind", "verdict").agg(pl.col("job_id").first())["job_id"]
    for job in sorted(set(jobs)):
        assert explain(flown, job).text() == explain(python, job).text()


@pytest.mark.parametrize(
    "name", ["stages, eu", "envelope", ORDERED, "raw, in orbit, grants", STORM]
)
def test_a_run_follows_from_its_folder_and_each_kind_of_decision_is_shown(name: str) -> None:
    source, cores = open_source(both(name)[1]), Cores()
    assert replay(source, cores).doubts() == []
    kinds = {
        (type(one.action).__name__, one.verdict.decision, one.verdict.rule): one
        for one in open_book(source).decisions()
    }
    for one in kinds.values():
        shown = show(source, one.number, cores)
        assert shown.same_as_replayed, one
        assert shown.same_as_stored is (True if type(one.action).__name__ in _WANTED else None)
        assert shown.proof.holds


@pytest.mark.parametrize(
    ("name", "share"),
    [("stages, eu", 0.3), ("envelope", 0.2), (ORDERED, 0.4), (ORDERED, 0.7),
     ("raw, in orbit, grants", 0.6), ("expired in the queue", 0.5), (STORM, 0.5)],
)  # fmt: skip
def test_a_broken_run_goes_on_to_the_same_bytes(
    name: str, share: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 300.0)
    monkeypatch.setattr(checkpoint, "SHARE", 1e9)
    monkeypatch.setattr(compiled, "PAUSES", 1_000_000)
    architecture = world(name).scenario.architecture(FLOWN[name][1])
    folder, work = tmp_path / "run", tmp_path / "work"
    folder.mkdir()
    work.mkdir()
    seen: list[float] = []

    def stop(_name: str, done: float) -> None:
        if done > share:
            raise KeyboardInterrupt

    def go_on(progress: Any) -> None:
        simulate(world(name), architecture, folder, keep=Keep(work, "key"), progress=progress)

    with pytest.raises(KeyboardInterrupt):
        go_on(stop)
    go_on(lambda _, done: seen.append(done))
    assert seen[0] > share / 2, "it did not begin anew"
    assert files(folder) == files(both(name)[1])
