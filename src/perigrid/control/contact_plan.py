"""Store and forward: earliest arrival over contact windows whose volume is booked.

The whole product is received before it is sent on (bundles, not streams), a contact serves its
bookings in the order in which they were made, and a booking never overruns its window.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.base.messages import Leg
from perigrid.base.units import BITS_PER_BYTE
from perigrid.fleet.model import ContactKind, Contacts, Floats, Ints
from perigrid.physics.compiled import kernel, part

NO_CONTACT = -1
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Route:
    """Booked or bookable legs, and where and when they end."""

    legs: tuple[Leg, ...]
    target: int
    t_arrival_s: float


@dataclass(frozen=True, slots=True)
class Exit:
    """How a product leaves a ground node for a data centre: always open, not shared."""

    centre: int
    delay_s: float
    rate_bps: float


@part
def _nearest_open(arrival_s: Floats, done: Bools) -> int:
    """Node with the earliest label that is not settled yet, -1 if none can be reached."""
    nearest = -1
    best_s = np.inf
    for node in range(len(arrival_s)):
        if not done[node] and arrival_s[node] < best_s:
            best_s = arrival_s[node]
            nearest = node
    return nearest


@kernel
def _earliest_arrival(
    first: Ints,
    order: Ints,
    target_of: Ints,
    start_s: Floats,
    end_s: Floats,
    free_s: Floats,
    rate_bps: Floats,
    light_s: Floats,
    allowed: Bools,
    source: int,
    t_ready_s: float,
    bits: float,
) -> tuple[Floats, Ints]:
    """Dijkstra over nodes; a node's label is the earliest time the whole product is there."""
    # Correct because waiting never hurts: a contact taken later never arrives earlier.
    n_nodes = len(first) - 1
    arrival_s, via = np.empty(n_nodes), np.empty(n_nodes, np.int64)
    done = np.empty(n_nodes, np.bool_)
    for node in range(n_nodes):
        arrival_s[node], via[node], done[node] = np.inf, -1, False
    arrival_s[source] = t_ready_s
    for _ in range(n_nodes):
        node = _nearest_open(arrival_s, done)
        if node < 0:
            break
        best_s = arrival_s[node]
        done[node] = True
        for k in range(first[node], first[node + 1]):
            contact = order[k]
            target = target_of[contact]
            if done[target] or not allowed[target] or end_s[contact] <= best_s:
                continue
            begin_s = max(best_s, start_s[contact], free_s[contact])
            finish_s = begin_s + bits / rate_bps[contact]
            if finish_s > end_s[contact]:
                continue
            reach_s = finish_s + light_s[contact]
            if reach_s < arrival_s[target]:
                arrival_s[target] = reach_s
                via[target] = contact
    return arrival_s, via


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
    """

    def __init__(
        self, contacts: Contacts, kinds: Iterable[ContactKind], n_nodes: int, exits: dict[int, Exit]
    ) -> None:
        usable = np.isin(contacts.kind, [int(kind) for kind in kinds])
        self._rows: Ints = np.flatnonzero(usable).astype(np.int64)
        columns = {
            field.name: getattr(contacts, field.name)[self._rows]
            for field in dataclasses.fields(contacts)
        }
        self._contacts = Contacts(**columns)
        nodes = np.unique(np.concatenate([columns["source"], columns["target"], list(exits)]))
        self._node_of: Ints = nodes.astype(np.int64)
        self._index_of: Ints = np.full(n_nodes, -1, dtype=np.int64)
        self._index_of[self._node_of] = np.arange(len(self._node_of))
        self._source: Ints = self._index_of[self._contacts.source]
        self._target: Ints = self._index_of[self._contacts.target]
        self._order: Ints = np.lexsort((self._contacts.t_end_s, self._source)).astype(np.int64)
        self._first: Ints = np.searchsorted(
            self._source[self._order], np.arange(len(self._node_of) + 1)
        ).astype(np.int64)
        self._free_s: Floats = self._contacts.t_start_s.copy()
        self._exits = exits
        self.booked_bytes: Floats = np.zeros(len(contacts))

    def allowed_nodes(self, forbidden: frozenset[int]) -> Bools:
        """Mask of nodes a product may touch.

        Parameters
        ----------
        forbidden : frozenset of int
            Fleet rows that policy refuses.

        Returns
        -------
        (n_active_nodes,) bool array
            In the plan's own node order.
        """
        mask: Bools = ~np.isin(self._node_of, list(forbidden))
        return mask

    def to_data_centre(
        self, source: int, t_ready_s: float, nbytes: float, allowed: Bools
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
        allowed : (n_active_nodes,) bool array
            From :meth:`allowed_nodes`.

        Returns
        -------
        Route or None
            None if no window within the outlook can carry it.
        """
        if self._index_of[source] < 0:
            return None
        arrival_s, via = self._search(source, t_ready_s, nbytes, allowed)
        best: tuple[float, int] | None = None
        for ground, way in self._exits.items():
            index = int(self._index_of[ground])
            if not np.isfinite(arrival_s[index]):
                continue
            reach_s = float(arrival_s[index]) + way.delay_s + nbytes * BITS_PER_BYTE / way.rate_bps
            if best is None or (reach_s, ground) < best:
                best = (reach_s, ground)
        if best is None:
            return None
        t_arrival_s, ground = best
        legs = self._legs(via, ground, source, t_ready_s, nbytes)
        fibre = self._fibre_leg(ground, legs[-1].t_arrival_s if legs else t_ready_s, nbytes)
        return Route((*legs, fibre), fibre.target, t_arrival_s)

    def to_nodes(
        self, source: int, t_ready_s: float, nbytes: float, allowed: Bools
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
        arrival_s, via = self._search(source, t_ready_s, nbytes, allowed)
        routes = {}
        for index in np.flatnonzero(np.isfinite(arrival_s)):
            node = int(self._node_of[index])
            if node != source:
                legs = self._legs(via, node, source, t_ready_s, nbytes)
                routes[node] = Route(legs, node, float(arrival_s[index]))
        return routes

    def book(self, legs: tuple[Leg, ...]) -> None:
        """Take the legs' time out of their contacts.

        Parameters
        ----------
        legs : tuple of Leg
            From a route of this plan, found since the last booking.
        """
        for leg in legs:
            if leg.contact == NO_CONTACT:
                continue
            local = int(np.searchsorted(self._rows, leg.contact))
            self._free_s[local] = leg.t_end_s
            self.booked_bytes[leg.contact] += leg.nbytes

    def next_window_s(self, source: int, t_s: float) -> float:
        """Say when a node can next send at all, whatever is booked.

        Parameters
        ----------
        source : int
            Fleet row.
        t_s : float
            From when on [s].

        Returns
        -------
        float
            ``t_s`` if a window is open, infinity if none comes [s].
        """
        index = int(self._index_of[source])
        if index < 0:
            return float("inf")
        rows = self._order[self._first[index] : self._first[index + 1]]
        rows = rows[self._contacts.t_end_s[rows] > t_s]
        if len(rows) == 0:
            return float("inf")
        return float(max(t_s, self._contacts.t_start_s[rows].min()))

    def _search(
        self, source: int, t_ready_s: float, nbytes: float, allowed: Bools
    ) -> tuple[Floats, Ints]:
        contacts = self._contacts
        arrival_s, via = _earliest_arrival(
            self._first,
            self._order,
            self._target,
            contacts.t_start_s,
            contacts.t_end_s,
            self._free_s,
            contacts.rate_bps,
            contacts.light_time_s,
            allowed,
            int(self._index_of[source]),
            t_ready_s,
            nbytes * BITS_PER_BYTE,
        )
        return arrival_s, via

    def _legs(
        self, via: Ints, target: int, source: int, t_ready_s: float, nbytes: float
    ) -> tuple[Leg, ...]:
        """Walk the search tree back from the target, then time the legs forward."""
        path: list[int] = []
        node = int(self._index_of[target])
        while int(self._node_of[node]) != source:
            contact = int(via[node])
            path.append(contact)
            node = int(self._source[contact])
        legs: list[Leg] = []
        ready_s = t_ready_s
        for contact in reversed(path):
            leg = self._leg(contact, ready_s, nbytes)
            legs.append(leg)
            ready_s = leg.t_arrival_s
        return tuple(legs)

    def _leg(self, contact: int, t_ready_s: float, nbytes: float) -> Leg:
        contacts = self._contacts
        opens_s = float(contacts.t_start_s[contact])
        start_s = max(t_ready_s, opens_s, float(self._free_s[contact]))
        end_s = start_s + nbytes * BITS_PER_BYTE / float(contacts.rate_bps[contact])
        return Leg(
            contact=int(self._rows[contact]),
            kind=ContactKind(int(contacts.kind[contact])).name.lower(),
            source=int(contacts.source[contact]),
            target=int(contacts.target[contact]),
            t_ready_s=t_ready_s,
            t_window_s=max(t_ready_s, opens_s),
            t_start_s=start_s,
            t_end_s=end_s,
            t_arrival_s=end_s + float(contacts.light_time_s[contact]),
            nbytes=nbytes,
        )

    def _fibre_leg(self, ground: int, t_ready_s: float, nbytes: float) -> Leg:
        way = self._exits[ground]
        end_s = t_ready_s + nbytes * BITS_PER_BYTE / way.rate_bps
        return Leg(
            contact=NO_CONTACT,
            kind=ContactKind.TERRESTRIAL.name.lower(),
            source=ground,
            target=way.centre,
            t_ready_s=t_ready_s,
            t_window_s=t_ready_s,
            t_start_s=t_ready_s,
            t_end_s=end_s,
            t_arrival_s=end_s + way.delay_s,
            nbytes=nbytes,
        )
