"""A published swarm of computing satellites, flown by numerical integration with J2."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.physics.orbit.design import sun_synchronous_inclination_rad
from perigrid.physics.orbit.formation import (
    distances_m,
    neighbour_pairs,
    planar_lattice,
    relative_motion,
)
from perigrid.physics.orbit.numerical import propagate_j2
from perigrid.physics.orbit.relative_frame import (
    from_relative,
    match_energy,
    mean_circular_state,
    mean_radius_m,
)
from perigrid.validation.case import Case, compare

_SOURCE: Final = "Aguera y Arcas et al., arXiv:2511.19468 (2025), 650 km, cluster of 1 km radius"
_ALTITUDE_M: Final = 650e3
_HALF_LENGTH_M: Final = 1000.0
_SPACING_M: Final = 100.0
_NOTE: Final = (
    "tolerance: 1 % of the figure, printed to one digit; square lattice in the plane, integrated "
    "over an orbit with J2"
)


def formation_swarm() -> list[Case]:
    """Count and fly the swarm of 81 satellites.

    Returns
    -------
    list of Case
        Number of satellites, and the range of distances between neighbours.
    """
    inclination = sun_synchronous_inclination_rad(_ALTITUDE_M)
    radius = mean_radius_m(EARTH_EQUATORIAL_RADIUS_M + _ALTITUDE_M, inclination)
    motion = relative_motion(radius, inclination)
    swarm = planar_lattice(motion, _HALF_LENGTH_M, _SPACING_M)
    place, speed = mean_circular_state(radius, inclination, 0.0, 0.0)
    places, speeds = from_relative(place, speed, swarm)
    speeds = match_energy(place, speed, places, speeds)
    times = np.linspace(0.0, math.tau / motion.in_plane_rad_s, 97)
    flown, _ = propagate_j2(places, speeds, times)
    distance = distances_m(flown, neighbour_pairs(motion, swarm, _SPACING_M))
    return [
        compare(
            "swarm of 1 km radius, satellites",
            81.0,
            float(swarm.shape[1]),
            tolerance=0.0,
            source=_SOURCE,
            note="tolerance: none, a count; neighbours 100 m apart at the nearest",
        ),
        compare(
            "swarm of 1 km radius, shortest distance of neighbours",
            100.0,
            float(distance.min()),
            tolerance=1.0,
            source=_SOURCE,
            unit="m",
            note=_NOTE,
        ),
        compare(
            "swarm of 1 km radius, longest distance of neighbours",
            200.0,
            float(distance.max()),
            tolerance=2.0,
            source=_SOURCE,
            unit="m",
            note=_NOTE,
        ),
    ]
