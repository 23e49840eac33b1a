"""Writing one file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from perigrid.base.errors import Problem, RunFolderError


def write_text(place: Path, content: str) -> None:
    """Write a file beside its place, then put it there.

    Parameters
    ----------
    place : Path
        The file; one that is there is replaced.
    content : str
        What is to stand in it.

    Raises
    ------
    RunFolderError
        If its folder is missing or may not be written, or the place is a folder.
    """
    try:
        _replace(place, content)
    except (FileNotFoundError, PermissionError, NotADirectoryError, IsADirectoryError) as error:
        message, remedy = f"cannot be written: {error.strerror}", "name another file with -o"
        raise RunFolderError([Problem(message, remedy, path=str(place))]) from error


def _replace(place: Path, content: str) -> None:
    """Write beside the place and rename; leave nothing behind that failed."""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(content)
        # mkstemp lets only the owner read; a report is made to be passed on.
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    """Read the process's mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
