"""Contact windows of a fleet as a contact plan for ION."""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np

from perigrid.base.time import Epoch
from perigrid.base.units import BITS_PER_BYTE
from perigrid.fleet.model import Contacts
from perigrid.scenario.ion_contact_plan import IonContact, IonPlan, IonRange

MAX_RATE_BYTES_S: Final = 2.0**32 - 1.0
"""ionadmin keeps a data rate in an unsigned int (read in ION's ici/utils/ionadmin.c)."""


def node_number(row: int) -> int:
    """Give a node its number in ION.

    Parameters
    ----------
    row : int
        Fleet row, from 0.

    Returns
    -------
    int
        From 1: ION knows no node 0.
    """
    return row + 1


def contacts_as_ion(contacts: Contacts, start: Epoch, *, decimals: bool = False) -> IonPlan:
    """Write windows as scheduled contacts, with a range for each.

    Parameters
    ----------
    contacts : Contacts
        Windows.
    start : Epoch
        What their times count from.
    decimals : bool
        Keep fractions of seconds and bytes, for tools that read them. ION's own format has whole
        numbers: the windows are then cut to whole seconds inward and dropped if nothing is left,
        rates rounded down to at most 4,294,967,295 B/s and light times up, so that the plan never
        promises what is not there.

    Returns
    -------
    IonPlan
        In the order of the windows. Where windows of the same two nodes overlap, which ION
        refuses, the later one starts when the earlier ends.
    """
    midnight_s = start.day_s
    epoch = Epoch(start.jd_midnight, float(np.floor(midnight_s)))
    columns = _columns(contacts, midnight_s - epoch.day_s, decimals=decimals)
    found: list[IonContact] = []
    ranges: list[IonRange] = []
    over_s: dict[tuple[int, int], float] = {}
    for source, target, start_s, end_s, rate_bps, light_s in columns:
        begin_s = max(start_s, over_s.get((source, target), start_s))
        if begin_s >= end_s or rate_bps <= 0.0:
            continue
        over_s[source, target] = end_s
        found.append(IonContact(begin_s, end_s, source, target, rate_bps))
        ranges.append(IonRange(begin_s, end_s, source, target, light_s))
    return IonPlan(tuple(found), tuple(ranges), epoch)


def _columns(
    contacts: Contacts, shift_s: float, *, decimals: bool
) -> list[tuple[int, int, float, float, float, float]]:
    """Values of each contact, in the order of time."""
    columns = dataclasses.replace(
        contacts, t_start_s=contacts.t_start_s + shift_s, t_end_s=contacts.t_end_s + shift_s
    )
    if not decimals:
        columns = dataclasses.replace(
            columns,
            t_start_s=np.ceil(columns.t_start_s),
            t_end_s=np.floor(columns.t_end_s),
            rate_bps=BITS_PER_BYTE
            * np.minimum(np.floor(columns.rate_bps / BITS_PER_BYTE), MAX_RATE_BYTES_S),
            light_time_s=np.ceil(columns.light_time_s),
        )
    return list(
        zip(
            (node_number(row) for row in columns.source.tolist()),
            (node_number(row) for row in columns.target.tolist()),
            columns.t_start_s.tolist(),
            columns.t_end_s.tolist(),
            columns.rate_bps.tolist(),
            columns.light_time_s.tolist(),
            strict=True,
        )
    )
