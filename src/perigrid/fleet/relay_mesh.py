"""The relay network in one snapshot: its laser grid, its gateways, the quickest way down."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from perigrid.base.constants import SPEED_OF_LIGHT_M_S
from perigrid.physics.crosslinks import line_of_sight
from perigrid.physics.topology import plus_grid_pairs
from perigrid.scenario.model import Laser, WalkerShell

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


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
    delay_s : (n_relays,) float array
        Light time and one hop delay for each relay on the way; inf where there is none [s].
    next_node : (n_relays + n_gateways,) int array
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
    relay_m : (3, n_relays) float array
        Positions [m].

    Returns
    -------
    (n_pairs,) float array
        Lengths [m].
    """
    first, second = relay_m[:, grid.pairs[:, 0]], relay_m[:, grid.pairs[:, 1]]
    length = np.sqrt(np.sum((first - second) ** 2, axis=0))
    closed = (length <= laser.max_range_m) & line_of_sight(first, second, laser.grazing_altitude_m)
    lengths: Floats = np.where(closed, length, np.inf)
    return lengths


def gateway_ranges_m(
    relay_m: Floats, gateway_m: Floats, gateway_up: Floats, min_elevation_rad: Floats
) -> Floats:
    """Ranges from gateways to relay satellites; inf below the gateway's mask.

    Parameters
    ----------
    relay_m : (3, n_relays) float array
        Earth-fixed positions [m].
    gateway_m, gateway_up : (3, n_gateways) float array
        Earth-fixed positions [m] and verticals.
    min_elevation_rad : (n_gateways,) float array
        Masks [rad].

    Returns
    -------
    (n_gateways, n_relays) float array
        Ranges [m].
    """
    climb = gateway_up.T @ relay_m - np.sum(gateway_up * gateway_m, axis=0)[:, None]
    squared = (
        np.sum(gateway_m**2, axis=0)[:, None]
        - 2.0 * (gateway_m.T @ relay_m)
        + np.sum(relay_m**2, axis=0)
    )
    range_m = np.sqrt(squared)
    above = climb >= np.sin(min_elevation_rad)[:, None] * range_m
    ranges: Floats = np.where(above, range_m, np.inf)
    return ranges


def shortest_ways(
    grid: MeshGrid, lengths_m: Floats, gateway_range_m: Floats, hop_s: float
) -> ShortestWays:
    """Quickest way from every relay satellite to any gateway.

    Parameters
    ----------
    grid : MeshGrid
        The mesh.
    lengths_m : (n_pairs,) float array
        Lengths of its lasers, inf where there is none [m].
    gateway_range_m : (n_gateways, n_relays) float array
        Ranges, inf where there is no contact [m].
    hop_s : float
        Processing delay in each relay satellite [s].

    Returns
    -------
    ShortestWays
        Over all relay satellites.

    Notes
    -----
    One Dijkstra run from all gateways at once. Edges lead from a gateway up and across the mesh,
    never down, so that no way passes through the ground; light takes the same time both ways.

    References
    ----------
    .. [1] E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische
       Mathematik 1, 269 (1959), doi:10.1007/BF01386390.
    """
    gateway, relay = np.nonzero(np.isfinite(gateway_range_m))
    n_gateways = len(gateway_range_m)
    size = grid.n_relays + n_gateways
    feeders = np.cumsum(np.bincount(gateway, minlength=n_gateways))
    metres = np.concatenate([lengths_m[grid.pair_of], gateway_range_m[gateway, relay]])
    graph = csr_array(
        (
            metres / SPEED_OF_LIGHT_M_S + hop_s,
            np.concatenate([grid.neighbour, relay]).astype(np.int32),
            np.concatenate([grid.row_start, grid.row_start[-1] + feeders]).astype(np.int32),
        ),
        shape=(size, size),
    )
    delay, predecessor, _ = dijkstra(
        graph,
        indices=np.arange(grid.n_relays, size),
        min_only=True,
        return_predecessors=True,
    )
    return ShortestWays(delay[: grid.n_relays], predecessor.astype(np.int64))
