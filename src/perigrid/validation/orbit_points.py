"""Points that stand for a circular orbit over many days."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.physics.frames import ecef_to_geodetic

Floats = npt.NDArray[np.float64]

_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)


def orbit_points(
    altitude_m: float, inclination_rad: float, count: int = 20_000
) -> tuple[Floats, Floats, Floats]:
    """Spread points evenly over argument of latitude and longitude.

    Parameters
    ----------
    altitude_m : float
        Height above the equatorial radius [m].
    inclination_rad : float
        Inclination [rad].
    count : int
        Points.

    Returns
    -------
    latitude_rad, longitude_rad : (count,) float array
        Geodetic latitude, and longitude [rad].
    altitude_m : (count,) float array
        Geodetic height [m].
    """
    argument = math.tau * (np.arange(count) + 0.5) / count
    longitude = math.tau * ((np.arange(count) * _GOLDEN) % 1.0)
    latitude = np.arcsin(math.sin(inclination_rad) * np.sin(argument))
    radius_m = EARTH_EQUATORIAL_RADIUS_M + altitude_m
    return ecef_to_geodetic(
        radius_m
        * np.stack(
            [
                np.cos(latitude) * np.cos(longitude),
                np.cos(latitude) * np.sin(longitude),
                np.sin(latitude),
            ]
        )
    )
