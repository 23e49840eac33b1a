"""The whole state of a flight in one file, from which it goes on after a kill."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from perigrid.base.errors import Problem, RunFolderError
from perigrid.sim.flight.parts import flush
from perigrid.sim.flight.world import World, state_arrays

CHECKPOINT: Final = ".checkpoint.npz"
"""Hidden: no part of what a flight leaves and its ledger seals."""
_HEAD: Final = "head"


@dataclass(frozen=True, slots=True)
class Head:
    """Where a checkpoint stands and of which flight it is.

    Parameters
    ----------
    digest : str
        Of the scenario.
    version : str
        Of Perigrid.
    telemetry_s, checkpoint_s : float
        As the flight was begun: parts are cut by them [s].
    leg : int
        The next leg.
    parts : int
        Parts written so far.
    """

    digest: str
    version: str
    telemetry_s: float
    checkpoint_s: float
    leg: int
    parts: int


def save(folder: Path, head: Head, world: World) -> None:
    """Write a checkpoint in place of the one before.

    Parameters
    ----------
    folder : Path
        Of the unfinished flight.
    head : Head
        Where it stands.
    world : World
        Its state, the log written.
    """
    text = np.frombuffer(json.dumps(asdict(head)).encode(), dtype=np.uint8)
    fresh = folder / ".checkpoint.new.npz"
    with fresh.open("wb") as file:
        arrays: dict[str, Any] = {_HEAD: text, **state_arrays(world)}
        np.savez(file, **arrays)
    flush(fresh)
    fresh.replace(folder / CHECKPOINT)


def read_head(folder: Path) -> Head:
    """Read where an unfinished flight stands.

    Parameters
    ----------
    folder : Path
        Of the flight.

    Returns
    -------
    Head
        Of its last whole checkpoint.

    Raises
    ------
    RunFolderError
        If the checkpoint is missing or cannot be read.
    """
    with _opened(folder) as stored:
        return Head(**json.loads(bytes(stored[_HEAD])))


def restore(folder: Path, world: World) -> None:
    """Put the state of the last whole checkpoint into a world.

    Parameters
    ----------
    folder : Path
        Of the flight.
    world : World
        Of the same flight before its first step; changed in place.

    Raises
    ------
    RunFolderError
        If the checkpoint is missing, cannot be read, or is of another flight.
    """
    with _opened(folder) as stored:
        for name, array in state_arrays(world).items():
            saved = stored[name]
            if saved.dtype != array.dtype or saved.shape != array.shape:
                raise RunFolderError([_unreadable(folder, "is of another flight")])
            array[...] = saved


def _opened(folder: Path) -> np.lib.npyio.NpzFile:
    """Open a checkpoint, its check sums tested."""
    place = folder / CHECKPOINT
    try:
        with zipfile.ZipFile(place) as archive:
            if archive.testzip() is not None:
                raise RunFolderError([_unreadable(folder, "is damaged")])
        opened: np.lib.npyio.NpzFile = np.load(place, allow_pickle=False)
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise RunFolderError([_unreadable(folder, "cannot be read")]) from error
    return opened


def _unreadable(folder: Path, what: str) -> Problem:
    remedy = "remove the folder and fly the scenario from its start"
    return Problem(f"the checkpoint {what}", remedy, path=str(folder / CHECKPOINT))
