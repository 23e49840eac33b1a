"""Windows of many rows, found on several threads, put together in one order."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.chunks import over_ranges

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Found = tuple[Ints, Floats]

_FIRST_CAPACITY: Final = 1 << 14


def gathered(kernel: Any, count: int, smallest: int, arguments: tuple[Any, ...]) -> Found:  # noqa: ANN401  compiled functions have no types
    """Run a kernel that finds an unknown number of windows over rows, on several threads.

    Parameters
    ----------
    kernel : callable
        ``kernel(first, stop, *arguments, owners, spans)`` fills an (n, 2) and an (n, 3) array
        and returns how many windows it found in the rows it finished, and the first row it had no
        room for.
    count, smallest : int
        Rows, and rows worth a thread.
    arguments : tuple
        Passed on.

    Returns
    -------
    owners : (n, 2) int array
        In the order of the rows.
    spans : (n, 3) float array
        Start and end [s], and what the kernel says of the window.
    """
    parts: dict[int, Found] = {}

    def work(first: int, stop: int) -> None:
        capacity = _FIRST_CAPACITY
        while first < stop:
            owners, spans = np.empty((capacity, 2), dtype=np.int64), np.empty((capacity, 3))
            found, following = kernel(first, stop, *arguments, owners, spans)
            parts[first] = owners[:found], spans[:found]
            # A row that alone is too much for the room gets more of it.
            capacity *= 4 if following == first else 1
            first = following

    over_ranges(work, count, smallest)
    ordered = [parts[first] for first in sorted(parts)]
    return (
        np.concatenate([np.empty((0, 2), dtype=np.int64), *(owners for owners, _ in ordered)]),
        np.concatenate([np.empty((0, 3)), *(spans for _, spans in ordered)]),
    )


def stable_order(key: Floats) -> Ints:
    """Order that sorts a key, rows of equal key as they come.

    Parameters
    ----------
    key : (n,) float array
        What to sort by, any unit.

    Returns
    -------
    (n,) int array
        Rows; several times quicker than numpy's stable sort where few are equal.
    """
    order: Ints = np.argsort(key)
    equal = np.flatnonzero(np.diff(key[order]) == 0.0)
    tied = np.union1d(equal, equal + 1)
    rows = order[tied]
    order[tied] = rows[np.lexsort((rows, key[rows]))]
    return order
