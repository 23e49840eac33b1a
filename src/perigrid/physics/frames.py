"""TEME to Earth-fixed, and Earth-fixed to latitude, longitude and height."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import (
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_FLATTENING,
    EARTH_ROTATION_RAD_S,
    J2000_JD,
    SECONDS_PER_DAY,
)
from perigrid.base.time import Epoch

Floats = npt.NDArray[np.float64]

_DAYS_PER_CENTURY: Final = 36_525.0
_POLAR_RADIUS_M: Final = EARTH_EQUATORIAL_RADIUS_M * (1.0 - EARTH_FLATTENING)
_ECCENTRICITY_SQUARED: Final = EARTH_FLATTENING * (2.0 - EARTH_FLATTENING)
_SECOND_ECCENTRICITY_SQUARED: Final = _ECCENTRICITY_SQUARED / (1.0 - _ECCENTRICITY_SQUARED)


def gmst_rad(start: Epoch, t_s: Floats) -> Floats:
    """Greenwich mean sidereal time, IAU 1982.

    Parameters
    ----------
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Seconds after ``start`` [s].

    Returns
    -------
    (n_times,) float array
        Angle in 0 to 2 pi [rad].

    Notes
    -----
    UTC stands in for UT1. They differ by less than 0.9 s by definition of UTC (below 0.1 s
    through 2024 to 2026), which turns the Earth by up to 420 m at the equator.

    References
    ----------
    .. [1] S. Aoki et al., "The new definition of universal time", Astronomy and Astrophysics 105,
       359 (1982).
    """
    times = np.asarray(t_s, dtype=np.float64)
    seconds = start.day_s + times
    midnight_days = start.jd_midnight - J2000_JD
    centuries = (midnight_days + seconds / SECONDS_PER_DAY) / _DAYS_PER_CENTURY
    # 876600 h per century is one turn a day: kept apart, so that no large number loses digits.
    turns_s = ((midnight_days % 1.0) * SECONDS_PER_DAY + seconds) % SECONDS_PER_DAY
    sidereal_s = (
        67_310.548_41
        + turns_s
        + centuries * (8_640_184.812_866 + centuries * (0.093_104 - 6.2e-6 * centuries))
    )
    angle: Floats = (sidereal_s % SECONDS_PER_DAY) * (math.tau / SECONDS_PER_DAY)
    return angle


def teme_to_ecef(vector: Floats, gmst_rad: Floats) -> Floats:
    """Turn vectors from TEME to Earth-fixed axes.

    Parameters
    ----------
    vector : (3, ..., n_times) float array
        Components in TEME, any unit.
    gmst_rad : (n_times,) float array
        Greenwich mean sidereal time [rad].

    Returns
    -------
    (3, ..., n_times) float array
        Components in the Earth-fixed frame, without polar motion (below 15 m on the ground).
    """
    cosine, sine = np.cos(gmst_rad), np.sin(gmst_rad)
    turned = np.empty_like(vector, dtype=np.float64)
    turned[0] = cosine * vector[0] + sine * vector[1]
    turned[1] = cosine * vector[1] - sine * vector[0]
    turned[2] = vector[2]
    return turned


def ecef_velocity(position_ecef_m: Floats, velocity_teme_m_s: Floats, gmst_rad: Floats) -> Floats:
    """Velocity as seen from the turning Earth.

    Parameters
    ----------
    position_ecef_m : (3, ..., n_times) float array
        Earth-fixed position [m].
    velocity_teme_m_s : (3, ..., n_times) float array
        Velocity in TEME [m/s].
    gmst_rad : (n_times,) float array
        Greenwich mean sidereal time [rad].

    Returns
    -------
    (3, ..., n_times) float array
        ``R v - omega x r`` [m/s].
    """
    velocity = teme_to_ecef(velocity_teme_m_s, gmst_rad)
    velocity[0] += EARTH_ROTATION_RAD_S * position_ecef_m[1]
    velocity[1] -= EARTH_ROTATION_RAD_S * position_ecef_m[0]
    return velocity


def geodetic_to_ecef(latitude_rad: Floats, longitude_rad: Floats, height_m: Floats) -> Floats:
    """Earth-fixed position of points given on the WGS 84 ellipsoid.

    Parameters
    ----------
    latitude_rad, longitude_rad : (n,) float array
        Geodetic latitude and longitude [rad].
    height_m : (n,) float array
        Height above the ellipsoid [m].

    Returns
    -------
    (3, n) float array
        Position [m].
    """
    up = up_vector(latitude_rad, longitude_rad)
    normal_m = EARTH_EQUATORIAL_RADIUS_M / np.sqrt(1.0 - _ECCENTRICITY_SQUARED * up[2] ** 2)
    position: Floats = up * (normal_m + height_m)
    position[2] = (normal_m * (1.0 - _ECCENTRICITY_SQUARED) + height_m) * up[2]
    return position


def ecef_to_geodetic(position_ecef_m: Floats) -> tuple[Floats, Floats, Floats]:
    """Latitude, longitude and height above the WGS 84 ellipsoid.

    Parameters
    ----------
    position_ecef_m : (3, ...) float array
        Earth-fixed position [m], not within 50 km of the Earth's centre.

    Returns
    -------
    latitude_rad, longitude_rad : (...) float array
        Geodetic latitude, and longitude in -pi to pi [rad].
    height_m : (...) float array
        Height above the ellipsoid [m].

    Notes
    -----
    Bowring's formula, twice: below 1 um from the ground to geostationary height.

    References
    ----------
    .. [1] B. R. Bowring, "Transformation from spatial to geographical coordinates", Survey Review
       23, 323 (1976), doi:10.1179/sre.1976.23.181.323.
    """
    x, y, z = position_ecef_m
    axis_distance = np.hypot(x, y)
    reduced = np.arctan2(EARTH_EQUATORIAL_RADIUS_M * z, _POLAR_RADIUS_M * axis_distance)
    latitude = reduced
    for _ in range(2):
        latitude = np.arctan2(
            z + _SECOND_ECCENTRICITY_SQUARED * _POLAR_RADIUS_M * np.sin(reduced) ** 3,
            axis_distance
            - _ECCENTRICITY_SQUARED * EARTH_EQUATORIAL_RADIUS_M * np.cos(reduced) ** 3,
        )
        reduced = np.arctan2((1.0 - EARTH_FLATTENING) * np.sin(latitude), np.cos(latitude))
    sine, cosine = np.sin(latitude), np.cos(latitude)
    height = (
        axis_distance * cosine
        + z * sine
        - EARTH_EQUATORIAL_RADIUS_M * np.sqrt(1.0 - _ECCENTRICITY_SQUARED * sine**2)
    )
    return latitude, np.arctan2(y, x), height


def up_vector(latitude_rad: Floats, longitude_rad: Floats) -> Floats:
    """Outward normal of the ellipsoid, the local vertical.

    Parameters
    ----------
    latitude_rad, longitude_rad : (n,) float array
        Geodetic latitude and longitude [rad].

    Returns
    -------
    (3, n) float array
        Unit vectors in the Earth-fixed frame.
    """
    cosine = np.cos(latitude_rad)
    return np.stack(
        [cosine * np.cos(longitude_rad), cosine * np.sin(longitude_rad), np.sin(latitude_rad)]
    )
