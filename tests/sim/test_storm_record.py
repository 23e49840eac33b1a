"""One order of what happened and was decided, from messages and from tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from perigrid.base.architecture import ORBITAL
from perigrid.sim import run
from perigrid.sim.run import simulate
from perigrid.sim.storm_record import Told, told
from perigrid.sim.world import build_world
from storms import storm

EVENT = ("type", "job_id", "node", "stage", "leg")
LEG = ("contact", "source", "target", "t_start_s", "t_end_s", "t_arrival_s", "nbytes")


def in_order(entries: list[Told]) -> list[tuple[Any, ...]]:
    """What both kinds of record say of every event of a job, and of every decision."""
    found: list[tuple[Any, ...]] = []
    for entry in entries:
        for event in entry.get("events", ()):
            told = event.get("job", event)
            if "job_id" in told:
                found.append((entry["t_s"], event["type"], told["job_id"], event.get("node", -1)))
        for one in entry.get("decisions", ()):
            action = one["action"]
            legs = [tuple(leg[name] for name in LEG) for leg in action.get("legs", ())]
            found.append((entry["t_s"], action["type"], action["job_id"], legs))
    return found


def test_tables_tell_what_messages_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_world(storm("seed=3"))
    orders = []
    for name in ("tables", "messages"):
        folder = tmp_path / name
        folder.mkdir()
        if name == "messages":
            monkeypatch.setattr(run, "stands_against", lambda *_: "wanted so")
        simulate(world, ORBITAL, folder)
        assert (folder / "events").is_dir() == (name == "tables")
        orders.append(in_order(told(folder, world.fleet.names)))
    assert len(orders[0]) > 300
    assert orders[0] == [
        (t_s, kind, job, -1 if kind == "TimerRang" else what) for t_s, kind, job, what in orders[1]
    ]
