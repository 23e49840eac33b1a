"""Bundles, what is answered when one is sent, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perigrid.control.contact_plan.bookings import Priority
from perigrid.control.contact_plan.search import Hop


@dataclass(frozen=True, slots=True)
class Bundle:
    """A product to be carried whole.

    Parameters
    ----------
    bundle_id : int
        Its number, never used twice.
    source, target : int
        Nodes.
    nbytes : float
        Size [B].
    priority : Priority
        Class.
    deadline_s : float
        It is worthless after this [s].
    """

    bundle_id: int
    source: int
    target: int
    nbytes: float
    priority: Priority = Priority.NORMAL
    deadline_s: float = float("inf")


class Refusal(StrEnum):
    """Why a bundle is not accepted, or has no way at present."""

    NO_WAY = "no contact that could carry it is left"
    TOO_LATE = "it would arrive after its deadline"
    NO_ROOM = "its source has no room to keep it"


class What(StrEnum):
    """What became of a bundle."""

    SENT = "sent"  # the first bit left its holder
    TAKEN = "taken"  # the next node took custody, the last let its copy go
    DELIVERED = "delivered"
    RETURNED = "returned"  # a contact broke off; the holder keeps it
    NOT_TAKEN = "not taken"  # the next node had no room; the holder keeps it
    DISPLACED = "displaced"  # a higher class took its booking
    PLANNED = "planned"
    WAITING = "waiting"  # no way at present; the holder keeps it
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record: what became of a bundle and when.

    Parameters
    ----------
    t_s : float
        When [s].
    bundle_id : int
        Which.
    what : What
        What happened.
    node : int
        The node that then has custody.
    row : int
        The contact it was sent over, as given to the table; -1 for every other entry.
    """

    t_s: float
    bundle_id: int
    what: What
    node: int
    row: int = -1


@dataclass(frozen=True, slots=True)
class Planned:
    """A bundle was accepted: its way, and the bundles of lower classes that had to make room."""

    bundle_id: int
    hops: tuple[Hop, ...]
    t_arrival_s: float
    displaced: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A bundle was not accepted, and why; ``t_arrival_s`` is the best there is [s]."""

    bundle_id: int
    why: Refusal
    t_arrival_s: float = float("inf")
