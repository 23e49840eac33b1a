"""What it costs to hold laser links: a terminal draws its power while linked, bits or no bits."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from perigrid.fleet.model import ContactKind, Fleet, Floats, Outlook

Ints = npt.NDArray[np.int64]

LASER_KINDS = frozenset({ContactKind.CROSSLINK, ContactKind.RELAY})
"""Links that stay acquired from the first to the last second of their window."""


def held_laser_w(fleet: Fleet, outlook: Outlook, kinds: Iterable[ContactKind]) -> Floats:
    """Power that each satellite's laser terminals draw to hold the links of an architecture.

    Parameters
    ----------
    fleet : Fleet
        For the terminal.
    outlook : Outlook
        Windows and step edges.
    kinds : iterable of ContactKind
        Links that the architecture uses; those that are no lasers are left out.

    Returns
    -------
    (n_satellites, n_steps) float array
        Mean over each step [W].

    Notes
    -----
    The acquisition time is paid once at the start of a window, so the link must be tracked all
    through it: one terminal draws ``active_w`` from the start of acquisition to the window's end.
    A crosslink has a row for each direction and so loads both its ends. The terminals of relay
    satellites are part of the relay network's energy for a byte.
    """
    n, edges_s = fleet.n_satellites, outlook.t_s
    lasers = fleet.terminals()
    seeks_s, active_w = (
        lasers.column(value) for value in (lambda one: one.acquisition_s, lambda one: one.active_w)
    )
    contacts = outlook.contacts
    rows = np.flatnonzero(np.isin(contacts.kind, [int(kind) for kind in LASER_KINDS & set(kinds)]))
    power_w: Floats = np.zeros((n, len(edges_s) - 1))
    for row in lasers.carried.tolist():
        mine = rows[contacts.source[rows] == row]
        # A relay terminal hands over from one gateway to the next; crosslinks are one to a peer.
        peer = np.where(
            contacts.kind[mine] == int(ContactKind.RELAY), -1, contacts.target[mine]
        ).astype(np.int64)
        start_s, end_s = contacts.t_start_s[mine], contacts.t_end_s[mine]
        # A crosslink is sought for as long as the slower end takes.
        acquisition_s = np.maximum(seeks_s[row], np.where(peer < 0, 0.0, seeks_s[peer]))
        begin_s = _acquisition_begin_s(peer, start_s, end_s, acquisition_s)
        on_s = np.diff(_on_until_s(begin_s, end_s, edges_s))
        power_w[row] = on_s * (active_w[row] / np.diff(edges_s))
    return power_w


def _acquisition_begin_s(
    peer: Ints, start_s: Floats, end_s: Floats, acquisition_s: Floats
) -> Floats:
    """When each window's terminal is switched on: not before the same one's last window ended."""
    order = np.lexsort((start_s, peer))
    same = np.concatenate([[False], peer[order][1:] == peer[order][:-1]])[: len(order)]
    free_s = np.where(same, np.roll(end_s[order], 1), 0.0)
    begin_s = np.empty_like(start_s)
    begin_s[order] = np.maximum(start_s[order] - acquisition_s[order], free_s)
    return begin_s


def _on_until_s(begin_s: Floats, end_s: Floats, t_s: Floats) -> Floats:
    """Terminal-seconds spent until each of some times."""
    if len(begin_s) == 0:
        return np.zeros_like(t_s)
    moments_s = np.concatenate([begin_s, end_s])
    order = np.argsort(moments_s, kind="stable")
    linked = np.cumsum(np.concatenate([np.ones(len(begin_s)), -np.ones(len(end_s))])[order])
    moments_s = moments_s[order]
    spent_s = np.concatenate([[0.0], np.cumsum(linked[:-1] * np.diff(moments_s))])
    return np.asarray(np.interp(t_s, moments_s, spent_s), dtype=np.float64)
