"""Secular and periodic coefficients of the pull of Sun and Moon, for many satellites at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.orbit.sgp4.deep_space import (
    MOON_ECCENTRICITY,
    MOON_RATE_RAD_MIN,
    SUN_ECCENTRICITY,
    SUN_RATE_RAD_MIN,
)
from perigrid.physics.orbit.sgp4.initialise import Orbits

Floats = npt.NDArray[np.float64]

# Strengths of the pull [rad/min], orientation of the ecliptic and of the Sun's perigee.
_SUN_STRENGTH: Final = 2.9864797e-6
_MOON_STRENGTH: Final = 4.7968065e-7
_ECLIPTIC_SINE: Final = 0.39785416
_ECLIPTIC_COSINE: Final = 0.91744867
_SUN_PERIGEE_COSINE: Final = 0.1945905
_SUN_PERIGEE_SINE: Final = -0.98088458

# Within this of 0 and 180 degrees the node's rate is left out [rad].
_NEAR_EQUATOR_RAD: Final = 5.2359877e-2


@dataclass(frozen=True, slots=True)
class Body:
    """Where a perturbing body's orbit lies, seen from each satellite's node.

    Parameters
    ----------
    perigee_cosine, perigee_sine, inclination_cosine, inclination_sine, node_cosine, node_sine :
        (n,) float array or float
        Argument of perigee, inclination to the equator, and node less the satellite's.
    strength, rate_rad_min, orbit_eccentricity : float
        Of the pull [rad/min], mean motion [rad/min] and eccentricity [-] of the body.
    """

    perigee_cosine: Floats | float
    perigee_sine: Floats | float
    inclination_cosine: Floats | float
    inclination_sine: Floats | float
    node_cosine: Floats
    node_sine: Floats
    strength: float
    rate_rad_min: float
    orbit_eccentricity: float


@dataclass(frozen=True, slots=True)
class Pull:
    """What a body does to the elements.

    Parameters
    ----------
    rates : (5, n) float array
        Of eccentricity [1/min], inclination, mean anomaly, argument of perigee, node [rad/min].
    periodic : (12, n) float array
        In the order of :mod:`perigrid.physics.orbit.sgp4.deep_columns`.
    """

    rates: Floats
    periodic: Floats


def sun_of(orbits: Orbits) -> Body:
    """Place the Sun's orbit.

    Parameters
    ----------
    orbits : Orbits
        The satellites.

    Returns
    -------
    Body
        The Sun.
    """
    return Body(
        perigee_cosine=_SUN_PERIGEE_COSINE,
        perigee_sine=_SUN_PERIGEE_SINE,
        inclination_cosine=_ECLIPTIC_COSINE,
        inclination_sine=_ECLIPTIC_SINE,
        node_cosine=np.cos(orbits.node_rad),
        node_sine=np.sin(orbits.node_rad),
        strength=_SUN_STRENGTH,
        rate_rad_min=SUN_RATE_RAD_MIN,
        orbit_eccentricity=SUN_ECCENTRICITY,
    )


def moon_of(orbits: Orbits, days_1900: Floats) -> Body:
    """Place the Moon's orbit, whose node goes round the ecliptic in 18.6 years.

    Parameters
    ----------
    orbits : Orbits
        The satellites.
    days_1900 : (n,) float array
        Epochs, since 1899 December 31.5 [d].

    Returns
    -------
    Body
        The Moon.
    """
    ecliptic_node = np.fmod(4.5236020 - 9.2422029e-4 * days_1900, 2.0 * np.pi)
    s, c = np.sin(ecliptic_node), np.cos(ecliptic_node)
    cosine_i = 0.91375164 - 0.03568096 * c
    sine_i = np.sqrt(1.0 - cosine_i * cosine_i)
    node_s = 0.089683511 * s / sine_i
    node_c = np.sqrt(1.0 - node_s * node_s)
    turn = np.arctan2(_ECLIPTIC_SINE * s / sine_i, node_c * c + _ECLIPTIC_COSINE * node_s * s)
    perigee = moon_longitude_rad(days_1900) + turn - ecliptic_node
    own_s, own_c = np.sin(orbits.node_rad), np.cos(orbits.node_rad)
    return Body(
        perigee_cosine=np.cos(perigee),
        perigee_sine=np.sin(perigee),
        inclination_cosine=cosine_i,
        inclination_sine=sine_i,
        node_cosine=node_c * own_c + node_s * own_s,
        node_sine=own_s * node_c - own_c * node_s,
        strength=_MOON_STRENGTH,
        rate_rad_min=MOON_RATE_RAD_MIN,
        orbit_eccentricity=MOON_ECCENTRICITY,
    )


def moon_longitude_rad(days_1900: Floats) -> Floats:
    """Longitude of the Moon's perigee.

    Parameters
    ----------
    days_1900 : (n,) float array
        Epochs, since 1899 December 31.5 [d].

    Returns
    -------
    (n,) float array
        Angle [rad].
    """
    return 5.8351514 + 0.0019443680 * days_1900


def pull_of(body: Body, orbits: Orbits) -> Pull:
    """Average the pull of a body over its own and the satellite's revolution.

    Parameters
    ----------
    body : Body
        Sun or Moon.
    orbits : Orbits
        The satellites.

    Returns
    -------
    Pull
        Rates and periodic coefficients.

    Notes
    -----
    The body's direction in the satellite's axes (towards perigee, along it, across the orbit's
    plane) is ``a cos + b sin`` of the body's longitude; the products below average its tidal
    potential, with the field's letters x, z and s.

    References
    ----------
    .. [1] F. R. Hoots, P. W. Schumacher, R. A. Glover, "History of analytical orbit modeling in
       the U.S. space surveillance system", J. Guidance 27, 174 (2004), doi:10.2514/1.9161.
    """
    (x1, x2), (x3, x4), (a5, a6), cross = _directions(body, orbits)
    s3 = body.strength / orbits.mean_motion
    e2 = orbits.eccentricity**2
    root = np.sqrt(1.0 - e2)
    s2, s4 = -0.5 * s3 / root, s3 * root
    s1 = -15.0 * orbits.eccentricity * s4
    z1, z2, z3, z31, z32, z33 = _in_plane(cross, (x1, x2), (x3, x4), e2)
    (z11, z12, z13), (z21, z22, z23) = _out_of_plane(cross, (x1, x2), (x3, x4), (a5, a6), orbits)
    n, e_body = body.rate_rad_min, body.orbit_eccentricity
    node_rate = np.where(
        (orbits.inclination_rad < _NEAR_EQUATOR_RAD)
        | (orbits.inclination_rad > np.pi - _NEAR_EQUATOR_RAD),
        0.0,
        -n * s2 * (z21 + z23) / np.where(orbits.sine_i != 0.0, orbits.sine_i, 1.0),
    )
    rates = np.stack(
        [
            s1 * n * (x1 * x3 + x2 * x4),
            s2 * n * (z11 + z13),
            -n * s3 * (z1 + z3 - 14.0 - 6.0 * e2),
            s4 * n * (z31 + z33 - 6.0) - orbits.cosine_i * node_rate,
            node_rate,
        ]
    )
    periodic = 2.0 * np.stack(
        [
            s1 * (x2 * x3 + x1 * x4),
            s1 * (x2 * x4 - x1 * x3),
            s2 * z12,
            s2 * (z13 - z11),
            -s3 * z2,
            -s3 * (z3 - z1),
            s3 * (21.0 + 9.0 * e2) * e_body,
            s4 * z32,
            s4 * (z33 - z31),
            -9.0 * s4 * e_body,
            -s2 * z22,
            -s2 * (z23 - z21),
        ]
    )
    return Pull(rates, periodic)


Pair = tuple[Floats, Floats]
Triple = tuple[Floats, Floats, Floats]
Cross = tuple[Floats, Floats, Floats, Floats]


def _directions(body: Body, orbits: Orbits) -> tuple[Pair, Pair, Pair, Cross]:
    """Cosine and sine parts of the body's direction, in the satellite's axes and at its node."""
    pc, ps = body.perigee_cosine, body.perigee_sine
    ic, is_ = body.inclination_cosine, body.inclination_sine
    nc, ns = body.node_cosine, body.node_sine
    a1, a3 = pc * nc + ps * ic * ns, -ps * nc + pc * ic * ns
    a7, a9 = -pc * ns + ps * ic * nc, ps * ns + pc * ic * nc
    a8, a10 = ps * is_, pc * is_
    si, ci = orbits.sine_i, orbits.cosine_i
    a2, a4 = ci * a7 + si * a8, ci * a9 + si * a10
    a5, a6 = -si * a7 + ci * a8, -si * a9 + ci * a10
    s, c = np.sin(orbits.perigee_rad), np.cos(orbits.perigee_rad)
    x1, x2 = a1 * c + a2 * s, a3 * c + a4 * s
    x3, x4 = -a1 * s + a2 * c, -a3 * s + a4 * c
    return (x1, x2), (x3, x4), (a5, a6), (a1, a2, a3, a4)


def _in_plane(
    cross: Cross, along: Pair, beside: Pair, e2: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Products of directions within the satellite's plane."""
    (a1, a2, a3, a4), (x1, x2), (x3, x4) = cross, along, beside
    z31 = 12.0 * x1 * x1 - 3.0 * x3 * x3
    z32 = 24.0 * x1 * x2 - 6.0 * x3 * x4
    z33 = 12.0 * x2 * x2 - 3.0 * x4 * x4
    rest = 1.0 - e2
    z1 = 2.0 * (3.0 * (a1 * a1 + a2 * a2) + z31 * e2) + rest * z31
    z2 = 2.0 * (6.0 * (a1 * a3 + a2 * a4) + z32 * e2) + rest * z32
    z3 = 2.0 * (3.0 * (a3 * a3 + a4 * a4) + z33 * e2) + rest * z33
    return z1, z2, z3, z31, z32, z33


def _out_of_plane(
    cross: Cross, along: Pair, beside: Pair, across: Pair, orbits: Orbits
) -> tuple[Triple, Triple]:
    """Products of directions within the plane and across it."""
    (a1, a2, a3, a4), (x1, x2), (x3, x4), (a5, a6) = cross, along, beside, across
    e2 = orbits.eccentricity**2
    s, c = np.sin(orbits.perigee_rad), np.cos(orbits.perigee_rad)
    x5, x6, x7, x8 = a5 * s, a6 * s, a5 * c, a6 * c
    z11 = -6.0 * a1 * a5 + e2 * (-24.0 * x1 * x7 - 6.0 * x3 * x5)
    z12 = -6.0 * (a1 * a6 + a3 * a5)
    z12 = z12 + e2 * (-24.0 * (x2 * x7 + x1 * x8) - 6.0 * (x3 * x6 + x4 * x5))
    z13 = -6.0 * a3 * a6 + e2 * (-24.0 * x2 * x8 - 6.0 * x4 * x6)
    z21 = 6.0 * a2 * a5 + e2 * (24.0 * x1 * x5 - 6.0 * x3 * x7)
    z22 = 6.0 * (a4 * a5 + a2 * a6)
    z22 = z22 + e2 * (24.0 * (x2 * x5 + x1 * x6) - 6.0 * (x4 * x7 + x3 * x8))
    z23 = 6.0 * a4 * a6 + e2 * (24.0 * x2 * x6 - 6.0 * x4 * x8)
    return (z11, z12, z13), (z21, z22, z23)
