"""The frame of a chief satellite: radial, along the track, across it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, EARTH_J2, EARTH_MU_M3_S2
from perigrid.physics.orbit.numerical import energy_j_kg, gravity_j2_m_s2

Floats = npt.NDArray[np.float64]


def mean_circular_state(
    radius_m: float, inclination_rad: float, raan_rad: float, latitude_argument_rad: float
) -> tuple[Floats, Floats]:
    """Position and velocity on the nearest thing to a circular orbit about an oblate Earth.

    Parameters
    ----------
    radius_m : float
        Mean radius, see :func:`mean_radius_m` [m].
    inclination_rad : float
        Mean inclination [rad].
    raan_rad : float
        Mean right ascension of the ascending node [rad].
    latitude_argument_rad : float
        Mean angle from the node along the orbit [rad].

    Returns
    -------
    position_m : (3,) float array
        Inertial position [m].
    velocity_m_s : (3,) float array
        Inertial velocity [m/s].

    Notes
    -----
    With ``k = J2 (R/r)^2`` and ``u`` the angle from the node, the orbit that has no free
    oscillation is, to first order in J2, ``r + k r/4 sin^2 i cos 2u``, inclination
    ``+ 3/8 k sin 2i cos 2u``, node ``+ 3/4 k cos i sin 2u`` and angular momentum
    ``sqrt(mu r) (1 + 3/4 k (1 - 3/2 sin^2 i) + 3/4 k sin^2 i cos 2u)``.

    References
    ----------
    .. [1] Y. Kozai, "The motion of a close Earth satellite", Astronomical Journal 64, 367 (1959),
       doi:10.1086/107957.
    """
    k = EARTH_J2 * (EARTH_EQUATORIAL_RADIUS_M / radius_m) ** 2
    squared = math.sin(inclination_rad) ** 2
    u = latitude_argument_rad
    radius = radius_m * (1.0 + 0.25 * k * squared * math.cos(2.0 * u))
    climb = -0.5 * k * squared * math.sin(2.0 * u) * math.sqrt(EARTH_MU_M3_S2 / radius_m)
    momentum = math.sqrt(EARTH_MU_M3_S2 * radius_m) * (
        1.0 + 0.75 * k * (1.0 - 1.5 * squared) + 0.75 * k * squared * math.cos(2.0 * u)
    )
    tilt = inclination_rad + 0.375 * k * math.sin(2.0 * inclination_rad) * math.cos(2.0 * u)
    shift = 0.75 * k * math.cos(inclination_rad) * math.sin(2.0 * u)
    node = raan_rad + shift
    # The node's shift turns the orbit about the Earth's axis; u is measured from the moved node.
    along = u + _in_plane_shift(k, squared, u) - shift * math.cos(inclination_rad)
    outward, forward = _plane_axes(tilt, node, along)
    return radius * outward, climb * outward + momentum / radius * forward


def mean_radius_m(axis_m: float, inclination_rad: float) -> float:
    """Mean radius of a circular orbit from its mean semi-major axis.

    Parameters
    ----------
    axis_m : float
        Brouwer mean semi-major axis [m].
    inclination_rad : float
        Inclination [rad].

    Returns
    -------
    float
        ``a (1 - 3/4 J2 (R/a)^2 (3 cos^2 i - 1))`` [m].

    References
    ----------
    .. [1] D. Brouwer, "Solution of the problem of artificial satellite theory without drag",
       Astronomical Journal 64, 378 (1959), doi:10.1086/107958.
    """
    k = EARTH_J2 * (EARTH_EQUATORIAL_RADIUS_M / axis_m) ** 2
    return axis_m * (1.0 - 0.75 * k * (3.0 * math.cos(inclination_rad) ** 2 - 1.0))


def to_relative(
    chief_position_m: Floats,
    chief_velocity_m_s: Floats,
    position_m: Floats,
    velocity_m_s: Floats,
) -> Floats:
    """States of deputies in the chief's turning frame.

    Parameters
    ----------
    chief_position_m, chief_velocity_m_s : (3, ...) float array
        Inertial state of the chief [m], [m/s].
    position_m, velocity_m_s : (3, n, ...) float array
        Inertial states of the deputies [m], [m/s].

    Returns
    -------
    (6, n, ...) float array
        Radial, along-track and cross-track position [m] and velocity [m/s].
    """
    axes, spin = _axes_and_spin(chief_position_m, chief_velocity_m_s)
    apart = position_m - chief_position_m[:, None]
    moving = velocity_m_s - chief_velocity_m_s[:, None]
    place = np.einsum("ij...,jn...->in...", axes, apart)
    speed = np.einsum("ij...,jn...->in...", axes, moving) - _cross(spin, place)
    return np.concatenate([place, speed])


def from_relative(
    chief_position_m: Floats, chief_velocity_m_s: Floats, relative: Floats
) -> tuple[Floats, Floats]:
    """Inertial states of deputies; the inverse of :func:`to_relative`.

    Parameters
    ----------
    chief_position_m, chief_velocity_m_s : (3, ...) float array
        Inertial state of the chief [m], [m/s].
    relative : (6, n, ...) float array
        Radial, along-track and cross-track position [m] and velocity [m/s].

    Returns
    -------
    position_m, velocity_m_s : (3, n, ...) float array
        Inertial states [m], [m/s].
    """
    axes, spin = _axes_and_spin(chief_position_m, chief_velocity_m_s)
    place, speed = relative[:3], relative[3:]
    apart = np.einsum("ji...,jn...->in...", axes, place)
    moving = np.einsum("ji...,jn...->in...", axes, speed + _cross(spin, place))
    return chief_position_m[:, None] + apart, chief_velocity_m_s[:, None] + moving


def match_energy(
    chief_position_m: Floats,
    chief_velocity_m_s: Floats,
    position_m: Floats,
    velocity_m_s: Floats,
) -> Floats:
    """Scale the speeds of deputies until their periods are the chief's.

    Parameters
    ----------
    chief_position_m, chief_velocity_m_s : (3,) float array
        Inertial state of the chief [m], [m/s].
    position_m, velocity_m_s : (3, n) float array
        Inertial states of the deputies [m], [m/s].

    Returns
    -------
    (3, n) float array
        Velocities at which kinetic energy and potential with J2 sum up to the chief's [m/s].

    Notes
    -----
    Equal energy is an equal mean semi-major axis as long as inclination and eccentricity are
    (nearly) equal, as in a planar formation: the drift along the track goes, to first order in
    J2 and to all orders of the separation.

    References
    ----------
    .. [1] H. Schaub, K. T. Alfriend, "J2 invariant relative orbits for spacecraft formations",
       Celestial Mechanics and Dynamical Astronomy 79, 77 (2001), doi:10.1023/A:1011161811472.
    """
    wanted = energy_j_kg(chief_position_m, chief_velocity_m_s)
    square = np.sum(velocity_m_s * velocity_m_s, axis=0)
    lacking = wanted - energy_j_kg(position_m, velocity_m_s)
    matched: Floats = velocity_m_s * np.sqrt(1.0 + 2.0 * lacking / square)
    return matched


def _in_plane_shift(k: float, squared: float, u: float) -> float:
    """Periodic lead along the orbit that goes with its changing radius and momentum."""
    # u' = h / r^2: relative change 3/4 k s^2 cos 2u - 1/2 k s^2 cos 2u, integrated over u.
    return 0.125 * k * squared * math.sin(2.0 * u)


def _plane_axes(inclination_rad: float, node_rad: float, along_rad: float) -> tuple[Floats, Floats]:
    """Find the unit vectors outward and forward at an angle from the ascending node."""
    to_node = np.array([math.cos(node_rad), math.sin(node_rad), 0.0])
    to_top = np.array(
        [
            -math.sin(node_rad) * math.cos(inclination_rad),
            math.cos(node_rad) * math.cos(inclination_rad),
            math.sin(inclination_rad),
        ]
    )
    outward: Floats = math.cos(along_rad) * to_node + math.sin(along_rad) * to_top
    forward: Floats = -math.sin(along_rad) * to_node + math.cos(along_rad) * to_top
    return outward, forward


def _axes_and_spin(position_m: Floats, velocity_m_s: Floats) -> tuple[Floats, Floats]:
    """Rows of the chief's axes, and how fast they turn about themselves (with J2) [rad/s]."""
    radius = np.sqrt(np.sum(position_m * position_m, axis=0))
    momentum = np.cross(position_m, velocity_m_s, axis=0)
    size = np.sqrt(np.sum(momentum * momentum, axis=0))
    outward, normal = position_m / radius, momentum / size
    axes = np.stack([outward, np.cross(normal, outward, axis=0), normal])
    lateral = np.sum(gravity_j2_m_s2(position_m) * normal, axis=0)
    spin = np.stack([radius * lateral / size, np.zeros_like(size), size / radius**2])
    return axes, spin


def _cross(spin: Floats, place: Floats) -> Floats:
    """Cross product of the frame's spin with vectors of many deputies."""
    product: Floats = np.cross(np.broadcast_to(spin[:, None], place.shape), place, axis=0)
    return product
