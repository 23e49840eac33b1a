"""Satellites in close formation: relative motion about an oblate Earth, and flat lattices.

Relative states are ``x`` outward, ``y`` forward along the track, ``z`` across it, towards the
angular momentum, and their rates in the turning frame of the chief.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import (
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_J2,
    EARTH_MU_M3_S2,
    TROPICAL_YEAR_S,
)

Floats = npt.NDArray[np.float64]

_RIM: Final = 1.0 + 1.0e-9  # lattice points on the rim belong to it


@dataclass(frozen=True, slots=True)
class RelativeMotion:
    """Rates of linear relative motion about a circular orbit.

    Parameters
    ----------
    radius_m : float
        Mean radius of the chief's orbit [m].
    inclination_rad : float
        Its inclination [rad].
    motion_rad_s : float
        ``n = sqrt(mu / r^3)`` [rad/s].
    spread : float
        Schweighart and Sedwick's ``s``; 0 gives the Clohessy-Wiltshire equations [-].
    across_rad_s : float
        Turn of the angle from the ascending node, ``k`` [rad/s].
    node_shear_rad_s : float
        Drift of the node per radian of inclination [rad/s].
    """

    radius_m: float
    inclination_rad: float
    motion_rad_s: float
    spread: float
    across_rad_s: float
    node_shear_rad_s: float

    @property
    def in_plane_rad_s(self) -> float:
        """Frequency of the in-plane oscillation, ``n sqrt(1 - s)`` [rad/s]."""
        return self.motion_rad_s * math.sqrt(1.0 - self.spread)

    @property
    def coupling_rad_s(self) -> float:
        """``2 n c`` with ``c = sqrt(1 + s)`` [rad/s]."""
        return 2.0 * self.motion_rad_s * math.sqrt(1.0 + self.spread)

    @property
    def axis_ratio(self) -> float:
        """Length over height of a closed in-plane path: 2 without flattening [-]."""
        return self.coupling_rad_s / self.in_plane_rad_s


def relative_motion(
    radius_m: float, inclination_rad: float, *, flattening: bool = True
) -> RelativeMotion:
    """Rates of relative motion about a circular orbit.

    Parameters
    ----------
    radius_m : float
        Mean radius of the chief's orbit [m].
    inclination_rad : float
        Its inclination [rad].
    flattening : bool
        False leaves out J2: the Clohessy-Wiltshire equations.

    Returns
    -------
    RelativeMotion
        For :func:`relative_states` and :func:`bounded_states`.

    Notes
    -----
    With ``k = J2 (R/r)^2``: ``s = 3/8 k (1 + 3 cos 2i)``, the node-to-node rate
    ``n sqrt(1 + s) + 3/2 n k cos^2 i`` and the shear of the nodes ``3/2 n k sin i``.

    References
    ----------
    .. [1] S. A. Schweighart, R. J. Sedwick, "High-fidelity linearized J2 model for satellite
       formation flight", Journal of Guidance, Control, and Dynamics 25, 1073 (2002),
       doi:10.2514/2.4986.
    .. [2] W. H. Clohessy, R. S. Wiltshire, "Terminal guidance system for satellite rendezvous",
       Journal of the Aerospace Sciences 27, 653 (1960), doi:10.2514/8.8704.
    """
    j2 = EARTH_J2 if flattening else 0.0
    motion = math.sqrt(EARTH_MU_M3_S2 / radius_m**3)
    k = j2 * (EARTH_EQUATORIAL_RADIUS_M / radius_m) ** 2
    spread = 0.375 * k * (1.0 + 3.0 * math.cos(2.0 * inclination_rad))
    return RelativeMotion(
        radius_m=radius_m,
        inclination_rad=inclination_rad,
        motion_rad_s=motion,
        spread=spread,
        across_rad_s=motion * (math.sqrt(1.0 + spread) + 1.5 * k * math.cos(inclination_rad) ** 2),
        node_shear_rad_s=1.5 * motion * k * math.sin(inclination_rad),
    )


def relative_states(
    motion: RelativeMotion, start: Floats, latitude_argument_rad: float, t_s: Floats
) -> Floats:
    """Closed-form relative motion.

    Parameters
    ----------
    motion : RelativeMotion
        Of the chief's orbit.
    start : (6, n) float array
        Relative states at ``t_s = 0``: x, y, z [m] and their rates [m/s].
    latitude_argument_rad : float
        The chief's angle from its ascending node at ``t_s = 0`` [rad].
    t_s : (n_times,) float array
        Times [s].

    Returns
    -------
    (6, n, n_times) float array
        Relative states.

    Notes
    -----
    In the plane ``x'' = 2 n c y' + (5 c^2 - 2) n^2 x`` and ``y'' = -2 n c x'``, whose solution
    turns with ``n sqrt(1 - s)`` about a centre that drifts unless ``y' = -2 n c x``. Across it,
    ``z = r (di sin u - dO sin i cos u)`` with the difference of the nodes ``dO`` growing by the
    shear of the nodes times ``di``: the same motion as Schweighart and Sedwick's
    ``(l t + m) sin(q t + phi)``, without their singular spherical triangles.

    Error against numerical integration of the full J2 problem at 650 km and 98 degrees, from the
    starts of :func:`bounded_states`, wherever on the orbit they are: a drift along the track of
    1 to 3 % of the separation per orbit (30 m in a swarm of 1 km; 5 % at 10 km), because J2
    averaged over the orbit misjudges the period. With periods matched by
    ``relative_frame.match_energy`` the error is 0.2 to 0.4 % of the separation (4 m at 1 km) and
    does not grow within a day; the drift left is 1e-5 of the separation per orbit. See
    ``tests/validation/test_formation_against_numerical_j2.py``.

    References
    ----------
    .. [1] S. A. Schweighart, R. J. Sedwick, "High-fidelity linearized J2 model for satellite
       formation flight", Journal of Guidance, Control, and Dynamics 25, 1073 (2002),
       doi:10.2514/2.4986.
    """
    times = np.asarray(t_s, dtype=np.float64)
    x, y, dx, dy = _in_plane(motion, start[:, :, None], times)
    z, dz = _across(motion, start[:, :, None], latitude_argument_rad, times)
    return np.stack([x, y, z, dx, dy, dz])


def bounded_states(motion: RelativeMotion, place_m: Floats, climb_m_s: Floats) -> Floats:
    """Relative states whose in-plane motion closes.

    Parameters
    ----------
    motion : RelativeMotion
        Of the chief's orbit.
    place_m : (3, n) float array
        Relative positions [m].
    climb_m_s : (n,) float array
        Radial rates; ``y w / ratio`` centres the path on the chief, ``w`` being the in-plane
        frequency [m/s].

    Returns
    -------
    (6, n) float array
        Relative states with ``y' = -2 n c x`` and no motion across the plane.

    References
    ----------
    .. [1] S. A. Schweighart, R. J. Sedwick, "High-fidelity linearized J2 model for satellite
       formation flight", Journal of Guidance, Control, and Dynamics 25, 1073 (2002),
       doi:10.2514/2.4986.
    """
    forward = -motion.coupling_rad_s * place_m[0]
    return np.stack([*place_m, climb_m_s, forward, np.zeros_like(forward)])


def planar_lattice(
    motion: RelativeMotion, half_length_m: float, spacing_m: float, *, hexagonal: bool = False
) -> Floats:
    """Flat swarm in the orbit plane, every satellite on its own closed path about the centre.

    Parameters
    ----------
    motion : RelativeMotion
        Of the orbit of the centre.
    half_length_m : float
        Half the length of the swarm along the track [m].
    spacing_m : float
        Shortest distance between neighbours, which they have when one is above the other [m].
    hexagonal : bool
        Rows shifted by half a spacing, instead of squares.

    Returns
    -------
    (6, n) float array
        Relative states, the satellite at the centre first, then by distance.

    Notes
    -----
    Closed paths are ellipses, ``ratio`` (2 with J2 left out) times as long as high, all with the
    same period: the lattice turns rigidly in coordinates in which y is divided by the ratio.
    Distances between neighbours therefore swing between the spacing and ratio times the spacing,
    twice per orbit. A swarm 1 km in radius with 100 m spacing holds the 81 points of the square
    lattice inside a circle of 5 spacings.

    References
    ----------
    .. [1] B. Aguera y Arcas et al., "Towards a future space-based, highly scalable AI
       infrastructure system design", arXiv:2511.19468 (2025).
    """
    rim = half_length_m / motion.axis_ratio
    height = spacing_m * (math.sqrt(0.75) if hexagonal else 1.0)
    steps = math.ceil(rim / height * _RIM) + 1
    row, column = (a.ravel() for a in np.mgrid[-steps : steps + 1, -2 * steps : 2 * steps + 1])
    up = height * row
    ahead = spacing_m * (column + (0.5 * (row % 2) if hexagonal else 0.0))
    distance = np.hypot(up, ahead)
    # The ratio is 2 to within 1e-3; without slack, points on the rim would come and go with it.
    slack = 1.0 + 2.0 * abs(motion.spread)
    kept = np.flatnonzero(distance <= rim * slack * _RIM)
    kept = kept[np.lexsort((ahead[kept], up[kept], np.round(distance[kept], 6)))]
    place = np.stack([up[kept], motion.axis_ratio * ahead[kept], np.zeros(len(kept))])
    return bounded_states(motion, place, motion.in_plane_rad_s * ahead[kept])


def neighbour_pairs(
    motion: RelativeMotion, states: Floats, spacing_m: float
) -> npt.NDArray[np.int64]:
    """Pairs of a lattice that are next to each other.

    Parameters
    ----------
    motion : RelativeMotion
        Of the orbit of the centre.
    states : (6, n) float array
        From :func:`planar_lattice`.
    spacing_m : float
        As given there [m].

    Returns
    -------
    (2, n_pairs) int array
        Rows of ``states``, the lower first.
    """
    flat = np.stack([states[0], states[1] / motion.axis_ratio])
    apart = np.sqrt(np.sum((flat[:, :, None] - flat[:, None, :]) ** 2, axis=0))
    first, second = np.nonzero(np.triu(apart < 1.01 * spacing_m, k=1))
    return np.stack([first, second]).astype(np.int64)


def distances_m(states: Floats, pairs: npt.NDArray[np.int64]) -> Floats:
    """Distances between satellites over time.

    Parameters
    ----------
    states : (3 or 6, n, n_times) float array
        Positions first [m].
    pairs : (2, n_pairs) int array
        Rows.

    Returns
    -------
    (n_pairs, n_times) float array
        Distances [m].
    """
    apart = states[:3, pairs[0]] - states[:3, pairs[1]]
    distance: Floats = np.sqrt(np.sum(apart * apart, axis=0))
    return distance


def cross_track_hold_m_s_per_year(motion: RelativeMotion, amplitude_m: float) -> float:
    """Velocity change that holds a cross-track swing made by a difference of inclination.

    Parameters
    ----------
    motion : RelativeMotion
        Of the chief's orbit.
    amplitude_m : float
        Largest cross-track distance, reached away from the node [m].

    Returns
    -------
    float
        Velocity change per year [m/s/year].

    Notes
    -----
    The nodes part by the node shear times the inclination; turning a plane back about the Earth's
    axis costs ``n r sin i`` per radian. A swing made by a difference of the node alone, and any
    motion within the plane, costs nothing in this model.
    """
    parting_rad_s = motion.node_shear_rad_s * abs(amplitude_m) / motion.radius_m
    lever_m_s = motion.motion_rad_s * motion.radius_m * math.sin(motion.inclination_rad)
    return parting_rad_s * lever_m_s * TROPICAL_YEAR_S


def drag_hold_m_s_per_year(
    motion: RelativeMotion, density_kg_m3: float, difference_m2_kg: float
) -> float:
    """Velocity change that evens out different drag of two satellites.

    Parameters
    ----------
    motion : RelativeMotion
        Of the chief's orbit.
    density_kg_m3 : float
        Air density [kg/m3].
    difference_m2_kg : float
        Difference of their drag areas (coefficient times area) per mass [m2/kg].

    Returns
    -------
    float
        ``1/2 rho v^2 difference`` over a year [m/s/year].
    """
    speed_m_s = motion.motion_rad_s * motion.radius_m
    return 0.5 * density_kg_m3 * speed_m_s**2 * abs(difference_m2_kg) * TROPICAL_YEAR_S


def _in_plane(
    motion: RelativeMotion, start: Floats, times: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Radial and along-track motion."""
    x0, y0, _, dx0, dy0, _ = start
    turn, coupling = motion.in_plane_rad_s, motion.coupling_rad_s
    sine, cosine = np.sin(turn * times), np.cos(turn * times)
    drive = dy0 + coupling * x0  # constant of the motion, 0 for a path that closes
    centre = coupling * drive / turn**2
    swing, lead = x0 - centre, dx0 / turn
    x = centre + swing * cosine + lead * sine
    dx = turn * (lead * cosine - swing * sine)
    dy = drive - coupling * x
    sway = coupling / turn
    y = y0 + (drive - coupling * centre) * times - sway * (swing * sine + lead * (1.0 - cosine))
    return x, y, dx, dy


def _across(
    motion: RelativeMotion, start: Floats, latitude_argument_rad: float, times: Floats
) -> tuple[Floats, Floats]:
    """Cross-track motion from the differences of inclination and node."""
    z0, dz0 = start[2] / motion.radius_m, start[5] / motion.radius_m
    u0, turn = latitude_argument_rad, motion.across_rad_s
    sine0, cosine0 = math.sin(u0), math.cos(u0)
    shear = motion.node_shear_rad_s * math.sin(motion.inclination_rad)
    # z/r = tilt sin u - twist cos u, with twist' = shear tilt.
    rate, slip = dz0 / turn, 1.0 - shear / turn
    whole = sine0**2 + slip * cosine0**2
    tilt = (z0 * sine0 + rate * cosine0) / whole
    twist0 = (rate * sine0 - slip * z0 * cosine0) / whole
    u = u0 + turn * times
    twist = twist0 + shear * tilt * times
    z = motion.radius_m * (tilt * np.sin(u) - twist * np.cos(u))
    dz = motion.radius_m * (
        turn * (tilt * np.cos(u) + twist * np.sin(u)) - shear * tilt * np.cos(u)
    )
    return z, dz
