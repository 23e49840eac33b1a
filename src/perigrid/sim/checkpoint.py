"""Checkpoints of a running simulation: two files, each whole or recognisably torn.

A checkpoint is written when everything it counts on is on the disk: the record up to its mark, and
the parts of the tables. It belongs to one run: scenario, seed, architecture, versions, the program
itself and the world that was computed from them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np

from perigrid.base.codec import canonical_json
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.job_table import column_of
from perigrid.base.jobs import Job
from perigrid.ledger.disk import file_digest
from perigrid.ledger.record import RecordMark
from perigrid.ledger.seal import LEDGER
from perigrid.ledger.side_store import FILE_NAME as SIDE
from perigrid.sim.checkpoint_key import key_place, user_key
from perigrid.sim.disk import sync_folder
from perigrid.sim.frozen import Chunks
from perigrid.sim.staging import CHECKPOINT
from perigrid.sim.world import World

MAGIC: Final = b"perigrid checkpoint 2 "
KEPT: Final = 2
INTERVAL_S: Final = 7200.0
"""Least simulated time between checkpoints (ours). [s]"""
SHARE: Final = 0.02
"""Most of the time of a flight that checkpoints may take (ours); results do not depend on it."""
ANEW: Final = "give back what it was started with, or start afresh without --resume"
NO_CHECKPOINTS: Final = "no checkpoints of this run, it cannot be resumed"
Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint that was read whole."""

    t_s: float
    mark: RecordMark
    frozen: bytes | memoryview


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
    for one in fields(Job):
        found.update(np.ascontiguousarray(column_of(world.jobs, one.name)).tobytes())
    for holder in (world.bank, world.outlook, world.outlook.contacts):
        for name in holder.__dataclass_fields__:
            value = getattr(holder, name)
            if isinstance(value, np.ndarray):
                found.update(np.ascontiguousarray(value).data)
    return found.hexdigest()


class Checkpoints:
    """The checkpoints of one flight.

    Parameters
    ----------
    folder : Path
        Existing; only files of ours are touched.
    key : str
        What they belong to.
    notice : callable, optional
        Told what the user should know.

    Notes
    -----
    Each carries a code that only the holder of the user's key can make
    (:mod:`perigrid.sim.checkpoint_key`). It is checked before anything else is read.
    """

    def __init__(self, folder: Path, key: str, notice: Notice | None = None) -> None:
        self._folder = folder
        self._key = key
        self._tell = notice or (lambda _text: None)

    def save(self, t_s: float, mark: RecordMark, frozen: Chunks) -> bool:
        """Write a checkpoint and drop all but the last two.

        Parameters
        ----------
        t_s : float
            Now [s].
        mark : RecordMark
            How far the record is on the disk.
        frozen : sequence of bytes
            The state.

        Returns
        -------
        bool
            False, after telling why, if there is no place for the key: none can be written then.
        """
        try:
            secret = _secret()
        except RunFolderError as error:
            self.tell_none(error.problems[0].message)
            return False
        header = {"by": _name_of(secret), "key": self._key, "t_s": t_s, "mark": asdict(mark)}
        chunks = [canonical_json(header).encode() + b"\n", *frozen]
        code = _code(secret, chunks).encode()
        place = self._folder / f"{round(t_s * 1e3):015d}{CHECKPOINT}"
        staged = place.with_suffix(".new")
        with staged.open("wb") as stream:
            stream.write(MAGIC + code + b"\n")
            stream.writelines(chunks)
            stream.flush()
            os.fsync(stream.fileno())
        staged.replace(place)
        sync_folder(self._folder)
        for old in self._places()[KEPT:]:
            old.unlink()
        return True

    def tell_none(self, why: str) -> None:
        """Tell that the run cannot be resumed, and why."""
        self._tell(f"{NO_CHECKPOINTS}: {why}")

    def newest(self) -> Checkpoint | None:
        """Read the last checkpoint that is whole and ours.

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
            if found is not None:
                return found
            self._tell(f"{place.name} is damaged: the one before it is tried")
        if places:
            message, remedy = "no checkpoint is whole", "run the same command without --resume"
            raise RunFolderError([Problem(message, remedy, path=str(self._folder))])
        return None

    def _read(self, place: Path) -> Checkpoint | None:
        """Answer a checkpoint, or None if it is torn or altered."""
        content = _content(place)
        begins = content.find(b"\n") + 1
        ends = content.find(b"\n", begins)
        # The state of a large flight is not copied once more.
        first, body = content[: max(begins - 1, 0)], memoryview(content)[begins:]
        line = content[begins : max(ends, begins)]
        secret = _secret()
        if not hmac.compare_digest(first, MAGIC + _code(secret, [body]).encode()):
            _demand_ours(line, secret, place)
            return None
        header = json.loads(line)
        if header["key"] != self._key:
            message = "this checkpoint belongs to another run: its inputs differ from today's"
            raise RunFolderError([Problem(message, ANEW, path=str(place))])
        state = body[len(line) + 1 :]
        return Checkpoint(header["t_s"], RecordMark(**header["mark"]), state)

    def _places(self) -> list[Path]:
        found = self._folder.glob(f"*{CHECKPOINT}")
        # A folder of such a name is nobody's checkpoint, and is not removed as an old one.
        return sorted((one for one in found if one.is_symlink() or not one.is_dir()), reverse=True)


def seal_of(key: str, folder: Path) -> str:
    """Authenticate a folder that is whole.

    Parameters
    ----------
    key : str
        What it belongs to.
    folder : Path
        Of a finished flight. What is told of people may be erased at any time and is left out:
        :func:`~perigrid.ledger.seal.demand_kept` asks for it.

    Returns
    -------
    str
        Code that only the holder of the user's key can make.

    Raises
    ------
    RunFolderError
        If there is no place for the key.
    """
    side = folder / LEDGER / SIDE
    places = sorted(one for one in folder.rglob("*") if one.is_file() and one != side)
    digests = [[place.relative_to(folder).as_posix(), file_digest(place)] for place in places]
    return _code(_secret(), [canonical_json([key, digests]).encode()])


def _secret() -> bytes:
    """Give the user's key."""
    try:
        return user_key()
    except OSError as error:
        message = f"there is no key for checkpoints: {error.filename or ''} {error.strerror}"
        remedy = "let XDG_STATE_HOME name a folder of yours"
        raise RunFolderError([Problem(message, remedy, path=str(key_place()))]) from error


def _code(secret: bytes, chunks: Chunks) -> str:
    """Authenticate bytes: HMAC-SHA256."""
    made = hmac.new(secret, digestmod=hashlib.sha256)
    for chunk in chunks:
        made.update(chunk)
    return made.hexdigest()


def _name_of(secret: bytes) -> str:
    """Tell keys apart without telling them."""
    return hashlib.sha256(b"name of a key " + secret).hexdigest()[:16]


def _content(place: Path) -> bytes:
    """Read a file; nothing of what is none, so that no pipe is waited for."""
    return place.read_bytes() if place.is_file() and not place.is_symlink() else b""


def _demand_ours(line: bytes, secret: bytes, place: Path) -> None:
    """Raise if a checkpoint says that it was written with another key."""
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        if json.loads(line)["by"] != _name_of(secret):
            message = "this checkpoint was written by another user or on another machine"
            remedy = f"bring {key_place()} from there, or run the same command without --resume"
            raise RunFolderError([Problem(message, remedy, path=str(place))])


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
