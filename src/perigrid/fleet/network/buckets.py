"""Satellites that were reached sooner tell their neighbours, roughly the soonest first.

They wait in buckets by their delay. A satellite whose delay falls while it waits stays where it
is, which costs less than moving it and now and then tells a neighbour twice.

References
----------
.. [1] R. B. Dial, "Algorithm 360: shortest-path forest with topological ordering", Communications
   of the ACM 12, 632 (1969), doi:10.1145/363269.363610.
.. [2] U. Meyer, P. Sanders, "Delta-stepping: a parallelizable shortest path algorithm", Journal of
   Algorithms 49, 114 (2003), doi:10.1016/S0196-6774(03)00076-2.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.compiled import part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]

BUCKETS: Final = 4096
"""Number of buckets; the last one takes all that is left."""
_PER_HOP: Final = 8.0

_EMPTY: Final = -1


def buckets_per_s(laser_s: Floats) -> float:
    """Choose how finely the buckets divide time.

    Parameters
    ----------
    laser_s : (n,) float array
        Delays of the lasers, inf where there is none [s].

    Returns
    -------
    float
        So that a mean laser spans eight buckets, and 512 lasers in a row all of them [1/s].
    """
    there = laser_s[np.isfinite(laser_s)]
    return _PER_HOP / float(there.mean()) if len(there) else 1.0


@part
def put(
    best: Floats, per_s: float, head: Nodes, following: Nodes, place: Nodes, node: int, least: int
) -> None:
    """Put a satellite into its bucket, unless it waits already.

    Parameters
    ----------
    best : (n,) float array
        Delays, finite for this node [s].
    per_s : float
        Buckets per second.
    head : (BUCKETS,) int32 array
        First satellite of each bucket, -1 for none.
    following : (n,) int32 array
        Who comes next in the bucket.
    place : (n,) int32 array
        Bucket in which each satellite waits, -1 for none.
    node : int
        Satellite.
    least : int
        First bucket that still counts.
    """
    if place[node] < 0:
        bucket = max(least, min(int(best[node] * per_s), len(head) - 1))
        following[node] = head[bucket]
        head[bucket] = node
        place[node] = bucket


@part
def spread(
    row_start: Ints,
    neighbour: Nodes,
    laser_s: Floats,
    per_s: float,
    best: Floats,
    before: Nodes,
    head: Nodes,
    following: Nodes,
    place: Nodes,
) -> None:
    """Empty the buckets: tell neighbours until nobody gains.

    Parameters
    ----------
    row_start, neighbour, laser_s : array
        Mesh and delays, as in :class:`perigrid.fleet.network.snapshot.Snapshot`.
    per_s : float
        Buckets per second.
    best, before : array
        Delays [s] and previous nodes, improved in place; of equal delays the previous node of
        lower number counts.
    head, following, place : array
        As in :func:`put`; empty afterwards.
    """
    for bucket in range(len(head)):
        while head[bucket] != _EMPTY:
            node = head[bucket]
            head[bucket] = following[node]
            place[node] = _EMPTY
            for entry in range(row_start[node], row_start[node + 1]):
                other = neighbour[entry]
                there = best[node] + laser_s[entry]
                if there < best[other]:
                    best[other], before[other] = there, node
                    put(best, per_s, head, following, place, other, bucket)
                elif there == best[other] and there < np.inf and node < before[other]:
                    before[other] = node
