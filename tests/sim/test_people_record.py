"""Missions with people, orders, grants and limits of autonomy.

``python -m tests.sim.test_people_record`` writes anew what was agreed on.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest

from flights import table
from perigrid.ledger.audit import verify_run
from perigrid.ledger.run_rows import NOTED
from perigrid.ledger.source import open_source
from perigrid.report.decision_view import show
from perigrid.report.explain import explain
from perigrid.report.run_book import open_book
from perigrid.scenario.load import load_scenario
from perigrid.sim import checkpoint, compiled
from perigrid.sim.audit_replay import replay
from perigrid.sim.cores import Cores
from perigrid.sim.kept_run import Keep
from perigrid.sim.run import simulate
from perigrid.sim.storm import GOVERNED
from perigrid.sim.world import World, build_world
from storms import EXAMPLE
from tests.control.core.test_authority import MISSIONS
from tests.engine.agreed import digests_in, write

AGREED = Path(__file__).with_name("people.json")
_SCRATCH = TemporaryDirectory(prefix="perigrid-people-")
_HEARD = {"ApprovalAnswered", "EnvelopeAnswered", "Ordered"}
_WANTED = {"AskApproval", "Acknowledge"}
_KINDS = {one.lower(): one for one in ("Move", "Compute", "Wait", "Close")} | {"ask": "AskApproval"}
ORDERED, STORM = "stop, moves under way", "storm of faults"
ENVELOPE, GRANTS = "envelope", "raw, in orbit, grants"
# Everything fails while people think, stop the fleet and let satellites go on for a while.
FLOWN = {**MISSIONS, STORM: (EXAMPLE, "orbital", ("hours=3", *GOVERNED), set())}


# The others stand for them every day: these fly longest.
LONG = {"raw, too early to ask", ORDERED, "stages, eu"}


def slow(*case: Any) -> Any:
    return pytest.param(*case, marks=pytest.mark.slow)


EVERY = [slow(name) if name in LONG else name for name in FLOWN]


@cache
def world(name: str) -> World:
    mission, _, overrides, _ = FLOWN[name]
    return build_world(load_scenario(mission, overrides=overrides))


@cache
def whole(name: str) -> Path:
    """A run that nothing disturbed."""
    folder = Path(_SCRATCH.name) / name
    folder.mkdir()
    simulate(world(name), world(name).scenario.architecture(FLOWN[name][1]), folder)
    return folder


def of_people(folder: Path) -> list[Any]:
    """Messages that a record holds of people, in order."""
    found = []
    for entry in open_book(open_source(folder)).entries:
        found += [one for one in entry.get("events", ()) if one["type"] in _HEARD]
        rows = entry.get("decisions", ())
        found += [one for one in rows if one["action"]["type"] in _WANTED]
    return found


def kinds(folder: Path) -> Counter[str]:
    """What happened, and what was decided on which rule."""
    found = Counter(table(folder, "events")["kind"].to_list())
    rows = table(folder, "actions").select("kind", "verdict", "rule")
    for kind, verdict, rule in rows.iter_rows():
        done = "Refused" if verdict == "deny" else "Authorized"
        what = _KINDS.get(kind, "Acknowledge")
        found[f"{done} {what}" + ("" if verdict == "allow" else f" {rule}")] += 1
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file()
    }


@pytest.mark.parametrize("name", EVERY)
def test_a_run_is_what_was_agreed_on(name: str) -> None:
    assert digests_in(whole(name)) == json.loads(AGREED.read_text(encoding="utf-8"))[name]


@pytest.mark.parametrize("name", EVERY[: len(MISSIONS)])
def test_what_people_orders_grants_and_timers_lead_to(name: str) -> None:
    assert MISSIONS[name][3] - set(kinds(whole(name))) == set()


@pytest.mark.parametrize("name", EVERY)
def test_what_people_said_stands_in_the_record_and_in_the_figures(name: str) -> None:
    folder = whole(name)
    verdict = verify_run(open_source(folder))
    assert (verdict.doubts, verdict.uncovered) == ([], [])
    said = Counter(one.get("type") or one["action"]["type"] for one in of_people(folder))
    actions, events = table(folder, "actions"), table(folder, "events")
    for kind in _HEARD:
        assert said[kind] == events.filter(kind=kind).height
    for kind, rows in (("AskApproval", ["ask"]), ("Acknowledge", NOTED)):
        assert said[kind] == actions.filter(pl.col("kind").is_in(rows)).height
    figures = json.loads((folder / "summary.json").read_text())["approvals"]
    assert figures["asked"] == actions.filter(kind="ask", verdict="allow").height + (
        actions.filter(kind="ask", verdict="ask").height
    )
    answered = sum(figures[end] for end in ("granted", "refused", "expired"))
    assert answered == said["ApprovalAnswered"]


@pytest.mark.parametrize("name", EVERY)
def test_jobs_of_every_kind_of_decision_are_explained(name: str) -> None:
    actions = table(whole(name), "actions").filter(pl.col("job_id") >= 0)
    jobs = actions.group_by("kind", "verdict").agg(pl.col("job_id").first())["job_id"]
    for job in sorted(set(jobs)):
        assert f"{job}" in explain(whole(name), job).text()


@pytest.mark.parametrize("name", [ENVELOPE, GRANTS, *map(slow, ["stages, eu", ORDERED, STORM])])
def test_a_run_follows_from_its_folder_and_each_kind_of_decision_is_shown(name: str) -> None:
    source, cores = open_source(whole(name)), Cores()
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
    [(ENVELOPE, 0.2), (GRANTS, 0.6), ("expired in the queue", 0.5), (STORM, 0.5),
     slow("stages, eu", 0.3), slow(ORDERED, 0.4), slow(ORDERED, 0.7)],
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
    assert files(folder) == files(whole(name))


if __name__ == "__main__":
    write(AGREED, {name: digests_in(whole(name)) for name in FLOWN})
