"""Files and names brought to the disk, so that they outlive a power cut, and locks on folders."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from perigrid.ledger.disk import sync_folder as sync_folder

if sys.platform != "win32":
    import fcntl


def sync_tree(folder: Path) -> None:
    """Bring all files of a folder, and of those in it, to the disk.

    Parameters
    ----------
    folder : Path
        Existing.
    """
    for place in [folder, *folder.rglob("*")]:
        sync_folder(place)


def lock_folder(folder: Path) -> tuple[int | None, bool]:
    """Claim a folder for this process; one of a process that died does not count.

    Parameters
    ----------
    folder : Path
        Existing.

    Returns
    -------
    handle : int or None
        To close when done; None where folders cannot be locked.
    free : bool
        False if a living process has claimed it.
    """
    if sys.platform == "win32":
        return None, True
    # Not through a link, which could lead to a folder of somebody else's.
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None, False
    except OSError:  # a file system without locks
        os.close(handle)
        return None, True
    return handle, True
