"""Which satellites link up at each moment: terminals are given to the shortest pairs first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from perigrid.fleet.terminals import Terminals
from perigrid.physics.compiled import kernel, part
from perigrid.physics.crosslinks import line_of_sight, range_m

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_NEIGHBOURS: Final = 12
"""Pairs are looked at in rings of growing range, the first with about so many neighbours. It
decides how long the search takes, never what is found."""

_MOST_MEASURED: Final = 500_000
"""Pairs times snapshots up to which all are measured at once, which costs less than searching."""

_ROUNDING: Final = 1.0 + 1e-12
"""Lengths are rounded otherwise in the tree of neighbours."""


class _AllPairs(NamedTuple):
    """What is known of all pairs of a small fleet, through all intervals."""

    pairs: Ints  # (n_pairs, 2), in the order of the satellites
    length_m: Floats  # (n_times, n_pairs)
    open: Bools  # (n_times - 1, n_pairs)
    row_of: Ints  # by number of a pair


class TerminalAssignment:
    """Gives terminals to pairs, snapshot after snapshot.

    Parameters
    ----------
    lasers : Terminals
        Of each satellite; at least two carry some.
    position_m : (3, n_satellites, n_times) float array
        Positions at the snapshots, in any one frame [m].

    Notes
    -----
    A pair may be linked between two snapshots if it is in range and in line of sight at both. Links
    that exist are kept while they may be. Free terminals then go to the shortest pairs that join
    parts of the fleet which are not yet connected, and what is left to the shortest of the rest: by
    length alone, close neighbours would link up in islands.

    A pair counts only while both ends have a terminal free. So pairs are looked at in rings of
    growing range, each among the satellites that still have one, and what comes out is what sorting
    all pairs would give.
    """

    def __init__(self, lasers: Terminals, position_m: Floats) -> None:
        self._lasers, self._position_m = lasers, position_m
        self._reach_m = max(one.max_range_m for one in lasers.kinds)
        self._floor_m = lasers.column(lambda one: one.grazing_altitude_m)
        self._terminals: Ints = lasers.column(lambda one: one.terminals).astype(np.int64)
        self.first_ring_m = self._usual_range_m()
        n = len(lasers.carried)
        few = n * (n - 1) // 2 * position_m.shape[2] <= _MOST_MEASURED
        self._all_pairs = self._measured() if few else None

    def intervals(self) -> Iterator[Ints]:
        """Go through the intervals between snapshots.

        Yields
        ------
        (n, 2) int array
            Pairs that are linked from a snapshot to the next, the lower row first.
        """
        pairs: Ints = np.empty((0, 2), dtype=np.int64)
        for interval in range(self._position_m.shape[2] - 1):
            pairs = self._linked(interval, pairs)
            yield pairs

    def _measured(self) -> _AllPairs:
        """Measure all pairs at all snapshots."""
        n_times = self._position_m.shape[2]
        first, second = np.triu_indices(len(self._lasers.carried), 1)
        pairs = np.stack([self._lasers.carried[first], self._lasers.carried[second]], axis=1)
        # One row for each pair at each snapshot.
        at, each = np.arange(n_times)[:, None], np.arange(len(pairs))
        a, b, when = (np.broadcast_to(one, (n_times, len(pairs))).ravel() for one in
                      (pairs[each, 0], pairs[each, 1], at))  # fmt: skip
        first_m, second_m = self._position_m[:, a, when], self._position_m[:, b, when]
        length_m = range_m(first_m, second_m)
        clear = self._clear(a, b, first_m, second_m, length_m).reshape(n_times, -1)
        row_of = np.full(len(self._terminals) ** 2, -1, dtype=np.int64)
        row_of[self._number(pairs)] = each
        return _AllPairs(pairs, length_m.reshape(n_times, -1), clear[:-1] & clear[1:], row_of)

    def _usual_range_m(self) -> float:
        """Range within which a satellite has a few neighbours."""
        places = self._position_m[:, self._lasers.carried, 0].T
        nearest = min(_NEIGHBOURS + 1, len(places))
        return max(float(np.median(cKDTree(places).query(places, k=[nearest])[0])), 1.0)

    def _linked(self, interval: int, current: Ints) -> Ints:
        """Pairs that are linked, given those that were before."""
        kept = current[self._open(current, interval)]
        free = self._terminals - np.bincount(kept.ravel(), minlength=len(self._terminals))
        parent = np.arange(len(free))
        _join(kept, parent)
        found, left = [kept], []
        rings = self._rings(interval, kept, free)
        while _can_join(free, parent) and (ring := next(rings, None)) is not None:
            taken = _take(ring, free, parent, joining=True)
            found.append(ring[taken])
            left.append(ring[~taken])
        found += [ring[_take(ring, free, parent, joining=False)] for ring in chain(left, rings)]
        return np.concatenate(found)

    def _rings(self, interval: int, kept: Ints, free: Ints) -> Iterator[Ints]:
        """Pairs that could be linked, ring by ring, the shortest first."""
        if self._all_pairs is not None:
            yield self._ring_of_all(self._all_pairs, interval, kept, free)
            return
        inner_m, outer_m = -1.0, min(self.first_ring_m, self._reach_m)
        while inner_m < self._reach_m and np.count_nonzero(free) > 1:
            rows = np.flatnonzero(free > 0)
            tree = cKDTree(self._position_m[:, rows, interval].T)
            pairs = rows[tree.query_pairs(outer_m * _ROUNDING, output_type="ndarray")]
            pairs.sort(axis=1)
            length_m = self._range_m(pairs, interval)
            pairs = pairs[(length_m > inner_m) & (length_m <= outer_m)]
            pairs = pairs[self._open(pairs, interval)]
            pairs = pairs[~np.isin(self._number(pairs), self._number(kept))]
            length_m = self._range_m(pairs, interval)
            yield pairs[np.lexsort((pairs[:, 1], pairs[:, 0], length_m))]
            inner_m, outer_m = outer_m, min(2.0 * outer_m, self._reach_m)

    def _ring_of_all(self, known: _AllPairs, interval: int, kept: Ints, free: Ints) -> Ints:
        """Pairs of all ranges at once."""
        usable = known.open[interval].copy()
        usable[known.row_of[self._number(kept)]] = False
        usable &= (free[known.pairs] > 0).all(axis=1)
        rows = np.flatnonzero(usable)
        # Rows are in the order of the satellites, which settles pairs of one length.
        return known.pairs[rows[np.argsort(known.length_m[interval, rows], kind="stable")]]

    def _number(self, pairs: Ints) -> Ints:
        number: Ints = pairs[:, 0] * len(self._terminals) + pairs[:, 1]
        return number

    def _range_m(self, pairs: Ints, at: int) -> Floats:
        return range_m(self._position_m[:, pairs[:, 0], at], self._position_m[:, pairs[:, 1], at])

    def _open(self, pairs: Ints, interval: int) -> Bools:
        """Whether pairs may be linked through an interval."""
        if self._all_pairs is not None:
            known: Bools = self._all_pairs.open[
                interval, self._all_pairs.row_of[self._number(pairs)]
            ]
            return known
        clear = self._visible(pairs, interval)
        clear[clear] = self._visible(pairs[clear], interval + 1)
        return clear

    def _visible(self, pairs: Ints, at: int) -> Bools:
        a, b = pairs[:, 0], pairs[:, 1]
        first, second = self._position_m[:, a, at], self._position_m[:, b, at]
        return self._clear(a, b, first, second, range_m(first, second))

    def _clear(
        self, a: Ints, b: Ints, first_m: Floats, second_m: Floats, length_m: Floats
    ) -> Bools:
        """Whether each pair, measured at some time, is in sight and in range."""
        clear = line_of_sight(first_m, second_m, np.maximum(self._floor_m[a], self._floor_m[b]))
        clear &= length_m <= self._reach_m
        clear &= self._lasers.pair_rate_bps(a, b, length_m) > 0.0
        return clear


@part
def _root(parent: Ints, row: int) -> int:
    """Find the satellite that stands for a part of the fleet."""
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


@kernel
def _join(pairs: Ints, parent: Ints) -> None:
    """Make one part of what pairs connect."""
    for k in range(len(pairs)):
        parent[_root(parent, pairs[k, 0])] = _root(parent, pairs[k, 1])


@kernel
def _can_join(free: Ints, parent: Ints) -> bool:
    """Whether terminals are free in more than one part of the fleet."""
    first = -1
    for row in range(len(free)):
        if free[row] > 0:
            mine = _root(parent, row)
            if first < 0:
                first = mine
            elif mine != first:
                return True
    return False


@kernel
def _take(pairs: Ints, free: Ints, parent: Ints, joining: bool) -> Bools:  # noqa: FBT001  one loop for both
    """Link pairs in turn while both ends have a terminal free."""
    taken = np.zeros(len(pairs), dtype=np.bool_)
    for k in range(len(pairs)):
        a, b = pairs[k, 0], pairs[k, 1]
        if free[a] < 1 or free[b] < 1:
            continue
        one, other = _root(parent, a), _root(parent, b)
        if joining and one == other:
            continue
        taken[k] = True
        free[a] -= 1
        free[b] -= 1
        parent[one] = other
    return taken
