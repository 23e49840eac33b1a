"""Coefficients of SDP4 for deep-space satellites: Sun, Moon, and resonance with the Earth."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.orbit.sgp4 import constants as of
from perigrid.physics.orbit.sgp4 import deep_columns as by
from perigrid.physics.orbit.sgp4.initialise import Orbits
from perigrid.physics.orbit.sgp4.resonance import EARTH_RATE_RAD_MIN
from perigrid.physics.orbit.sgp4.third_body import moon_longitude_rad, moon_of, pull_of, sun_of

Floats = npt.NDArray[np.float64]

_TURN_RAD: Final = 2.0 * np.pi
_JD_1899_12_31_NOON: Final = 2_415_020.0

# Mean motions [rad/min] that resonate with the Earth's rotation.
_DAY: Final = (0.0034906585, 0.0052359877)
_HALF_DAY: Final = (8.26e-3, 9.24e-3)
_HALF_DAY_ECCENTRICITY: Final = 0.5

# Tesseral harmonics of the Earth's field.
_Q22: Final = 1.7891679e-6
_Q31: Final = 2.1460748e-6
_Q33: Final = 2.2123015e-7
_ROOT_22: Final = 1.7891679e-6
_ROOT_32: Final = 3.7393792e-7
_ROOT_44: Final = 7.3636953e-9
_ROOT_52: Final = 1.1428639e-7
_ROOT_54: Final = 2.1765803e-9


def deep_table(orbits: Orbits, secular: Floats, julian_date: Floats) -> Floats:
    """Compute the coefficients of Sun, Moon and resonance.

    Parameters
    ----------
    orbits : Orbits
        The deep-space satellites.
    secular : (n, SECULAR_COLUMNS) float array
        Their rates.
    julian_date : (n,) float array
        Epochs in UTC, one float each as the published routine has them [d].

    Returns
    -------
    (n, DEEP_COLUMNS) float array
        In the columns of :mod:`perigrid.physics.orbit.sgp4.deep_columns`.

    References
    ----------
    .. [1] F. R. Hoots, R. L. Roehrich, "Models for propagation of NORAD element sets",
       Spacetrack Report No. 3 (1980).
    .. [2] D. A. Vallado, P. Crawford, R. Hujsak, T. S. Kelso, "Revisiting Spacetrack Report #3",
       AIAA 2006-6753, doi:10.2514/6.2006-6753.
    """
    days_1900 = julian_date - _JD_1899_12_31_NOON
    sun = pull_of(sun_of(orbits), orbits)
    moon = pull_of(moon_of(orbits, days_1900), orbits)
    table = np.zeros((len(julian_date), by.DEEP_COLUMNS))
    table[:, by.ECCENTRICITY_RATE : by.NODE_RATE + 1] = (sun.rates + moon.rates).T
    table[:, by.SUN : by.MOON] = sun.periodic.T
    table[:, by.MOON : by.SUN_ANOMALY] = moon.periodic.T
    table[:, by.SUN_ANOMALY] = np.fmod(6.2565837 + 0.017201977 * days_1900, _TURN_RAD)
    table[:, by.MOON_ANOMALY] = np.fmod(
        4.7199672 + 0.22997150 * days_1900 - moon_longitude_rad(days_1900), _TURN_RAD
    )
    table[:, by.SIDEREAL] = _sidereal_rad(julian_date)
    table[:, by.INCLINATION] = orbits.inclination_rad
    _add_resonance(table, orbits, secular)
    return table


def _sidereal_rad(julian_date: Floats) -> Floats:
    """Greenwich mean sidereal angle (IAU 1982) with UTC for UT1."""
    centuries = (julian_date - 2_451_545.0) / 36_525.0
    seconds = (
        -6.2e-6 * centuries * centuries * centuries
        + 0.093104 * centuries * centuries
        + (876_600.0 * 3600.0 + 8_640_184.812866) * centuries
        + 67_310.54841
    )
    angle = np.fmod(seconds * (np.pi / 180.0) / 240.0, _TURN_RAD)
    return np.where(angle < 0.0, angle + _TURN_RAD, angle)


def _add_resonance(table: Floats, orbits: Orbits, secular: Floats) -> None:
    """Find the resonant satellites, the strengths of their terms and their longitude."""
    n, e = orbits.mean_motion, orbits.eccentricity
    day = (n > _DAY[0]) & (n < _DAY[1])
    half = (n >= _HALF_DAY[0]) & (n <= _HALF_DAY[1]) & (e >= _HALF_DAY_ECCENTRICITY)
    table[:, by.RESONANCE_KIND] = np.select([half, day], [by.HALF_DAY, by.SYNCHRONOUS])
    sidereal = table[:, by.SIDEREAL]
    sidereal = np.fmod(sidereal, _TURN_RAD)
    mean_rate = secular[:, of.MEAN_ANOMALY_RATE] + table[:, by.ANOMALY_RATE]
    node_rate = secular[:, of.NODE_RATE] + table[:, by.NODE_RATE]
    perigee_rate = secular[:, of.PERIGEE_RATE] + table[:, by.PERIGEE_RATE]
    angle = orbits.anomaly_rad + orbits.node_rad
    longitude = np.where(
        half,
        angle + orbits.node_rad - sidereal - sidereal,
        angle + orbits.perigee_rad - sidereal,
    )
    table[:, by.LONGITUDE_0] = np.fmod(longitude, _TURN_RAD)
    table[:, by.FACTOR] = np.where(
        half,
        mean_rate + 2.0 * (node_rate - EARTH_RATE_RAD_MIN) - n,
        mean_rate + perigee_rate + node_rate - EARTH_RATE_RAD_MIN - n,
    )
    strengths = np.where(half, _half_day_strengths(orbits), _day_strengths(orbits))
    table[:, by.RESONANCE :] = np.where(half | day, strengths, 0.0).T


def _day_strengths(orbits: Orbits) -> Floats:
    """Strengths for one revolution a day; three rows are used."""
    e2, ci, si = orbits.eccentricity**2, orbits.cosine_i, orbits.sine_i
    scale = 3.0 * orbits.mean_motion**2 / orbits.axis**2
    f220 = 0.75 * (1.0 + ci) ** 2
    f311 = 0.9375 * si * si * (1.0 + 3.0 * ci) - 0.75 * (1.0 + ci)
    f330 = 1.875 * (1.0 + ci) ** 3
    g200 = 1.0 + e2 * (-2.5 + 0.8125 * e2)
    g300 = 1.0 + e2 * (-6.0 + 6.60937 * e2)
    g310 = 1.0 + 2.0 * e2
    strengths = np.zeros((10, len(e2)))
    strengths[0] = scale * f311 * g310 * _Q31 / orbits.axis
    strengths[1] = 2.0 * scale * f220 * g200 * _Q22
    strengths[2] = 3.0 * scale * f330 * g300 * _Q33 / orbits.axis
    return strengths


def _half_day_strengths(orbits: Orbits) -> Floats:
    """Strengths for two revolutions a day on an eccentric orbit."""
    g201, g211, g310, g322, g410, g422, g520, g521, g532, g533 = _eccentricity_functions(
        orbits.eccentricity
    )
    f220, f221, f321, f322, f441, f442, f522, f523, f542, f543 = _inclination_functions(orbits)
    inverse = 1.0 / orbits.axis
    two = 3.0 * orbits.mean_motion**2 * inverse**2
    three = two * inverse
    four = three * inverse
    five = four * inverse
    return np.stack(
        [
            two * _ROOT_22 * f220 * g201,
            two * _ROOT_22 * f221 * g211,
            three * _ROOT_32 * f321 * g310,
            three * _ROOT_32 * f322 * g322,
            2.0 * four * _ROOT_44 * f441 * g410,
            2.0 * four * _ROOT_44 * f442 * g422,
            five * _ROOT_52 * f522 * g520,
            five * _ROOT_52 * f523 * g532,
            2.0 * five * _ROOT_54 * f542 * g521,
            2.0 * five * _ROOT_54 * f543 * g533,
        ]
    )


def _eccentricity_functions(e: Floats) -> list[Floats]:
    """Cubic fits to the eccentricity functions."""

    def cubic(c0: float, c1: float, c2: float, c3: float) -> Floats:
        return c0 + e * (c1 + e * (c2 + e * c3))

    low = e <= 0.65
    g520_high = np.where(
        e > 0.715,
        cubic(-5149.66, 29936.92, -54087.36, 31324.56),
        cubic(1464.74, -4664.75, 3763.64, 0.0),
    )
    below = e < 0.7
    return [
        -0.306 - (e - 0.64) * 0.440,
        np.where(
            low, cubic(3.616, -13.2470, 16.2900, 0.0), cubic(-72.099, 331.819, -508.738, 266.724)
        ),
        np.where(
            low,
            cubic(-19.302, 117.3900, -228.4190, 156.5910),
            cubic(-346.844, 1582.851, -2415.925, 1246.113),
        ),
        np.where(
            low,
            cubic(-18.9068, 109.7927, -214.6334, 146.5816),
            cubic(-342.585, 1554.908, -2366.899, 1215.972),
        ),
        np.where(
            low,
            cubic(-41.122, 242.6940, -471.0940, 313.9530),
            cubic(-1052.797, 4758.686, -7193.992, 3651.957),
        ),
        np.where(
            low,
            cubic(-146.407, 841.8800, -1629.014, 1083.4350),
            cubic(-3581.690, 16178.110, -24462.770, 12422.520),
        ),
        np.where(low, cubic(-532.114, 3017.977, -5740.032, 3708.2760), g520_high),
        np.where(
            below,
            cubic(-822.71072, 4568.6173, -8491.4146, 5337.524),
            cubic(-51752.104, 218913.95, -309468.16, 146349.42),
        ),
        np.where(
            below,
            cubic(-853.66600, 4690.2500, -8624.7700, 5341.4),
            cubic(-40023.880, 170470.89, -242699.48, 115605.82),
        ),
        np.where(
            below,
            cubic(-919.22770, 4988.6100, -9064.7700, 5542.21),
            cubic(-37995.780, 161616.52, -229838.20, 109377.94),
        ),
    ]


def _inclination_functions(orbits: Orbits) -> list[Floats]:
    """Inclination functions of the half-day terms."""
    c, s = orbits.cosine_i, orbits.sine_i
    c2, s2 = c * c, s * s
    f220 = 0.75 * (1.0 + 2.0 * c + c2)
    return [
        f220,
        1.5 * s2,
        1.875 * s * (1.0 - 2.0 * c - 3.0 * c2),
        -1.875 * s * (1.0 + 2.0 * c - 3.0 * c2),
        35.0 * s2 * f220,
        39.3750 * s2 * s2,
        9.84375 * s * (s2 * (1.0 - 2.0 * c - 5.0 * c2) + 0.33333333 * (-2.0 + 4.0 * c + 6.0 * c2)),
        s
        * (
            4.92187512 * s2 * (-2.0 - 4.0 * c + 10.0 * c2) + 6.56250012 * (1.0 + 2.0 * c - 3.0 * c2)
        ),
        29.53125 * s * (2.0 - 8.0 * c + c2 * (-12.0 + 8.0 * c + 10.0 * c2)),
        29.53125 * s * (-2.0 - 8.0 * c + c2 * (12.0 + 8.0 * c - 10.0 * c2)),
    ]
