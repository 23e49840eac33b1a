"""Radios and antennas counted again: who sent when, and whether stations could have received it.

It reads when what was sent and knows nothing of how it was booked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from perigrid.scenario.model import GroundStation

SLACK_S: Final = 1e-6


class Sent(NamedTuple):
    """A time in which a satellite sent to a station; fleet rows, and when [s]."""

    start_s: float
    end_s: float
    satellite: int
    station: int


def overbooked(sent: Sequence[Sent], stations: Mapping[int, GroundStation]) -> list[str]:
    """Find radios that sent two things at once, and stations that had too few antennas.

    Parameters
    ----------
    sent : sequence of Sent
        All downlinks of a run.
    stations : mapping of int to GroundStation
        By fleet row.

    Returns
    -------
    list of str
        What cannot have been; empty if all is well.
    """
    by_radio, by_station = defaultdict(list), defaultdict(list)
    for one in sorted(sent):
        by_radio[one.satellite].append(one)
        by_station[one.station].append(one)
    found = [
        f"radio of node {radio} sends two at once at {after.start_s} s"
        for radio, ones in sorted(by_radio.items())
        for before, after in pairwise(ones)
        if after.start_s < before.end_s - SLACK_S
    ]
    for station, ones in sorted(by_station.items()):
        here = stations[station]
        for busy in _apart(ones, here.antenna_turnaround_s):
            least = least_antennas(busy, here.antenna_turnaround_s)
            if least > here.antennas:
                found.append(f"{here.name} had to have {least} antennas at {busy[0].start_s} s")
    return found


def _apart(ones: list[Sent], turnaround_s: float) -> list[list[Sent]]:
    """Split what a station received where all its antennas had time to turn."""
    parts: list[list[Sent]] = []
    free_s = -np.inf
    for one in ones:
        if one.start_s >= free_s:
            parts.append([])
        parts[-1].append(one)
        free_s = max(free_s, one.end_s + turnaround_s)
    return parts


def least_antennas(ones: Sequence[Sent], turnaround_s: float) -> int:
    """Say how many antennas could have received some downlinks, if not fewer.

    Parameters
    ----------
    ones : sequence of Sent
        At one station, in the order of their starts.
    turnaround_s : float
        Between two satellites [s].

    Returns
    -------
    int
        0 for nothing.

    Notes
    -----
    An antenna receives a chain of them, each of which begins once the one before it is over and,
    of another satellite, the antenna has turned. That is an order (what can follow can follow what
    comes before, too), so the fewest chains are as many as there are downlinks, less the most
    pairs of direct followers (Dilworth, by matching).
    """
    start_s, end_s = np.array([one[:2] for one in ones]).reshape(-1, 2).T
    whose = np.array([one.satellite for one in ones])
    turn_s = np.where(whose[:, None] == whose, 0.0, turnaround_s)
    follows = np.triu(end_s[:, None] + turn_s <= start_s + SLACK_S, 1)
    matched = maximum_bipartite_matching(csr_array(follows), perm_type="column")
    return len(ones) - int((matched >= 0).sum())
