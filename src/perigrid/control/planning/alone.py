"""What a job could reach if it had the whole network and every computer to itself."""

from __future__ import annotations

import numpy as np

from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.contact_plan import ContactTable, Exit, contact_table
from perigrid.control.contact_plan.search import earliest_arrival
from perigrid.fleet.model import Contacts, Floats, Ints

FOREVER_S = 1e9
"""Longer than any run; the ground is connected all the time. [s]"""


ROUNDING_S = 1e-9
"""Windows turned round are wider by it, so that what just fits one way fits the other. [s]"""


class EmptyNetwork:
    """Contacts with nothing booked, seen from the senders and from the data centres.

    Parameters
    ----------
    contacts : Contacts
        Those that may be used.
    n_nodes : int
        Rows of the fleet.
    exits : dict of int to Exit
        The way from each ground node to its data centre.
    nbytes : float
        What is carried [B].
    closed : frozenset of int
        Ground nodes that it may not touch.

    Notes
    -----
    A search for the latest time at which a product must leave is a search for its earliest arrival
    in time turned round: a contact from :math:`a` to :math:`b` that is open from :math:`s` to
    :math:`e` and has a delay :math:`d` is one from :math:`b` to :math:`a`, open from
    :math:`-e-d` to :math:`-s-d`, with the same delay.
    """

    def __init__(
        self,
        contacts: Contacts,
        n_nodes: int,
        exits: dict[int, Exit],
        nbytes: float,
        closed: frozenset[int] = frozenset(),
    ) -> None:
        self._nbytes = nbytes
        self._sink = n_nodes
        ground = np.array(sorted(exits), dtype=np.int64)
        ways = [exits[int(row)] for row in ground]
        rate_bps = np.array([way.rate_bps for way in ways])
        self._table, self._back = _both_ways(
            n_nodes + 1,
            np.concatenate([contacts.source, ground]),
            np.concatenate([contacts.target, np.full(len(ground), n_nodes)]),
            np.concatenate([contacts.t_start_s, np.full(len(ground), -FOREVER_S)]),
            np.concatenate([contacts.t_end_s, np.full(len(ground), FOREVER_S)]),
            np.concatenate([contacts.rate_bps, rate_bps]),
            np.concatenate([contacts.light_time_s, np.array([way.delay_s for way in ways])]),
        )
        self._allowed = ~np.isin(np.arange(n_nodes + 1), list(closed))
        self._last: tuple[float, Floats] | None = None

    @property
    def back(self) -> ContactTable:
        """The contacts with time turned round; a node behind the last is all data centres."""
        return self._back

    def earliest_s(self, source: int, t_s: float, latest_s: float) -> Floats:
        """Say when the product can be at every node.

        Parameters
        ----------
        source : int
            Fleet row that has it.
        t_s : float
            From when on [s].
        latest_s : float
            Later arrivals are not looked for [s].

        Returns
        -------
        (n_nodes,) float array
            ``t_s`` at the source, infinity where it does not come [s].
        """
        found = earliest_arrival(
            self._table, self._table.start_s, source, t_s, self._nbytes,
            allowed=self._allowed, latest_s=latest_s,
        )  # fmt: skip
        arrival_s = np.where(found.arrival_s <= latest_s, found.arrival_s, np.inf)
        arrival_s[source] = t_s
        return arrival_s[:-1]

    def latest_s(self, due_s: float) -> Floats:
        """Say until when the product must be ready at every node to be at a data centre in time.

        Parameters
        ----------
        due_s : float
            When it must be there [s].

        Returns
        -------
        (n_nodes,) float array
            Minus infinity where no way is left [s].
        """
        if self._last is None or self._last[0] != due_s:
            back = earliest_arrival(
                self._back, self._back.start_s, self._sink, -due_s, self._nbytes,
                allowed=self._allowed,
            )  # fmt: skip
            self._last = (due_s, -back.arrival_s[:-1])
        return self._last[1]


def _both_ways(
    n_nodes: int,
    source: Ints,
    target: Ints,
    start_s: Floats,
    end_s: Floats,
    rate_bps: Floats,
    light_s: Floats,
) -> tuple[ContactTable, ContactTable]:
    """Contacts as they are, and with time turned round."""
    there = contact_table(n_nodes, source, target, start_s, end_s, rate_bps, light_s)
    back = contact_table(
        n_nodes, target, source, -end_s - light_s - ROUNDING_S, -start_s - light_s + ROUNDING_S,
        rate_bps, light_s,
    )  # fmt: skip
    return there, back


def fibre_s(way: Exit, nbytes: float) -> float:
    """Time from a ground node to its data centre.

    Parameters
    ----------
    way : Exit
        The way.
    nbytes : float
        What is carried [B].

    Returns
    -------
    float
        Sending and delay [s].
    """
    return way.delay_s + nbytes * BITS_PER_BYTE / way.rate_bps
