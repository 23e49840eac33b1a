"""How long a person's order takes to every satellite: earliest arrival over the contact plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from perigrid.control.contact_plan.search import earliest_arrival
from perigrid.control.contact_plan.table import contact_table
from perigrid.fleet.model import ContactKind, Contacts, Floats, Outlook

ORDER_BYTES: Final = 1024.0
"""Size of a signed order with its framing (assumed). [B]"""
COMMAND_BPS: Final = 4000.0
"""Rate of commands up through any ground contact, the usual S-band telecommand rate (assumed)."""
IN_VIEW: Final = "in contact with the ground"
LINKED: Final = "linked to a satellite in contact"
OUT_OF_REACH: Final = "out of contact"
NEVER: Final = "not reached before the run ends"


@dataclass(frozen=True, slots=True)
class Reach:
    """When an order is at a satellite.

    Parameters
    ----------
    row : int
        Fleet row.
    latency_s : float
        From the order to its last bit; infinity if it never comes [s].
    state : str
        The satellite's link state at the moment of the order.
    """

    row: int
    latency_s: float
    state: str


def stop_reach(outlook: Outlook, n_satellites: int, t_s: float) -> list[Reach]:
    """Find when an order given on the ground reaches every satellite.

    Parameters
    ----------
    outlook : Outlook
        Its contacts: commands go up while a satellite can send down, and over all laser links.
    n_satellites : int
        Rows of satellites.
    t_s : float
        When the order is given [s].

    Returns
    -------
    list of Reach
        One per satellite, in fleet order.

    Notes
    -----
    Orders go before any other traffic, so that bookings do not delay them. Commands go up at
    :data:`COMMAND_BPS`, over laser links at the links' own rate. Whoever gives the order is
    connected to every ground station.
    """
    contacts = outlook.contacts
    arrival_s = _arrivals_s(contacts, n_satellites, t_s)
    in_view = _in_view(contacts, n_satellites, t_s)
    linked = _linked(contacts, in_view, t_s)
    reaches = []
    for row in range(n_satellites):
        latency_s = float(arrival_s[row]) - t_s
        state = IN_VIEW if in_view[row] else LINKED if linked[row] else OUT_OF_REACH
        reaches.append(Reach(row, latency_s, state if np.isfinite(latency_s) else NEVER))
    return reaches


def _arrivals_s(contacts: Contacts, n_satellites: int, t_s: float) -> Floats:
    """Earliest arrival at every satellite; the ground as a whole is one node behind them."""
    ground = n_satellites
    ups = np.flatnonzero(_to_ground(contacts, n_satellites))
    across = np.flatnonzero(
        (contacts.kind == int(ContactKind.CROSSLINK))
        & (contacts.source < n_satellites)
        & (contacts.target < n_satellites)
    )
    both = np.concatenate([ups, across])
    table = contact_table(
        n_satellites + 1,
        np.concatenate([np.full(len(ups), ground), contacts.source[across]]),
        np.concatenate([contacts.source[ups], contacts.target[across]]),
        contacts.t_start_s[both],
        contacts.t_end_s[both],
        np.concatenate([np.full(len(ups), COMMAND_BPS), contacts.rate_bps[across]]),
        contacts.light_time_s[both],
    )
    found = earliest_arrival(table, table.start_s.copy(), ground, t_s, ORDER_BYTES)
    return found.arrival_s[:n_satellites]


def _to_ground(contacts: Contacts, n_satellites: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    kinds = [int(ContactKind.DOWNLINK), int(ContactKind.RELAY)]
    return np.isin(contacts.kind, kinds) & (contacts.source < n_satellites)


def _in_view(
    contacts: Contacts, n_satellites: int, t_s: float
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    open_now = (contacts.t_start_s <= t_s) & (t_s < contacts.t_end_s)
    seen = np.zeros(n_satellites, dtype=np.bool_)
    seen[contacts.source[open_now & _to_ground(contacts, n_satellites)]] = True
    return seen


def _linked(
    contacts: Contacts, in_view: np.ndarray[tuple[int], np.dtype[np.bool_]], t_s: float
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Satellites joined at this moment to one in view by any chain of laser links."""
    n_satellites = len(in_view)
    now = (
        (contacts.kind == int(ContactKind.CROSSLINK))
        & (contacts.t_start_s <= t_s)
        & (t_s < contacts.t_end_s)
        & (contacts.source < n_satellites)
        & (contacts.target < n_satellites)
    )
    source, target = contacts.source[now], contacts.target[now]
    joined = in_view.copy()
    while True:
        more = target[joined[source] & ~joined[target]]
        if len(more) == 0:
            return joined
        joined[more] = True
