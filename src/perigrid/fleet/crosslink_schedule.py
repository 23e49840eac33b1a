"""Laser windows among computing satellites: who holds which terminal when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from perigrid.fleet.link_rates import laser_rate_bps
from perigrid.fleet.model import ContactKind, Contacts
from perigrid.fleet.terminals import Terminals
from perigrid.fleet.windows import contact_rows, label_runs, merge_contacts, no_contacts
from perigrid.physics.crosslinks import line_of_sight
from perigrid.physics.link_intervals import turns_before_rad
from perigrid.physics.links import light_time_s

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Pair = tuple[int, int]


def crosslink_windows(
    lasers: Terminals,
    position_m: Floats,
    t_s: Floats,
    motion: tuple[Floats, Floats] | None = None,
) -> Contacts:
    """Plan the lasers between the mission's satellites.

    Parameters
    ----------
    lasers : Terminals
        Of each satellite.
    position_m : (3, n_satellites, n_times) float array
        Positions at the snapshots, in any one frame [m].
    t_s : (n_times,) float array
        Snapshot times [s].
    motion : pair of (3, n_satellites, n_times) float array, optional
        Positions and velocities in an inertial frame; needed for terminals with a slew rate [m],
        [m/s].

    Returns
    -------
    Contacts
        One row per window and direction; satellites are fleet rows. The rate is the lowest in
        the window, so that a booking never outruns the link.

    Notes
    -----
    Between two snapshots a pair may be linked if it is in range and in line of sight at both.
    Unlike terminals do what both can: the shorter range, the lower rate, the higher grazing
    altitude, the slower turn and acquisition.
    Links that exist are kept while they may be. Free terminals then go to the shortest pairs that
    join parts of the fleet which are not yet connected, and what is left to the shortest of the
    rest: by length alone, close neighbours would link up in islands. A new link spends the time
    of slew and acquisition before it carries data, also at the start of the run.
    """
    if len(lasers.carried) < 2 or len(t_s) < 2:
        return no_contacts()
    held = _held_intervals(lasers, position_m)
    parts = [
        _pair_windows(lasers, pair, np.array(intervals, dtype=np.int64), position_m, t_s, motion)
        for pair, intervals in sorted(held.items())
    ]
    return merge_contacts([no_contacts(), *parts])


def _held_intervals(lasers: Terminals, position_m: Floats) -> dict[Pair, list[int]]:
    """Intervals between snapshots in which each pair is linked."""
    held: dict[Pair, list[int]] = {}
    current: list[Pair] = []
    free: list[int] = lasers.column(lambda one: one.terminals).astype(np.int64).tolist()
    ahead = _visible_pairs(lasers, position_m[:, :, 0])
    for interval in range(position_m.shape[2] - 1):
        here, ahead = ahead, _visible_pairs(lasers, position_m[:, :, interval + 1])
        usable = {pair: range_m for pair, range_m in here.items() if pair in ahead}
        current = _assign_terminals(usable, current, free)
        for pair in current:
            held.setdefault(pair, []).append(interval)
    return held


def _visible_pairs(lasers: Terminals, position_m: Floats) -> dict[Pair, float]:
    """Ranges of the pairs that could be linked in one snapshot."""
    reach_m = max(one.max_range_m for one in lasers.kinds)
    floor_m = lasers.column(lambda one: one.grazing_altitude_m)
    carried = lasers.carried
    tree = cKDTree(position_m[:, carried].T)
    pairs = carried[tree.query_pairs(reach_m, output_type="ndarray")]
    a, b = pairs[:, 0], pairs[:, 1]
    first, second = position_m[:, a], position_m[:, b]
    clear = line_of_sight(first, second, np.maximum(floor_m[a], floor_m[b]))
    range_m = np.linalg.norm(first - second, axis=0)
    clear &= lasers.pair_rate_bps(a, b, range_m) > 0.0
    return {
        (min(a, b), max(a, b)): length
        for (a, b), length in zip(pairs[clear].tolist(), range_m[clear].tolist(), strict=True)
    }


def _assign_terminals(
    usable: dict[Pair, float], current: list[Pair], terminals: Sequence[int]
) -> list[Pair]:
    """Keep links that hold; link the shortest pairs that join parts of the fleet, then others."""
    kept = [pair for pair in current if pair in usable]
    links = set(kept)
    members = {one for pair in usable for one in pair}
    free = {one: terminals[one] for one in members}
    part = {one: one for one in members}
    for pair in kept:
        _occupy(pair, free, part)
    by_range = sorted(usable, key=lambda pair: (usable[pair], pair))
    for joining in (True, False):
        for pair in by_range:
            a, b = pair
            if pair in links or free[a] < 1 or free[b] < 1 or (joining and part[a] == part[b]):
                continue
            _occupy(pair, free, part)
            links.add(pair)
            kept.append(pair)
    return kept


def _occupy(pair: Pair, free: dict[int, int], part: dict[int, int]) -> None:
    """Take a terminal at either end and join the two parts of the fleet."""
    a, b = pair
    free[a] -= 1
    free[b] -= 1
    old, new = max(part[a], part[b]), min(part[a], part[b])
    for one, label in part.items():
        if label == old:
            part[one] = new


def _pair_windows(
    lasers: Terminals,
    pair: Pair,
    intervals: Ints,
    position_m: Floats,
    t_s: Floats,
    motion: tuple[Floats, Floats] | None,
) -> Contacts:
    """Turn one pair's intervals into windows, a row for each direction."""
    labels = np.full(len(t_s) - 1, -1, dtype=np.int64)
    labels[intervals] = 0
    first, stop = label_runs(labels)
    ends = [lasers.kinds[lasers.kind_of[one]] for one in pair]
    start_s, end_s = t_s[first] + max(one.acquisition_s for one in ends), t_s[stop]
    slews = [one.slew_rate_rad_s for one in ends if one.slew_rate_rad_s > 0.0]
    if slews and motion is not None:
        row = np.zeros(len(first), dtype=np.int64)
        turn = turns_before_rad(row, first, stop, np.array([pair]), *motion)
        start_s = start_s + turn / min(slews)
    lasting = end_s > start_s
    first, stop, start_s, end_s = first[lasting], stop[lasting], start_s[lasting], end_s[lasting]
    range_m = np.linalg.norm(position_m[:, pair[0]] - position_m[:, pair[1]], axis=0)
    rate = np.minimum(*(laser_rate_bps(one, range_m) for one in ends))
    lowest = [rate[a : b + 1].min() for a, b in zip(first, stop, strict=True)]
    middle = np.interp(0.5 * (start_s + end_s), t_s, range_m)
    rows = len(first)
    return contact_rows(
        ContactKind.CROSSLINK,
        source=np.repeat(pair, rows),
        target=np.repeat(pair[::-1], rows),
        t_start_s=np.tile(start_s, 2),
        t_end_s=np.tile(end_s, 2),
        rate_bps=np.tile(np.array(lowest, dtype=np.float64), 2),
        light_time_s=np.tile(light_time_s(middle), 2),
    )
