"""Rows of tables as the bytes that are hashed."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.void]
Bytes = npt.NDArray[np.uint8]


def bytes_of(table: Table) -> Bytes:
    """See the rows of a table as bytes.

    Parameters
    ----------
    table : (n, ...) structured array
        Contiguous.

    Returns
    -------
    (n, row bytes) uint8 array
        The same memory.
    """
    nbytes = table.dtype.itemsize * math.prod(table.shape[1:])
    found: Bytes = table.view(np.uint8).reshape(len(table), nbytes)
    return found
