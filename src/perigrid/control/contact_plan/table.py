"""Contacts laid out for the search: by source, then the neighbour first met, then end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Table: TypeAlias = Any
"""A structured array: its fields are read as ``table[row].field`` by compiled code alone."""

PAIR: Final[list[tuple[str, type[np.generic]]]] = [
    ("first", np.int64),  # contact; the next pair's is where they end
    ("target", np.int64),
    ("opens_s", np.float64),
    ("closes_s", np.float64),
]
"""A source and a target that ever meet; one more row says where the last pair's contacts end."""

WINDOW: Final[list[tuple[str, type[np.generic]]]] = [
    ("start_s", np.float64),
    ("end_s", np.float64),
    ("rate_bps", np.float64),
    ("light_s", np.float64),
    ("opens_s", np.float64),
    ("source", np.int64),
    ("sender", np.int64),  # row of equipment: radio or laser link; -1 for what nobody books
    ("antenna", np.int64),  # first row of the station's antennas, and how many it has
    ("antennas", np.int64),
]
"""A contact as the search reads it."""


class Users(NamedTuple):
    """What equipment contacts need, as :data:`WINDOW` has it; (n,) int arrays."""

    sender: Ints
    antenna: Ints
    antennas: Ints


@dataclass(frozen=True, slots=True)
class ContactTable:
    """Contacts in the search's order; a *pair* is a source and a target that ever meet.

    Parameters
    ----------
    n_nodes : int
        Nodes are ``0..n_nodes-1``.
    row_of : (n,) int array
        Which of the given rows each contact is; every other column is in this table's order.
    source, target : (n,) int array
        Nodes.
    start_s, end_s : (n,) float array
        Usable interval; ``end_s`` ascends within a pair [s].
    rate_bps : (n,) float array
        Information rate [bit/s].
    light_s : (n,) float array
        One-way delay of the link [s].
    opens_s : (n,) float array
        Earliest start of this contact and those after it in its pair [s].
    first : (n_pairs + 1,) int array
        Where each pair's contacts begin.
    pair_target : (n_pairs,) int array
        The node each pair leads to.
    pair_opens_s, pair_closes_s : (n_pairs,) float array
        Earliest start and latest end of each pair; a node's pairs are in the order of the
        former [s].
    first_pair : (n_nodes + 1,) int array
        Where each node's pairs begin.
    entered : (n_nodes,) bool array
        Nodes that any contact leads to.
    pairs, windows : structured array
        Rows of :data:`PAIR` and :data:`WINDOW`: the same numbers side by side, for the search.
    """

    n_nodes: int
    row_of: Ints
    source: Ints
    target: Ints
    start_s: Floats
    end_s: Floats
    rate_bps: Floats
    light_s: Floats
    opens_s: Floats
    first: Ints
    pair_target: Ints
    pair_opens_s: Floats
    pair_closes_s: Floats
    first_pair: Ints
    entered: npt.NDArray[np.bool_]
    pairs: Table
    windows: Table

    def __len__(self) -> int:
        return len(self.row_of)

    def places(self) -> Ints:
        """Find where each given row went.

        Returns
        -------
        (n,) int array
            Inverse of ``row_of``.
        """
        places = np.empty(len(self), dtype=np.int64)
        places[self.row_of] = np.arange(len(self))
        return places


def contact_table(
    n_nodes: int,
    source: Ints,
    target: Ints,
    start_s: Floats,
    end_s: Floats,
    rate_bps: Floats,
    light_s: Floats,
    users: Users | None = None,
) -> ContactTable:
    """Sort contacts for the search.

    Parameters
    ----------
    n_nodes : int
        Nodes are ``0..n_nodes-1``.
    source, target : (n,) int array
        Nodes.
    start_s, end_s : (n,) float array
        Usable interval [s].
    rate_bps : (n,) float array
        Information rate, above 0 [bit/s].
    light_s : (n,) float array
        One-way delay, not below 0 [s].
    users : Users, optional
        What they need; left out, nothing is ever booked on them.

    Returns
    -------
    ContactTable
        Contacts of a pair that end together keep the order given.
    """
    order, first = _by_pair(source, target, start_s, end_s)
    sources, targets = source[order].astype(np.int64), target[order].astype(np.int64)
    starts, ends = start_s[order].astype(np.float64), end_s[order].astype(np.float64)
    heads, lasts = first[:-1], first[1:] - 1
    opens = _earliest_from_here(starts, first)
    entered = np.zeros(n_nodes, dtype=np.bool_)
    entered[targets] = True
    rates, lights = rate_bps[order].astype(np.float64), light_s[order].astype(np.float64)
    needs = _nothing(len(order)) if users is None else users
    users_of = (one[order].astype(np.int64) for one in needs)
    windows = _side_by_side(
        WINDOW, len(order), starts, ends, rates, lights, opens, sources, *users_of
    )
    pairs = _side_by_side(PAIR, len(first), first, targets[heads], opens[heads], ends[lasts])
    return ContactTable(
        n_nodes=n_nodes,
        row_of=order,
        source=sources,
        target=targets,
        start_s=starts,
        end_s=ends,
        rate_bps=rates,
        light_s=lights,
        opens_s=opens,
        first=first,
        pair_target=targets[heads],
        pair_opens_s=opens[heads],
        pair_closes_s=ends[lasts],
        first_pair=np.searchsorted(sources[heads], np.arange(n_nodes + 1)).astype(np.int64),
        entered=entered,
        pairs=pairs,
        windows=windows,
    )


def _nothing(count: int) -> Users:
    """Need no equipment that could be taken."""
    return Users(np.full(count, -1), np.full(count, -1), np.zeros(count, dtype=np.int64))


def _side_by_side(
    fields: list[tuple[str, type[np.generic]]], rows: int, *columns: Floats | Ints
) -> Table:
    """Lay columns out by row; what a column lacks is 0."""
    table = np.zeros(rows, dtype=fields)
    for (name, _), column in zip(fields, columns, strict=True):
        table[name][: len(column)] = column
    return table


def _by_pair(source: Ints, target: Ints, start_s: Floats, end_s: Floats) -> tuple[Ints, Ints]:
    """Order of contacts, and where each pair begins in it."""
    order = np.lexsort((end_s, target, source))
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (np.diff(source[order]) != 0) | (np.diff(target[order]) != 0)
    heads = np.flatnonzero(fresh)
    if len(heads) == 0:
        return order.astype(np.int64), np.zeros(1, dtype=np.int64)
    opens_s = np.minimum.reduceat(start_s[order], heads)
    ranked = np.lexsort((target[order][heads], opens_s, source[order][heads]))
    rank = np.empty(len(heads), dtype=np.int64)
    rank[ranked] = np.arange(len(heads))
    pair_of = np.cumsum(fresh) - 1
    counts = np.bincount(pair_of)[ranked]
    order = order[np.argsort(rank[pair_of], kind="stable")]
    return order.astype(np.int64), np.append(0, np.cumsum(counts)).astype(np.int64)


def _earliest_from_here(start_s: Floats, first: Ints) -> Floats:
    """Smallest start from each contact to the end of its pair."""
    opens_s = start_s.copy()
    last = np.zeros(len(start_s), dtype=np.bool_)
    last[first[1:] - 1] = True
    # Starts of contacts that do not overlap ascend already; only pairs that do overlap are walked.
    late = np.flatnonzero(~last[:-1] & (start_s[:-1] > start_s[1:]))
    for pair in np.unique(np.searchsorted(first, late, side="right") - 1):
        part = slice(first[pair], first[pair + 1])
        opens_s[part] = np.minimum.accumulate(start_s[part][::-1])[::-1]
    return opens_s
