"""Files that a user names for a command to write: never put in the place of what is no file.

A file appears whole or not at all. A link keeps pointing where it does, its target is written. A
device or a pipe is written into. A folder, a socket and a disk are refused.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from perigrid.base.errors import OutputError, Problem
from perigrid.ledger.disk import replace_file

_DESCRIPTORS: Final = ("/proc/", "/dev/fd")
"""Folders whose links are what processes have open."""
_ANOTHER: Final = "name another file"


def write_output(place: Path, content: str | bytes, *, follow_links: bool = True) -> None:
    """Write what a user asked for to where the user asked.

    Parameters
    ----------
    place : Path
        The file; one that is there is replaced, a device or pipe is written into.
    content : str or bytes
        What is to stand in it; text as UTF-8.
    follow_links : bool
        Write the target of a link; refuse one otherwise.

    Raises
    ------
    OutputError
        If the place will not do; nothing is changed then.
    OSError
        If the disk does not take it; an earlier file is as it was.
    """
    data = content.encode() if isinstance(content, str) else content
    into = check_output(place, follow_links=follow_links)
    try:
        if into is None:
            _write_into(place, data)
        else:
            replace_file(into, data, mode=_mode(into))
    except (FileNotFoundError, PermissionError) as error:
        raise OutputError(_why(place, f"cannot be written: {error.strerror}", _ANOTHER)) from error


def check_output(place: Path, *, follow_links: bool = True) -> Path | None:
    """Refuse a place that cannot be written, before any work is done for it.

    Parameters
    ----------
    place : Path
        As named.
    follow_links : bool
        As for :func:`write_output`.

    Returns
    -------
    Path or None
        The file to be replaced; None for what is written into as it stands.

    Raises
    ------
    OutputError
        For folders, sockets, disks, and where no file can be made.
    """
    if place.is_symlink() and not follow_links:
        raise OutputError(
            _why(place, "a link stands here, it may lead anywhere", f"remove it, or {_ANOTHER}")
        )
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        return _in_folder(place)
    except OSError as error:
        raise OutputError(_why(place, f"cannot be written: {error.strerror}", _ANOTHER)) from error
    if stat.S_ISCHR(mode) or stat.S_ISFIFO(mode) or _descriptor(place):
        return None
    if not stat.S_ISREG(mode):
        kinds = {stat.S_IFDIR: "a folder", stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a disk"}
        kind = kinds.get(stat.S_IFMT(mode), "no file")
        raise OutputError(_why(place, f"cannot be written: this is {kind}", _ANOTHER))
    return _in_folder(place)


def _in_folder(place: Path) -> Path:
    """Say which file is to be replaced, and make sure that its folder takes one."""
    target = Path(os.path.realpath(place))
    if not target.parent.is_dir():
        raise OutputError(
            _why(place, "cannot be written: there is no such folder", f"{_ANOTHER}, or make it")
        )
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise OutputError(_why(place, "cannot be written: its folder may not be written", _ANOTHER))
    return target


def _descriptor(place: Path) -> str | None:
    """Tell links to what a process has open, as ``/dev/stdout`` is; give its path in ``/proc``."""
    link = place
    if place.is_symlink() and os.path.realpath(place.parent) == "/dev":
        link = place.readlink()
    named = f"{os.path.realpath(link.parent)}/{link.name}"
    return named if named.startswith(_DESCRIPTORS) else None


def _opened(place: Path) -> int:
    """Open what is written into as it stands."""
    named = _descriptor(place)
    number = "" if named is None else named.rpartition("/")[2]
    # What this process has open goes on where it is; opened anew it would begin elsewhere.
    if number.isdecimal() and named == os.path.realpath("/proc/self/fd") + f"/{number}":
        return os.dup(int(number))
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    return os.open(place, flags)


def _write_into(place: Path, data: bytes) -> None:
    """Write into a device, a pipe or an open file, whoever reads it and however slowly."""
    try:
        handle = _opened(place)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        remedy = "open it for reading first, or name another file"
        raise OutputError(
            _why(place, "cannot be written: nobody reads this pipe", remedy)
        ) from error
    try:
        os.set_blocking(handle, True)
        left = memoryview(data)
        with suppress(BrokenPipeError):  # whoever reads it has read enough
            while left:
                left = left[os.write(handle, left) :]
    except OSError as error:
        error.filename = str(place)
        raise
    finally:
        os.close(handle)


def _mode(target: Path) -> int:
    """Keep the permissions of a file that is replaced; a new one has the process's own."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except OSError:
        mask = os.umask(0)  # can only be read by setting it
        os.umask(mask)
        return 0o666 & ~mask


def _why(place: Path, message: str, remedy: str) -> list[Problem]:
    return [Problem(message, remedy, path=str(place))]
