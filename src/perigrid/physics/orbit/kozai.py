"""Between the mean motion that element sets publish and the mean semi-major axis behind it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M

Floats = npt.NDArray[np.float64]

# SGP4's own constants (WGS 72), needed to invert its mean motion exactly.
_WGS72_MU_M3_S2: Final = 3.986_008e14
_WGS72_RADIUS_M: Final = 6_378_135.0
_WGS72_J2: Final = 1.082_616e-3


def kozai_mean_motion_rad_s(altitude_m: float, inclination_rad: float) -> float:
    """Mean motion to publish so that SGP4 recovers a wanted mean semi-major axis.

    Parameters
    ----------
    altitude_m : float
        Wanted Brouwer mean semi-major axis above the equatorial radius [m].
    inclination_rad : float
        Inclination [rad].

    Returns
    -------
    float
        Kozai mean motion [rad/s].

    Notes
    -----
    SGP4 divides the published mean motion by ``1 + delta`` with
    ``delta = 3/4 J2 (R/a)^2 (3 cos^2 i - 1)``; ``a`` there is the axis it recovers, so the
    inverse is a multiplication up to terms of order ``delta^3``, which the loop below removes.

    References
    ----------
    .. [1] F. R. Hoots, R. L. Roehrich, "Models for propagation of NORAD element sets",
       Spacetrack Report No. 3 (1980).
    """
    axis_m = EARTH_EQUATORIAL_RADIUS_M + altitude_m
    wanted_rad_s = math.sqrt(_WGS72_MU_M3_S2 / axis_m**3)
    kozai_rad_s = wanted_rad_s
    for _ in range(8):
        found = _brouwer_mean_motion_rad_s(
            np.asarray(kozai_rad_s), np.asarray(0.0), np.asarray(inclination_rad)
        )
        kozai_rad_s *= wanted_rad_s / float(found)
    return kozai_rad_s


def brouwer_axis_m(
    mean_motion_rad_s: Floats, eccentricity: Floats, inclination_rad: Floats
) -> Floats:
    """Mean semi-major axis that SGP4 recovers from published elements.

    Parameters
    ----------
    mean_motion_rad_s : (n,) float array
        Kozai mean motion [rad/s].
    eccentricity : (n,) float array
        Eccentricity [-].
    inclination_rad : (n,) float array
        Inclination [rad].

    Returns
    -------
    (n,) float array
        Brouwer mean semi-major axis [m].

    References
    ----------
    .. [1] F. R. Hoots, R. L. Roehrich, "Models for propagation of NORAD element sets",
       Spacetrack Report No. 3 (1980).
    """
    motion = _brouwer_mean_motion_rad_s(
        np.asarray(mean_motion_rad_s), np.asarray(eccentricity), np.asarray(inclination_rad)
    )
    axis: Floats = np.cbrt(_WGS72_MU_M3_S2 / motion**2)
    return axis


def _brouwer_mean_motion_rad_s(
    kozai_rad_s: Floats, eccentricity: Floats, inclination_rad: Floats
) -> Floats:
    """Recover the mean motion as SGP4's initialisation does."""
    axis = np.cbrt(_WGS72_MU_M3_S2 / kozai_rad_s**2) / _WGS72_RADIUS_M
    factor = 0.75 * _WGS72_J2 * (3.0 * np.cos(inclination_rad) ** 2 - 1.0)
    factor = factor / (1.0 - eccentricity**2) ** 1.5
    delta = factor / axis**2
    axis = axis * (1.0 - delta**2 - delta * (1.0 / 3.0 + 134.0 * delta**2 / 81.0))
    motion: Floats = kozai_rad_s / (1.0 + factor / axis**2)
    return motion
