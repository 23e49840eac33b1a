"""Where a satellite can be whose elements are known, and where only SGP4's polynomials go.

Before and after the days that elements were made for, the drag terms of SGP4 can put a falling
object millions of kilometres away, or under the ground and up again, without an error code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import (
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_FLATTENING,
    EARTH_MU_M3_S2,
)
from perigrid.base.elements import ElementArrays, MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.orbit.sgp4.model import Sgp4Set

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LOWEST_M: Final = EARTH_EQUATORIAL_RADIUS_M * (1.0 - EARTH_FLATTENING) + 80_000.0
"""80 km above a pole, where the Earth is flattest: the lowest perigee with which satellites were
seen to go round more than once.

References
----------
.. [1] J. C. McDowell, "The edge of space: revisiting the Karman line", Acta Astronautica 151,
   668 (2018), doi:10.1016/j.actaastro.2018.07.003.
"""
HIGHEST_SHARE: Final = 1.5
"""Times the apogee at the epoch: the Moon and the Sun do not raise an orbit so far within a month,
drag lowers it."""
_DECAYED: Final = 6
_BETWEEN: Final = 64
"""Instants looked at between an element set's epoch and the start, the denser the nearer."""
_NEAREST_S: Final = 600.0
_CHUNK: Final = 4096
"""Satellites followed at a time, 25 MB of states."""


@dataclass(frozen=True, slots=True)
class OrbitBounds:
    """Distances from the Earth's centre that satellites can have.

    Parameters
    ----------
    highest_m : (n,) float array
        Of each satellite [m].
    """

    highest_m: Floats

    @classmethod
    def of(cls, elements: Sequence[MeanElements]) -> Self:
        """Take the bounds from the elements at their epochs.

        Parameters
        ----------
        elements : sequence of MeanElements
            As published.

        Returns
        -------
        OrbitBounds
            In their order.
        """
        columns = ElementArrays.of(elements)
        axis_m = np.cbrt(EARTH_MU_M3_S2 / columns.mean_motion_rad_s**2)
        return cls(HIGHEST_SHARE * axis_m * (1.0 + columns.eccentricity))

    def lost(self, position_m: Floats, error: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
        """Say which states no satellite has.

        Parameters
        ----------
        position_m : (3, n, n_times) float array
            Position from the Earth's centre [m].
        error : (n, n_times) uint8 array
            SGP4's error codes.

        Returns
        -------
        (n, n_times) bool array
            True where there is a code, no number, or a distance out of bounds.
        """
        with np.errstate(all="ignore"):
            square_m2 = np.einsum("int,int->nt", position_m, position_m)
            inside = (square_m2 >= LOWEST_M**2) & (square_m2 <= self.highest_m[:, np.newaxis] ** 2)
        found: npt.NDArray[np.bool_] = ~inside | (error != 0)
        return found


@dataclass(frozen=True, slots=True)
class Lost:
    """A state that no satellite has.

    Parameters
    ----------
    row : int
        Which satellite.
    position_m : (3,) float array
        Where SGP4 puts it [m].
    code : int
        SGP4's error code there.
    """

    row: int
    position_m: Floats
    code: int


def first_lost(
    position_m: Floats,
    error: npt.NDArray[np.uint8],
    lost: npt.NDArray[np.bool_],
    first_row: int = 0,
) -> list[Lost]:
    """List the satellites that are lost, each by its first such state.

    Parameters
    ----------
    position_m : (3, n, n_times) float array
        Position from the Earth's centre [m].
    error : (n, n_times) uint8 array
        SGP4's error codes.
    lost : (n, n_times) bool array
        Where no satellite is.
    first_row : int
        Number of the first of these satellites.

    Returns
    -------
    list of Lost
        By row.
    """
    if not lost.any():
        return []
    found = []
    for row in np.flatnonzero(lost.any(axis=1)).tolist():
        at = int(lost[row].argmax())
        found.append(Lost(first_row + row, position_m[:, row, at].copy(), int(error[row, at])))
    return found


def lost_on_the_way(
    satellites: Sgp4Set, elements: Sequence[MeanElements], start: Epoch
) -> list[Lost]:
    """Follow each satellite from the epoch of its elements to the start.

    Parameters
    ----------
    satellites : Sgp4Set
        Ready to propagate.
    elements : sequence of MeanElements
        The same satellites.
    start : Epoch
        Where the way ends.

    Returns
    -------
    list of Lost
        Those that are lost at an instant between the two.
    """
    epoch_s = np.array([one.epoch.seconds_since(start) for one in elements])
    furthest_s = max(2.0 * _NEAREST_S, float(np.abs(epoch_s).max()))
    away_s = np.geomspace(_NEAREST_S, furthest_s, _BETWEEN)
    t_s = np.concatenate([-away_s[::-1], [0.0], away_s])
    low_s, high_s = np.minimum(epoch_s, 0.0), np.maximum(epoch_s, 0.0)
    passed = (t_s >= low_s[:, np.newaxis]) & (t_s <= high_s[:, np.newaxis])
    bounds = OrbitBounds.of(elements)
    found: list[Lost] = []
    for first in range(0, len(elements), _CHUNK):
        part = slice(first, min(first + _CHUNK, len(elements)))
        position_m, _, error = satellites.propagate_range(first, part.stop, start, t_s)
        lost = OrbitBounds(bounds.highest_m[part]).lost(position_m, error) & passed[part]
        found += first_lost(position_m, error, lost, first)
    return found


def why_lost(name: str, lost: Lost) -> str:
    """Say what SGP4 does to a satellite.

    Parameters
    ----------
    name : str
        Of the satellite.
    lost : Lost
        Its state.

    Returns
    -------
    str
        One clause.
    """
    distance_m = float(np.sqrt((lost.position_m**2).sum()))
    code = lost.code
    if code == _DECAYED or distance_m < LOWEST_M:
        reason = f"code {code}: decayed" if code else "decayed: below the height of any orbit"
    elif code or not np.isfinite(distance_m):
        reason = f"code {code}: elements out of range"
    else:
        reason = f"it would be {distance_m / 1000.0:,.0f} km from the Earth's centre"
    return f"SGP4 cannot propagate '{name}' ({reason})"
