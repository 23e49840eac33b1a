"""Where the Sun stands."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import ASTRONOMICAL_UNIT_M, J2000_JD, SECONDS_PER_DAY
from perigrid.base.time import Epoch
from perigrid.physics.compiled import KERNEL, compiled
from perigrid.physics.frames import up_vector

Floats = npt.NDArray[np.float64]

# TT - UTC since 2017-01-01: 37 leap seconds and 32.184 s (IERS Bulletin C 52). It was 40 s less in
# 1950, in which the Sun moves by 1.6 arc seconds.
_TERRESTRIAL_TIME_OFFSET_S: Final = 69.184
_DAYS_PER_MILLENNIUM: Final = 365_250.0
_ARC_SECOND_RAD: Final = np.pi / 648_000.0
_SCALE: Final = 1.0e-8
_ELLIPTIC: Final = 6283.075_85
# Each row: power of the time, amplitude, phase [rad], rate [rad per Julian millennium].
# VSOP87D, longitude of the Earth [1e-8 rad]; periodic terms below 0.5 arc seconds are left out.
_LONGITUDE: Final = np.array(
    [
        (0, 3_341_656.0, 4.669_256_8, _ELLIPTIC),
        (0, 34_894.0, 4.626_10, 2.0 * _ELLIPTIC),
        (1, 206_059.0, 2.678_235, _ELLIPTIC),
        (1, 4303.0, 2.6351, 2.0 * _ELLIPTIC),
        (2, 52_919.0, 0.0, 0.0),
        (2, 8720.0, 1.0721, _ELLIPTIC),
        (0, 3497.0, 2.7441, 5753.3849),
        (0, 3418.0, 2.8289, 3.5231),
        (0, 3136.0, 3.6277, 77_713.7715),
        (0, 2676.0, 4.4181, 7860.4194),
        (0, 2343.0, 6.1352, 3930.2097),
        (0, 1324.0, 0.7425, 11_506.7698),
        (0, 1273.0, 2.0371, 529.6910),
        (0, 1199.0, 1.1096, 1577.3435),
        (0, 990.0, 5.233, 5884.927),
        (0, 902.0, 2.045, 26.298),
        (0, 857.0, 3.508, 398.149),
        (0, 780.0, 1.179, 5223.694),
        (0, 753.0, 2.533, 5507.553),
        (0, 505.0, 4.583, 18_849.228),
        (0, 492.0, 4.205, 775.523),
        (0, 357.0, 2.920, 0.067),
        (0, 317.0, 5.849, 11_790.629),
        (0, 284.0, 1.899, 796.298),
        (0, 271.0, 0.315, 10_977.079),
        (0, 243.0, 0.345, 5486.778),
    ]
)
# VSOP87D, distance of the Earth [1e-8 au].
_DISTANCE: Final = np.array(
    [
        (0, 1_670_700.0, 3.098_463_5, _ELLIPTIC),
        (0, 13_956.0, 3.055_25, 2.0 * _ELLIPTIC),
        (1, 103_019.0, 1.107_490, _ELLIPTIC),
        (1, 1721.0, 1.0644, 2.0 * _ELLIPTIC),
        (0, 3084.0, 5.1985, 77_713.7715),
        (0, 1628.0, 1.1739, 5753.3849),
        (0, 1576.0, 2.8469, 7860.4194),
        (0, 925.0, 5.453, 11_506.770),
        (0, 542.0, 4.564, 3930.210),
        (0, 472.0, 3.661, 5884.927),
    ]
)
# IAU 1980, the four largest terms [arc seconds]: node of the Moon, longitudes of Sun and Moon.
_NODE: Final = np.radians([125.044_52, -19_341.362_61])
_SUN: Final = np.radians([560.933, 720_015.396])
_MOON: Final = np.radians([436.633, 9_625_357.626])
_QUARTER: Final = np.pi / 2.0
_NUTATION_LONGITUDE: Final = np.array(
    [
        (0, -17.20, _NODE[0] - _QUARTER, _NODE[1]),
        (0, -1.32, _SUN[0] - _QUARTER, _SUN[1]),
        (0, -0.23, _MOON[0] - _QUARTER, _MOON[1]),
        (0, 0.21, 2.0 * _NODE[0] - _QUARTER, 2.0 * _NODE[1]),
    ]
)
_NUTATION_OBLIQUITY: Final = np.array(
    [
        (0, 9.20, *_NODE),
        (0, 0.57, *_SUN),
        (0, 0.10, *_MOON),
        (0, -0.09, *(2.0 * _NODE)),
    ]
)
# pi in two parts; the first has 24 significant bits, so that its whole multiples are exact.
_PI_HIGH: Final = 3.141_592_502_593_994
_PI_LOW: Final = 1.509_957_990_978_376_4e-07
_TAYLOR: Final = tuple((-1.0) ** n / math.factorial(2 * n) for n in range(12))


def sun_position_m(start: Epoch, t_s: Floats) -> Floats:
    """Apparent geocentric position of the Sun in TEME.

    Parameters
    ----------
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Seconds after ``start`` [s].

    Returns
    -------
    (3, n_times) float array
        Position in the true equator and mean equinox of date, the axes of SGP4 [m].

    Notes
    -----
    The Earth's VSOP87D longitude and distance cut to terms of 0.5 arc seconds, annual aberration
    and the four largest terms of the nutation. Within 4 arc seconds and 2e-5 of the distance of
    ERFA's ``epv00`` with the full IAU 2006/2000A precession and nutation, 1950 to 2050: 0.3 s of
    eclipse timing in geostationary orbit and 0.02 s in low orbit where the shadow is crossed
    steeply; over a year, grazing eclipses included, at most 0.7 s and 0.12 s.

    Aberration belongs to the shadow: seen from the moving Earth, the rays that graze the limb come
    from the apparent direction. The Sun's ecliptic latitude, at most 1.2 arc seconds, is left out.

    References
    ----------
    .. [1] P. Bretagnon, G. Francou, "Planetary theories in rectangular and spherical variables:
       VSOP87 solutions", Astronomy and Astrophysics 202, 309 (1988).
    .. [2] J. Meeus, Astronomical Algorithms, 2nd ed. (1998), chapters 22, 25 and 32.
    """
    times = np.asarray(t_s, dtype=np.float64)
    seconds = start.day_s + times + _TERRESTRIAL_TIME_OFFSET_S
    days = (start.jd_midnight - J2000_JD) + seconds / SECONDS_PER_DAY
    millennia = days / _DAYS_PER_MILLENNIUM
    distance_au = 1.000_139_89 + _SCALE * _series(_DISTANCE, millennia)
    in_longitude = _ARC_SECOND_RAD * _series(_NUTATION_LONGITUDE, millennia)
    in_obliquity = _ARC_SECOND_RAD * _series(_NUTATION_OBLIQUITY, millennia)
    # VSOP's dynamical equinox to the FK5's: -0.09033 arc seconds.
    aberration = (20.4898 / distance_au + 0.090_33) * _ARC_SECOND_RAD
    longitude = _earth_longitude_rad(millennia) + np.pi + in_longitude - aberration
    obliquity = np.radians(23.439_291_1 - 0.130_042 * millennia) + in_obliquity
    # True to mean equinox, along the true equator: the equation of the equinoxes.
    turn = in_longitude * np.cos(obliquity)
    x, sine = np.cos(longitude), np.sin(longitude)
    y = sine * np.cos(obliquity)
    direction = np.stack(
        [
            np.cos(turn) * x + np.sin(turn) * y,
            np.cos(turn) * y - np.sin(turn) * x,
            sine * np.sin(obliquity),
        ]
    )
    direction *= ASTRONOMICAL_UNIT_M * distance_au
    return direction


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


def _earth_longitude_rad(millennia: Floats) -> Floats:
    """Heliocentric longitude of the Earth, mean equinox of date, not reduced to one turn."""
    periodic = _series(_LONGITUDE, millennia)
    longitude: Floats = 1.753_470_46 + 6_283.319_667_47 * millennia + _SCALE * periodic
    return longitude


def _series(terms: Floats, millennia: Floats) -> Floats:
    """Sum of ``t^power amplitude cos(phase + rate t)``, any shape of ``t``."""
    flat = np.ascontiguousarray(millennia).reshape(-1)
    total = np.zeros(flat.shape)
    _add_terms(terms, flat, total)
    return total.reshape(np.shape(millennia))


@compiled(**KERNEL, fastmath={"contract"})
def _add_terms(terms: Floats, millennia: Floats, total: Floats) -> None:
    """Add cosines by Taylor's series after taking off half turns: the machine's vectors do it."""
    for row in range(terms.shape[0]):
        power, amplitude, phase, rate = terms[row]
        for k in range(millennia.shape[0]):
            t = millennia[k]
            angle = phase + rate * t
            turns = np.rint(angle / math.pi)
            angle = (angle - turns * _PI_HIGH) - turns * _PI_LOW
            square = angle * angle
            cosine = _TAYLOR[11]
            for n in range(10, -1, -1):
                cosine = cosine * square + _TAYLOR[n]
            cosine *= 1.0 - 2.0 * abs(turns - 2.0 * np.rint(0.5 * turns))
            scale = amplitude * (t if power > 0.0 else 1.0) * (t if power > 1.0 else 1.0)
            total[k] += scale * cosine
