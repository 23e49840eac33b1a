"""Sets of nodes that rules open and close, in the order of a contact plan or of a fleet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perigrid.control.contact_plan import ContactPlan, ContactTable
from perigrid.control.core.state import Bools, Longs
from perigrid.fleet.model import Fleet


@dataclass(frozen=True, slots=True)
class Ordered:
    """Nodes in the order in which sets of open ones are kept.

    Parameters
    ----------
    index_of : (n_nodes,) int array
        Place of each row of the fleet; -1 for none.
    entered, entered_back : (n,) bool array
        What anything leads to; in time turned round by fleet row.
    exits : tuple of int
        Fleet rows of ground nodes at which a way down can end.
    """

    index_of: Longs
    entered: Bools
    entered_back: Bools
    exits: tuple[int, ...]

    @classmethod
    def of_plan(cls, plan: ContactPlan, back: ContactTable) -> Ordered:
        """Take the order of a contact plan's nodes, and the contacts with time turned round."""
        return cls(plan.fixed_parts[3], plan.fixed_parts[4].entered, back.entered, plan.exits())

    @classmethod
    def of_fleet(cls, fleet: Fleet) -> Ordered:
        """Take the order of the fleet: routes may lead anywhere."""
        n = len(fleet.names)
        every = np.ones(n, dtype=np.bool_)
        return cls(np.arange(n), every, every, tuple(fleet.stations))


class NodeSets:
    """Sets of nodes in their order, each once; the first for which no node is closed."""

    def __init__(self, nodes: Ordered) -> None:
        self._nodes = nodes
        self.open: list[Bools] = []
        self.masks: list[Bools] = []  # the same, with nodes that nothing leads to
        self.back: list[Bools] = []
        self._known: dict[bytes, int] = {}
        self.shut: list[Bools] = [np.zeros(len(nodes.entered), dtype=np.bool_)]
        self._shut: dict[bytes, int] = {self.shut[0].tobytes(): 0}

    def add(self, forbidden: frozenset[int]) -> tuple[int, int]:
        """Give the rows of the set of what is not forbidden, there and back."""
        nodes, mask = self._nodes, ~self._closed(forbidden)
        row = self._known.setdefault(mask.tobytes(), len(self.open))
        if row == len(self.open):
            back = nodes.entered_back.copy()
            placed = [one for one in forbidden if nodes.index_of[one] >= 0]
            back[placed] = False
            self.masks.append(mask)
            self.open.append(nodes.entered & mask)
            self.back.append(back)
        return row, row

    def close(self, closed: frozenset[int]) -> int:
        """Give the row of a set of closed nodes."""
        mask = self._closed(closed)
        row = self._shut.setdefault(mask.tobytes(), len(self.shut))
        if row == len(self.shut):
            self.shut.append(mask)
        return row

    def _closed(self, closed: frozenset[int]) -> Bools:
        mask = np.zeros(len(self._nodes.entered), dtype=np.bool_)
        if closed:
            found = self._nodes.index_of[list(closed)]
            mask[found[found >= 0]] = True
        return mask
