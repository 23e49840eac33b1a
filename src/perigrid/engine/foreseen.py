"""What people will do for certain, known before a run: the loop asks nobody about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from perigrid.base.messages import EnvelopeAnswered, Ordered
from perigrid.control.core.messages import NOTHING
from perigrid.engine.columns import ENTRY
from perigrid.engine.state import Due, Floats, Longs


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Events that are certain, and what they stop.

    Parameters
    ----------
    opening : sequence of EnvelopeAnswered or Ordered
        In the order in which they are entered.
    stops_s : (n_stops, 2) float array
        From when until when a node begins nothing that is not safe [s].
    stopped : (n_nodes + 2,) int array
        First of these rows for each node, for the relay network as a whole, and their number.
    signers : int
        How many may answer a request.
    """

    opening: Sequence[EnvelopeAnswered | Ordered]
    stops_s: Floats
    stopped: Longs
    signers: int

    @classmethod
    def nothing(cls, nodes: int) -> Foreseen:
        """Foresee nothing.

        Parameters
        ----------
        nodes : int
            Of the fleet.

        Returns
        -------
        Foreseen
            Without events, and with nobody who could answer.
        """
        return cls((), np.zeros((0, 2)), np.zeros(nodes + 2, dtype=np.int64), 0)

    def entries(self, order: int) -> np.ndarray[Any, Any]:
        """Lay the events out as the beginning of a queue.

        Parameters
        ----------
        order : int
            Of the first that is entered.

        Returns
        -------
        structured array
            Columns of :data:`perigrid.engine.columns.ENTRY`, a heap; ``part`` is an event's number.
        """
        table = np.zeros(len(self.opening), dtype=ENTRY)
        table["t_s"] = [event.t_s for event in self.opening]
        table["job"], table["part"] = NOTHING, np.arange(len(table))
        table["order"] = order + table["part"]
        orders = [isinstance(event, Ordered) for event in self.opening]
        table["kind"] = np.where(orders, Due.ORDER, Due.ENVELOPE)
        return table[np.argsort(table["t_s"], kind="stable")]
