"""Share of the Sun that a satellite sees past the Earth.

Scope: eclipses by the Earth, a sphere of its equatorial radius unless another is given. Eclipses by
the Moon (some twice a year on a geostationary orbit) are not modelled.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SUN_RADIUS_M
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
    earth_radius_m : float
        Radius of the sphere that casts the shadow [m].

    Returns
    -------
    (n, n_times) float array
        0 in the umbra, 1 in full light; NaN where the position is NaN.

    Notes
    -----
    Two overlapping discs of apparent radii ``a`` (Sun) and ``b`` (Earth) at apparent distance
    ``c``. The Earth is a sphere of the equatorial radius; its oblateness and the refracting
    atmosphere, which move entry and exit by a few seconds in opposite directions, are left out.
    The solar disc is evenly bright. States plainly outside the penumbra or inside the umbra cone
    are told by products alone; the discs are computed for the others, with the same result.

    References
    ----------
    .. [1] O. Montenbruck, E. Gill, Satellite Orbits (2000), section 3.4.2,
       doi:10.1007/978-3-642-58351-3.
    """
    position, sun, lit = _arguments(position_teme_m, sun_m, out)
    cones = shadow_cones(sun, earth_radius_m)
    over_ranges(
        lambda first, stop: _exact_rows(position, sun, cones, earth_radius_m, lit, first, stop),
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
    earth_radius_m : float
        Radius of the sphere that casts the shadow [m].

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
    cones = shadow_cones(sun, earth_radius_m)
    over_ranges(
        lambda first, stop: _smooth_rows(position, cones, lit, first, stop),
        lit.shape[0],
        _smallest(lit),
    )
    return lit


def shadow_cones(sun_m: Floats, earth_radius_m: float = EARTH_EQUATORIAL_RADIUS_M) -> Floats:
    """Axis and cones of the Earth's shadow.

    Parameters
    ----------
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].
    earth_radius_m : float
        Radius of the sphere that casts the shadow [m].

    Returns
    -------
    (8, n_times) float array
        Direction of the Sun (3 rows); radius at the Earth's centre [m] and tangent of the opening
        angle, of the umbra and of the penumbra (4 rows); distance from the Earth's centre towards
        the Sun at which the penumbra begins [m].

    Notes
    -----
    ``sin(opening) = (R_sun -+ R_earth) / distance``; at depth ``a`` behind the centre the umbra has
    the radius ``R / cos(opening) - a tan(opening)``, the penumbra the same with plus.
    """
    distance = np.sqrt(np.sum(sun_m * sun_m, axis=0))
    umbra = (SUN_RADIUS_M - earth_radius_m) / distance
    penumbra = (SUN_RADIUS_M + earth_radius_m) / distance
    umbra_cosine, penumbra_cosine = np.sqrt(1.0 - umbra**2), np.sqrt(1.0 - penumbra**2)
    cones = np.empty((8, sun_m.shape[1]))
    cones[:3] = sun_m / distance
    cones[3] = earth_radius_m / umbra_cosine
    cones[4] = umbra / umbra_cosine
    cones[5] = earth_radius_m / penumbra_cosine
    cones[6] = penumbra / penumbra_cosine
    cones[7] = earth_radius_m * penumbra
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
            x, y, z = position[0, row, k], position[1, row, k], position[2, row, k]
            towards = x * cones[0, k] + y * cones[1, k] + z * cones[2, k]
            radius2 = x * x + y * y + z * z
            beside2 = radius2 - towards * towards
            outer = cones[5, k] - towards * cones[6, k] + _MARGIN_M
            inner = max(cones[3, k] + towards * cones[4, k] - _MARGIN_M, 0.0)
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
                    position[2, row, k],
                    sun[0, k],
                    sun[1, k],
                    sun[2, k],
                    earth_radius_m,
                )


@part
def _disc_share(
    x: float, y: float, z: float, sun_x: float, sun_y: float, sun_z: float, earth_radius_m: float
) -> float:
    """Uncovered share of the solar disc at one place."""
    to_x, to_y, to_z = sun_x - x, sun_y - y, sun_z - z
    sun_distance = math.sqrt(to_x * to_x + to_y * to_y + to_z * to_z)
    radius = math.sqrt(x * x + y * y + z * z)
    cosine = -(x * to_x + y * to_y + z * to_z) / (radius * sun_distance)
    if not math.isfinite(cosine):
        return math.nan
    sun_disc = math.asin(SUN_RADIUS_M / sun_distance)
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
def _smooth_rows(position: Floats, cones: Floats, lit: Floats, first: int, stop: int) -> None:
    """Fill rows with the ramp, without a branch."""
    for row in range(first, stop):
        for k in range(lit.shape[1]):
            x, y, z = position[0, row, k], position[1, row, k], position[2, row, k]
            towards = x * cones[0, k] + y * cones[1, k] + z * cones[2, k]
            beside2 = x * x + y * y + z * z - towards * towards
            beside = math.sqrt(beside2 if beside2 > 0.0 else 0.0 * beside2)
            outer = cones[5, k] - towards * cones[6, k]
            inner = cones[3, k] + towards * cones[4, k]
            u = (2.0 * beside - outer - inner) / (outer - inner)
            u = 1.0 if (u > 1.0) | (towards > 0.0) else u
            u = max(u, -1.0)
            u2 = u * u
            lit[row, k] = 0.5 + u * (_RAMP_A + u2 * (_RAMP_B + u2 * (_RAMP_C + u2 * _RAMP_D)))
