"""What passes give if antennas and radios are shared evenly: a measure before any job is known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from perigrid.fleet.model import ContactKind, Contacts, Floats, Ints
from perigrid.scenario.model import GroundStation


def shared_s(contacts: Contacts, stations: Mapping[int, GroundStation]) -> Floats:
    """Say how long each contact lasts, if what downlinks need is shared evenly.

    Parameters
    ----------
    contacts : Contacts
        Any.
    stations : mapping of int to GroundStation
        By fleet row.

    Returns
    -------
    (n,) float array
        Of links other than downlinks the whole window [s].

    Notes
    -----
    At each moment a station gives each satellite in sight an antenna, or an even share of them,
    and a satellite each station in sight an even share of its radio. A pass has the lesser of the
    two, so that neither antennas nor radios serve longer than they can. Turning is left out.
    """
    whole_s = contacts.t_end_s - contacts.t_start_s
    down = np.flatnonzero(contacts.kind == int(ContactKind.DOWNLINK))
    antennas = np.array([stations[row].antennas for row in contacts.target[down].tolist()])
    begin_s, end_s = contacts.t_start_s[down], contacts.t_end_s[down]
    at_station = _even_s(contacts.target[down], begin_s, end_s, antennas)
    by_radio = _even_s(contacts.source[down], begin_s, end_s, np.ones(len(down)))
    whole_s[down] = np.minimum(at_station, by_radio)
    return whole_s


def _even_s(node: Ints, begin_s: Floats, end_s: Floats, serves: Floats | Ints) -> Floats:
    """How long each of some spans is served, where a node serves so many at once [s]."""
    found = np.zeros(len(node))
    for one in np.unique(node).tolist():
        mine = np.flatnonzero(node == one)
        edges_s = np.concatenate([begin_s[mine], end_s[mine]])
        order = np.argsort(edges_s, kind="stable")
        change = np.concatenate([np.ones(len(mine)), -np.ones(len(mine))])[order]
        at_once, times_s = np.cumsum(change)[:-1], edges_s[order]
        share = np.minimum(1.0, serves[mine[0]] / np.maximum(at_once, 1.0))
        done_s = np.concatenate([[0.0], np.cumsum(np.diff(times_s) * share)])
        ends_s = np.interp(end_s[mine], times_s, done_s)
        found[mine] = ends_s - np.interp(begin_s[mine], times_s, done_s)
    return found
