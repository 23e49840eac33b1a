"""How much of a flat plate's view the Earth fills."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]

# Below this a thread costs more than it saves.
_PLATES_PER_THREAD: Final = 4096


@part
def plate_to_sphere(tilt_cosine: float, distance_ratio: float) -> float:
    """View factor from one face of a small plate to a sphere, at any tilt.

    Parameters
    ----------
    tilt_cosine : float
        Cosine between the face's normal and the way to the sphere's centre.
    distance_ratio : float
        Distance from the centre over the sphere's radius, at least 1.

    Returns
    -------
    float
        0 to 1; not a number where an argument is not.

    Notes
    -----
    With ``H`` the ratio and ``c`` the cosine, ``c / H^2`` while the plate's plane misses the sphere
    (``H c >= 1``), 0 where the sphere is behind (``H c <= -1``), and in between, with
    ``x = sqrt(H^2 - 1)``, ``s = sqrt(1 - c^2)``, ``y = -x c / s``::

        [c arccos y - x s sqrt(1 - y^2)] / (pi H^2) + arctan(s sqrt(1 - y^2) / x) / pi

    References
    ----------
    .. [1] J. R. Howell, M. P. Menguc, R. Siegel, Thermal Radiation Heat Transfer, 6th ed. (2016),
       and its catalogue of configuration factors: plane element to sphere.
    .. [2] I. Martinez, Radiative view factors (Universidad Politecnica de Madrid): patch to a
       sphere, frontal, level and tilted.
    """
    height = distance_ratio * tilt_cosine
    if height <= -1.0:
        return 0.0
    square = distance_ratio * distance_ratio
    if height >= 1.0:
        return tilt_cosine / square
    x = np.sqrt(max(square - 1.0, 0.0))
    s = np.sqrt(1.0 - tilt_cosine * tilt_cosine)
    y = -x * tilt_cosine / s
    chord = s * np.sqrt(max(1.0 - y * y, 0.0))
    near = (tilt_cosine * np.arccos(min(max(y, -1.0), 1.0)) - x * chord) / square
    return float((near + np.arctan2(chord, x)) / np.pi)


def plate_sphere_view_factor(tilt_cosine: Floats, distance_ratio: Floats) -> Floats:
    """View factors of many plates; see :func:`plate_to_sphere`.

    Parameters
    ----------
    tilt_cosine : array
        Cosine between normal and the way to the sphere's centre.
    distance_ratio : array
        Distance from the centre over the radius, at least 1; broadcast with the cosine.

    Returns
    -------
    float array
        Of the common shape.

    Raises
    ------
    ValueError
        If a plate stands inside the sphere or a cosine is outside -1 to 1.
    """
    cosine, ratio = np.broadcast_arrays(
        np.asarray(tilt_cosine, dtype=np.float64), np.asarray(distance_ratio, dtype=np.float64)
    )
    if np.any(ratio < 1.0) or np.any(np.abs(cosine) > 1.0):
        raise ValueError("a plate must stand outside the sphere, and a cosine within -1 and 1")
    factors = np.empty(cosine.size)
    cosines, ratios = cosine.ravel(), ratio.ravel()
    over_ranges(
        lambda first, stop: _fill(cosines, ratios, factors, first, stop),
        len(factors),
        _PLATES_PER_THREAD,
    )
    return factors.reshape(cosine.shape)


@kernel
def _fill(cosines: Floats, ratios: Floats, factors: Floats, first: int, stop: int) -> None:
    """View factors of plates ``first`` to ``stop``."""
    for plate in range(first, stop):
        factors[plate] = plate_to_sphere(cosines[plate], ratios[plate])
