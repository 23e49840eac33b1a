"""Which satellites a network joins: a grid, the nearest neighbours, a formation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.physics.compiled import kernel
from perigrid.physics.neighbours import nearest_visible, pairs_within

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def plus_grid_pairs(
    planes: int, satellites_per_plane: int, phasing: int, *, seam: bool = True
) -> npt.NDArray[np.int64]:
    """Links of the ``+`` grid: each satellite with its fore, aft, left and right neighbours.

    Parameters
    ----------
    planes, satellites_per_plane : int
        Of the Walker shell, whose satellites are numbered plane by plane.
    phasing : int
        Walker's F; the link that closes the circle of planes is shifted by F slots, as the phase
        has come round by that much.
    seam : bool
        Whether the last plane joins the first: True for a delta, False for a star, where those
        two planes fly in opposite directions.

    Returns
    -------
    (n_links, 2) int array
        Pairs ``a < b``, each once, sorted.
    """
    plane, slot = np.divmod(np.arange(planes * satellites_per_plane), satellites_per_plane)
    here = plane * satellites_per_plane + slot
    ahead = plane * satellites_per_plane + (slot + 1) % satellites_per_plane
    last = plane == planes - 1
    beside_slot = (slot + np.where(last, phasing, 0)) % satellites_per_plane
    beside = (plane + 1) % planes * satellites_per_plane + beside_slot
    if not seam or planes == 1:
        beside = np.where(last, here, beside)
    pairs = np.concatenate([np.stack([here, ahead], axis=1), np.stack([here, beside], axis=1)])
    pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    return np.unique(pairs, axis=0).astype(np.int64)


def nearest_pairs(
    position_m: Floats,
    *,
    neighbours: int,
    terminals: int,
    max_range_m: float,
    grazing_altitude_m: float,
) -> Ints:
    """Link every satellite with its nearest neighbours, as far as terminals go.

    Parameters
    ----------
    position_m : (3, n) float array
        Geocentric positions at one time [m].
    neighbours : int
        How many of its nearest visible neighbours a satellite asks for.
    terminals : int
        Links that one satellite can hold; a link takes a terminal at both ends.
    max_range_m : float
        Longest link [m].
    grazing_altitude_m : float
        Lowest altitude that a line of sight may pass [m].

    Returns
    -------
    (n_links, 2) int array
        Pairs ``a < b``, each once, sorted.

    Notes
    -----
    A pair is wanted if either end asks for it. Wanted pairs are taken from the shortest on, while
    both ends have a terminal left; of pairs of equal length the one with the lower numbers goes
    first. The outcome is a maximal matching: no wanted pair is left with a terminal at both ends.
    """
    other, range_m = nearest_visible(
        position_m,
        neighbours=neighbours,
        max_range_m=max_range_m,
        grazing_altitude_m=grazing_altitude_m,
    )
    count = len(other)
    one = np.broadcast_to(np.arange(count)[:, None], other.shape)
    asked = other >= 0
    low, high = np.minimum(one, other)[asked], np.maximum(one, other)[asked]
    name, place = np.unique(low * count + high, return_index=True)
    order = np.argsort(range_m[asked][place], kind="stable")  # names break ties
    wanted = np.stack(np.divmod(name[order], count), axis=1)
    served = wanted[_serve(wanted, np.full(count, terminals, dtype=np.int64))]
    return served[np.lexsort((served[:, 1], served[:, 0]))]


@kernel
def _serve(wanted: Ints, free: Ints) -> npt.NDArray[np.bool_]:
    """Take pairs in the order given while both ends have a terminal left."""
    served = np.zeros(len(wanted), dtype=np.bool_)
    for row in range(len(wanted)):
        a, b = wanted[row, 0], wanted[row, 1]
        if free[a] > 0 and free[b] > 0:
            free[a] -= 1
            free[b] -= 1
            served[row] = True
    return served


def formation_pairs(position_m: Floats, radius_m: float | None = None) -> Ints:
    """Links of a close formation: everybody with everybody, or with those nearby.

    Parameters
    ----------
    position_m : (3, n) float array
        Positions at one time, in any frame [m].
    radius_m : float, optional
        Longest link; a hexagonal lattice of spacing ``d`` gives each satellite its six neighbours
        with a radius of 1.2 ``d``. All pairs if left out [m].

    Returns
    -------
    (n_links, 2) int array
        Pairs ``a < b``, each once, sorted. A formation is too small for the Earth to stand in its
        way; terminals are not counted.
    """
    if radius_m is None:
        first, second = np.triu_indices(position_m.shape[1], k=1)
        return np.stack([first, second], axis=1).astype(np.int64)
    return pairs_within(position_m, radius_m)
