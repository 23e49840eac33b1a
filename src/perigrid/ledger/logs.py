"""Which log a record belongs to: one for each satellite, one on the ground.

A record whose messages all concern one satellite is that satellite's: what it took, computed or
sent. Everything else is the ground controller's, which decides over all of them: timers, approvals,
telemetry of the fleet, what ground nodes did, and instants at which several satellites act. So a
record stands in exactly one log, and the batches that the controller decided on stay whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from perigrid.base.jobs import Job
from perigrid.ledger.merkle import CompactRange

GROUND: Final = "ground"
"""The ground controller's log; the states of all others are entered into it."""


class NodeLogs:
    """The Merkle logs of one run.

    Parameters
    ----------
    nodes : sequence of str
        Satellites in order of their fleet rows; the rows after them are on the ground.
    """

    def __init__(self, nodes: Sequence[str] = ()) -> None:
        self._nodes = tuple(nodes)
        self._logs = {GROUND: CompactRange()}
        self._anchored: dict[str, int] = {}

    def owner(self, messages: Iterable[object]) -> str:
        """Find the log of a record.

        Parameters
        ----------
        messages : iterable of object
            Its events or actions.

        Returns
        -------
        str
            A satellite, or :data:`GROUND`.
        """
        rows = {_row(message) for message in messages}
        row = rows.pop() if len(rows) == 1 else -1
        return self._nodes[row] if 0 <= row < len(self._nodes) else GROUND

    def size(self, log: str) -> int:
        """Count the leaves of a log.

        Parameters
        ----------
        log : str
            Which.

        Returns
        -------
        int
            0 for one that has none yet.
        """
        return self._logs[log].size if log in self._logs else 0

    def root(self, log: str) -> bytes:
        """Hash a log.

        Parameters
        ----------
        log : str
            One that has leaves, or the ground's.

        Returns
        -------
        bytes
            Its Merkle tree head.
        """
        return self._logs[log].root()

    def append(self, log: str, hashed_leaf: bytes) -> None:
        """Add a leaf.

        Parameters
        ----------
        log : str
            Which.
        hashed_leaf : bytes
            The record's hash.
        """
        tree = self._logs.get(log)
        if tree is None:
            tree = self._logs[log] = CompactRange()
        tree.append(hashed_leaf)

    def names(self) -> list[str]:
        """List the satellites' logs that have leaves.

        Returns
        -------
        list of str
            In alphabetical order.
        """
        return sorted(self._logs.keys() - {GROUND})

    def grown(self, names: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Give the states of those logs that have grown since they were last anchored.

        Parameters
        ----------
        names : iterable of str
            Satellites.

        Returns
        -------
        dict
            ``size`` and ``root`` by log.
        """
        return {
            name: {"size": self._logs[name].size, "root": self._logs[name].root().hex()}
            for name in sorted(set(names))
            if self.size(name) > self._anchored.get(name, 0)
        }

    def anchor(self, states: dict[str, dict[str, Any]]) -> None:
        """Remember that states are entered in the ground's log.

        Parameters
        ----------
        states : dict
            From :meth:`grown`, or read from a record.
        """
        for name, state in states.items():
            self._anchored[name] = state["size"]


def _row(message: object) -> int:
    """Fleet row that a message concerns; -1 if it concerns no one node."""
    job = getattr(message, "job", None)
    if isinstance(job, Job):
        return job.origin
    row = getattr(message, "node", None)
    row = getattr(message, "source", None) if row is None else row
    return row if type(row) is int else -1
