"""Contacts that may not be planned with: what faults close, and what may not carry a product."""

from __future__ import annotations

import numpy as np

from perigrid.control.contact_plan.kernel import Bools
from perigrid.control.contact_plan.table import ContactTable, Floats, Ints
from perigrid.fleet.model import ContactKind


class Closures:
    """Contacts closed for good, nodes away until they are believed to be back, kinds of contact.

    Parameters
    ----------
    table : ContactTable
        The contacts.
    kind : (n,) int array
        :class:`~perigrid.fleet.model.ContactKind` of each, in the table's order.
    """

    def __init__(self, table: ContactTable, kind: Ints) -> None:
        self._table, self._kind = table, kind
        self.away_s: Floats = np.full(table.n_nodes, -np.inf)
        self._closed_s: Floats | None = None  # both, by contact; None while nothing is closed
        self._barred: dict[frozenset[ContactKind] | None, Bools | None] = {None: None}

    def follow(self, excluded: Bools, away_s: Floats) -> None:
        """Take over what is closed elsewhere.

        Parameters
        ----------
        excluded : (n,) bool array
            Contacts that are closed for good.
        away_s : (n_nodes,) float array
            Until when nodes are away [s].
        """
        self.away_s[:] = away_s
        closed_s = np.maximum(away_s[self._table.source], away_s[self._table.target])
        closed_s = np.where(excluded, np.inf, closed_s)
        self._closed_s = closed_s if (closed_s > -np.inf).any() else None

    def free_s(self, free_s: Floats, links: frozenset[ContactKind] | None) -> Floats:
        """Say from when on contacts are free to a product.

        Parameters
        ----------
        free_s : (n,) float array
            By what is booked; not changed [s].
        links : frozenset of ContactKind or None
            What may carry it; None for all.

        Returns
        -------
        (n,) float array
            Infinity for those that never are [s].
        """
        if self._closed_s is not None:
            free_s = np.maximum(free_s, self._closed_s)
        barred = self.barred(links)
        return free_s if barred is None else np.where(barred, np.inf, free_s)

    def barred(self, links: frozenset[ContactKind] | None) -> Bools | None:
        """Mark the contacts of other kinds than some.

        Parameters
        ----------
        links : frozenset of ContactKind or None
            Those that are allowed; None for all.

        Returns
        -------
        (n,) bool array or None
            None where all are allowed.
        """
        if links not in self._barred:
            self._barred[links] = ~np.isin(self._kind, [int(one) for one in links or ()])
        return self._barred[links]
