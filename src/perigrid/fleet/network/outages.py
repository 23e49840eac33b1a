"""Nodes and lasers that fail and come back, drawn from seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.fleet.network.snapshot import Down

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_NODE, _LASER = 0, 1  # streams of random numbers


@dataclass(frozen=True, slots=True)
class OutageProcess:
    """Failures without memory, and repairs without memory.

    Parameters
    ----------
    mean_up_s : float
        Mean time from a repair to the next failure; inf for what never fails [s].
    mean_down_s : float
        Mean time to repair [s].
    """

    mean_up_s: float
    mean_down_s: float

    @property
    def down_fraction(self) -> float:
        """Share of time out of order in the long run."""
        if not np.isfinite(self.mean_up_s):
            return 0.0
        return self.mean_down_s / (self.mean_up_s + self.mean_down_s)


@dataclass(frozen=True, slots=True)
class OutageWindows:
    """When things of one kind are out of order, sorted by item and start.

    Parameters
    ----------
    count : int
        Items.
    item : (n,) int array
        Which.
    t_start_s, t_end_s : (n,) float array
        Half-open interval; the end may lie beyond the run [s].
    """

    count: int
    item: Ints
    t_start_s: Floats
    t_end_s: Floats

    def __len__(self) -> int:
        return len(self.item)

    def down_at(self, t_s: float) -> Bools:
        """Tell what is out of order.

        Parameters
        ----------
        t_s : float
            Time [s].

        Returns
        -------
        (count,) bool array
            By item.
        """
        down = np.zeros(self.count, dtype=np.bool_)
        down[self.item[(self.t_start_s <= t_s) & (t_s < self.t_end_s)]] = True
        return down


@dataclass(frozen=True, slots=True)
class NetworkOutages:
    """Outages of a network.

    Parameters
    ----------
    node, laser : OutageWindows
        Of satellites and ground nodes, and of the mesh's pairs.
    """

    node: OutageWindows
    laser: OutageWindows

    def at(self, t_s: float) -> Down:
        """Tell what is out of order.

        Parameters
        ----------
        t_s : float
            Time [s].

        Returns
        -------
        Down
            For :func:`perigrid.fleet.network.snapshot.snapshot`.
        """
        return Down(node=self.node.down_at(t_s), laser=self.laser.down_at(t_s))


def draw_outages(
    n_nodes: int,
    n_lasers: int,
    node: OutageProcess,
    laser: OutageProcess,
    duration_s: float,
    seed: int,
) -> NetworkOutages:
    """Draw the outages of a run.

    Parameters
    ----------
    n_nodes, n_lasers : int
        Satellites and ground nodes; pairs of the mesh.
    node, laser : OutageProcess
        How they fail.
    duration_s : float
        Length of the run [s].
    seed : int
        Of the random numbers.

    Returns
    -------
    NetworkOutages
        Nodes and lasers have streams of their own: a change of one leaves the other as it was.
    """

    def draw(count: int, process: OutageProcess, stream: int) -> OutageWindows:
        return outage_windows(count, process, duration_s, np.random.default_rng([seed, stream]))

    return NetworkOutages(node=draw(n_nodes, node, _NODE), laser=draw(n_lasers, laser, _LASER))


def outage_windows(
    count: int, process: OutageProcess, duration_s: float, random: np.random.Generator
) -> OutageWindows:
    """Draw outages of equal, independent items.

    Parameters
    ----------
    count : int
        Items.
    process : OutageProcess
        How they fail.
    duration_s : float
        Length of the run [s].
    random : numpy.random.Generator
        Source of random numbers.

    Returns
    -------
    OutageWindows
        Starting in the steady state: at any time an item is down with the same probability.

    Raises
    ------
    ValueError
        If a mean time is not positive.
    """
    if not (process.mean_up_s > 0.0 and process.mean_down_s > 0.0):
        raise ValueError("mean times between failures and to repair must be above 0")
    if not np.isfinite(process.mean_up_s):
        none = np.empty(0)
        return OutageWindows(count, np.empty(0, dtype=np.int64), none, none.copy())
    broken = random.random(count) < process.down_fraction
    clock = np.where(broken, 0.0, random.exponential(process.mean_up_s, count))
    items, starts, ends = [], [], []
    alive = np.flatnonzero(clock < duration_s)
    while len(alive):
        end = clock[alive] + random.exponential(process.mean_down_s, len(alive))
        items.append(alive)
        starts.append(clock[alive])
        ends.append(end)
        clock[alive] = end + random.exponential(process.mean_up_s, len(alive))
        alive = alive[clock[alive] < duration_s]
    item = np.concatenate([np.empty(0, dtype=np.int64), *items])
    start, end = np.concatenate([np.empty(0), *starts]), np.concatenate([np.empty(0), *ends])
    order = np.lexsort((start, item))
    return OutageWindows(count, item[order], start[order], end[order])
