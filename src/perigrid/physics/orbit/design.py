"""Circular orbits by design: Walker shells and sun-synchronous rings."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import (
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_J2,
    EARTH_MU_M3_S2,
    TROPICAL_YEAR_S,
)
from perigrid.base.elements import ElementArrays, MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.orbit.kozai import kozai_mean_motion_rad_s

_NOON_HOURS: Final = 12.0
_RAD_PER_HOUR: Final = math.pi / 12.0


def walker_elements(
    name: str,
    *,
    planes: int,
    satellites_per_plane: int,
    phasing: int,
    altitude_m: float,
    inclination_rad: float,
    raan_spread_rad: float,
    first_raan_rad: float,
    epoch: Epoch,
) -> list[MeanElements]:
    """Lay out a Walker shell ``inclination: total/planes/phasing`` on circular orbits.

    Parameters
    ----------
    name : str
        Satellites are called ``name-0000`` on.
    planes, satellites_per_plane : int
        Number of planes, and of satellites in each.
    phasing : int
        Walker's F: neighbours in adjacent planes differ by ``F 2 pi / total`` in phase.
    altitude_m : float
        Mean semi-major axis above the equatorial radius [m].
    inclination_rad : float
        Inclination [rad].
    raan_spread_rad : float
        ``2 pi`` for a delta, ``pi`` for a star [rad].
    first_raan_rad : float
        Right ascension of the ascending node of plane 0 [rad].
    epoch : Epoch
        Epoch of all elements.

    Returns
    -------
    list of MeanElements
        Plane by plane, ``planes * satellites_per_plane`` of them.

    Notes
    -----
    The Brouwer mean semi-major axis, the one SGP4 recovers from the Kozai mean motion, is
    ``equatorial radius (WGS 84) + altitude``; J2 then moves the osculating radius about it by
    up to 10 km.

    References
    ----------
    .. [1] J. G. Walker, "Satellite constellations", Journal of the British Interplanetary Society
       37, 559 (1984).
    """
    mean_motion_rad_s = kozai_mean_motion_rad_s(altitude_m, inclination_rad)
    total = planes * satellites_per_plane
    found: list[MeanElements] = []
    for index in range(total):
        plane, slot = divmod(index, satellites_per_plane)
        phase = slot / satellites_per_plane + phasing * plane / total
        found.append(
            MeanElements(
                name=f"{name}-{index:04d}",
                norad_id=0,
                epoch=epoch,
                mean_motion_rad_s=mean_motion_rad_s,
                eccentricity=0.0,
                inclination_rad=inclination_rad,
                raan_rad=math.fmod(first_raan_rad + raan_spread_rad * plane / planes, math.tau),
                argument_of_perigee_rad=0.0,
                mean_anomaly_rad=math.tau * math.fmod(phase, 1.0),
            )
        )
    return found


def walker_arrays(
    *,
    planes: int,
    satellites_per_plane: int,
    phasing: int,
    altitude_m: float,
    inclination_rad: float,
    raan_spread_rad: float,
    first_raan_rad: float,
    epoch: Epoch,
) -> ElementArrays:
    """Lay out a Walker shell in columns, for shells too large for an object per satellite.

    Parameters
    ----------
    planes, satellites_per_plane, phasing : int
        As for :func:`walker_elements`.
    altitude_m : float
        Mean semi-major axis above the equatorial radius [m].
    inclination_rad, raan_spread_rad, first_raan_rad : float
        As for :func:`walker_elements` [rad].
    epoch : Epoch
        Epoch of all elements.

    Returns
    -------
    ElementArrays
        The same numbers in the same order as :func:`walker_elements`.
    """
    total = planes * satellites_per_plane
    plane, slot = np.divmod(np.arange(total), satellites_per_plane)
    phase = slot / satellites_per_plane + phasing * plane / total

    def same(value: float) -> npt.NDArray[np.float64]:
        return np.broadcast_to(np.float64(value), (total,))

    return ElementArrays(
        jd_midnight=same(epoch.jd_midnight),
        day_s=same(epoch.day_s),
        mean_motion_rad_s=same(kozai_mean_motion_rad_s(altitude_m, inclination_rad)),
        eccentricity=same(0.0),
        inclination_rad=same(inclination_rad),
        raan_rad=np.fmod(first_raan_rad + raan_spread_rad * plane / planes, math.tau),
        argument_of_perigee_rad=same(0.0),
        mean_anomaly_rad=math.tau * np.fmod(phase, 1.0),
        bstar=same(0.0),
    )


def sun_synchronous_elements(
    name: str, *, satellites: int, altitude_m: float, ltan_hours: float, epoch: Epoch
) -> list[MeanElements]:
    """Space satellites evenly on one circular sun-synchronous orbit.

    Parameters
    ----------
    name : str
        Satellites are called ``name-0000`` on.
    satellites : int
        How many share the orbit.
    altitude_m : float
        Mean semi-major axis above the equatorial radius [m].
    ltan_hours : float
        Mean local time of the ascending node [h].
    epoch : Epoch
        Epoch of all elements, at which the local time holds.

    Returns
    -------
    list of MeanElements
        In order of mean anomaly.

    Notes
    -----
    The local time refers to the mean Sun, whose right ascension is the mean longitude
    ``280.460 + 0.9856474 d`` degrees, so the true local time swings by the equation of time
    (up to 16 min) over a year. The inclination is of first order in J2; under SGP4, which knows
    J2 squared and J4 as well, the mean local time drifts by 4 to 5 minutes a year.

    References
    ----------
    .. [1] R. J. Boain, "A-B-Cs of sun-synchronous orbit mission design", AAS 04-108 (2004).
    """
    raan_rad = mean_sun_longitude_rad(epoch) + (ltan_hours - _NOON_HOURS) * _RAD_PER_HOUR
    return walker_elements(
        name,
        planes=1,
        satellites_per_plane=satellites,
        phasing=0,
        altitude_m=altitude_m,
        inclination_rad=sun_synchronous_inclination_rad(altitude_m),
        raan_spread_rad=math.tau,
        first_raan_rad=raan_rad % math.tau,
        epoch=epoch,
    )


def sun_synchronous_inclination_rad(altitude_m: float, eccentricity: float = 0.0) -> float:
    """Inclination at which J2 turns the node by one turn per tropical year.

    Parameters
    ----------
    altitude_m : float
        Semi-major axis above the equatorial radius [m].
    eccentricity : float
        Eccentricity [-].

    Returns
    -------
    float
        Inclination [rad].

    Raises
    ------
    ValueError
        If no inclination gives the rate (above about 5,970 km).

    Notes
    -----
    ``cos i = -2 Omega_dot a^{7/2} (1 - e^2)^2 / (3 J2 R^2 sqrt(mu))``, first order in J2.

    References
    ----------
    .. [1] D. A. Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (2013), 11.4.1.
    """
    axis_m = EARTH_EQUATORIAL_RADIUS_M + altitude_m
    node_rate_rad_s = math.tau / TROPICAL_YEAR_S
    cosine = (
        -2.0
        * node_rate_rad_s
        * axis_m**3.5
        * (1.0 - eccentricity**2) ** 2
        / (3.0 * EARTH_J2 * EARTH_EQUATORIAL_RADIUS_M**2 * math.sqrt(EARTH_MU_M3_S2))
    )
    if cosine < -1.0:
        raise ValueError(f"no sun-synchronous circular orbit at {altitude_m / 1000.0:.0f} km")
    return math.acos(cosine)


def circular_period_s(altitude_m: float) -> float:
    """Keplerian period of a circular orbit.

    Parameters
    ----------
    altitude_m : float
        Altitude above the equatorial radius [m].

    Returns
    -------
    float
        ``2 pi sqrt(a^3 / mu)`` [s].
    """
    axis_m = EARTH_EQUATORIAL_RADIUS_M + altitude_m
    return math.tau * math.sqrt(axis_m**3 / EARTH_MU_M3_S2)


def mean_sun_longitude_rad(epoch: Epoch) -> float:
    """Mean longitude of the Sun, which is the right ascension of the mean Sun.

    Parameters
    ----------
    epoch : Epoch
        Instant.

    Returns
    -------
    float
        Angle in 0 to 2 pi [rad].

    References
    ----------
    .. [1] The Astronomical Almanac, section C, low-precision formulas for the Sun.
    """
    degrees = 280.460 + 0.985_647_4 * epoch.days_since_j2000
    return math.radians(degrees) % math.tau
