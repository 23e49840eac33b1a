"""Coefficients of SGP4 from mean elements, for many satellites at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.orbit.sgp4 import constants as of

Floats = npt.NDArray[np.float64]

# Heights above the Earth's radius that set the density of the air, and perigees that change them.
_AIR_BOTTOM_KM: Final = 78.0
_AIR_TOP_KM: Final = 120.0
_LOWEST_BOTTOM_KM: Final = 20.0
_LOW_PERIGEE_KM: Final = 156.0
_LOWEST_PERIGEE_KM: Final = 98.0
_SIMPLE_PERIGEE_KM: Final = 220.0
# Below this the terms divided by the eccentricity are left out.
_ECCENTRIC: Final = 1.0e-4


@dataclass(frozen=True, slots=True)
class Orbits:
    """What initialisation derives first from the elements of each satellite.

    Parameters
    ----------
    mean_motion, axis : (n,) float array
        Brouwer mean motion [rad/min] and its semi-major axis [Earth radii].
    eccentricity, inclination_rad : (n,) float array
        As published [-], [rad].
    node_rad, perigee_rad, anomaly_rad : (n,) float array
        Angles at epoch [rad].
    bstar : (n,) float array
        Drag term [1/Earth radii].
    sine_i, cosine_i : (n,) float array
        Of the inclination.
    """

    mean_motion: Floats
    axis: Floats
    eccentricity: Floats
    inclination_rad: Floats
    node_rad: Floats
    perigee_rad: Floats
    anomaly_rad: Floats
    bstar: Floats
    sine_i: Floats
    cosine_i: Floats


def recover_orbits(
    *,
    mean_motion_rad_s: Floats,
    eccentricity: Floats,
    inclination_rad: Floats,
    raan_rad: Floats,
    argument_of_perigee_rad: Floats,
    mean_anomaly_rad: Floats,
    bstar: Floats,
) -> Orbits:
    """Recover Brouwer's mean motion and axis from the Kozai mean motion.

    Parameters
    ----------
    mean_motion_rad_s : (n,) float array
        Kozai mean motion [rad/s].
    eccentricity : (n,) float array
        Eccentricity [-].
    inclination_rad, raan_rad, argument_of_perigee_rad, mean_anomaly_rad : (n,) float array
        Angles [rad].
    bstar : (n,) float array
        Drag term [1/Earth radii].

    Returns
    -------
    Orbits
        Elements in the model's units.

    Notes
    -----
    ``n0 = n / (1 + delta)`` with ``delta = 3/4 J2 (3 cos^2 i - 1) / (a^2 (1 - e^2)^{3/2})`` and
    ``a`` from one correction of Kepler's third law.

    References
    ----------
    .. [1] D. A. Vallado, P. Crawford, R. Hujsak, T. S. Kelso, "Revisiting Spacetrack Report #3",
       AIAA 2006-6753, doi:10.2514/6.2006-6753.
    """
    kozai = mean_motion_rad_s * 60.0
    cosine_i = np.cos(inclination_rad)
    shape = 1.0 - eccentricity * eccentricity
    oblate = 0.75 * of.J2 * (3.0 * cosine_i * cosine_i - 1.0) / (np.sqrt(shape) * shape)
    axis = np.power(of.KE / kozai, 2.0 / 3.0)
    delta = oblate / (axis * axis)
    axis = axis * (1.0 - delta * delta - delta * (1.0 / 3.0 + 134.0 * delta * delta / 81.0))
    mean_motion = kozai / (1.0 + oblate / (axis * axis))
    return Orbits(
        mean_motion=mean_motion,
        axis=np.power(of.KE / mean_motion, 2.0 / 3.0),
        eccentricity=eccentricity,
        inclination_rad=inclination_rad,
        node_rad=raan_rad,
        perigee_rad=argument_of_perigee_rad,
        anomaly_rad=mean_anomaly_rad,
        bstar=bstar,
        sine_i=np.sin(inclination_rad),
        cosine_i=cosine_i,
    )


def is_deep(orbits: Orbits) -> npt.NDArray[np.bool_]:
    """Tell the satellites that Sun, Moon and resonances act on.

    Parameters
    ----------
    orbits : Orbits
        Recovered elements.

    Returns
    -------
    (n,) bool array
        Whether the period is 225 minutes or more.
    """
    deep: npt.NDArray[np.bool_] = 2.0 * np.pi / orbits.mean_motion >= of.DEEP_PERIOD_MIN
    return deep


def secular_table(orbits: Orbits) -> Floats:
    """Compute the coefficients of secular gravity and drag.

    Parameters
    ----------
    orbits : Orbits
        Recovered elements.

    Returns
    -------
    (n, SECULAR_COLUMNS) float array
        In the columns of :mod:`perigrid.physics.orbit.sgp4.constants`.

    Notes
    -----
    The equations are those of AIAA 2006-6753, appendix, with products of constants taken
    beforehand. Deep-space satellites and perigees below 220 km keep the linear terms of drag only.

    References
    ----------
    .. [1] F. R. Hoots, R. L. Roehrich, "Models for propagation of NORAD element sets",
       Spacetrack Report No. 3 (1980).
    """
    table = np.zeros((len(orbits.axis), of.SECULAR_COLUMNS))
    table[:, of.MEAN_ANOMALY] = orbits.anomaly_rad
    table[:, of.PERIGEE] = orbits.perigee_rad
    table[:, of.NODE] = orbits.node_rad
    table[:, of.ECCENTRICITY] = orbits.eccentricity
    table[:, of.AXIS] = orbits.axis
    table[:, of.MEAN_MOTION_0] = orbits.mean_motion
    table[:, of.SINE_I] = orbits.sine_i
    table[:, of.COSINE_I] = orbits.cosine_i
    _add_long_period(table, orbits)
    _add_gravity(table, orbits)
    _add_drag(table, orbits)
    # Elements without an orbit: the published routine leaves their rates at zero.
    known = (1.0 - orbits.eccentricity**2 >= 0.0) | (orbits.mean_motion >= 0.0)
    table[np.ix_(~known, _RATES)] = 0.0
    return table


_RATES: Final = np.array(
    [
        column
        for column in range(of.SECULAR_COLUMNS)
        if column
        not in {
            of.MEAN_ANOMALY,
            of.PERIGEE,
            of.NODE,
            of.ECCENTRICITY,
            of.AXIS,
            of.MEAN_MOTION_0,
            of.SINE_I,
            of.COSINE_I,
        }
    ]
)


def _add_long_period(table: Floats, orbits: Orbits) -> None:
    """Coefficients of the long-period terms."""
    below = 1.0 + orbits.cosine_i
    below = np.where(np.abs(below) > of.POLAR_DIVISOR, below, of.POLAR_DIVISOR)
    table[:, of.LONG_PERIOD_Y] = -0.5 * of.J3_OVER_J2 * orbits.sine_i
    table[:, of.LONG_PERIOD_L] = (
        -0.25 * of.J3_OVER_J2 * orbits.sine_i * (3.0 + 5.0 * orbits.cosine_i) / below
    )


def _add_gravity(table: Floats, orbits: Orbits) -> None:
    """Rates of the angles by J2, its square, and J4."""
    shape = 1.0 - orbits.eccentricity**2
    focus = 1.0 / (orbits.axis * shape) ** 2
    i2 = orbits.cosine_i**2
    i4 = i2 * i2
    first = 1.5 * of.J2 * focus * orbits.mean_motion
    second = 0.5 * first * of.J2 * focus
    fourth = -0.46875 * of.J4 * focus * focus * orbits.mean_motion
    root = np.sqrt(shape)
    table[:, of.MEAN_ANOMALY_RATE] = (
        orbits.mean_motion
        + 0.5 * first * root * (3.0 * i2 - 1.0)
        + 0.0625 * second * root * (13.0 - 78.0 * i2 + 137.0 * i4)
    )
    table[:, of.PERIGEE_RATE] = (
        -0.5 * first * (1.0 - 5.0 * i2)
        + 0.0625 * second * (7.0 - 114.0 * i2 + 395.0 * i4)
        + fourth * (3.0 - 36.0 * i2 + 49.0 * i4)
    )
    table[:, of.NODE_RATE] = (
        -first + 0.5 * second * (4.0 - 19.0 * i2) + 2.0 * fourth * (3.0 - 7.0 * i2)
    ) * orbits.cosine_i
    # Drag of the node needs the node's first-order rate; the factor c1 comes with drag.
    table[:, of.NODE_DRAG] = -3.5 * shape * first * orbits.cosine_i


def _add_drag(table: Floats, orbits: Orbits) -> None:
    """Coefficients of drag in a power-law atmosphere."""
    axis, e, bstar, motion = orbits.axis, orbits.eccentricity, orbits.bstar, orbits.mean_motion
    perigee_km = (axis * (1.0 - e) - 1.0) * of.EARTH_RADIUS_KM
    bottom_km = _air_bottom_km(perigee_km)
    bottom = 1.0 + bottom_km / of.EARTH_RADIUS_KM
    steep = 1.0 / (axis - bottom)
    eta = axis * e * steep
    eta2, eeta = eta * eta, e * eta
    psi2 = np.abs(1.0 - eta2)
    thick = ((_AIR_TOP_KM - bottom_km) / of.EARTH_RADIUS_KM) ** 4 * steep**4
    air = thick / np.power(psi2, 3.5)
    i2 = orbits.cosine_i**2
    con41, across, shape = 3.0 * i2 - 1.0, 1.0 - i2, 1.0 - e * e
    c1 = (
        bstar
        * air
        * motion
        * (
            axis * (1.0 + 1.5 * eta2 + eeta * (4.0 + eta2))
            + 0.375 * of.J2 * steep / psi2 * con41 * (8.0 + 3.0 * eta2 * (8.0 + eta2))
        )
    )
    oblate = -3.0 * con41 * (1.0 - 2.0 * eeta + eta2 * (1.5 - 0.5 * eeta))
    oblate = oblate + 0.75 * across * (2.0 * eta2 - eeta * (1.0 + eta2)) * np.cos(
        2.0 * orbits.perigee_rad
    )
    c4 = eta * (2.0 + 0.5 * eta2) + e * (0.5 + 2.0 * eta2) - of.J2 * steep / (axis * psi2) * oblate
    table[:, of.AXIS_1] = c1
    table[:, of.ECCENTRICITY_DRAG] = bstar * (2.0 * motion * air * axis * shape * c4)
    table[:, of.LONGITUDE_2] = motion * (1.5 * c1)
    table[:, of.NODE_DRAG] *= c1
    full = (perigee_km >= _SIMPLE_PERIGEE_KM) & ~is_deep(orbits)
    within = _revolution_terms(orbits, thick, steep, eta)
    c5 = 2.0 * air * axis * shape * (1.0 + 2.75 * (eta2 + eeta) + eeta * eta2)
    within[of.ECCENTRICITY_SINE] = bstar * c5
    within |= _higher_orders(axis, motion, bottom, steep, c1)
    for column, values in within.items():
        table[:, column] = np.where(full, values, 0.0)


def _air_bottom_km(perigee_km: Floats) -> Floats:
    """Height where the model's atmosphere begins."""
    lowered = np.where(
        perigee_km < _LOWEST_PERIGEE_KM, _LOWEST_BOTTOM_KM, perigee_km - _AIR_BOTTOM_KM
    )
    return np.where(perigee_km < _LOW_PERIGEE_KM, lowered, _AIR_BOTTOM_KM)


def _revolution_terms(
    orbits: Orbits, thick: Floats, steep: Floats, eta: Floats
) -> dict[int, Floats]:
    """Terms of drag within a revolution."""
    e, bstar = orbits.eccentricity, orbits.bstar
    eccentric = e > _ECCENTRIC
    c3 = -2.0 * thick * steep * of.J3_OVER_J2 * orbits.mean_motion * orbits.sine_i / e
    return {
        of.ETA: eta,
        of.SINE_M0: np.sin(orbits.anomaly_rad),
        of.CUBE_M0: (1.0 + eta * np.cos(orbits.anomaly_rad)) ** 3,
        of.PERIGEE_DRAG: np.where(eccentric, bstar * c3 * np.cos(orbits.perigee_rad), 0.0),
        of.PERIGEE_CUBE: np.where(eccentric, -2.0 / 3.0 * thick * bstar / (e * eta), 0.0),
    }


def _higher_orders(
    axis: Floats, motion: Floats, bottom: Floats, steep: Floats, c1: Floats
) -> dict[int, Floats]:
    """Terms of drag in higher powers of time."""
    square = c1 * c1
    d2 = 4.0 * axis * steep * square
    scale = d2 * steep * c1 / 3.0
    d3 = (17.0 * axis + bottom) * scale
    d4 = 0.5 * scale * axis * steep * (221.0 * axis + 31.0 * bottom) * c1
    l5 = 3.0 * d4 + 12.0 * c1 * d3 + 6.0 * d2 * d2 + 15.0 * square * (2.0 * d2 + square)
    return {
        of.AXIS_2: d2,
        of.AXIS_3: d3,
        of.AXIS_4: d4,
        of.LONGITUDE_3: motion * (d2 + 2.0 * square),
        of.LONGITUDE_4: motion * (0.25 * (3.0 * d3 + c1 * (12.0 * d2 + 10.0 * square))),
        of.LONGITUDE_5: motion * (0.2 * l5),
    }
