"""Files that runs write, by name: nothing else in their folders is ever removed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.jobs import Architecture

WITHOUT: Final = "without-rules"
"""Folder of a comparison's runs without rules."""
_SHOWN: Final = 3
_ARCHITECTURES: Final = "|".join(one.value for one in Architecture)
_NAMES: Final = (
    r"(manifest|summary|scenario|scenes|comparison)\.json|report\.html"
    r"|(jobs|actions|telemetry|contacts)\.parquet"
    r"|(jobs|actions|telemetry)/part-\d{5,}\.(parquet|new)"
    r"|ledger/(record\.jsonl|side\.jsonl|checkpoint|keys)"
    r"|receipts/([^/]+\.jsonl|keys\.txt)"
    r"|\.parts-[a-z0-9_]{8}/\w+-\d{7}\.(parquet|new)"
)
# What replaces a file stands beside it first, under a name with eight letters more.
_STAGED: Final = (
    r"(ledger/|receipts/)?\.(\w+\.json|report\.html|checkpoint|keys(\.txt)?|[^/]+\.jsonl)"
    r"\.[a-z0-9_]{8}"
)
_RUN: Final = rf"({WITHOUT}/)?(({_ARCHITECTURES})/)?({_NAMES}|{_STAGED})"
_WORK: Final = (
    rf"({WITHOUT}/)?(({_ARCHITECTURES})\.finished|\.[\w-]+\.finished\.[a-z0-9_]{{8}}"
    rf"|({_ARCHITECTURES})/(\d{{15}}\.(checkpoint|new)|\w+-\d{{7}}\.(parquet|new)))"
)
RUN: Final = re.compile(_RUN)
"""Files of the folder of a run, a flight or a comparison."""
UNFINISHED: Final = re.compile(rf"plan\.json|{_STAGED}|(run|old)/({_RUN})|work/({_WORK})")
"""Files of the folder in which one is made."""


def strangers(folder: Path, ours: re.Pattern[str], below: str = "") -> list[str]:
    """List what no run wrote.

    Parameters
    ----------
    folder : Path
        Existing.
    ours : Pattern
        :data:`RUN` or :data:`UNFINISHED`.
    below : str
        Path of the folder in the one that the pattern is for, with a slash at its end.

    Returns
    -------
    list of str
        Paths from the folder, in order: files of other names, links, devices, and folders in which
        no run writes.
    """
    return [name for name, entry in _walk(folder) if not _is_ours(below + name, entry, ours)]


def demand_ours(folder: Path, ours: re.Pattern[str], named: Path | None = None) -> None:
    """Refuse a folder in which something stands that no run wrote.

    Parameters
    ----------
    folder : Path
        Existing.
    ours : Pattern
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


def remove(folder: Path, ours: re.Pattern[str], below: str = "", *, emptied: bool = False) -> bool:
    """Remove what runs wrote, and the folders that are empty then.

    Parameters
    ----------
    folder : Path
        Nothing happens if it is missing.
    ours : Pattern
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
    for name, entry in sorted(_walk(folder), reverse=True):  # what is in a folder before it
        if not _is_ours(below + name, entry, ours):
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
