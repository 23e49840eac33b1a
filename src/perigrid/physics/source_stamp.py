"""What compiled code was made from: a kernel's file, and those it takes parts or numbers from."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Final

_IMPORT: Final = re.compile(rb"^from (perigrid[\w.]*) import ", re.MULTILINE)
Stamp = tuple[str, int, int]
"""A file's name, its time of change [ns], its size [B]; sources and code may move together."""


def source_stamp(file: str) -> tuple[Stamp, ...]:
    """Say what the kernels of a file depend on.

    Numba itself looks at the kernel's own file only, and would go on with the code of parts that
    have changed since.

    Parameters
    ----------
    file : str
        Source of a module whose imports at the top are done.

    Returns
    -------
    tuple of (str, int, int)
        Of the file and of every module of this package that it imports, directly or not, sorted.
    """
    found: set[str] = set()
    ahead = [file]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            ahead += _imported(path)
    return tuple(sorted(stamp for path in found if (stamp := _stamp(path)) is not None))


@cache
def _imported(file: str) -> tuple[str, ...]:
    """Files that a file imports from this package; none where its source cannot be read."""
    try:
        source = Path(file).read_bytes()
    except OSError:
        return ()
    names = {name.decode() for name in _IMPORT.findall(source)}
    paths = (getattr(sys.modules.get(name), "__file__", None) for name in names)
    return tuple(path for path in paths if path is not None)


@cache
def _stamp(file: str) -> Stamp | None:
    try:
        found = Path(file).stat()
    except OSError:
        return None
    return Path(file).name, found.st_mtime_ns, found.st_size
