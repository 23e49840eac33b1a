"""Decisions of a large fleet as rows of bytes: what is hashed into the ledger, and told in a table.

A row is a leaf of the tree of its batch: ``SHA-256(0x00 || row || alternatives)``, little-endian
and packed as :data:`ROW` and :data:`OTHER` say. Nodes are numbered satellites first, then ground
nodes in the order of the fleet; rules as the pins list them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from perigrid.ledger.row_hash import leaf_hashes
from perigrid.ledger.tables import WEIGHED

Table = npt.NDArray[np.void]
Bytes = npt.NDArray[np.uint8]


class Kind(IntEnum):
    """What was decided about a job."""

    COMPUTE = 0
    WAIT = 1
    CLOSE = 2
    ASK = 3


KINDS: Final = tuple(one.name.lower() for one in Kind)
"""As they stand in tables."""
ALLOWED: Final = "allow"
ASKED: Final = "ask"

ROW: Final[list[tuple[str, str]]] = [
    ("t_s", "<f8"),
    ("until_s", "<f8"),  # answer expected, or next try; inf if it was given up
    ("job", "<i4"),
    ("attempt", "<i4"),
    ("source", "<i4"),
    ("node", "<i4"),
    ("candidates", "<i4"),
    ("rule", "<i4"),
    ("kind", "u1"),
    ("reason", "u1"),  # why nobody was chosen
]
OTHER: Final[list[tuple[str, str]]] = [("answer_s", "<f8"), ("node", "<i4"), ("reason", "u1")]
"""An alternative of a decision."""

NODES: Final = "network"
RULES: Final = "rule_names"
REASONS: Final = "reason_names"
"""Keys of the pins of what the numbers in rows mean."""


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


def pinned_words(
    rules: Sequence[str], reasons: Sequence[str], satellites: int, first_ground: int
) -> dict[str, Any]:
    """Say what the numbers in rows mean, for the pins.

    Parameters
    ----------
    rules, reasons : sequence of str
        Names by number.
    satellites, first_ground : int
        How many satellites there are, and the fleet row of the first ground node.

    Returns
    -------
    dict
        JSON values.
    """
    nodes = {"satellites": satellites, "first_ground": first_ground}
    return {RULES: list(rules), REASONS: list(reasons), NODES: nodes}


def leaves_of(frame: pl.DataFrame, pins: Mapping[str, Any], nodes: Sequence[str]) -> Bytes:
    """Work the leaf hashes of a table of decisions out again.

    Parameters
    ----------
    frame : polars.DataFrame
        Columns of :data:`perigrid.ledger.tables.FLEET_ACTIONS`.
    pins : mapping
        What the run was pinned to.
    nodes : sequence of str
        Names of all nodes, by fleet row.

    Returns
    -------
    (n, 32) uint8 array
        By row.

    Raises
    ------
    KeyError, ValueError, polars.exceptions.PolarsError
        If a word in the table is none of those pinned.
    """
    network = pins[NODES]
    names = [*nodes[: network["satellites"]], *nodes[network["first_ground"] :]]
    codes = _Codes(frame, ("", *names))
    row = np.zeros(frame.height, dtype=ROW)
    row["t_s"], row["job"] = frame["t_s"], frame["job_id"]
    row["attempt"], row["candidates"] = frame["attempt"], frame["candidates"]
    row["source"], row["node"] = codes.nodes("source"), codes.nodes("target")
    row["rule"], row["reason"] = codes.of("rule", pins[RULES]), codes.of("reason", pins[REASONS])
    row["kind"] = codes.of("kind", KINDS)
    row["until_s"] = np.where(row["kind"] == Kind.CLOSE, np.inf, frame["t_until_s"])
    others = np.zeros((frame.height, WEIGHED), dtype=OTHER)
    for place in range(WEIGHED):
        label = f"other{place + 1}"
        others["answer_s"][:, place] = frame[f"{label}_t_answer_s"]
        others["node"][:, place] = codes.nodes(label)
        others["reason"][:, place] = codes.of(f"{label}_why", pins[REASONS])
    return leaf_hashes(bytes_of(row), bytes_of(others))


class _Codes:
    """Words of a table as the numbers that stand for them."""

    def __init__(self, frame: pl.DataFrame, names: Sequence[str]) -> None:
        self._frame = frame
        self._names = list(names)

    def nodes(self, column: str) -> npt.NDArray[np.int64]:
        """Numbers of nodes; -1 for none."""
        return self.of(column, self._names) - 1

    def of(self, column: str, words: Sequence[str]) -> npt.NDArray[np.int64]:
        """Places of words in a list."""
        series = self._frame[column].cast(pl.Enum(list(words)))
        return series.to_physical().cast(pl.Int64).to_numpy()
