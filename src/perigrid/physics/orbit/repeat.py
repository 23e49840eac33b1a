"""Orbits whose ground track closes on itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from perigrid.base.constants import (
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_MU_M3_S2,
    EARTH_ROTATION_RAD_S,
    SECONDS_PER_DAY,
)
from perigrid.physics.orbit.design import sun_synchronous_inclination_rad
from perigrid.physics.orbit.secular import (
    nodal_period_s,
    node_rate_rad_s,
)

_STEPS: Final = 60


def repeat_altitude_m(
    days: int, revolutions: int, inclination_rad: float, eccentricity: float = 0.0
) -> float:
    """Altitude at which the ground track repeats, for a given inclination.

    Parameters
    ----------
    days : int
        Turns of the Earth under the drifting orbit plane in one cycle.
    revolutions : int
        Revolutions of the satellite in one cycle.
    inclination_rad : float
        Inclination [rad].
    eccentricity : float
        Eccentricity [-].

    Returns
    -------
    float
        Mean semi-major axis above the equatorial radius [m].

    Raises
    ------
    ValueError
        If the orbit would lie inside the Earth.

    Notes
    -----
    Solves ``revolutions x nodal period = days x nodal day`` with
    ``nodal day = 2 pi / (Earth rotation - node rate)``, J2 secular rates.

    References
    ----------
    .. [1] D. A. Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (2013), 11.4.2.
    """

    def wanted_period_s(axis_m: float) -> float:
        node = node_rate_rad_s(axis_m, eccentricity, inclination_rad)
        return days / revolutions * math.tau / (EARTH_ROTATION_RAD_S - node)

    return _altitude_m(
        wanted_period_s, lambda axis_m: nodal_period_s(axis_m, eccentricity, inclination_rad)
    )


def sun_synchronous_repeat(
    days: int, revolutions: int, eccentricity: float = 0.0
) -> tuple[float, float]:
    """Altitude and inclination of a sun-synchronous orbit whose ground track repeats.

    Parameters
    ----------
    days : int
        Solar days in one cycle.
    revolutions : int
        Revolutions in one cycle.
    eccentricity : float
        Eccentricity [-].

    Returns
    -------
    altitude_m : float
        Mean semi-major axis above the equatorial radius [m].
    inclination_rad : float
        Inclination [rad].

    Raises
    ------
    ValueError
        If the orbit would lie inside the Earth.

    Notes
    -----
    The plane follows the mean Sun, so the nodal day is the mean solar day and the nodal period
    ``days x 86400 s / revolutions``.

    References
    ----------
    .. [1] R. J. Boain, "A-B-Cs of sun-synchronous orbit mission design", AAS 04-108 (2004).
    """
    period_s = days * SECONDS_PER_DAY / revolutions

    def found_period_s(axis_m: float) -> float:
        altitude_m = axis_m - EARTH_EQUATORIAL_RADIUS_M
        inclination = sun_synchronous_inclination_rad(altitude_m, eccentricity)
        return nodal_period_s(axis_m, eccentricity, inclination)

    altitude_m = _altitude_m(lambda _: period_s, found_period_s)
    return altitude_m, sun_synchronous_inclination_rad(altitude_m, eccentricity)


def _altitude_m(
    wanted_period_s: Callable[[float], float], found_period_s: Callable[[float], float]
) -> float:
    """Move the axis by Kepler's third law until the period is the wanted one."""
    # J2 changes the period by 1e-3 at most, so each step gains three digits.
    axis_m = EARTH_EQUATORIAL_RADIUS_M
    axis_m = math.cbrt(EARTH_MU_M3_S2 * (wanted_period_s(axis_m) / math.tau) ** 2)
    for _ in range(_STEPS):
        ratio = wanted_period_s(axis_m) / found_period_s(axis_m)
        axis_m *= math.cbrt(ratio**2)
    if axis_m <= EARTH_EQUATORIAL_RADIUS_M:
        raise ValueError("an orbit with so many revolutions in so few days is inside the Earth")
    return axis_m - EARTH_EQUATORIAL_RADIUS_M
