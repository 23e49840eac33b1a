"""What is booked on contacts, by class: a higher class takes the place of what is not yet sent."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from perigrid.base.errors import InvariantError
from perigrid.control.contact_plan.search import Hop
from perigrid.control.contact_plan.table import ContactTable, Floats


class Priority(IntEnum):
    """Class of a bundle.

    References
    ----------
    .. [1] K. Scott, S. Burleigh, "Bundle Protocol Specification", RFC 5050, section 4.2 (2007),
       doi:10.17487/RFC5050: bulk, normal and expedited.
    """

    BULK = 0
    NORMAL = 1
    EXPEDITED = 2


@dataclass(frozen=True, slots=True)
class Booking:
    """A contact's time that is kept for a bundle.

    Parameters
    ----------
    bundle_id : int
        Whose.
    priority : Priority
        Its class.
    start_s, end_s : float
        First and last bit sent [s].
    """

    bundle_id: int
    priority: Priority
    start_s: float
    end_s: float


class Bookings:
    """Queues of all contacts of a table.

    Parameters
    ----------
    table : ContactTable
        The contacts.

    Notes
    -----
    A booking is put behind all bookings of its own and higher classes and behind what is being
    sent, so that each class is served first come, first served and for it nothing changes when
    lower classes come or go. Bookings of lower classes that overlap it and have not begun are
    withdrawn and their bundles named, for the caller to plan again. What has begun is finished.
    """

    def __init__(self, table: ContactTable) -> None:
        self._table = table
        self._free_s: Floats = np.full((len(Priority), len(table)), -np.inf)
        self._on: dict[int, list[Booking]] = defaultdict(list)
        self._closed: set[int] = set()
        self._begins: list[tuple[float, int]] = []
        self._now_s = -np.inf

    def free_s(self, priority: Priority) -> Floats:
        """From when on each contact is free for a class.

        Parameters
        ----------
        priority : Priority
            The class.

        Returns
        -------
        (n,) float array
            In the table's order; infinity for a contact that failed. Not to be changed [s].
        """
        free_s: Floats = self._free_s[priority]
        return free_s

    def on(self, contact: int) -> tuple[Booking, ...]:
        """List what is booked on a contact and not over.

        Parameters
        ----------
        contact : int
            Place in the table.

        Returns
        -------
        tuple of Booking
            In the order of time.
        """
        return tuple(sorted(self._on.get(contact, ()), key=lambda one: (one.start_s, one.end_s)))

    def advance(self, t_s: float) -> None:
        """Let time pass: what has begun can no longer be taken by a higher class.

        Parameters
        ----------
        t_s : float
            Now; never goes back [s].
        """
        self._now_s = max(self._now_s, t_s)
        while self._begins and self._begins[0][0] <= self._now_s:
            self._refresh(heapq.heappop(self._begins)[1])

    def book(self, bundle_id: int, priority: Priority, hops: tuple[Hop, ...]) -> tuple[int, ...]:
        """Keep the contacts' time for a bundle.

        Parameters
        ----------
        bundle_id : int
            Which.
        priority : Priority
            Its class.
        hops : tuple of Hop
            Found with :meth:`free_s` of that class since the last change.

        Returns
        -------
        tuple of int
            Bundles of lower classes that lost a booking, the highest class first. What else they
            have booked still stands.
        """
        lost: list[tuple[int, int]] = []
        for hop in hops:
            lost += self._make_room(hop, priority)
            booking = Booking(bundle_id, priority, hop.start_s, hop.end_s)
            self._on[hop.contact].append(booking)
            heapq.heappush(self._begins, (hop.start_s, hop.contact))
            self._refresh(hop.contact)
        return tuple(dict.fromkeys(bundle for _, bundle in sorted(lost)))

    def withdraw(self, bundle_id: int, hops: tuple[Hop, ...]) -> None:
        """Give up bookings of a bundle.

        Parameters
        ----------
        bundle_id : int
            Which.
        hops : tuple of Hop
            Those it will not fly.
        """
        for hop in hops:
            held = self._on[hop.contact]
            self._on[hop.contact] = [
                one for one in held if (one.bundle_id, one.start_s) != (bundle_id, hop.start_s)
            ]
            self._refresh(hop.contact)

    def close(self, contact: int, t_s: float) -> tuple[int, ...]:
        """End a contact that failed, for good.

        Parameters
        ----------
        contact : int
            Place in the table.
        t_s : float
            When it broke off [s].

        Returns
        -------
        tuple of int
            Bundles that were not sent whole by then, the highest class first, then as queued.
        """
        self._closed.add(contact)
        cut = [one for one in self.on(contact) if one.end_s > t_s]
        self._on[contact] = [one for one in self._on[contact] if one.end_s <= t_s]
        self._refresh(contact)
        return tuple(one.bundle_id for one in sorted(cut, key=lambda one: -one.priority))

    def _make_room(self, hop: Hop, priority: Priority) -> list[tuple[int, int]]:
        """Withdraw lower bookings that overlap a hop; class (negative) and bundle of each."""
        if hop.end_s > self._table.end_s[hop.contact]:
            raise InvariantError(f"a booking overruns contact {hop.contact}")
        kept, lost = [], []
        for one in self._on[hop.contact]:
            if one.start_s >= hop.end_s or one.end_s <= hop.start_s:
                kept.append(one)
            elif one.priority >= priority or one.start_s <= self._now_s:
                raise InvariantError(f"two bookings overlap on contact {hop.contact}")
            else:
                lost.append((-int(one.priority), one.bundle_id))
        self._on[hop.contact] = kept
        return lost

    def _refresh(self, contact: int) -> None:
        """Work out anew from when on a contact is free for each class."""
        held = [one for one in self._on[contact] if one.end_s > self._now_s]
        self._on[contact] = held
        for priority in Priority:
            ends = [
                one.end_s for one in held if one.priority >= priority or one.start_s <= self._now_s
            ]
            free_s = np.inf if contact in self._closed else max(ends, default=-np.inf)
            self._free_s[priority, contact] = free_s
