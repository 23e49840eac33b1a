"""Bundles with custody: a node keeps its copy until the next one has taken it whole.

Time moves by :meth:`Custody.advance`; in between, bundles are sent, contacts fail, and whatever
loses its way is planned again from the node that holds it.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from perigrid.base.errors import InvariantError
from perigrid.control.contact_plan.bookings import Bookings
from perigrid.control.contact_plan.bundles import (
    Bundle,
    Entry,
    Planned,
    Refusal,
    Refused,
    What,
)
from perigrid.control.contact_plan.search import Hop, earliest_arrival, hops_to
from perigrid.control.contact_plan.table import ContactTable, Floats
from perigrid.fleet.storage import Storage


@dataclass(slots=True)
class _Copy:
    """The one copy of a bundle that counts."""

    bundle: Bundle
    holder: int
    ready_s: float  # when its holder can send it on
    hops: tuple[Hop, ...] = ()  # still to arrive; the first may be under way
    under_way: bool = False
    plan: int = 0  # events of an earlier plan are void
    full: set[int] = field(default_factory=set)  # nodes that had no room for it


_ARRIVE, _START, _EXPIRE = range(3)
_Event = tuple[float, int, int, int, int]


class Custody:
    """All bundles that are accepted and neither delivered nor expired.

    Parameters
    ----------
    table : ContactTable
        The contacts; its nodes are fleet rows.
    storage : Storage, optional
        Recorders of the satellites, by fleet row; other nodes have room for all. Unlimited if
        left out.
    hold_s : (n_nodes,) float array, optional
        Time between taking a bundle and sending it on [s].

    Notes
    -----
    Room at the next node is kept from the first bit, and the sender's is freed with the last bit
    received: a bundle is in one place or in two, never in none. A delivered bundle is handed over
    and frees its room.
    """

    def __init__(
        self, table: ContactTable, storage: Storage | None = None, hold_s: Floats | None = None
    ) -> None:
        self._table = table
        self._place = table.places()
        self._hold_s = np.zeros(table.n_nodes) if hold_s is None else hold_s
        self._storage = storage
        self._bookings = Bookings(table)
        self._copies: dict[int, _Copy] = {}
        self._known: set[int] = set()
        self._events: list[_Event] = []
        self.record: list[Entry] = []
        self.now_s = -np.inf

    # ------------------------------------------------------------------ what a caller may ask

    def send(self, bundle: Bundle, t_s: float) -> Planned | Refused:
        """Accept a bundle if it can arrive by its deadline, and book its way.

        Parameters
        ----------
        bundle : Bundle
            With a number never used before.
        t_s : float
            Now; time advances to it [s].

        Returns
        -------
        Planned or Refused
            A refused bundle leaves nothing behind.

        Raises
        ------
        InvariantError
            If the number was used before.
        """
        self.advance(t_s)
        if bundle.bundle_id in self._known:
            raise InvariantError(f"bundle {bundle.bundle_id} was sent before")
        if not self._has_room(bundle.source, bundle.nbytes):
            return Refused(bundle.bundle_id, Refusal.NO_ROOM)
        copy = _Copy(bundle, bundle.source, self.now_s)
        found = self._find(copy, bundle.deadline_s)
        if found is None:
            late = self._find(copy, float("inf"))
            if late is None:
                return Refused(bundle.bundle_id, Refusal.NO_WAY)
            return Refused(bundle.bundle_id, Refusal.TOO_LATE, _arrival(late, self.now_s))
        self._known.add(bundle.bundle_id)
        self._copies[bundle.bundle_id] = copy
        if self._storage is not None and self._limited(bundle.source):
            self._storage.take(bundle.bundle_id, bundle.source, bundle.nbytes)
        self._push(bundle.deadline_s, _EXPIRE, copy)
        displaced = self._book(copy, found)
        self._plan_again(displaced, What.DISPLACED)
        return Planned(bundle.bundle_id, found, _arrival(found, self.now_s), displaced)

    def fail(self, row: int, t_s: float) -> tuple[int, ...]:
        """Let a contact break off for good; bundles not sent whole go back to their holders.

        Parameters
        ----------
        row : int
            The contact, as given to the table.
        t_s : float
            Now; time advances to it [s].

        Returns
        -------
        tuple of int
            Bundles that were planned again, or wait.
        """
        self.advance(t_s)
        contact = int(self._place[row])
        cut = self._bookings.close(contact, self.now_s)
        for bundle_id in cut:
            copy = self._copies[bundle_id]
            if copy.under_way and copy.hops[0].contact == contact:
                copy.under_way = False
                if self._storage is not None:
                    self._storage.cancel(bundle_id)
        self._plan_again(cut, What.RETURNED)
        return cut

    def plan_waiting(self, t_s: float) -> tuple[int, ...]:
        """Look again for a way for every bundle that has none.

        Parameters
        ----------
        t_s : float
            Now; time advances to it [s].

        Returns
        -------
        tuple of int
            Those that have one now, the highest class first.
        """
        self.advance(t_s)
        waiting = [one for one in self._copies.values() if _stranded(one)]
        waiting.sort(key=lambda one: (-one.bundle.priority, one.bundle.bundle_id))
        planned = []
        for copy in waiting:
            copy.full.clear()
            # One that was planned may lose its way again to a higher class only: those went first.
            if self._replan(copy):
                planned.append(copy.bundle.bundle_id)
        return tuple(planned)

    def advance(self, t_s: float) -> None:
        """Carry out what happens up to a time.

        Parameters
        ----------
        t_s : float
            Now; an earlier time than before changes nothing [s].
        """
        while self._events and self._events[0][0] <= t_s:
            when_s, kind, _, bundle_id, plan = self._events[0]
            if kind == _EXPIRE and when_s == t_s:
                break  # what arrives at the deadline itself is in time
            heapq.heappop(self._events)
            self.now_s = max(self.now_s, when_s)
            self._bookings.advance(self.now_s)
            copy = self._copies.get(bundle_id)
            if copy is not None and plan in {copy.plan, -1}:
                (self._arrive, self._start, self._expire)[kind](copy)
        self.now_s = max(self.now_s, t_s)
        self._bookings.advance(self.now_s)

    def holder(self, bundle_id: int) -> int | None:
        """Find the node that has custody of a bundle.

        Parameters
        ----------
        bundle_id : int
            Which.

        Returns
        -------
        int or None
            None once it is delivered or expired, or if it was never accepted.
        """
        copy = self._copies.get(bundle_id)
        return None if copy is None else copy.holder

    def way(self, bundle_id: int) -> tuple[Hop, ...]:
        """Tell the hops a bundle still has before it, the one under way first.

        Parameters
        ----------
        bundle_id : int
            Which.

        Returns
        -------
        tuple of Hop
            Empty if it waits without a way.
        """
        copy = self._copies.get(bundle_id)
        return () if copy is None else copy.hops

    # ------------------------------------------------------------------ what happens by itself

    def _start(self, copy: _Copy) -> None:
        """Send the first bit, if the next node has room."""
        hop, bundle = copy.hops[0], copy.bundle
        if not self._has_room(hop.target, bundle.nbytes):
            copy.full.add(hop.target)
            self._plan_again((bundle.bundle_id,), What.NOT_TAKEN)
            return
        if self._storage is not None:
            self._storage.reserve(bundle.bundle_id, hop.target, bundle.nbytes)
        copy.under_way = True
        self._note(What.SENT, copy, int(self._table.row_of[hop.contact]))
        self._push(hop.arrival_s, _ARRIVE, copy)

    def _arrive(self, copy: _Copy) -> None:
        """Pass custody on."""
        hop = copy.hops[0]
        copy.holder, copy.hops, copy.under_way = hop.target, copy.hops[1:], False
        copy.ready_s = self.now_s + float(self._hold_s[copy.holder])
        copy.full.clear()
        if self._storage is not None:
            self._storage.arrive(copy.bundle.bundle_id)
        self._note(What.TAKEN, copy)
        if copy.holder == copy.bundle.target:
            self._end(copy, What.DELIVERED)
        elif copy.hops:
            self._push(copy.hops[0].start_s, _START, copy)
        else:
            self._replan(copy)

    def _expire(self, copy: _Copy) -> None:
        self._bookings.withdraw(copy.bundle.bundle_id, copy.hops)
        self._end(copy, What.EXPIRED)

    def _end(self, copy: _Copy, what: What) -> None:
        """Let the last copy go."""
        if self._storage is not None:
            self._storage.cancel(copy.bundle.bundle_id)
            self._storage.release(copy.bundle.bundle_id)
        self._note(what, copy)
        del self._copies[copy.bundle.bundle_id]

    # ------------------------------------------------------------------ finding ways

    def _find(self, copy: _Copy, latest_s: float) -> tuple[Hop, ...] | None:
        """Earliest way from where a bundle is, or will be once its hop under way arrives."""
        bundle = copy.bundle
        start, ready_s = copy.holder, max(self.now_s, copy.ready_s)
        if copy.under_way:
            start = copy.hops[0].target
            ready_s = copy.hops[0].arrival_s + float(self._hold_s[start])
        if start == bundle.target:
            return ()
        allowed = np.ones(self._table.n_nodes, dtype=np.bool_)
        allowed[list(copy.full)] = False
        free_s = self._bookings.free_s(bundle.priority)
        found = earliest_arrival(
            self._table, free_s, start, ready_s, bundle.nbytes,
            allowed=allowed, hold_s=self._hold_s, target=bundle.target, latest_s=latest_s,
        )  # fmt: skip
        if not np.isfinite(found.arrival_s[bundle.target]):
            return None
        return hops_to(self._table, free_s, found, bundle.target, self._hold_s)

    def _book(self, copy: _Copy, hops: tuple[Hop, ...]) -> tuple[int, ...]:
        """Give a bundle a way; names the lower ones that lost theirs."""
        bundle = copy.bundle
        displaced = self._bookings.book(bundle.bundle_id, bundle.priority, hops)
        under_way = copy.hops[:1] if copy.under_way else ()
        copy.hops = (*under_way, *hops)
        if not copy.under_way:
            copy.plan += 1
            if hops:
                self._push(hops[0].start_s, _START, copy)
            elif copy.holder == bundle.target:
                self._end(copy, What.DELIVERED)
                return displaced
        self._note(What.PLANNED, copy)
        return displaced

    def _plan_again(self, bundles: tuple[int, ...], why: What) -> None:
        """Find new ways for bundles that lost theirs; all are withdrawn before any is planned."""
        for bundle_id in bundles:
            copy = self._copies[bundle_id]
            self._note(why, copy)
            keep = 1 if copy.under_way else 0
            self._bookings.withdraw(bundle_id, copy.hops[keep:])
            copy.hops = copy.hops[:keep]
            if not copy.under_way:
                copy.plan += 1
        for bundle_id in bundles:
            self._replan(self._copies[bundle_id])

    def _replan(self, copy: _Copy) -> bool:
        found = self._find(copy, copy.bundle.deadline_s)
        if found is None:
            self._note(What.WAITING, copy)
            return False
        self._plan_again(self._book(copy, found), What.DISPLACED)
        return True

    # ------------------------------------------------------------------ small change

    def _limited(self, node: int) -> bool:
        return self._storage is not None and node < len(self._storage.held_bytes)

    def _has_room(self, node: int, nbytes: float) -> bool:
        if self._storage is None or not self._limited(node):
            return True
        return self._storage.has_room(node, nbytes)

    def _push(self, t_s: float, kind: int, copy: _Copy) -> None:
        plan = -1 if kind == _EXPIRE else copy.plan
        bundle = copy.bundle
        event = (t_s, kind, -int(bundle.priority), bundle.bundle_id, plan)
        heapq.heappush(self._events, event)

    def _note(self, what: What, copy: _Copy, row: int = -1) -> None:
        self.record.append(Entry(self.now_s, copy.bundle.bundle_id, what, copy.holder, row))


def _stranded(copy: _Copy) -> bool:
    """Whether what a bundle still has before it does not end at its target."""
    last = copy.hops[-1].target if copy.hops else copy.holder
    return last != copy.bundle.target


def _arrival(hops: tuple[Hop, ...], now_s: float) -> float:
    """When a way ends; at once for a bundle that is there already."""
    return hops[-1].arrival_s if hops else now_s
