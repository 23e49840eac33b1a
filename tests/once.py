"""Flights that several tests read, flown once for all processes that share the tests."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

SHARED = "PERIGRID_TESTS_SHARED"
"""Names the folder that processes share; the session's fixture sets it."""
_OWN = tempfile.TemporaryDirectory(prefix="perigrid-once-")


def once(name: str, make: Callable[[Path], object]) -> Path:
    """Give a folder that is filled by the first that asks; the others wait for it.

    Parameters
    ----------
    name : str
        Of the folder.
    make : callable
        Makes and fills it.

    Returns
    -------
    Path
        To be read only.
    """
    root = Path(os.environ.get(SHARED, _OWN.name))
    root.mkdir(parents=True, exist_ok=True)
    folder, done = root / name, root / f"{name}.done"
    with (root / f"{name}.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of one that failed
            make(folder)
            done.touch()
    return folder
