"""The controller's view of the contacts: earliest ways to data centres and nodes, and bookings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from perigrid.base.messages import Alternative, Leg
from perigrid.base.units import BITS_PER_BYTE
from perigrid.control.alternatives import LATER, shortlist
from perigrid.control.contact_plan.antennas import NO_ANTENNAS, Antennas, needs
from perigrid.control.contact_plan.closures import Closures
from perigrid.control.contact_plan.equipment import Equipment, equipment
from perigrid.control.contact_plan.exits import Exit, fibre_leg
from perigrid.control.contact_plan.kernel import Bools
from perigrid.control.contact_plan.opening import Found, Open, Route, search_open
from perigrid.control.contact_plan.search import Arrivals, contacts_to, start_of
from perigrid.control.contact_plan.table import ContactTable, contact_table
from perigrid.fleet.model import ContactKind, Contacts, Floats, Ints

NAMED_EXITS = 2
"""Other ends of a way down that are named."""
_KIND_NAMES = {int(kind): kind.name.lower() for kind in ContactKind}


class ContactPlan:
    """Contact windows with what is already booked on them.

    Parameters
    ----------
    contacts : Contacts
        All windows of the outlook.
    kinds : iterable of ContactKind
        The kinds that the architecture may use.
    n_nodes : int
        Rows of the fleet.
    exits : dict of int to Exit
        The way from each ground node to its data centre.
    antennas : dict of int to Antennas, optional
        By fleet row of the station; one that is left out has one for each satellite.
    """

    def __init__(
        self,
        contacts: Contacts,
        kinds: Iterable[ContactKind],
        n_nodes: int,
        exits: dict[int, Exit],
        antennas: Mapping[int, Antennas] = NO_ANTENNAS,
    ) -> None:
        self._kinds = frozenset(kinds)
        usable = np.isin(contacts.kind, [int(kind) for kind in self._kinds])
        self._rows: Ints = np.flatnonzero(usable).astype(np.int64)
        self.contacts = contacts.some(self._rows)
        ends = (self.contacts.source, self.contacts.target, list(exits))
        nodes = np.unique(np.concatenate(ends))
        self._node_of: Ints = nodes.astype(np.int64)
        self._index_of: Ints = np.full(n_nodes, -1, dtype=np.int64)
        self._index_of[self._node_of] = np.arange(len(self._node_of))
        users, items = needs(self.contacts, n_nodes, antennas)
        self.booked = equipment(items, 0)
        self._table = contact_table(
            len(nodes),
            self._index_of[self.contacts.source],
            self._index_of[self.contacts.target],
            self.contacts.t_start_s,
            self.contacts.t_end_s,
            self.contacts.rate_bps,
            self.contacts.light_time_s,
            users,
        )
        self._place: Ints = self._table.places()
        self._free_s: Floats = np.full(len(self._table), -np.inf)
        self.ways_out = exits
        self._grounds = sorted(exits)
        self._ground_index: Ints = self._index_of[self._grounds]
        self._delay_s: Floats = np.array([exits[ground].delay_s for ground in self._grounds])
        self._fibre_bps: Floats = np.array([exits[ground].rate_bps for ground in self._grounds])
        self._is_exit: Bools = np.isin(self._node_of, list(exits))
        self.booked_bytes: Floats = np.zeros(len(contacts))
        self._kind: Ints = self.contacts.kind[self._table.row_of]
        self._closures = Closures(self._table, self._kind)

    @property
    def fixed_parts(self) -> tuple[Ints, Contacts, Ints, Ints, ContactTable, Ints, Ints]:
        """What no booking changes: rows of the outlook, contacts, nodes both ways, table, order."""
        return (self._rows, self.contacts, self._node_of, self._index_of, self._table,
                self._place, self._kind)  # fmt: skip

    def allowed_nodes(
        self,
        forbidden: frozenset[int],
        opens_s: Callable[[int, float], float] | None = None,
        links: frozenset[ContactKind] | None = None,
    ) -> Open:
        """Nodes a product may touch.

        Parameters
        ----------
        forbidden : frozenset of int
            Fleet rows that policy refuses at all times.
        opens_s, links : optional
            As :class:`Open` takes them.

        Returns
        -------
        Open
            In the plan's own node order.
        """
        mask = np.ones(len(self._node_of), dtype=np.bool_)
        if forbidden:
            found = self._index_of[list(forbidden)]
            mask[found[found >= 0]] = False
        return Open(mask, opens_s, None if links is None or links >= self._kinds else links)

    def to_data_centre(
        self,
        source: int,
        t_ready_s: float,
        nbytes: float,
        allowed: Open,
    ) -> Route | None:
        """Find the earliest arrival at any data centre.

        Parameters
        ----------
        source : int
            Fleet row that holds the product.
        t_ready_s : float
            When it is ready there [s].
        nbytes : float
            Its size [B].
        allowed : Open
            From :meth:`allowed_nodes`.

        Returns
        -------
        Route or None
            None if no window within the outlook can carry it. Its alternatives are the ways that
            end at other ground nodes.
        """
        if self._index_of[source] < 0:
            return None
        found = self._search(source, t_ready_s, nbytes, allowed)
        reached = self._reached(found.arrivals, nbytes)
        if not reached:
            return None
        t_arrival_s, ground = reached[0]
        legs, opens_s = self._legs(found, ground, allowed)
        landed_s = legs[-1].t_arrival_s if legs else t_ready_s
        fibre = fibre_leg(self.ways_out[ground], ground, landed_s, nbytes)
        others = [Alternative(other, reach_s, LATER) for reach_s, other in reached[1:]]
        named = shortlist(others, NAMED_EXITS)
        return Route((*legs, fibre), fibre.target, t_arrival_s, named, opens_s)

    def to_nodes(
        self, source: int, t_ready_s: float, nbytes: float, allowed: Open
    ) -> dict[int, Route]:
        """Find the earliest arrival at every node that can be reached.

        Parameters
        ----------
        source, t_ready_s, nbytes, allowed
            As in :meth:`to_data_centre`.

        Returns
        -------
        dict of int to Route
            By fleet row, without the source itself.
        """
        if self._index_of[source] < 0:
            return {}
        found = self._search(source, t_ready_s, nbytes, allowed)
        routes = {}
        arrival_s = found.arrivals.arrival_s
        for index in np.flatnonzero(np.isfinite(arrival_s)):
            node = int(self._node_of[index])
            if node != source:
                legs, opens_s = self._legs(found, node, allowed)
                routes[node] = Route(legs, node, float(arrival_s[index]), (), opens_s)
        return routes

    def rows(self, nodes: Bools) -> frozenset[int]:
        """Turn a mask of nodes into fleet rows.

        Parameters
        ----------
        nodes : (n_active_nodes,) bool array
            In the plan's own node order.

        Returns
        -------
        frozenset of int
            Where the mask is true.
        """
        return frozenset(self._node_of[nodes].tolist())

    def exits(self) -> tuple[int, ...]:
        """List the ground nodes at which a way down can end.

        Returns
        -------
        tuple of int
            Fleet rows of those that any contact of the plan leads to.
        """
        return tuple(
            sorted(one for one in self.ways_out if self._table.entered[self._index_of[one]])
        )

    def follow(self, booked: Equipment, closed: tuple[Bools, Floats] | None) -> None:
        """Look at what is booked, and take over who is closed or away till when."""
        self.booked = booked
        if closed is not None:
            self._closures.follow(closed[0], closed[1][self._node_of])

    def next_window_s(
        self, source: int, t_s: float, links: frozenset[ContactKind] | None = None
    ) -> float:
        """Say when a node can next send at all, whatever is booked.

        Parameters
        ----------
        source : int
            Fleet row.
        t_s : float
            From when on [s].
        links : frozenset of ContactKind, optional
            Over which kinds; all of the plan if left out.

        Returns
        -------
        float
            ``t_s`` if a window is open, infinity if none comes [s].
        """
        index = int(self._index_of[source])
        if index < 0:
            return float("inf")
        table = self._table
        first, last = table.first[table.first_pair[[index, index + 1]]]
        later = table.end_s[first:last] > t_s
        if (barred := self._closures.barred(links)) is not None:
            later = later & ~barred[first:last]
        starts_s = table.start_s[first:last][later]
        if len(starts_s) == 0:
            return float("inf")
        return float(max(t_s, starts_s.min()))

    def _search(
        self,
        source: int,
        t_ready_s: float,
        nbytes: float,
        allowed: Open,
    ) -> Found:
        """Search with what is booked and what is away."""
        index = int(self._index_of[source])
        free_s = self._closures.free_s(self._free_s, allowed.links)
        rows = self._node_of
        return search_open(
            self._table, rows, free_s, index, t_ready_s, nbytes, allowed, self.booked
        )

    def _reached(self, found: Arrivals, nbytes: float) -> list[tuple[float, int]]:
        """When a product is at a data centre by each ground node it comes to, earliest first."""
        arrival_s = found.arrival_s[self._ground_index]
        reach_s = arrival_s + self._delay_s + nbytes * BITS_PER_BYTE / self._fibre_bps
        pairs = zip(reach_s.tolist(), self._grounds, strict=True)
        return sorted(pair for pair in pairs if pair[0] < math.inf)

    def _legs(self, found: Found, target: int, allowed: Open) -> tuple[tuple[Leg, ...], float]:
        """Time the legs of the way to a fleet row, and say when a rule lets the first begin."""
        legs: list[Leg] = []
        ready_s, nbytes = found.arrivals.t_ready_s, found.arrivals.nbytes
        places = contacts_to(self._table, found.arrivals, int(self._index_of[target]))
        for place in places:
            leg = self._leg(place, ready_s, nbytes, allowed, float(found.later_s[place]))
            legs.append(leg)
            ready_s = leg.t_arrival_s
        return tuple(legs), found.opens_s(places[0]) if places else -math.inf

    def _leg(
        self, place: int, t_ready_s: float, nbytes: float, allowed: Open, free_s: float
    ) -> Leg:
        contacts, contact = self.contacts, int(self._table.row_of[place])
        source, target = int(contacts.source[contact]), int(contacts.target[contact])
        opens_s = max(
            float(contacts.t_start_s[contact]),
            float(self._closures.away_s[self._index_of[source]]),
            float(self._closures.away_s[self._index_of[target]]),
        )
        sending_s = nbytes * BITS_PER_BYTE / float(contacts.rate_bps[contact])
        from_s = max(t_ready_s, opens_s, free_s)
        start_s = start_of(self._table, self.booked, place, from_s, sending_s)
        end_s = start_s + sending_s
        return Leg(
            contact=int(self._rows[contact]),
            kind=_KIND_NAMES[int(contacts.kind[contact])],
            source=source,
            target=target,
            t_ready_s=t_ready_s,
            t_window_s=(
                t_ready_s
                if opens_s <= t_ready_s
                else min(opens_s, self._full_from_s(place, t_ready_s, nbytes, allowed))
            ),
            t_start_s=start_s,
            t_end_s=end_s,
            t_arrival_s=end_s + float(contacts.light_time_s[contact]),
            nbytes=nbytes,
        )

    def _full_from_s(self, place: int, t_ready_s: float, nbytes: float, allowed: Open) -> float:
        """When a window that is full was or will be open to the same node or another way down."""
        table, index = self._table, int(self._table.source[place])
        first, last = table.first_pair[index], table.first_pair[index + 1]
        rows = slice(int(table.first[first]), int(table.first[last]))
        target, end_s = table.target[rows], table.end_s[rows]
        begin_s = np.maximum(t_ready_s, table.start_s[rows])
        sending_s = nbytes * BITS_PER_BYTE / table.rate_bps[rows]
        fitted = begin_s + sending_s <= end_s
        useful = (target == table.target[place]) | (self._is_exit[target] & allowed.mask[target])
        if (barred := self._closures.barred(allowed.links)) is not None:
            useful &= ~barred[rows]
        least_s = np.inf
        for k in np.flatnonzero(fitted & useful).tolist():
            asked = rows.start + k, float(begin_s[k]), float(sending_s[k])
            if begin_s[k] < least_s and start_of(self._table, self.booked, *asked) == np.inf:
                least_s = float(begin_s[k])
        return least_s
