"""Opening files of a folder that somebody else may have made: plain files, and nothing behind them.

A folder that was handed over may hold links that lead out of it, pipes that never end, devices and
files that claim a size no disk has. Whatever is read of such a folder is opened here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Final

from perigrid.base.errors import Problem, RunFolderError

MAX_BYTES: Final = 8 * 1024**3
"""Largest file that is looked at. [B]"""
MAX_HELD_BYTES: Final = 1024**3
"""Largest file that is held in memory. [B]"""
_WHOLE: Final = "name a whole run folder or bundle, of plain files only"
_KINDS: Final = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def is_plain(name: str) -> bool:
    """Say whether a path leads to something inside the folder it starts at.

    Parameters
    ----------
    name : str
        Path with forward slashes.

    Returns
    -------
    bool
        False of one that is empty, absolute, goes up, or cannot be shown as it is.
    """
    path = PurePosixPath(name)
    parts = path.parts
    return bool(parts) and not path.is_absolute() and ".." not in parts and name.isprintable()


def is_regular(folder: Path, name: str) -> bool:
    """Say whether a plain file stands in a folder.

    Parameters
    ----------
    folder : Path
        Where the path starts.
    name : str
        Path with forward slashes.

    Returns
    -------
    bool
        False too of what only links lead to.
    """
    try:
        return stat.S_ISREG(_status(folder, name).st_mode)
    except (OSError, RunFolderError):
        return False


def open_regular(folder: Path, name: str, limit_bytes: int = MAX_BYTES) -> BufferedReader:
    """Open a plain file of a folder; never waits for whoever stands behind it.

    Parameters
    ----------
    folder : Path
        Where the path starts.
    name : str
        Path with forward slashes.
    limit_bytes : int
        Largest size accepted [B].

    Returns
    -------
    file
        Open for reading.

    Raises
    ------
    RunFolderError
        If it is missing, no plain file or too large, or a link leads to it.
    """
    try:
        kind = kind_of(_status(folder, name).st_mode)
        if not kind:
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            file = os.fdopen(os.open(folder / name, flags | getattr(os, "O_BINARY", 0)), "rb")
            # What was looked at may have been exchanged since.
            kind = kind_of(os.fstat(file.fileno()).st_mode)
            size = os.fstat(file.fileno()).st_size
            if not kind and size <= limit_bytes:
                return file
            file.close()
            kind = kind or f"{size / 1e9:.1f} GB large; at most {limit_bytes / 1e9:.1f} GB are read"
    except OSError as error:
        raise RunFolderError([_unreadable(folder, name, error)]) from error
    raise RunFolderError([Problem(f"it is {kind}", _WHOLE, path=str(folder / name))])


def read_regular(folder: Path, name: str, limit_bytes: int = MAX_HELD_BYTES) -> bytes:
    """Read a plain file of a folder.

    Parameters
    ----------
    folder : Path
        Where the path starts.
    name : str
        Path with forward slashes.
    limit_bytes : int
        Largest size accepted [B].

    Returns
    -------
    bytes
        All of it.

    Raises
    ------
    RunFolderError
        As :func:`open_regular`, or if it is larger than it says.
    """
    with open_regular(folder, name, limit_bytes) as file:
        try:
            content = file.read(limit_bytes + 1)
        except OSError as error:
            raise RunFolderError([_unreadable(folder, name, error)]) from error
    if len(content) > limit_bytes:
        message = f"it does not end; at most {limit_bytes / 1e9:.1f} GB are read"
        raise RunFolderError([Problem(message, _WHOLE, path=str(folder / name))])
    return content


def walk(folder: Path) -> Iterator[tuple[str, str]]:
    """Go through everything in a folder but the folders themselves; no link is followed.

    Parameters
    ----------
    folder : Path
        Existing.

    Yields
    ------
    (str, str)
        Path with forward slashes, and what it is if it is no plain file.
    """
    for place, folders, files in os.walk(folder):
        inside = Path(place)
        # os.walk lists links to folders among the folders, and does not go into them.
        links = [name for name in folders if (inside / name).is_symlink()]
        for name in (*files, *links):
            path = inside / name
            try:
                kind = kind_of(path.lstat().st_mode)
            except OSError as error:
                kind = f"unreadable: {error.strerror}"
            shown = path.relative_to(folder).as_posix()
            if not shown.isprintable():
                shown, kind = ascii(shown), kind or "a file whose name cannot be shown"
            yield shown, kind


def kind_of(mode: int) -> str:
    """Name what is no plain file.

    Parameters
    ----------
    mode : int
        From ``stat``.

    Returns
    -------
    str
        Such as ``a pipe``; empty of a plain file.
    """
    if stat.S_ISREG(mode):
        return ""
    return next((said for test, said in _KINDS if test(mode)), "no plain file")


def _unreadable(folder: Path, name: str, error: OSError) -> Problem:
    return Problem(f"it cannot be read: {error.strerror}", _WHOLE, path=str(folder / name))


def _status(folder: Path, name: str) -> os.stat_result:
    """Look at a file, refusing a way that leads out of the folder or over a link."""
    if not is_plain(name):
        message = f"{name!r} leads out of the folder"
        raise RunFolderError([Problem(message, _WHOLE, path=str(folder))])
    *above, last = PurePosixPath(name).parts
    inside = folder
    for part in above:
        inside = inside / part
        if inside.is_symlink():
            raise RunFolderError(
                [Problem("it stands behind a link", _WHOLE, path=str(folder / name))]
            )
    return (inside / last).lstat()
