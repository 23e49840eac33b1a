"""Neighbours among many satellites; of those at equal distance the lower row comes first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_MOST_CELLS_ABREAST: Final = 128  # 2 million cells: 17 MB of counters
_SPACINGS_PER_CELL: Final = 2.0  # four satellites in a cell: few cells are empty, few crowded
_SMALLEST_SHARE: Final = 512  # satellites for one thread more


def nearest_visible(
    position_m: Floats, *, neighbours: int, max_range_m: float, grazing_altitude_m: float
) -> tuple[Ints, Floats]:
    """Find every satellite's nearest neighbours that are in range and in line of sight.

    Parameters
    ----------
    position_m : (3, n) float array
        Geocentric positions at one time; satellites at NaN have no neighbours [m].
    neighbours : int
        How many at most.
    max_range_m : float
        Longest line [m].
    grazing_altitude_m : float
        Lowest altitude that a line may pass; minus infinity for no Earth [m].

    Returns
    -------
    row : (n, neighbours) int array
        Nearest first; -1 where there are no more.
    range_m : (n, neighbours) float array
        Their distances; inf where there are no more [m].

    Notes
    -----
    Satellites are sorted into the cells of a cubic grid, and the cells around each one searched
    ring by ring until none can hold a nearer neighbour. Unlike a k-d tree's query this skips those
    behind the Earth as it goes, and so finds ``neighbours`` of them wherever there are as many.
    """
    cells = _sort_into_cells(position_m, 0.0)
    count = position_m.shape[1]
    row = np.full((count, neighbours), -1, dtype=np.int64)
    squared = np.full((count, neighbours), np.inf)
    floor_m = max(EARTH_EQUATORIAL_RADIUS_M + grazing_altitude_m, 0.0)

    def work(first: int, stop: int) -> None:
        _search_outwards(
            cells.position, cells.cell, cells.start, cells.member, cells.shape, cells.edge_m,
            first, stop, max_range_m**2, floor_m**2, row, squared,
        )  # fmt: skip

    over_ranges(work, len(cells.member), smallest=_SMALLEST_SHARE)
    return row, np.sqrt(squared)


def pairs_within(position_m: Floats, radius_m: float) -> Ints:
    """Find all pairs that are no farther apart than a radius.

    Parameters
    ----------
    position_m : (3, n) float array
        Positions in any frame; NaN is near nobody [m].
    radius_m : float
        Largest distance [m].

    Returns
    -------
    (n_pairs, 2) int array
        Pairs ``a < b``, sorted.
    """
    known = np.flatnonzero(np.isfinite(position_m).all(axis=0))
    tree = cKDTree(position_m[:, known].T)
    pairs: Ints = known[tree.query_pairs(radius_m, output_type="ndarray")]
    pairs.sort(axis=1)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[order]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Satellites in the order of the cells of a cubic grid; those at NaN are left out."""

    position: Floats  # (3, n)
    cell: Ints  # (3, n)
    start: Ints  # (n_cells + 1,), into the other arrays
    member: Ints  # (n,), row of the satellite
    shape: Ints  # (3,)
    edge_m: float


def _sort_into_cells(position_m: Floats, least_edge_m: float) -> _Cells:
    """Lay a grid over the satellites."""
    member = np.flatnonzero(np.isfinite(position_m).all(axis=0))
    position = position_m[:, member]
    low = position.min(axis=1, keepdims=True, initial=np.inf)
    extent = position.max(axis=1, keepdims=True, initial=-np.inf) - low
    # Satellites spread over a sphere of diameter D stand about D (pi / n)^(1/2) apart.
    abreast = math.sqrt(len(member) / math.pi) / _SPACINGS_PER_CELL
    abreast = min(_MOST_CELLS_ABREAST, max(1.0, abreast))
    edge_m = max(float(extent.max()) / abreast, least_edge_m, np.finfo(np.float64).tiny)
    cell = ((position - low) / edge_m).astype(np.int64)
    shape = cell.max(axis=1, initial=0) + 1
    flat = (cell[0] * shape[1] + cell[1]) * shape[2] + cell[2]
    order = np.argsort(flat, kind="stable")
    counts = np.bincount(flat, minlength=int(shape.prod()))
    return _Cells(
        position=np.ascontiguousarray(position[:, order], dtype=np.float64),
        cell=np.ascontiguousarray(cell[:, order]),
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        member=member[order].astype(np.int64),
        shape=shape,
        edge_m=edge_m,
    )


@kernel
def _search_outwards(
    position: Floats,
    cell: Ints,
    start: Ints,
    member: Ints,
    shape: Ints,
    edge_m: float,
    first: int,
    stop: int,
    reach2: float,
    floor2: float,
    row: Ints,
    squared: Floats,
) -> None:
    """Look through rings of cells until no nearer satellite can come."""
    most = max(shape[0], shape[1], shape[2])
    for one in range(first, stop):
        nearest2, nearest = squared[member[one]], row[member[one]]
        for ring in range(most):
            # Whoever is in this ring or beyond is at least so far away.
            least_m = max(ring - 1, 0) * edge_m
            if least_m * least_m > min(nearest2[-1], reach2):
                break
            _look_through_ring(
                position, cell, start, member, shape, one, ring, reach2, floor2, nearest, nearest2
            )


@part
def _look_through_ring(
    position: Floats,
    cell: Ints,
    start: Ints,
    member: Ints,
    shape: Ints,
    one: int,
    ring: int,
    reach2: float,
    floor2: float,
    nearest: Ints,
    nearest2: Floats,
) -> None:
    """Offer every satellite in the cells ``ring`` steps away."""
    cx, cy, cz = cell[0, one], cell[1, one], cell[2, one]
    low, high = max(cz - ring, 0), min(cz + ring, shape[2] - 1)
    for x in range(max(cx - ring, 0), min(cx + ring + 1, shape[0])):
        for y in range(max(cy - ring, 0), min(cy + ring + 1, shape[1])):
            column = (x * shape[1] + y) * shape[2]
            if abs(x - cx) == ring or abs(y - cy) == ring:
                # Cells above each other are one stretch of the member list.
                near, far = start[column + low], start[column + high + 1]
                _offer(position, member, one, near, far, reach2, floor2, nearest, nearest2)
                continue
            # Off the four sides only the bottom and the top of the ring are left.
            for z in (cz - ring, cz + ring):
                if 0 <= z < shape[2]:
                    near, far = start[column + z], start[column + z + 1]
                    _offer(position, member, one, near, far, reach2, floor2, nearest, nearest2)


@part
def _offer(
    position: Floats,
    member: Ints,
    one: int,
    low: int,
    high: int,
    reach2: float,
    floor2: float,
    nearest: Ints,
    nearest2: Floats,
) -> None:
    """Put those into the list who are nearer than its last and in sight."""
    last = len(nearest) - 1
    ax, ay, az = position[0, one], position[1, one], position[2, one]
    for other in range(low, high):
        dx, dy, dz = position[0, other] - ax, position[1, other] - ay, position[2, other] - az
        d2 = dx * dx + dy * dy + dz * dz
        if d2 > nearest2[last] or d2 > reach2 or other == one:
            continue
        along = min(max(-(ax * dx + ay * dy + az * dz) / d2, 0.0), 1.0) if d2 > 0.0 else 0.0
        nx, ny, nz = ax + along * dx, ay + along * dy, az + along * dz
        if nx * nx + ny * ny + nz * nz >= floor2:
            _insert(nearest, nearest2, member[other], d2)


@part
def _insert(nearest: Ints, nearest2: Floats, who: int, d2: float) -> None:
    """Sort a satellite into a list by distance, then by row; the last one falls out."""
    k = len(nearest)
    while k > 0 and (nearest2[k - 1] > d2 or (nearest2[k - 1] == d2 and nearest[k - 1] > who)):
        if k < len(nearest):
            nearest2[k], nearest[k] = nearest2[k - 1], nearest[k - 1]
        k -= 1
    if k < len(nearest):
        nearest2[k], nearest[k] = d2, who
