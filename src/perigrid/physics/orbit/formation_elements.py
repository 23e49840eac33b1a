"""Mean elements of a formation, so that SGP4 can fly it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.base.elements import ElementArrays, MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.orbit.design import sun_synchronous_elements
from perigrid.physics.orbit.formation import RelativeMotion, planar_lattice, relative_motion
from perigrid.physics.orbit.kozai import brouwer_axis_m, kozai_mean_motion_rad_s
from perigrid.physics.orbit.relative_frame import mean_radius_m
from perigrid.physics.orbit.secular import frozen_eccentricity

Floats = npt.NDArray[np.float64]

_MAX_ECCENTRICITY: Final = 0.01


def formation_elements(
    chief: MeanElements, motion: RelativeMotion, states: Floats
) -> ElementArrays:
    """Mean elements of satellites on closed relative paths about a chief.

    Parameters
    ----------
    chief : MeanElements
        On a nearly circular orbit; SGP4 raises eccentricities below 1e-6 (7 m) to that value, so
        give it some, such as the frozen one, or the satellite at the centre is misplaced.
    motion : RelativeMotion
        Of its orbit.
    states : (6, n) float array
        Relative states at the chief's epoch, closed: see
        :func:`perigrid.physics.orbit.formation.bounded_states` [m], [m/s].

    Returns
    -------
    ElementArrays
        In the order of ``states``.

    Raises
    ------
    ValueError
        If the chief's eccentricity is above 0.01.

    Notes
    -----
    A closed path with amplitude ``A`` is a difference ``A / a`` (7e-5 for 500 m) of the
    eccentricity vectors. Perigee and mean anomaly are poorly defined one by one, but only their
    sum and the vectors matter, so nothing is lost in double precision. The digits of a TLE (1e-7
    in eccentricity, 1e-4 degrees: 12 m) are too few: keep the arrays. All satellites get the
    chief's mean semi-major axis, so SGP4 shows no drift along the track unless inclinations
    differ. Paths are distorted by the chief's eccentricity times their size.

    References
    ----------
    .. [1] S. D'Amico, O. Montenbruck, "Proximity operations of formation-flying spacecraft using
       an eccentricity/inclination vector separation", Journal of Guidance, Control, and Dynamics
       29, 554 (2006), doi:10.2514/1.15114.
    """
    if chief.eccentricity > _MAX_ECCENTRICITY:
        raise ValueError("a formation needs a chief on a nearly circular orbit")
    axis = float(
        brouwer_axis_m(
            np.asarray(chief.mean_motion_rad_s),
            np.asarray(chief.eccentricity),
            np.asarray(chief.inclination_rad),
        )
    )
    u = chief.argument_of_perigee_rad + chief.mean_anomaly_rad
    high, lead = states[0] / axis, states[3] / motion.in_plane_rad_s / axis
    along = chief.eccentricity * math.cos(chief.argument_of_perigee_rad)
    upward = chief.eccentricity * math.sin(chief.argument_of_perigee_rad)
    along = along - high * math.cos(u) + lead * math.sin(u)
    upward = upward - high * math.sin(u) - lead * math.cos(u)
    tilt, twist = _plane_change(motion, states, u)
    perigee = np.arctan2(upward, along)
    shift = states[1] / axis - 2.0 * lead - twist * math.cos(chief.inclination_rad)
    inclination = chief.inclination_rad + tilt
    altitude = axis - EARTH_EQUATORIAL_RADIUS_M
    return ElementArrays(
        jd_midnight=np.full(len(inclination), chief.epoch.jd_midnight),
        day_s=np.full(len(inclination), chief.epoch.day_s),
        mean_motion_rad_s=np.array([kozai_mean_motion_rad_s(altitude, i) for i in inclination]),
        eccentricity=np.hypot(along, upward),
        inclination_rad=inclination,
        raan_rad=(chief.raan_rad + twist) % math.tau,
        argument_of_perigee_rad=perigee % math.tau,
        mean_anomaly_rad=(u + shift - perigee) % math.tau,
        bstar=np.full(len(inclination), chief.bstar),
    )


def swarm_elements(
    *,
    altitude_m: float,
    ltan_hours: float,
    half_length_m: float,
    spacing_m: float,
    hexagonal: bool,
    epoch: Epoch,
) -> ElementArrays:
    """Lay out a flat swarm about a sun-synchronous orbit.

    Parameters
    ----------
    altitude_m : float
        Mean semi-major axis above the equatorial radius [m].
    ltan_hours : float
        Mean local time of the ascending node [h].
    half_length_m : float
        Half the length of the swarm along the track [m].
    spacing_m : float
        Shortest distance between neighbours [m].
    hexagonal : bool
        Rows shifted by half a spacing, instead of squares.
    epoch : Epoch
        Epoch of all elements.

    Returns
    -------
    ElementArrays
        See :func:`perigrid.physics.orbit.formation.planar_lattice`; the centre is the first, and
        flies the frozen orbit, its perigee in the north.
    """
    (ring,) = sun_synchronous_elements(
        "chief", satellites=1, altitude_m=altitude_m, ltan_hours=ltan_hours, epoch=epoch
    )
    axis_m = EARTH_EQUATORIAL_RADIUS_M + altitude_m
    chief = replace(
        ring,
        eccentricity=frozen_eccentricity(axis_m, ring.inclination_rad),
        argument_of_perigee_rad=math.pi / 2.0,
        mean_anomaly_rad=1.5 * math.pi,  # at the node, as a circular orbit starts
    )
    motion = relative_motion(mean_radius_m(axis_m, ring.inclination_rad), ring.inclination_rad)
    swarm = planar_lattice(motion, half_length_m, spacing_m, hexagonal=hexagonal)
    return formation_elements(chief, motion, swarm)


def _plane_change(motion: RelativeMotion, states: Floats, u: float) -> tuple[Floats, Floats]:
    """Differences of inclination and node from the cross-track state [rad]."""
    across, rate = states[2] / motion.radius_m, states[5] / motion.across_rad_s / motion.radius_m
    tilt: Floats = across * math.sin(u) + rate * math.cos(u)
    twist: Floats = rate * math.sin(u) - across * math.cos(u)
    return tilt, twist / math.sin(motion.inclination_rad)
