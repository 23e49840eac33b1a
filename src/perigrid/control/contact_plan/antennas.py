"""What equipment contacts need: a radio and an antenna, or a laser link of their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from perigrid.control.contact_plan.equipment import items_of
from perigrid.control.contact_plan.table import Table, Users
from perigrid.fleet.model import ContactKind, Contacts, Fleet


class Antennas(NamedTuple):
    """What a station has: how many, and how long each takes to turn to another satellite [s]."""

    number: int
    turnaround_s: float


NO_ANTENNAS: Final[Mapping[int, Antennas]] = MappingProxyType({})
"""No station's are scarce."""


def antennas_of(fleet: Fleet) -> dict[int, Antennas]:
    """List the antennas of stations.

    Parameters
    ----------
    fleet : Fleet
        Its stations.

    Returns
    -------
    dict of int to Antennas
        By fleet row.
    """
    return {
        row: Antennas(one.antennas, one.antenna_turnaround_s) for row, one in fleet.stations.items()
    }


def needs(
    contacts: Contacts, n_nodes: int, antennas: Mapping[int, Antennas]
) -> tuple[Users, Table]:
    """Say what contacts need.

    Parameters
    ----------
    contacts : Contacts
        Any.
    n_nodes : int
        Rows of the fleet.
    antennas : mapping of int to Antennas
        By fleet row of the station; one that is left out never lacks any.

    Returns
    -------
    users : Users
        For each contact.
    items : structured array
        The equipment: laser links in the order of their contacts, radios in that of their
        satellites, antennas in that of their stations.
    """
    down = contacts.kind == int(ContactKind.DOWNLINK)
    lasers, radios = np.cumsum(~down) - 1, np.unique(contacts.source[down])
    turns_s = [0.0] * (int((~down).sum()) + len(radios))
    sender = np.where(down, len(turns_s) - len(radios), lasers)
    sender[down] += np.searchsorted(radios, contacts.source[down])
    first, count = np.full(n_nodes, -1), np.zeros(n_nodes, dtype=np.int64)
    for station, here in sorted(antennas.items()):
        first[station], count[station] = len(turns_s), here.number
        turns_s += [here.turnaround_s] * here.number
    antenna, many = np.where(down, first[contacts.target], -1), count[contacts.target]
    return Users(sender, antenna, np.where(down, many, 0)), items_of(turns_s)
