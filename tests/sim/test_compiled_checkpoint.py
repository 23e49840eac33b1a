"""Arrays of a flight in a checkpoint and back; test_compiled goes on with whole flights."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from perigrid.base.architecture import ORBITAL
from perigrid.base.errors import RunFolderError
from perigrid.engine.room import longer
from perigrid.engine.state import Count, Filled
from perigrid.engine.telemetry import TelemetrySums
from perigrid.ledger.record import RecordMark
from perigrid.sim import checkpoint
from perigrid.sim.checkpoint import Checkpoints
from perigrid.sim.compiled_checkpoint import Kept, restore
from perigrid.sim.frozen import Catalogue
from perigrid.sim.world import World
from tests.engine.plain import built


class Counting:
    """A decision core of one array."""

    def __init__(self, rows: int) -> None:
        self.array = np.arange(rows)

    def state(self) -> dict[str, np.ndarray]:
        return {"array": self.array}

    def make_room(self, state: dict[str, np.ndarray]) -> None:
        self.array = np.zeros_like(state["array"])


class Sums:
    """A recorder that only knows its sums."""

    def __init__(self, world: World) -> None:
        self.sums = TelemetrySums(world.fleet, world.outlook.t_s)

    def state(self) -> dict:
        return self.sums.state()

    def restore(self, state: dict) -> None:
        self.sums.restore(state)


class Nobody:
    """No people."""

    catalogue = Catalogue()

    def state(self) -> dict:
        return {}

    def restore(self, state: dict) -> None:
        assert state == {}


RECORD = SimpleNamespace(sync=lambda: RecordMark(3, 100, "x"))


def test_everything_comes_back_into_arrays_of_the_same_length(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 60.0)
    w, rng = longer(built(world, ORBITAL)), np.random.default_rng(0)
    w.counts[[Count.QUEUED, Count.LEGS, Count.TOLD]] = 5, 4, 3
    w.log.filled[:] = 7, 6, 5, 4, 3
    tables = (w.jobs, w.sats, w.queue[:5], w.legs[:4], w.log.decisions[:7], w.log.others[:5])
    for table in tables:
        table.view(np.uint8)[:] = rng.integers(0, 255, table.nbytes)
    w.telemetry[:, :3], w.sent_j[:] = 2.5, 1.5
    kept = Kept(Checkpoints(tmp_path, "key"), RECORD, Counting(9), Sums(world), Nobody())
    kept.save(30.0, w)
    assert list(tmp_path.iterdir()) == [], "it is not due"
    kept.save(60.0, w)
    found = Checkpoints(tmp_path, "key").newest()
    core = Counting(2)
    back = restore(found, built(world, ORBITAL), core, Sums(world), Nobody())
    assert core.array.tolist() == list(range(9))
    assert len(back.log.events) == len(w.log.events)
    for name in ("jobs", "sats", "sent_j", "counts"):
        assert getattr(back, name).tobytes() == getattr(w, name).tobytes()
    assert back.queue[:5].tobytes() == w.queue[:5].tobytes()
    assert back.legs[:4].tobytes() == w.legs[:4].tobytes()
    assert back.log.decisions[:7].tobytes() == w.log.decisions[:7].tobytes()
    assert back.log.filled.tolist() == [7, 6, 5, 4, 3]
    assert (back.telemetry[:, :3] == 2.5).all()
    assert back.log.filled[Filled.EVENTS] == 4


def test_a_checkpoint_of_another_fleet_is_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "INTERVAL_S", 0.0)
    w = built(world, ORBITAL)
    Kept(Checkpoints(tmp_path, "key"), RECORD, Counting(9), Sums(world), Nobody()).save(0.0, w)
    found = Checkpoints(tmp_path, "key").newest()
    other = w._replace(jobs=w.jobs[:-1].copy())
    with pytest.raises(RunFolderError, match="laid out otherwise"):
        restore(found, other, Counting(9), Sums(world), Nobody())
