"""Checkpoints of a running simulation: two files, each whole or recognisably torn.

A checkpoint is written when everything it counts on is on the disk: the record up to its mark, and
the parts of the tables. It belongs to one run: scenario, seed, architecture, versions, the program
itself and the world that was computed from them.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from perigrid.base.codec import canonical_json
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.registry import SCHEDULERS, create
from perigrid.control.controller import Controller
from perigrid.ledger.record import RecordMark, RecordWriter
from perigrid.sim.disk import sync_folder
from perigrid.sim.engine import Engine
from perigrid.sim.frozen import fixed_parts, freeze, thaw
from perigrid.sim.staging import CHECKPOINT
from perigrid.sim.world import World

MAGIC: Final = b"perigrid checkpoint 1 "
KEPT: Final = 2
INTERVAL_S: Final = 7200.0
"""Simulated time between checkpoints, unless the run is long (ours). [s]"""
MOST: Final = 100
"""Checkpoints of a run: a long one writes them further apart, each holds all jobs so far."""
ANEW: Final = "give back what it was started with, or start afresh without --resume"
_TABLES: Final = ("_decisions", "_telemetry")
"""What the engine writes to the disk as it goes, and what keeps its own state."""

Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint that was read whole."""

    t_s: float
    mark: RecordMark
    frozen: bytes


def world_digest(world: World) -> str:
    """Digest of what a run is computed from besides the scenario.

    Parameters
    ----------
    world : World
        Executed scenes, observations and outlook.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    found = hashlib.sha256()
    found.update(canonical_json([world.scenario.digest, world.bank.provenance]).encode())
    found.update(repr(world.jobs).encode())
    for holder in (world.bank, world.outlook, world.outlook.contacts):
        for name in holder.__dataclass_fields__:
            value = getattr(holder, name)
            if isinstance(value, np.ndarray):
                found.update(np.ascontiguousarray(value).data)
    return found.hexdigest()


class Checkpoints:
    """The checkpoints of one architecture's run.

    Parameters
    ----------
    folder : Path
        Existing; only files of ours are touched.
    key : str
        What they belong to.
    duration_s : float
        Of the run [s].
    notice : callable, optional
        Told what the user should know.
    """

    def __init__(
        self, folder: Path, key: str, duration_s: float, notice: Notice | None = None
    ) -> None:
        self._folder = folder
        self._key = key
        self._interval_s = max(INTERVAL_S, duration_s / MOST)
        self._t_next_s = self._interval_s
        self._tell = notice or (lambda _text: None)

    def is_due(self, t_s: float) -> bool:
        """Say whether it is time for the next checkpoint.

        Parameters
        ----------
        t_s : float
            Now, a step's start [s].

        Returns
        -------
        bool
            True once for each interval.
        """
        if t_s < self._t_next_s:
            return False
        self._t_next_s = t_s + self._interval_s
        return True

    def save(self, t_s: float, mark: RecordMark, frozen: bytes) -> None:
        """Write a checkpoint and drop all but the last two.

        Parameters
        ----------
        t_s : float
            Now [s].
        mark : RecordMark
            How far the record is on the disk.
        frozen : bytes
            The engine.
        """
        header = {"key": self._key, "t_s": t_s, "mark": asdict(mark)}
        body = canonical_json(header).encode() + b"\n" + frozen
        place = self._folder / f"{round(t_s * 1e3):015d}{CHECKPOINT}"
        staged = place.with_suffix(".new")
        with staged.open("wb") as stream:
            stream.write(MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n")
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        staged.replace(place)
        sync_folder(self._folder)
        for old in self._places()[KEPT:]:
            old.unlink()

    def newest(self) -> Checkpoint | None:
        """Read the last checkpoint that is whole.

        Returns
        -------
        Checkpoint or None
            None if none was ever written.

        Raises
        ------
        RunFolderError
            If one belongs to another run, or none is whole.
        """
        places = self._places()
        for place in places:
            found = self._read(place)
            if found is None:
                self._tell(f"{place.name} is damaged: the one before it is tried")
                continue
            self._t_next_s = found.t_s + self._interval_s
            return found
        if places:
            message, remedy = "no checkpoint is whole", "run the same command without --resume"
            raise RunFolderError([Problem(message, remedy, path=str(self._folder))])
        return None

    def _read(self, place: Path) -> Checkpoint | None:
        """Answer a checkpoint, or None if it is torn."""
        first, _, body = place.read_bytes().partition(b"\n")
        if first != MAGIC + hashlib.sha256(body).hexdigest().encode():
            return None
        line, _, frozen = body.partition(b"\n")
        header = json.loads(line)
        if header["key"] != self._key:
            message = "this checkpoint belongs to another run: its inputs differ from today's"
            raise RunFolderError([Problem(message, ANEW, path=str(place))])
        return Checkpoint(header["t_s"], RecordMark(**header["mark"]), frozen)

    def _places(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{CHECKPOINT}"), reverse=True)


class Keeper:
    """Writes an engine into its checkpoints, and one of them back into an engine.

    Parameters
    ----------
    checkpoints : Checkpoints
        Where.
    world : World
        As in the run.
    controller : Controller
        Fresh.
    record : RecordWriter
        The engine's; on the disk before a checkpoint counts on it.
    notice : callable, optional
        Told if this run cannot be kept.
    """

    def __init__(
        self,
        checkpoints: Checkpoints,
        world: World,
        controller: Controller,
        record: RecordWriter,
        notice: Notice | None = None,
    ) -> None:
        self._checkpoints = checkpoints
        self._world = world
        self._record = record
        self._parts = fixed_parts(world, controller, {"record": record})
        self._scheduler = type(create(SCHEDULERS, world.scenario.scheduler))
        self._tell = notice or (lambda _text: None)
        self._proved = False
        self._able = True

    def before_step(self, engine: Engine, t_s: float) -> None:
        """Write a checkpoint if one is due.

        Parameters
        ----------
        engine : Engine
            Between two steps.
        t_s : float
            Now [s].
        """
        if self._able and self._checkpoints.is_due(t_s):
            frozen = self._frozen(engine)
            if frozen is not None:
                self._checkpoints.save(t_s, self._record.sync(), frozen)

    def restore(self, engine: Engine, found: Checkpoint) -> None:
        """Bring a fresh engine to where a checkpoint was written.

        Parameters
        ----------
        engine : Engine
            Not run yet; its record stands at the checkpoint's mark.
        found : Checkpoint
            Of the same run.

        Raises
        ------
        RunFolderError
            If the checkpoint holds what no checkpoint holds.
        """
        try:
            state = thaw(found.frozen, self._world, self._parts, self._scheduler)
        except pickle.UnpicklingError as error:
            remedy = "run the same command without --resume"
            raise RunFolderError([Problem(f"a checkpoint is refused: {error}", remedy)]) from error
        restore_state(engine, state)

    def _frozen(self, engine: Engine) -> bytes | None:
        """Write an engine; the first time, see whether it can be read again."""
        try:
            frozen = freeze(engine_state(engine), self._world, self._parts)
            if not self._proved:
                thaw(frozen, self._world, self._parts, self._scheduler)
        except (pickle.PickleError, TypeError, AttributeError) as error:
            self._able = False
            self._tell(f"no checkpoints of this run, it cannot be resumed: {error}")
            return None
        self._proved = True
        return frozen


def engine_state(engine: Engine) -> dict[str, Any]:
    """Give everything that a run in the making consists of.

    Parameters
    ----------
    engine : Engine
        Between two steps.

    Returns
    -------
    dict
        By attribute.
    """
    state = dict(vars(engine))
    return state | {name: state[name].state() for name in _TABLES}


def restore_state(engine: Engine, state: dict[str, Any]) -> None:
    """Set a fresh engine to a state.

    Parameters
    ----------
    engine : Engine
        Not run yet.
    state : dict
        From :func:`engine_state`.
    """
    tables = {name: vars(engine)[name] for name in _TABLES}
    for name, table in tables.items():
        table.restore(state[name])
    vars(engine).update(state | tables)


def source_digest() -> str:
    """Digest of the program itself: results of two programs are never mixed.

    Returns
    -------
    str
        Hexadecimal SHA-256 over every source file of the package.
    """
    found = hashlib.sha256()
    root = Path(__file__).parents[1]
    for place in sorted(root.rglob("*.py")):
        found.update(place.relative_to(root).as_posix().encode() + b"\0" + place.read_bytes())
    return found.hexdigest()
