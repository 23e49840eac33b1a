"""Share of the Sun that a satellite sees past the Earth.

Scope: eclipses by the Earth, an ellipsoid of WGS 84 unless another is given. Eclipses by the Moon
(some twice a year on a geostationary orbit) are not modelled.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, EARTH_FLATTENING, SUN_RADIUS_M
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]

# Light that is plain from the cones alone needs no trigonometry. The margin keeps rounding and the
# cones' neglect of the satellite's parallax (below 1 um) away from that decision.
_MARGIN_M: Final = 100.0
_STATES_PER_THREAD: Final = 50_000
# Odd polynomial in u (-1 at the umbra's edge, 1 at the penumbra's) for the lit share of a disc
# behind a straight limb, 1/2 + u (A + B u^2 + C u^4 + D u^6). A and D by minimax (0.0029 off), B
# and C so that at u = 1 the value is 1 and the slope 0.
_RAMP_A: Final = 0.6574
_RAMP_D: Final = -0.2091
_RAMP_C: Final = _RAMP_A - 0.75 - 2.0 * _RAMP_D
_RAMP_B: Final = 0.5 - _RAMP_A - _RAMP_C - _RAMP_D


def illumination(
    position_teme_m: Floats,
    sun_m: Floats,
    out: Floats | None = None,
    *,
    earth_radius_m: float = EARTH_EQUATORIAL_RADIUS_M,
    flattening: float = EARTH_FLATTENING,
) -> Floats:
    """Uncovered share of the solar disc, from exact umbra and penumbra cones.

    Parameters
    ----------
    position_teme_m : (3, n, n_times) float array
        Satellite positions [m].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun in the same frame [m].
    out : (n, n_times) float array, optional
        Written and returned, instead of a new array.
    earth_radius_m, flattening : float
        Equatorial radius [m] and flattening [1] of what casts the shadow; 0 for a sphere.

    Returns
    -------
    (n, n_times) float array
        0 in the umbra, 1 in full light; NaN where the position is NaN.

    Notes
    -----
    Two overlapping discs of apparent radii ``a`` (Sun) and ``b`` (Earth) at apparent distance
    ``c``. Along the poles the places of satellite and Sun are stretched by ``1 / (1 - f)``, which
    makes the Earth a sphere and keeps every line of sight a line. The Sun becomes an ellipsoid: it
    counts with the radius that it has towards the limb, ``R (1 + (1 / (1 - f) - 1) m_z^2)`` with
    ``m`` the direction from the axis of the shadow to the satellite. The refracting atmosphere is
    left out. The solar disc is evenly bright. States plainly outside the penumbra or
    inside the umbra cone are told by products alone; the discs are computed for the others, with
    the same result.

    References
    ----------
    .. [1] O. Montenbruck, E. Gill, Satellite Orbits (2000), section 3.4.2,
       doi:10.1007/978-3-642-58351-3.
    """
    position, sun, lit = _arguments(position_teme_m, sun_m, out)
    stretch = 1.0 / (1.0 - flattening)
    sun = stretched(sun, flattening)
    cones = shadow_cones(sun, earth_radius_m, flattening)
    over_ranges(
        lambda first, stop: _exact_rows(
            position, stretch, sun, cones, earth_radius_m, lit, first, stop
        ),
        lit.shape[0],
        _smallest(lit),
    )
    return lit


def smooth_illumination(
    position_teme_m: Floats,
    sun_m: Floats,
    out: Floats | None = None,
    *,
    earth_radius_m: float = EARTH_EQUATORIAL_RADIUS_M,
    flattening: float = EARTH_FLATTENING,
) -> Floats:
    """Uncovered share of the solar disc by a ramp with a continuous slope, for speed and gradients.

    Parameters
    ----------
    position_teme_m : (3, n, n_times) float array
        Satellite positions, above the ground [m].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun in the same frame [m].
    out : (n, n_times) float array, optional
        Written and returned, instead of a new array.
    earth_radius_m, flattening : float
        Equatorial radius [m] and flattening [1] of what casts the shadow; 0 for a sphere.

    Returns
    -------
    (n, n_times) float array
        0 in the umbra, 1 in full light, at most 0.01 from :func:`illumination` between 200 km and
        geostationary height (0.007 from 500 km); NaN where the position is NaN.

    Notes
    -----
    With the distance ``q`` from the shadow's axis between the umbra's radius and the penumbra's,
    ``u = -1 ... 1``, the share is an odd polynomial in ``u`` of degree 7, fitted to a disc behind a
    straight limb, with slope 0 at both ends. Annular eclipses, beyond the tip of the umbra at
    1.4 million km, are outside its range.
    """
    position, sun, lit = _arguments(position_teme_m, sun_m, out)
    stretch = 1.0 / (1.0 - flattening)
    cones = shadow_cones(stretched(sun, flattening), earth_radius_m, flattening)
    over_ranges(
        lambda first, stop: _smooth_rows(position, stretch, cones, lit, first, stop),
        lit.shape[0],
        _smallest(lit),
    )
    return lit


def stretched(vector: Floats, flattening: float) -> Floats:
    """Stretch vectors along the poles, so that an ellipsoid becomes a sphere.

    Parameters
    ----------
    vector : (3, ...) float array
        Places or velocities in a frame whose third axis is the Earth's.
    flattening : float
        Of the ellipsoid [1].

    Returns
    -------
    (3, ...) float array
        A new array; its third row divided by ``1 - flattening``.
    """
    found = vector.copy()
    found[2] /= 1.0 - flattening
    return found


def shadow_cones(
    sun_m: Floats, earth_radius_m: float = EARTH_EQUATORIAL_RADIUS_M, flattening: float = 0.0
) -> Floats:
    """Axis and cones of the Earth's shadow.

    Parameters
    ----------
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].
    earth_radius_m : float
        Radius of the sphere that casts the shadow [m].
    flattening : float
        Of the Earth, along whose poles all was stretched by :func:`stretched` [1].

    Returns
    -------
    (9, n_times) float array
        Direction of the Sun (3 rows); radius at the Earth's centre [m] and tangent of the opening
        angle, of the umbra and of the penumbra (4 rows); distance from the Earth's centre towards
        the Sun at which the penumbra begins [m]; tangent by which the Sun, stretched too, opens
        the cones farther over the poles.

    Notes
    -----
    ``sin(opening) = (R_sun -+ R_earth) / distance``; at depth ``a`` behind the centre the umbra has
    the radius ``R / cos(opening) - a tan(opening)``, the penumbra the same with plus.
    """
    distance = np.sqrt(np.sum(sun_m * sun_m, axis=0))
    umbra = (SUN_RADIUS_M - earth_radius_m) / distance
    penumbra = (SUN_RADIUS_M + earth_radius_m) / distance
    umbra_cosine, penumbra_cosine = np.sqrt(1.0 - umbra**2), np.sqrt(1.0 - penumbra**2)
    cones = np.empty((9, sun_m.shape[1]))
    cones[:3] = sun_m / distance
    cones[3] = earth_radius_m / umbra_cosine
    cones[4] = umbra / umbra_cosine
    cones[5] = earth_radius_m / penumbra_cosine
    cones[6] = penumbra / penumbra_cosine
    cones[7] = earth_radius_m * penumbra
    cones[8] = SUN_RADIUS_M * (1.0 / (1.0 - flattening) - 1.0) / distance
    return cones


def _arguments(position: Floats, sun: Floats, out: Floats | None) -> tuple[Floats, Floats, Floats]:
    """Give inputs as the kernels want them, and the array to write."""
    lit = np.empty(position.shape[1:]) if out is None else out
    return (
        np.ascontiguousarray(position, dtype=np.float64),
        np.ascontiguousarray(sun, dtype=np.float64),
        lit,
    )


def _smallest(lit: Floats) -> int:
    """Fewest rows worth a thread."""
    return int(_STATES_PER_THREAD // max(1, lit.shape[1]) + 1)


@kernel
def _exact_rows(
    position: Floats,
    stretch: float,
    sun: Floats,
    cones: Floats,
    earth_radius_m: float,
    lit: Floats,
    first: int,
    stop: int,
) -> None:
    """Fill rows: first what products decide (-1 for the rest), then the discs of the rest."""
    ground = (earth_radius_m + _MARGIN_M) * (earth_radius_m + _MARGIN_M)
    for row in range(first, stop):
        for k in range(lit.shape[1]):
            x, y, z = position[0, row, k], position[1, row, k], stretch * position[2, row, k]
            towards = x * cones[0, k] + y * cones[1, k] + z * cones[2, k]
            radius2 = x * x + y * y + z * z
            beside2 = radius2 - towards * towards
            wider = wider_m(towards, z - towards * cones[2, k], beside2, cones[8, k])
            outer = cones[5, k] - towards * cones[6, k] + wider + _MARGIN_M
            inner = max(cones[3, k] + towards * cones[4, k] - wider - _MARGIN_M, 0.0)
            bright = (towards > cones[7, k] + _MARGIN_M) | (beside2 > outer * outer)
            dark = (towards < -_MARGIN_M) & (beside2 < inner * inner)
            light = 1.0 if bright else -1.0
            light = 0.0 if dark else light
            # Also keeps NaN for the discs: every comparison with it is false.
            lit[row, k] = light if radius2 > ground else -1.0
        for k in range(lit.shape[1]):
            if lit[row, k] < 0.0:
                lit[row, k] = _disc_share(
                    position[0, row, k],
                    position[1, row, k],
                    stretch * position[2, row, k],
                    sun[0, k],
                    sun[1, k],
                    sun[2, k],
                    earth_radius_m,
                    stretch,
                )


@part
def wider_m(towards_m: float, beside_z_m: float, beside_m2: float, tangent: float) -> float:
    """Say by how much the stretched Sun narrows the umbra and widens the penumbra.

    Parameters
    ----------
    towards_m : float
        Distance from the Earth's centre along the shadow's axis, towards the Sun [m].
    beside_z_m, beside_m2 : float
        Third component [m] and square [m2] of the vector from the axis to the satellite.
    tangent : float
        Last row of :func:`shadow_cones`.

    Returns
    -------
    float
        Behind the Earth not negative [m].
    """
    if not beside_m2 > 0.0:
        return 0.0
    return -towards_m * tangent * beside_z_m * beside_z_m / beside_m2


@part
def _disc_share(
    x: float,
    y: float,
    z: float,
    sun_x: float,
    sun_y: float,
    sun_z: float,
    earth_radius_m: float,
    stretch: float,
) -> float:
    """Uncovered share of the solar disc at one place."""
    to_x, to_y, to_z = sun_x - x, sun_y - y, sun_z - z
    sun_distance = math.sqrt(to_x * to_x + to_y * to_y + to_z * to_z)
    radius = math.sqrt(x * x + y * y + z * z)
    cosine = -(x * to_x + y * to_y + z * to_z) / (radius * sun_distance)
    if not math.isfinite(cosine):
        return math.nan
    along = cosine * radius / sun_distance  # the foot on the line to the Sun, of that line
    beside_z = z + along * to_z
    beside2 = max(radius * radius * (1.0 - cosine * cosine), 1.0)
    sun_radius_m = SUN_RADIUS_M * (1.0 + (stretch - 1.0) * min(1.0, beside_z * beside_z / beside2))
    sun_disc = math.asin(sun_radius_m / sun_distance)
    earth_disc = math.asin(min(1.0, earth_radius_m / radius))
    apart = math.acos(min(1.0, max(-1.0, cosine)))
    if apart >= earth_disc + sun_disc:
        return 1.0
    if apart <= earth_disc - sun_disc:
        return 0.0
    if apart <= sun_disc - earth_disc:
        return 1.0 - (earth_disc / sun_disc) * (earth_disc / sun_disc)
    chord = (apart * apart + sun_disc * sun_disc - earth_disc * earth_disc) / (2.0 * apart)
    half = math.sqrt(max(0.0, sun_disc * sun_disc - chord * chord))
    # Both sectors by atan2 of the common half chord: acos loses digits near its ends.
    lens = (
        sun_disc * sun_disc * math.atan2(half, chord)
        + earth_disc * earth_disc * math.atan2(half, apart - chord)
        - apart * half
    )
    return 1.0 - min(1.0, max(0.0, lens / (math.pi * sun_disc * sun_disc)))


@kernel
def _smooth_rows(
    position: Floats, stretch: float, cones: Floats, lit: Floats, first: int, stop: int
) -> None:
    """Fill rows with the ramp, without a branch."""
    for row in range(first, stop):
        for k in range(lit.shape[1]):
            x, y, z = position[0, row, k], position[1, row, k], stretch * position[2, row, k]
            towards = x * cones[0, k] + y * cones[1, k] + z * cones[2, k]
            beside2 = x * x + y * y + z * z - towards * towards
            beside = math.sqrt(beside2 if beside2 > 0.0 else 0.0 * beside2)
            wider = wider_m(towards, z - towards * cones[2, k], beside2, cones[8, k])
            outer = cones[5, k] - towards * cones[6, k] + wider
            inner = cones[3, k] + towards * cones[4, k] - wider
            u = (2.0 * beside - outer - inner) / (outer - inner)
            u = 1.0 if (u > 1.0) | (towards > 0.0) else u
            u = max(u, -1.0)
            u2 = u * u
            lit[row, k] = 0.5 + u * (_RAMP_A + u2 * (_RAMP_B + u2 * (_RAMP_C + u2 * _RAMP_D)))
