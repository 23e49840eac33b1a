"""Which satellites see each other, and which ones a grid network joins."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M

Floats = npt.NDArray[np.float64]


def range_m(position_a_m: Floats, position_b_m: Floats) -> Floats:
    """Distance between points.

    Parameters
    ----------
    position_a_m, position_b_m : (3, ...) float array
        Positions in one frame, of shapes that broadcast [m].

    Returns
    -------
    (...) float array
        Distance [m].
    """
    distance: Floats = np.linalg.norm(position_b_m - position_a_m, axis=0)
    return distance


def line_of_sight(
    position_a_m: Floats, position_b_m: Floats, grazing_altitude_m: float
) -> npt.NDArray[np.bool_]:
    """Whether the straight line between points stays above an altitude.

    Parameters
    ----------
    position_a_m, position_b_m : (3, ...) float array
        Geocentric positions, of shapes that broadcast [m].
    grazing_altitude_m : float
        Lowest altitude allowed above the equatorial radius, such as 80 km for lasers that must
        not cross the denser air [m].

    Returns
    -------
    (...) bool array
        True where the line is free; False where either point lies below the altitude.

    Notes
    -----
    The nearest point of the segment to the Earth's centre is ``a + s (b - a)`` with
    ``s = -a.(b - a) / |b - a|^2`` held in 0 to 1. The Earth is a sphere of the equatorial radius,
    so near the poles the test is strict by up to 21 km.
    """
    along = position_b_m - position_a_m
    length_squared = np.maximum(np.sum(along * along, axis=0), np.finfo(np.float64).tiny)
    share = np.clip(-np.sum(position_a_m * along, axis=0) / length_squared, 0.0, 1.0)
    nearest = position_a_m + share * along
    free: npt.NDArray[np.bool_] = (
        np.sum(nearest * nearest, axis=0) >= (EARTH_EQUATORIAL_RADIUS_M + grazing_altitude_m) ** 2
    )
    return free


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
