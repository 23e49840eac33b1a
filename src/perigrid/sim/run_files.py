"""Files that runs write, by name: nothing else in their folders is ever removed."""

from __future__ import annotations

import functools
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Final

from perigrid.base.architecture import BUILT_IN
from perigrid.base.errors import Problem, RunFolderError
from perigrid.scenario.compositions import RESERVED

WITHOUT: Final = "without-rules"
"""Folder of a comparison's runs without rules."""
_SHOWN: Final = 3
_OWN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_NAMES: Final = (
    r"(manifest|summary|scenario|scenes|comparison)\.json|report\.html"
    r"|(jobs|actions|telemetry|contacts)\.parquet"
    r"|(jobs|actions|telemetry|legs|others|events)/part-\d{5,}\.(parquet|new)"
    r"|ledger/(record\.jsonl|side\.jsonl|checkpoint|keys)"
    r"|receipts/([^/]+\.jsonl|keys\.txt)"
    r"|\.parts-[a-z0-9_]{8}/\w+-\d{7}\.(parquet|new)"
)
# What replaces a file stands beside it first, under a name with eight letters more.
_STAGED: Final = (
    r"(ledger/|receipts/)?\.(\w+\.json|report\.html|checkpoint|keys(\.txt)?|[^/]+\.jsonl)"
    r"\.[a-z0-9_]{8}"
)


class Ours(Enum):
    """Files of the folder of a run, a flight or a comparison; and of one in the making."""

    RUN = "run"
    UNFINISHED = "unfinished"


RUN: Final = Ours.RUN
UNFINISHED: Final = Ours.UNFINISHED
_NAMING: Final = ("comparison.json", "plan.json")
"""Files of ours that name architectures, after which folders are called."""


@functools.cache
def _pattern(ours: Ours, own: frozenset[str]) -> re.Pattern[str]:
    """Names of our files where some architectures of scenarios' own have folders."""
    known = "|".join(map(re.escape, (*BUILT_IN, *sorted(own))))
    run = rf"({WITHOUT}/)?(({known})/)?({_NAMES}|{_STAGED})"
    work = (
        rf"({WITHOUT}/)?(({known})\.finished|\.[\w-]+\.finished\.[a-z0-9_]{{8}}"
        rf"|({known})/(\d{{15}}\.(checkpoint|new)|\w+-\d{{7}}\.(parquet|new)))"
    )
    unfinished = rf"plan\.json|{_STAGED}|(run|old)/({run})|work/({work})"
    return re.compile(run if ours is Ours.RUN else unfinished)


def _pattern_in(folder: Path, ours: Ours, below: str) -> re.Pattern[str]:
    """Names of our files in a folder, by the architectures that stand written in it."""
    own: set[str] = {part for part in below.split("/") if _OWN.fullmatch(part)}
    for place in ("", "run/", "old/"):
        for name in _NAMING:
            with suppress(OSError, ValueError, RecursionError, KeyError, TypeError):
                file = folder / f"{place}{name}"
                # A pipe would be waited for.
                named = json.loads(file.read_text(encoding="utf-8") if file.is_file() else "{}")
                own |= {str(one) for one in named["architectures"] if _OWN.fullmatch(str(one))}
    return _pattern(ours, frozenset(own - {*BUILT_IN, *RESERVED}))


def strangers(folder: Path, ours: Ours, below: str = "") -> list[str]:
    """List what no run wrote.

    Parameters
    ----------
    folder : Path
        Existing.
    ours : Ours
        :data:`RUN` or :data:`UNFINISHED`.
    below : str
        Path of the folder in the one that the pattern is for, with a slash at its end.

    Returns
    -------
    list of str
        Paths from the folder, in order: files of other names, links, devices, and folders in which
        no run writes.
    """
    pattern = _pattern_in(folder, ours, below)
    return [name for name, entry in _walk(folder) if not _is_ours(below + name, entry, pattern)]


def demand_ours(folder: Path, ours: Ours, named: Path | None = None) -> None:
    """Refuse a folder in which something stands that no run wrote.

    Parameters
    ----------
    folder : Path
        Existing.
    ours : Ours
        :data:`RUN` or :data:`UNFINISHED`.
    named : Path, optional
        How the user calls it.

    Raises
    ------
    RunFolderError
        That names what stands there.
    """
    found = strangers(folder, ours)
    if not found:
        return
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    message = f"something else stands here, no run wrote it: {', '.join(found[:_SHOWN])}{more}"
    remedy = "move it away, or choose another folder with -o"
    raise RunFolderError([Problem(message, remedy, path=str(named or folder))])


def remove(folder: Path, ours: Ours, below: str = "", *, emptied: bool = False) -> bool:
    """Remove what runs wrote, and the folders that are empty then.

    Parameters
    ----------
    folder : Path
        Nothing happens if it is missing.
    ours : Ours
        :data:`RUN` or :data:`UNFINISHED`.
    below : str
        As for :func:`strangers`.
    emptied : bool
        Leave the folder itself.

    Returns
    -------
    bool
        False if the folder stays though it should not, because something else stands in it.
    """
    if not folder.is_dir() or folder.is_symlink():
        return not folder.is_symlink()
    pattern = _pattern_in(folder, ours, below)
    for kept in (_NAMING, ()):  # what says which folders are ours goes last
        for name, entry in sorted(_walk(folder), reverse=True):  # what is in a folder before it
            if not _is_ours(below + name, entry, pattern) or Path(name).name in kept:
                continue
            with suppress(OSError):  # a folder that is not empty, or what is gone already
                (folder / name).rmdir() if stat.S_ISDIR(entry) else (folder / name).unlink()
    if emptied:
        return True
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _walk(folder: Path) -> Iterator[tuple[str, int]]:
    """Go through a tree without following links; paths from the folder, and kinds."""
    for directory, folders, files in os.walk(folder):
        for name in sorted((*folders, *files)):
            place = Path(directory, name)
            yield place.relative_to(folder).as_posix(), place.lstat().st_mode


def _is_ours(name: str, mode: int, ours: re.Pattern[str]) -> bool:
    if stat.S_ISDIR(mode):
        # One in which we write, whatever its files are called.
        return any(ours.fullmatch(f"{name}/{file}") for file in _EXAMPLES) or name in _HOLDERS
    return stat.S_ISREG(mode) and ours.fullmatch(name) is not None


_EXAMPLES: Final = (
    *("manifest.json", "keys", "keys.txt", "part-00000.parquet", "onboard.finished"),
    *("0" * 15 + ".checkpoint", "x-0000000.parquet"),
)
_HOLDERS: Final = frozenset({"run", "old", "work"})
