"""The relay network in snapshots: its laser grid, its gateways, the quickest way down.

Functions take one snapshot or many: leading axes of their arguments are leading axes of their
outcome. Snapshots are shared over threads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SPEED_OF_LIGHT_M_S
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part
from perigrid.physics.crosslinks import lowest_squared
from perigrid.physics.topology import plus_grid_pairs
from perigrid.scenario.model import Laser, WalkerShell

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Relays wait in buckets by their delay so far. A bucket spans the quickest laser, so that whoever
# comes to its turn is hardly ever reached sooner later; the last bucket takes all that is left.
_BUCKETS: Final = 2048
_NARROWEST_BUCKET_S: Final = 1.0e-4  # 2,048 of them span 0.2 s, once and a half round the Earth
_BEFORE, _AFTER, _BUCKET = 0, 1, 2  # rows of the queue: a list through each bucket


@dataclass(frozen=True, slots=True)
class MeshGrid:
    """Lasers of a relay shell as a compressed sparse row structure that no snapshot changes.

    Parameters
    ----------
    n_relays : int
        Relay satellites.
    pairs : (n_pairs, 2) int array
        Linked neighbours, each pair once.
    row_start : (n_relays + 1,) int array
        CSR row pointer.
    neighbour, pair_of : (2 * n_pairs,) int array
        CSR column, and the pair that each entry belongs to.
    """

    n_relays: int
    pairs: Ints
    row_start: Ints
    neighbour: Ints
    pair_of: Ints


@dataclass(frozen=True, slots=True)
class ShortestWays:
    """From every relay satellite down to the gateway it reaches soonest.

    Parameters
    ----------
    delay_s : (..., n_relays) float array
        Light time and one hop delay for each relay on the way; inf where there is none [s].
    next_node : (..., n_relays + n_gateways) int array
        The next node on the way; gateways are nodes from ``n_relays`` on; negative at the end.
    """

    delay_s: Floats
    next_node: Ints


def shell_pairs(shell: WalkerShell) -> Ints:
    """Pairs of satellites that a +Grid shell links: ahead, behind and to either side.

    Parameters
    ----------
    shell : WalkerShell
        Delta or star.

    Returns
    -------
    (n_pairs, 2) int array
        Sorted, each pair once. A star's seam, where neighbours fly opposite ways, is not linked.
    """
    seam = shell.raan_spread_rad > 1.5 * math.pi
    return plus_grid_pairs(shell.planes, shell.satellites_per_plane, shell.phasing, seam=seam)


def mesh_grid(pairs: Ints, n_relays: int) -> MeshGrid:
    """Index pairs once, so that a snapshot only fills in lengths.

    Parameters
    ----------
    pairs : (n_pairs, 2) int array
        Linked relay satellites.
    n_relays : int
        Relay satellites.

    Returns
    -------
    MeshGrid
        Both directions of every pair, by row.
    """
    source = np.concatenate([pairs[:, 0], pairs[:, 1]])
    target = np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.lexsort((target, source))
    counts = np.bincount(source, minlength=n_relays)
    return MeshGrid(
        n_relays=n_relays,
        pairs=pairs,
        row_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        neighbour=target[order],
        pair_of=np.tile(np.arange(len(pairs)), 2)[order],
    )


def grid_lengths_m(grid: MeshGrid, laser: Laser, relay_m: Floats) -> Floats:
    """Lengths of the mesh's lasers; inf where a pair is out of range or behind the Earth.

    Parameters
    ----------
    grid : MeshGrid
        The mesh.
    laser : Laser
        Relay terminals.
    relay_m : (..., 3, n_relays) float array
        Positions [m].

    Returns
    -------
    (..., n_pairs) float array
        Lengths [m].
    """
    relays, lead = _snapshots(relay_m)
    lengths = np.empty((len(relays), len(grid.pairs)))
    over_ranges(
        lambda first, stop: _measure_grid(
            relays,
            grid.pairs,
            laser.max_range_m,
            EARTH_EQUATORIAL_RADIUS_M + laser.grazing_altitude_m,
            first,
            stop,
            lengths,
        ),
        len(relays),
    )
    return lengths.reshape(*lead, -1)


def gateway_ranges_m(
    relay_m: Floats, gateway_m: Floats, gateway_up: Floats, min_elevation_rad: Floats
) -> Floats:
    """Ranges from gateways to relay satellites; inf below the gateway's mask.

    Parameters
    ----------
    relay_m : (..., 3, n_relays) float array
        Earth-fixed positions [m].
    gateway_m, gateway_up : (3, n_gateways) float array
        Earth-fixed positions [m] and verticals.
    min_elevation_rad : (n_gateways,) float array
        Masks [rad].

    Returns
    -------
    (..., n_gateways, n_relays) float array
        Ranges [m].
    """
    relays, lead = _snapshots(relay_m)
    shape = (gateway_m.shape[1], relays.shape[2])
    ranges = np.empty((len(relays), *shape))
    sines = np.sin(min_elevation_rad)
    over_ranges(
        lambda first, stop: _measure_gateways(
            relays, gateway_m, gateway_up, sines, first, stop, ranges
        ),
        len(relays),
    )
    return ranges.reshape(*lead, *shape)


def shortest_ways(
    grid: MeshGrid, lengths_m: Floats, gateway_range_m: Floats, hop_s: float
) -> ShortestWays:
    """Quickest way from every relay satellite to any gateway.

    Parameters
    ----------
    grid : MeshGrid
        The mesh.
    lengths_m : (..., n_pairs) float array
        Lengths of its lasers, inf where there is none [m].
    gateway_range_m : (..., n_gateways, n_relays) float array
        Ranges, inf where there is no contact [m].
    hop_s : float
        Processing delay in each relay satellite [s].

    Returns
    -------
    ShortestWays
        Over all relay satellites.

    Notes
    -----
    One run from all gateways at once, Dijkstra's with the queue in buckets. Edges lead from a
    gateway up and across the mesh, never down, so that no way passes through the ground; light
    takes the same time both ways. Of ways that are equally quick to the last bit, the one over the
    node of lower number counts.

    References
    ----------
    .. [1] E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische
       Mathematik 1, 269 (1959), doi:10.1007/BF01386390.
    .. [2] R. B. Dial, "Algorithm 360: shortest-path forest with topological ordering",
       Communications of the ACM 12, 632 (1969), doi:10.1145/363269.363610.
    """
    lead, n_gateways = lengths_m.shape[:-1], gateway_range_m.shape[-2]
    lengths = np.ascontiguousarray(lengths_m).reshape(-1, len(grid.pairs))
    gateways = np.ascontiguousarray(gateway_range_m).reshape(-1, n_gateways, grid.n_relays)
    delay = np.empty((len(lengths), grid.n_relays))
    next_node = np.empty((len(lengths), grid.n_relays + n_gateways), dtype=np.int64)

    def work(first: int, stop: int) -> None:
        queue = np.empty((3, grid.n_relays), dtype=np.int64)
        for k in range(first, stop):
            weight = lengths[k] / SPEED_OF_LIGHT_M_S + hop_s
            per_bucket = 1.0 / max(weight.min(initial=np.inf), _NARROWEST_BUCKET_S)
            head = np.full(_BUCKETS, -1, dtype=np.int64)
            _start_at_gateways(gateways[k], hop_s, per_bucket, delay[k], next_node[k], queue, head)
            _spread(
                grid.row_start, grid.neighbour, grid.pair_of, weight, per_bucket,
                delay[k], next_node[k], queue, head,
            )  # fmt: skip

    over_ranges(work, len(lengths))
    return ShortestWays(delay.reshape(*lead, -1), next_node.reshape(*lead, -1))


def _snapshots(relay_m: Floats) -> tuple[Floats, tuple[int, ...]]:
    """Flatten leading axes, and tell what they were."""
    flat = np.ascontiguousarray(relay_m).reshape(-1, *relay_m.shape[-2:])
    return flat, relay_m.shape[:-2]


@kernel
def _measure_grid(
    relay: Floats,
    pairs: Ints,
    reach_m: float,
    floor_m: float,
    first: int,
    stop: int,
    lengths: Floats,
) -> None:
    """Fill snapshots ``first`` to ``stop`` of the mesh's lengths."""
    for k in range(first, stop):
        for row in range(len(pairs)):
            a, b = pairs[row, 0], pairs[row, 1]
            ax, ay, az = relay[k, 0, a], relay[k, 1, a], relay[k, 2, a]
            dx, dy, dz = relay[k, 0, b] - ax, relay[k, 1, b] - ay, relay[k, 2, b] - az
            length = np.sqrt(dx * dx + dy * dy + dz * dz)
            clear = lowest_squared(ax, ay, az, dx, dy, dz) >= floor_m * floor_m
            lengths[k, row] = length if clear and length <= reach_m else np.inf


@kernel
def _measure_gateways(
    relay: Floats,
    gateway: Floats,
    up: Floats,
    sines: Floats,
    first: int,
    stop: int,
    ranges: Floats,
) -> None:
    """Fill snapshots ``first`` to ``stop`` of the gateways' ranges."""
    for k in range(first, stop):
        for g in range(gateway.shape[1]):
            gx, gy, gz = gateway[0, g], gateway[1, g], gateway[2, g]
            ux, uy, uz = up[0, g], up[1, g], up[2, g]
            sine = sines[g]
            for r in range(relay.shape[2]):
                dx, dy, dz = relay[k, 0, r] - gx, relay[k, 1, r] - gy, relay[k, 2, r] - gz
                length = np.sqrt(dx * dx + dy * dy + dz * dz)
                climb = ux * dx + uy * dy + uz * dz
                ranges[k, g, r] = length if climb >= sine * length else np.inf


@kernel
def _start_at_gateways(
    gateway: Floats,
    hop_s: float,
    per_bucket: float,
    best: Floats,
    way: Ints,
    queue: Ints,
    head: Ints,
) -> None:
    """Reach relays from the ground, and queue them."""
    n_gateways, n_relays = gateway.shape
    for r in range(n_relays):
        best[r], way[r], queue[_BUCKET, r] = np.inf, -1, -1
    for g in range(n_gateways):
        way[n_relays + g] = -1
        for r in range(n_relays):
            if gateway[g, r] < np.inf:
                there = gateway[g, r] / SPEED_OF_LIGHT_M_S + hop_s
                if there < best[r]:
                    best[r], way[r] = there, n_relays + g
    for r in range(n_relays):
        if best[r] < np.inf:
            _put(queue, head, r, min(int(best[r] * per_bucket), _BUCKETS - 1))


@kernel
def _spread(
    row_start: Ints,
    neighbour: Ints,
    pair_of: Ints,
    weight: Floats,
    per_bucket: float,
    best: Floats,
    way: Ints,
    queue: Ints,
    head: Ints,
) -> None:
    """Empty the buckets from the soonest on; a relay that is reached sooner moves up."""
    for bucket in range(_BUCKETS):
        while head[bucket] >= 0:
            node = head[bucket]
            _remove(queue, head, node)
            soonest = best[node]
            for edge in range(row_start[node], row_start[node + 1]):
                other = neighbour[edge]
                there = soonest + weight[pair_of[edge]]
                if there < best[other]:
                    best[other], way[other] = there, node
                    _put(queue, head, other, min(int(there * per_bucket), _BUCKETS - 1))
                elif there == best[other] and there < np.inf and node < way[other]:
                    way[other] = node


@part
def _put(queue: Ints, head: Ints, node: int, bucket: int) -> None:
    """Put a relay into a bucket, out of the one where it was."""
    if queue[_BUCKET, node] >= 0:
        _remove(queue, head, node)
    following = head[bucket]
    if following >= 0:
        queue[_BEFORE, following] = node
    queue[_BEFORE, node], queue[_AFTER, node], queue[_BUCKET, node] = -1, following, bucket
    head[bucket] = node


@part
def _remove(queue: Ints, head: Ints, node: int) -> None:
    """Take a relay out of its bucket."""
    before, following = queue[_BEFORE, node], queue[_AFTER, node]
    if before >= 0:
        queue[_AFTER, before] = following
    else:
        head[queue[_BUCKET, node]] = following
    if following >= 0:
        queue[_BEFORE, following] = before
    queue[_BUCKET, node] = -1
