"""Routes of pairs of nodes over time: round trips, changes of path, handovers, outages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.fleet.network.repair import repair_paths
from perigrid.fleet.network.shortest import ShortestPaths, shortest_paths
from perigrid.fleet.network.snapshot import Snapshot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_OUTAGE = -1
# With more of the links to the ground gone, a fresh run is quicker than a repair: about a minute at
# 550 km. Measured; the outcome is the same.
_MOST_GONE = 0.2


@dataclass(frozen=True, slots=True)
class RouteSeries:
    """The quickest route between two nodes at each time.

    Parameters
    ----------
    source, target : int
        Nodes.
    t_s : (n_times,) float array
        Times [s].
    rtt_s : (n_times,) float array
        Round trip there and back by the same path; inf during outages [s].
    paths : tuple of (n,) int arrays
        Different paths, from source to target, in the order of their first use.
    path : (n_times,) int array
        Which of them; -1 during outages.
    """

    source: int
    target: int
    t_s: Floats
    rtt_s: Floats
    paths: tuple[Ints, ...]
    path: Ints

    def path_at(self, step: int) -> Ints:
        """Nodes of the route at one time.

        Parameters
        ----------
        step : int
            Number of the time.

        Returns
        -------
        (n,) int array
            Empty during an outage.
        """
        which = int(self.path[step])
        return np.empty(0, dtype=np.int64) if which == _OUTAGE else self.paths[which]

    @property
    def path_changes(self) -> int:
        """How often the path differs from the one a step before, outages apart."""
        here = self.path[self.path != _OUTAGE]
        return int(np.count_nonzero(here[1:] != here[:-1]))

    def handovers(self, place: int) -> int:
        """Count how often an end changes its satellite.

        Parameters
        ----------
        place : int
            1 for the source's satellite, -2 for the target's.

        Returns
        -------
        int
            Changes from one path to the next; outages in between do not count by themselves.
        """
        satellite = np.array([nodes[place] for nodes in self.paths], dtype=np.int64)
        used = satellite[self.path[self.path != _OUTAGE]]
        return int(np.count_nonzero(used[1:] != used[:-1]))

    @property
    def outages(self) -> Floats:
        """Intervals without a path, as (n, 2) times: the first step without, the first with [s].

        The last interval ends at inf if the series ends without a path.
        """
        edge = np.diff((self.path == _OUTAGE).astype(np.int8), prepend=0, append=0)
        later = np.append(self.t_s, np.inf)
        return np.stack([later[edge == 1], later[edge == -1]], axis=1)


def follow_paths(snapshots: Iterable[Snapshot], source: Ints) -> Iterator[ShortestPaths]:
    """Compute quickest paths of one snapshot after another.

    Each is repaired from the one before, or made afresh where too little of that is left.

    Parameters
    ----------
    snapshots : iterable of Snapshot
        In the order of time, of the same nodes.
    source : (n_sources,) int array
        Nodes.

    Yields
    ------
    ShortestPaths
        Overwritten at the next step: copy what is to stay.
    """
    found: ShortestPaths | None = None
    last: Snapshot | None = None
    for graph in snapshots:
        if found is None or last is None:
            found = shortest_paths(graph, source)
        elif gone_fraction(last, graph) > _MOST_GONE:
            found = shortest_paths(graph, source, found)
        else:
            found = repair_paths(graph, found, found)
        last = graph
        yield found


def gone_fraction(before: Snapshot, now: Snapshot) -> float:
    """Tell how much of the links to the ground an earlier snapshot had and a later one lacks.

    Parameters
    ----------
    before, now : Snapshot
        Of the same nodes.

    Returns
    -------
    float
        From 0 to 1; 0 if there were none.
    """
    earlier, later = (
        np.repeat(np.arange(graph.n_ground), np.diff(graph.ground_start)) * graph.n_satellites
        + graph.ground_satellite
        for graph in (before, now)
    )
    return float(np.mean(~np.isin(earlier, later))) if len(earlier) else 0.0


def route_series(
    snapshots: Iterable[Snapshot], t_s: Floats, pairs: Ints
) -> tuple[RouteSeries, ...]:
    """Follow the quickest routes of pairs of nodes.

    Parameters
    ----------
    snapshots : iterable of Snapshot
        One per time; may be made on the way, none is kept.
    t_s : (n_times,) float array
        Times [s].
    pairs : (n_pairs, 2) int array
        Source and target; a source that is given several times is searched from once.

    Returns
    -------
    tuple of RouteSeries
        In the order of the pairs.

    Raises
    ------
    ValueError
        If there are not as many snapshots as times.
    """
    sources, row = np.unique(pairs[:, 0], return_inverse=True)
    logs = [_Log() for _ in pairs]
    steps = 0
    for found in follow_paths(snapshots, sources):
        steps += 1
        for log, k, target in zip(logs, row.tolist(), pairs[:, 1].tolist(), strict=True):
            log.note(found, k, target)
    if steps != len(t_s):
        raise ValueError(f"{steps} snapshots do not fit {len(t_s)} times")
    return tuple(
        RouteSeries(a, b, t_s, np.array(log.rtt_s), *log.table())
        for (a, b), log in zip(pairs.tolist(), logs, strict=True)
    )


class _Log:
    """What one pair saw so far."""

    def __init__(self) -> None:
        self.number: dict[tuple[int, ...], int] = {}
        self.path: list[int] = []
        self.rtt_s: list[float] = []

    def note(self, found: ShortestPaths, row: int, target: int) -> None:
        """Take down one time."""
        nodes = tuple(found.path(row, target).tolist())
        self.rtt_s.append(2.0 * float(found.delay_s[row, target]))
        self.path.append(self.number.setdefault(nodes, len(self.number)) if nodes else _OUTAGE)

    def table(self) -> tuple[tuple[Ints, ...], Ints]:
        """Different paths, and which of them each time."""
        nodes = tuple(np.array(one, dtype=np.int64) for one in self.number)
        return nodes, np.array(self.path, dtype=np.int64)
