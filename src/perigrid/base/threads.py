"""How many threads a user lets kernels use."""

from __future__ import annotations

import os
from typing import Final

from perigrid.base.errors import InputError, Problem

THREADS_VARIABLE: Final = "PERIGRID_THREADS"
"""Environment variable that limits the threads of a process."""

MOST_THREADS: Final = 1024
_DIGITS: Final = 5  # a longer number is too large in any case


def asked_threads() -> int | None:
    """Read the environment variable ``PERIGRID_THREADS``.

    Returns
    -------
    int or None
        None if it is not set, or empty.

    Raises
    ------
    InputError
        If it is no whole number from 1 to :data:`MOST_THREADS`.
    """
    asked = os.environ.get(THREADS_VARIABLE, "").strip()
    if not asked:
        return None
    plain = asked.isascii() and asked.isdecimal() and len(asked) <= _DIGITS
    if not plain or not 1 <= int(asked) <= MOST_THREADS:
        message = f"{asked[:40]!r} is no number of threads"
        remedy = f"give a whole number from 1 to {MOST_THREADS}, or unset the variable"
        raise InputError([Problem(message, remedy, path=THREADS_VARIABLE)])
    return int(asked)
