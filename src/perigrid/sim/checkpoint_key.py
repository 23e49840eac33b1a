"""The key that tells our own checkpoints from those that somebody hands us.

It lies where the user's programs keep their state, readable by the user only: whoever can put files
into a run's folder cannot write a checkpoint that is taken for ours.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

KEY_BYTES: Final = 32
_OTHERS: Final = 0o077


def key_place() -> Path:
    """Say where the key is kept.

    Returns
    -------
    Path
        Below ``$XDG_STATE_HOME``, which is ``~/.local/state`` if it is not set.
    """
    given = os.environ.get("XDG_STATE_HOME", "")
    state = Path(given) if given.startswith("/") else Path("~/.local/state").expanduser()
    return state / "perigrid" / "checkpoint.key"


def user_key(make: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """Read the key; the first time, make it.

    Parameters
    ----------
    make : callable
        Gives as many random bytes as it is asked for.

    Returns
    -------
    bytes
        Of :data:`KEY_BYTES`.

    Raises
    ------
    OSError
        If there is no place for it, or others than its owner may read or change it.
    """
    place = key_place()
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = place.with_name(f".{place.name}.{make(8).hex()}")
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(make(KEY_BYTES))
                stream.flush()
                os.fsync(stream.fileno())
            # Unlike a rename, a link leaves the key that another process has made meanwhile.
            if not place.exists():
                place.hardlink_to(scratch)
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
    return _read(place)


def _read(place: Path) -> bytes:
    handle = os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(stream.fileno())
        if hasattr(os, "getuid") and (found.st_mode & _OTHERS or found.st_uid != os.getuid()):
            raise PermissionError(1, "others may read or change it", str(place))
        key = stream.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise OSError(5, "it is no key", str(place))
    return key
