"""Slow changes of an orbit under the Earth's flattening, and designs that rest on them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from perigrid.base.constants import (
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_J2,
    EARTH_MU_M3_S2,
    SECONDS_PER_DAY,
    TROPICAL_YEAR_S,
)
from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.orbit.kozai import brouwer_axis_m

EARTH_J3: Final = -2.532_66e-6
"""Third zonal harmonic, unnormalised (EGM96: C30 = 9.571612e-7, J3 = -sqrt(7) C30)."""

_S_PER_RAD_OF_LOCAL_TIME: Final = SECONDS_PER_DAY / math.tau


def node_rate_rad_s(axis_m: float, eccentricity: float, inclination_rad: float) -> float:
    """Drift of the ascending node.

    Parameters
    ----------
    axis_m : float
        Mean semi-major axis [m].
    eccentricity : float
        Eccentricity [-].
    inclination_rad : float
        Inclination [rad].

    Returns
    -------
    float
        Rate, westward negative [rad/s].

    Notes
    -----
    ``-3/2 n J2 (R/p)^2 cos i``, first order in J2 (0.3 % of the rate is left out in low orbit).

    References
    ----------
    .. [1] D. A. Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (2013), 9.6.1.
    """
    return -2.0 * _unit_rate_rad_s(axis_m, eccentricity) * math.cos(inclination_rad)


def perigee_rate_rad_s(axis_m: float, eccentricity: float, inclination_rad: float) -> float:
    """Drift of the perigee within the orbit's plane.

    Parameters
    ----------
    axis_m : float
        Mean semi-major axis [m].
    eccentricity : float
        Eccentricity [-].
    inclination_rad : float
        Inclination [rad].

    Returns
    -------
    float
        ``3/4 n J2 (R/p)^2 (4 - 5 sin^2 i)`` [rad/s].

    References
    ----------
    .. [1] D. A. Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (2013), 9.6.1.
    """
    unit = _unit_rate_rad_s(axis_m, eccentricity)
    return unit * (4.0 - 5.0 * math.sin(inclination_rad) ** 2)


def mean_anomaly_rate_rad_s(axis_m: float, eccentricity: float, inclination_rad: float) -> float:
    """Turn of the mean anomaly: once per passage of the perigee.

    Parameters
    ----------
    axis_m : float
        Mean semi-major axis [m].
    eccentricity : float
        Eccentricity [-].
    inclination_rad : float
        Inclination [rad].

    Returns
    -------
    float
        ``n + 3/4 n J2 (R/p)^2 sqrt(1 - e^2) (2 - 3 sin^2 i)`` [rad/s].

    References
    ----------
    .. [1] D. A. Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (2013), 9.6.1.
    """
    unit = _unit_rate_rad_s(axis_m, eccentricity)
    drift = unit * math.sqrt(1.0 - eccentricity**2) * (2.0 - 3.0 * math.sin(inclination_rad) ** 2)
    return math.sqrt(EARTH_MU_M3_S2 / axis_m**3) + drift


def nodal_period_s(axis_m: float, eccentricity: float, inclination_rad: float) -> float:
    """Time from one ascending node to the next.

    Parameters
    ----------
    axis_m : float
        Mean semi-major axis [m].
    eccentricity : float
        Eccentricity [-].
    inclination_rad : float
        Inclination [rad].

    Returns
    -------
    float
        Draconic period [s].

    References
    ----------
    .. [1] D. A. Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (2013), 9.6.1.
    """
    rate = mean_anomaly_rate_rad_s(axis_m, eccentricity, inclination_rad)
    return math.tau / (rate + perigee_rate_rad_s(axis_m, eccentricity, inclination_rad))


def local_time_drift_s_per_year(
    axis_m: float, eccentricity: float, inclination_rad: float
) -> float:
    """Drift of the local mean time of the ascending node over a year.

    Parameters
    ----------
    axis_m : float
        Mean semi-major axis [m].
    eccentricity : float
        Eccentricity [-].
    inclination_rad : float
        Inclination [rad].

    Returns
    -------
    float
        Local time gained in a tropical year; 0 for a sun-synchronous orbit [s/year].

    Notes
    -----
    The drift stands for an inclination that stays where it is. The Sun's pull moves the
    inclination of a sun-synchronous orbit by up to 0.05 degrees a year, depending on the local
    time of its node, so a real local time drifts as the square of time.

    References
    ----------
    .. [1] R. J. Boain, "A-B-Cs of sun-synchronous orbit mission design", AAS 04-108 (2004).
    """
    excess = node_rate_rad_s(axis_m, eccentricity, inclination_rad) - math.tau / TROPICAL_YEAR_S
    return excess * TROPICAL_YEAR_S * _S_PER_RAD_OF_LOCAL_TIME


def frozen_eccentricity(axis_m: float, inclination_rad: float) -> float:
    """Eccentricity at which the perigee rests over the northernmost point of the orbit.

    Parameters
    ----------
    axis_m : float
        Mean semi-major axis [m].
    inclination_rad : float
        Inclination, not near the critical 63.4 or 116.6 degrees [rad].

    Returns
    -------
    float
        Mean eccentricity, with the argument of perigee at 90 degrees [-].

    Notes
    -----
    ``-J3 R sin i / (2 J2 a)``. Higher odd zonals move it by up to 20 %.

    References
    ----------
    .. [1] G. E. Cook, "Perturbations of near-circular orbits by the Earth's gravitational
       potential", Planetary and Space Science 14, 433 (1966), doi:10.1016/0032-0633(66)90015-8.
    """
    scale = -EARTH_J3 / (2.0 * EARTH_J2)
    return scale * EARTH_EQUATORIAL_RADIUS_M / axis_m * math.sin(inclination_rad)


def _unit_rate_rad_s(axis_m: float, eccentricity: float) -> float:
    """Return ``3/4 n J2 (R/p)^2``, which all rates share."""
    parameter_m = axis_m * (1.0 - eccentricity**2)
    motion_rad_s = math.sqrt(EARTH_MU_M3_S2 / axis_m**3)
    return 0.75 * motion_rad_s * EARTH_J2 * (EARTH_EQUATORIAL_RADIUS_M / parameter_m) ** 2


def drifted(elements: MeanElements, epoch: Epoch) -> MeanElements:
    """Orbit of a satellite that is held at its height, at another time.

    Parameters
    ----------
    elements : MeanElements
        At their epoch.
    epoch : Epoch
        When they are wanted, before or after it.

    Returns
    -------
    MeanElements
        Node and perigee moved by the Earth's flattening; shape and inclination as they were, and no
        drag. Where on the orbit the satellite stands is not carried over months: the mean anomaly
        follows the unperturbed rate, good to some minutes for a day.
    """
    shape = elements.eccentricity, elements.inclination_rad
    axis_m = float(
        brouwer_axis_m(np.asarray(elements.mean_motion_rad_s), *(np.asarray(one) for one in shape))
    )
    later_s = epoch.seconds_since(elements.epoch)
    return replace(
        elements,
        epoch=epoch,
        raan_rad=_turned_rad(elements.raan_rad, node_rate_rad_s(axis_m, *shape), later_s),
        argument_of_perigee_rad=_turned_rad(
            elements.argument_of_perigee_rad, perigee_rate_rad_s(axis_m, *shape), later_s
        ),
        mean_anomaly_rad=_turned_rad(
            elements.mean_anomaly_rad, mean_anomaly_rate_rad_s(axis_m, *shape), later_s
        ),
        bstar=0.0,
    )


def _turned_rad(angle_rad: float, rate_rad_s: float, time_s: float) -> float:
    """Turn an angle on, from 0 to a whole turn."""
    return (angle_rad + rate_rad_s * time_s) % math.tau
