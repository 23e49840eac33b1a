"""How long a fleet's satellites stay up, and what it takes to keep them there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.base.time import Epoch
from perigrid.fleet.build import elements_of
from perigrid.physics.atmosphere import SolarActivity, exponential_air
from perigrid.physics.orbit.disposal import RULE_BELOW_M, Lifetime, lifetime
from perigrid.physics.orbit.drag import drag_area_m2_kg, drag_delta_v_m_s_per_year
from perigrid.physics.orbit.kozai import brouwer_axis_m
from perigrid.scenario.model import SatelliteGroup

Floats = npt.NDArray[np.float64]


def fleet_lifetime(group: SatelliteGroup, start: Epoch) -> Lifetime:
    """Years from now to re-entry of every satellite of a group, if nobody steers it.

    Parameters
    ----------
    group : SatelliteGroup
        Orbits, mass, area across the velocity and drag coefficient.
    start : Epoch
        Epoch of designed orbits.

    Returns
    -------
    Lifetime
        One entry per satellite, in fleet order, at solar minimum, mean and maximum, and over the
        phases of the Sun's cycle; ``result.verdict(rows)`` is the five-year check.
    """
    axis, eccentricity, inclination = _orbits(group, start)
    return lifetime(axis, eccentricity, inclination, np.full_like(axis, _area_m2_kg(group)))


def fleet_hold_m_s_per_year(
    group: SatelliteGroup, start: Epoch, activity: SolarActivity = SolarActivity.MEAN
) -> Floats:
    """Velocity change per year that holds every satellite of a group at its altitude.

    Parameters
    ----------
    group : SatelliteGroup
        Orbits, mass, area across the velocity and drag coefficient.
    start : Epoch
        Epoch of designed orbits.
    activity : SolarActivity
        Level of the Sun's cycle.

    Returns
    -------
    (n_satellites,) float array
        For a circular orbit with the satellite's mean semi-major axis [m/s/year].
    """
    axis, _, inclination = _orbits(group, start)
    return drag_delta_v_m_s_per_year(
        axis - EARTH_EQUATORIAL_RADIUS_M,
        inclination,
        np.full_like(axis, _area_m2_kg(group)),
        exponential_air(activity),
    )


def under_rule(group: SatelliteGroup, start: Epoch) -> npt.NDArray[np.bool_]:
    """Tell which satellites of a group the five-year rule asks anything of.

    Parameters
    ----------
    group : SatelliteGroup
        Orbits.
    start : Epoch
        Epoch of designed orbits.

    Returns
    -------
    (n_satellites,) bool array
        True where the mean perigee lies in the low Earth orbit region.
    """
    axis, eccentricity, _ = _orbits(group, start)
    low: npt.NDArray[np.bool_] = (
        axis * (1.0 - eccentricity) - EARTH_EQUATORIAL_RADIUS_M < RULE_BELOW_M
    )
    return low


def _orbits(group: SatelliteGroup, start: Epoch) -> tuple[Floats, Floats, Floats]:
    """Mean axis, eccentricity and inclination of every satellite."""
    elements = elements_of(group, start)
    eccentricity = np.array([one.eccentricity for one in elements])
    inclination = np.array([one.inclination_rad for one in elements])
    motion = np.array([one.mean_motion_rad_s for one in elements])
    return brouwer_axis_m(motion, eccentricity, inclination), eccentricity, inclination


def _area_m2_kg(group: SatelliteGroup) -> float:
    """Drag area per mass of the bus."""
    return drag_area_m2_kg(group.mass_kg, group.drag_area_m2, group.drag_coefficient)
