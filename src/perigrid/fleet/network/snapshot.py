"""The network at one instant: lasers between satellites, links to the ground, delays.

Satellites are nodes ``0..n_satellites - 1``, ground nodes follow. A ground node sends and receives
but never relays: in the graph it is split into a source, with links up only, and a sink, with
links down only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SPEED_OF_LIGHT_M_S
from perigrid.fleet.relay_mesh import MeshGrid
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel
from perigrid.physics.crosslinks import lowest_squared

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Nodes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

# No laser counts as shorter: a delay that vanishes in the rounding of a sum would let two
# satellites each be the way to the other.
_SHORTEST_M: Final = 1.0e-3


@dataclass(frozen=True, slots=True)
class GroundNodes:
    """Places on the Earth that talk to satellites.

    Parameters
    ----------
    position_m, up : (3, n_ground) float array
        Earth-fixed positions [m] and verticals.
    min_elevation_rad : (n_ground,) float array
        Lowest elevation of a link; -pi/2 leaves the choice to the range [rad].
    max_range_m : (n_ground,) float array
        Longest link; inf leaves the choice to the elevation [m].
    """

    position_m: Floats
    up: Floats
    min_elevation_rad: Floats
    max_range_m: Floats

    def __len__(self) -> int:
        return len(self.min_elevation_rad)


@dataclass(frozen=True, slots=True)
class LaserLimits:
    """What a laser between satellites can do.

    Parameters
    ----------
    max_range_m : float or (n_pairs,) float array
        Longest link, of each or of all [m].
    grazing_altitude_m : float or (n_pairs,) float array
        Lowest altitude that a line of sight may pass above the equatorial radius [m].
    """

    max_range_m: float | Floats
    grazing_altitude_m: float | Floats


@dataclass(frozen=True, slots=True)
class Down:
    """What is out of order at one instant.

    Parameters
    ----------
    node : (n_satellites + n_ground,) bool array
        Nodes, with every link of theirs.
    laser : (n_pairs,) bool array
        Lasers, by row of the mesh's pairs.
    """

    node: Bools
    laser: Bools


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Directed graph of one instant, as compressed sparse rows.

    Parameters
    ----------
    mesh : MeshGrid
        Which satellites lasers join; the same for all snapshots of a +Grid.
    neighbour : (2 n_pairs,) int32 array
        The mesh's columns.
    laser_delay_s : (2 n_pairs,) float array
        Light time and the sender's processing, by entry of the mesh; inf where there is no link
        now [s].
    ground_start : (n_ground + 1,) int array
        Row pointer: links of ground node ``g`` are entries ``ground_start[g]`` onwards.
    ground_satellite : (n_ground_links,) int32 array
        Satellites in reach, ascending within each row.
    up_s, down_s : (n_ground_links,) float array
        Delay of the link up, and of the link down with the satellite's processing [s].
    missed : (n_satellites,) bool array
        Satellites out of order that a ground node in order has in sight.
    laser_cut : (2 n_pairs,) bool array
        Lasers that are in reach and have an end out of order, by entry of the mesh.
    """

    mesh: MeshGrid
    neighbour: Nodes
    laser_delay_s: Floats
    ground_start: Ints
    ground_satellite: Nodes
    up_s: Floats
    down_s: Floats
    missed: Bools
    laser_cut: Bools

    @property
    def n_satellites(self) -> int:
        """Number of satellites."""
        return self.mesh.n_relays

    @property
    def n_ground(self) -> int:
        """Number of ground nodes."""
        return len(self.ground_start) - 1

    @property
    def n_links(self) -> int:
        """Directed links: entries of the mesh, then links up, then links down."""
        return len(self.neighbour) + 2 * len(self.ground_satellite)

    def split_graph(self) -> csr_array:
        """Write the graph down for ``scipy.sparse.csgraph``.

        Returns
        -------
        (n, n) csr_array
            Delays [s], with ``n = n_satellites + 2 n_ground``: satellites, the sources of the
            ground nodes, their sinks. Links that do not exist now are left out.
        """
        tails, heads = self.link_ends()
        delays = np.concatenate([self.laser_delay_s, self.up_s, self.down_s])
        heads[len(heads) - len(self.ground_satellite) :] += self.n_ground
        there = np.isfinite(delays)
        size = self.n_satellites + 2 * self.n_ground
        return csr_array((delays[there], (tails[there], heads[there])), shape=(size, size))

    def link_ends(self) -> tuple[Ints, Ints]:
        """Nodes at both ends of every directed link.

        Returns
        -------
        tail, head : (n_links,) int array
            Sender and receiver.
        """
        ground = np.repeat(np.arange(self.n_ground), np.diff(self.ground_start))
        ground += self.n_satellites
        rows = np.repeat(np.arange(self.n_satellites), np.diff(self.mesh.row_start))
        tail = np.concatenate([rows, ground, self.ground_satellite])
        head = np.concatenate([self.neighbour, self.ground_satellite, ground])
        return tail.astype(np.int64), head.astype(np.int64)


def snapshot(
    mesh: MeshGrid,
    satellite_m: Floats,
    ground: GroundNodes,
    laser: LaserLimits,
    *,
    hop_s: float = 0.0,
    down: Down | None = None,
) -> Snapshot:
    """Find out which links exist at one instant, and their delays.

    Parameters
    ----------
    mesh : MeshGrid
        Pairs of satellites that lasers may join, from
        :func:`perigrid.fleet.relay_mesh.mesh_grid`: of a +Grid
        (:func:`perigrid.physics.topology.plus_grid_pairs`), of nearest neighbours
        (:func:`perigrid.physics.topology.nearest_pairs`), or any other.
    satellite_m : (3, n_satellites) float array
        Earth-fixed positions; a satellite at NaN has no link [m].
    ground : GroundNodes
        Where the ground nodes are and what they reach.
    laser : LaserLimits
        Reach of the lasers.
    hop_s : float
        Processing delay in each satellite on a path [s].
    down : Down, optional
        What is out of order.

    Returns
    -------
    Snapshot
        The graph.
    """
    relays = np.ascontiguousarray(satellite_m, dtype=np.float64)
    length = np.empty(len(mesh.pairs))
    reach_m = np.full(len(length), laser.max_range_m, dtype=np.float64)
    floor_m = np.full(len(length), EARTH_EQUATORIAL_RADIUS_M + laser.grazing_altitude_m)
    _laser_lengths(relays, mesh.pairs, reach_m, np.maximum(floor_m, 0.0), length)
    start, satellite, range_m = _ground_links(relays, ground)
    missed, cut = np.zeros(mesh.n_relays, dtype=np.bool_), np.zeros(len(length), dtype=np.bool_)
    if down is not None:
        missed = _missed(down.node, mesh.n_relays, start, satellite)
        cut = np.isfinite(length) & down.node[mesh.pairs].any(axis=1)
        length[down.laser | cut] = np.inf
        start, satellite, range_m = _without(down.node, mesh.n_relays, start, satellite, range_m)
    light_s = range_m / SPEED_OF_LIGHT_M_S
    return Snapshot(
        mesh=mesh,
        neighbour=mesh.neighbour.astype(np.int32),
        laser_delay_s=(length / SPEED_OF_LIGHT_M_S + hop_s)[mesh.pair_of],
        ground_start=start,
        ground_satellite=satellite,
        up_s=light_s,
        down_s=light_s + hop_s,
        missed=missed,
        laser_cut=cut[mesh.pair_of],
    )


def _missed(down: Bools, n_satellites: int, start: Ints, satellite: Nodes) -> Bools:
    """Satellites that are down and in sight of a ground node that is not."""
    ground = np.repeat(np.arange(len(start) - 1), np.diff(start))
    missed = np.zeros(n_satellites, dtype=np.bool_)
    missed[satellite[down[satellite] & ~down[n_satellites + ground]]] = True
    return missed


def _without(
    down: Bools, n_satellites: int, start: Ints, satellite: Nodes, range_m: Floats
) -> tuple[Ints, Nodes, Floats]:
    """Drop ground links of nodes that are down."""
    ground = np.repeat(np.arange(len(start) - 1), np.diff(start))
    kept = ~(down[satellite] | down[n_satellites + ground])
    counts = np.bincount(ground[kept], minlength=len(start) - 1)
    return np.concatenate([[0], np.cumsum(counts)]), satellite[kept], range_m[kept]


def _ground_links(relay: Floats, ground: GroundNodes) -> tuple[Ints, Nodes, Floats]:
    """Satellites in reach of each ground node, and how far they are."""
    site, up = np.ascontiguousarray(ground.position_m), np.ascontiguousarray(ground.up)
    sines, reach = np.sin(ground.min_elevation_rad), np.asarray(ground.max_range_m, np.float64)
    counts = np.zeros(len(ground), dtype=np.int64)
    # A link is a row of a wide table first, so that threads need not know each other's counts.
    wide = np.empty((len(ground), relay.shape[1]), dtype=np.int32)
    over_ranges(
        lambda first, stop: _in_reach(relay, site, up, sines, reach, first, stop, counts, wide),
        len(ground),
        smallest=max(1, 1_000_000 // max(1, relay.shape[1])),
    )
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    satellite, range_m = np.empty(start[-1], dtype=np.int32), np.empty(start[-1])
    _gather(relay, site, wide, start, satellite, range_m)
    return start, satellite, range_m


@kernel
def _laser_lengths(
    relay: Floats, pairs: Ints, reach_m: Floats, floor_m: Floats, lengths: Floats
) -> None:
    """Length of each laser; inf out of reach, behind the Earth, or where a position is NaN."""
    for row in range(len(pairs)):
        a, b = pairs[row, 0], pairs[row, 1]
        ax, ay, az = relay[0, a], relay[1, a], relay[2, a]
        dx, dy, dz = relay[0, b] - ax, relay[1, b] - ay, relay[2, b] - az
        length = np.sqrt(dx * dx + dy * dy + dz * dz)
        clear = lowest_squared(ax, ay, az, dx, dy, dz) >= floor_m[row] * floor_m[row]
        lengths[row] = max(length, _SHORTEST_M) if clear and length <= reach_m[row] else np.inf


@kernel
def _in_reach(
    relay: Floats,
    site: Floats,
    up: Floats,
    sines: Floats,
    reach: Floats,
    first: int,
    stop: int,
    counts: Ints,
    wide: Nodes,
) -> None:
    """List the satellites in reach of ground nodes ``first`` to ``stop``."""
    for g in range(first, stop):
        gx, gy, gz = site[0, g], site[1, g], site[2, g]
        ux, uy, uz = up[0, g], up[1, g], up[2, g]
        sine, reach2 = sines[g], reach[g] * reach[g]
        found = 0
        for s in range(relay.shape[1]):
            dx, dy, dz = relay[0, s] - gx, relay[1, s] - gy, relay[2, s] - gz
            squared = dx * dx + dy * dy + dz * dz
            climb = ux * dx + uy * dy + uz * dz
            if squared <= reach2 and climb >= sine * np.sqrt(squared):
                wide[g, found] = s
                found += 1
        counts[g] = found


@kernel
def _gather(
    relay: Floats, site: Floats, wide: Nodes, start: Ints, satellite: Nodes, range_m: Floats
) -> None:
    """Close the rows up, and measure."""
    for g in range(len(start) - 1):
        for entry in range(start[g], start[g + 1]):
            s = wide[g, entry - start[g]]
            dx, dy, dz = (
                relay[0, s] - site[0, g],
                relay[1, s] - site[1, g],
                relay[2, s] - site[2, g],
            )
            satellite[entry] = s
            range_m[entry] = np.sqrt(dx * dx + dy * dy + dz * dz)
