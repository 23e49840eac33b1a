"""Where the Sun stands."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import ASTRONOMICAL_UNIT_M, J2000_JD, SECONDS_PER_DAY
from perigrid.base.time import Epoch
from perigrid.physics.frames import up_vector

Floats = npt.NDArray[np.float64]

# TT - UTC since 2017-01-01: 37 leap seconds and 32.184 s (IERS Bulletin C 52).
_TERRESTRIAL_TIME_OFFSET_S: Final = 69.184


def sun_position_m(start: Epoch, t_s: Floats) -> Floats:
    """Geocentric position of the Sun in the equator and equinox of date.

    Parameters
    ----------
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Seconds after ``start`` [s].

    Returns
    -------
    (3, n_times) float array
        Apparent position; its axes differ from TEME's by the equation of the equinoxes, at most
        20 arc seconds [m].

    Notes
    -----
    The almanac's low-precision series, good to 1 arc minute between 1950 and 2050: 0.2 s of
    eclipse timing in low orbit.

    References
    ----------
    .. [1] The Astronomical Almanac, section C, low-precision formulas for the Sun.
    """
    times = np.asarray(t_s, dtype=np.float64)
    seconds = start.day_s + times + _TERRESTRIAL_TIME_OFFSET_S
    days = (start.jd_midnight - J2000_JD) + seconds / SECONDS_PER_DAY
    anomaly = np.radians(357.529 + 0.985_600_28 * days)
    longitude = np.radians(
        280.459 + 0.985_647_36 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2.0 * anomaly)
    )
    obliquity = np.radians(23.439 - 3.6e-7 * days)
    distance = ASTRONOMICAL_UNIT_M * (
        1.000_14 - 0.016_71 * np.cos(anomaly) - 1.4e-4 * np.cos(2.0 * anomaly)
    )
    sine = np.sin(longitude)
    return np.stack(
        [
            distance * np.cos(longitude),
            distance * np.cos(obliquity) * sine,
            distance * np.sin(obliquity) * sine,
        ]
    )


def sun_elevation_rad(latitude_rad: Floats, longitude_rad: Floats, sun_ecef_m: Floats) -> Floats:
    """Height of the Sun's centre above the horizon, without refraction.

    Parameters
    ----------
    latitude_rad, longitude_rad : (n,) float array
        Geodetic position of the places [rad].
    sun_ecef_m : (3, n) or (3, 1) float array
        Earth-fixed position of the Sun at each place's time [m].

    Returns
    -------
    (n,) float array
        Elevation in -pi/2 to pi/2; the Sun's parallax (9 arc seconds) is left out [rad].
    """
    up = up_vector(latitude_rad, longitude_rad)
    sine = np.sum(up * sun_ecef_m, axis=0) / np.linalg.norm(sun_ecef_m, axis=0)
    elevation: Floats = np.arcsin(np.clip(sine, -1.0, 1.0))
    return elevation
