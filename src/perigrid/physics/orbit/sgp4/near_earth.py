"""Kernels of SGP4 proper: secular rates, drag, and Kepler's equation on near-circular orbits.

Each loop takes the coefficients it needs into local variables first; the compiler would otherwise
have to read them again after every store.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.physics.orbit.sgp4 import block as at
from perigrid.physics.orbit.sgp4 import constants as of
from perigrid.physics.orbit.sgp4.block import BLOCK, Floats
from perigrid.physics.orbit.sgp4.trigonometry import part, rotated, sine_cosine

NEAR_CIRCULAR: Final = 0.018
"""Eccentricity at epoch below which a satellite takes the pass for near-circular orbits."""

# Kepler's equation and the series below are then right to 2e-13 rad (1 um).
_LARGEST_SQUARE: Final = 0.02**2


@part
def secular_block(row: Floats, block: Floats) -> None:
    """Apply the secular rates and drag to the mean elements of a satellite."""
    _shift_perigee(row, block)
    _lose_eccentricity(row, block)
    _advance_angles(row, block)
    _shrink(row, block)


@part
def _shift_perigee(row: Floats, block: Floats) -> None:
    """Move perigee back, and the anomaly on, by what drag does within a revolution."""
    start, rate = row[of.MEAN_ANOMALY], row[of.MEAN_ANOMALY_RATE]
    perigee_drag, perigee_cube = row[of.PERIGEE_DRAG], row[of.PERIGEE_CUBE]
    eta, cube_0 = row[of.ETA], row[of.CUBE_M0]
    for j in range(BLOCK):
        t = block[at.TIME + j]
        mean = start + rate * t
        _, cosine_m = sine_cosine(mean)
        base = 1.0 + eta * cosine_m
        shift = perigee_drag * t + perigee_cube * (base * base * base - cube_0)
        block[at.MEAN + j] = mean + shift
        block[at.PERIGEE + j] = -shift


@part
def _lose_eccentricity(row: Floats, block: Floats) -> None:
    """Apply drag to the eccentricity."""
    start, drag = row[of.ECCENTRICITY], row[of.ECCENTRICITY_DRAG]
    swing, sine_0 = row[of.ECCENTRICITY_SINE], row[of.SINE_M0]
    for j in range(BLOCK):
        sine_m, _ = sine_cosine(block[at.MEAN + j])
        lost = drag * block[at.TIME + j] + swing * (sine_m - sine_0)
        block[at.ECCENTRICITY + j] = start - lost


@part
def _advance_angles(row: Floats, block: Floats) -> None:
    """Advance perigee, the mean longitude from the node, and the node."""
    mean_0, mean_rate = row[of.MEAN_ANOMALY], row[of.MEAN_ANOMALY_RATE]
    perigee_0, perigee_rate = row[of.PERIGEE], row[of.PERIGEE_RATE]
    c2, c3, c4, c5 = (
        row[of.LONGITUDE_2],
        row[of.LONGITUDE_3],
        row[of.LONGITUDE_4],
        row[of.LONGITUDE_5],
    )
    node_0, node_rate, node_drag = row[of.NODE], row[of.NODE_RATE], row[of.NODE_DRAG]
    for j in range(BLOCK):
        t = block[at.TIME + j]
        perigee = perigee_0 + perigee_rate * t
        drift = (t * t) * (c2 + t * (c3 + t * (c4 + t * c5)))
        block[at.PERIGEE + j] += perigee
        block[at.LONGITUDE + j] = (mean_0 + mean_rate * t) + perigee + drift
        block[at.NODE + j] = node_0 + node_rate * t + node_drag * (t * t)


@part
def _shrink(row: Floats, block: Floats) -> None:
    """Let drag shrink the orbit: square root of the axis, and its reciprocal."""
    c1, c2, c3, c4 = row[of.AXIS_1], row[of.AXIS_2], row[of.AXIS_3], row[of.AXIS_4]
    root_0 = np.sqrt(row[of.AXIS])
    for j in range(BLOCK):
        t = block[at.TIME + j]
        root = root_0 * (1.0 - t * (c1 + t * (c2 + t * (c3 + t * c4))))
        block[at.ROOT + j] = root
        block[at.PER_ROOT + j] = 1.0 / root


@part
def near_circular_block(row: Floats, block: Floats) -> None:
    """Turn mean elements into directions and sizes, for small eccentricities."""
    _add_long_period(row, block)
    _solve_kepler(block)
    _add_short_period(row, block)


@part
def _add_long_period(row: Floats, block: Floats) -> None:
    """Add the long-period terms: the eccentricity's vector and the longitude."""
    of_y, of_l = row[of.LONG_PERIOD_Y], row[of.LONG_PERIOD_L]
    for j in range(BLOCK):
        e = max(block[at.ECCENTRICITY + j], of.SMALLEST_ECCENTRICITY)
        sw, cw = sine_cosine(block[at.PERIGEE + j])
        per_axis = block[at.PER_ROOT + j] * block[at.PER_ROOT + j]
        long_period = per_axis * (1.0 + e * e * (1.0 + e * e))
        axn = e * cw
        block[at.AXN + j] = axn
        block[at.AYN + j] = e * sw + long_period * of_y
        block[at.LONGITUDE + j] += long_period * of_l * axn


@part
def _solve_kepler(block: Floats) -> None:
    """Solve Kepler's equation for small eccentricity: sine, cosine and 1 / (1 - e cos E).

    Two Newton steps from the mean longitude. The reciprocal of the derivative is a short geometric
    series, good enough for a correction; a Newton step of its own makes it exact at the end.
    """
    for j in range(BLOCK):
        axn, ayn = block[at.AXN + j], block[at.AYN + j]
        s, c = sine_cosine(block[at.LONGITUDE + j])
        g = axn * c + ayn * s
        step = (axn * s - ayn * c) * (1.0 + g * (1.0 + g))
        s, c = rotated(s, c, step)
        g = axn * c + ayn * s
        inverse = 1.0 + g * (1.0 + g * (1.0 + g * (1.0 + g)))
        step = (axn * s - ayn * c - step) * inverse
        s, c = s + step * (c - 0.5 * step * s), c - step * (s + 0.5 * step * c)
        inverse *= 2.0 - (1.0 - (axn * c + ayn * s)) * inverse
        block[at.SINE_E + j] = s
        block[at.COSINE_E + j] = c
        block[at.PER_RADIUS + j] = inverse


@part
def _add_short_period(row: Floats, block: Floats) -> None:
    """Add the short-period terms; series in the square of the eccentricity spare roots."""
    sine_i, cosine_i = row[of.SINE_I], row[of.COSINE_I]
    square_i = cosine_i * cosine_i
    across, con41, con7 = 1.0 - square_i, 3.0 * square_i - 1.0, 7.0 * square_i - 1.0
    for j in range(BLOCK):
        axn, ayn = block[at.AXN + j], block[at.AYN + j]
        s, c, per_radius = block[at.SINE_E + j], block[at.COSINE_E + j], block[at.PER_RADIUS + j]
        root, per_root = block[at.ROOT + j], block[at.PER_ROOT + j]
        q = axn * axn + ayn * ayn
        esine = axn * s - ayn * c
        beta = 1.0 - q * (0.5 + q * (0.125 + q * (0.0625 + q * 0.0390625)))
        folded = esine * (0.5 + q * (0.125 + q * 0.0625))
        su = per_radius * (s - ayn - axn * folded)
        cu = per_radius * (c - axn + ayn * folded)
        s2, c2 = 2.0 * su * cu, 1.0 - 2.0 * su * su
        per_axis = per_root * per_root
        per_focus = per_axis * (1.0 + q * (1.0 + q * (1.0 + q)))
        half = 0.5 * of.J2 * per_focus
        full = half * per_focus
        radius = root * root * (1.0 - (axn * c + ayn * s)) * (1.0 - 1.5 * full * beta * con41)
        radius += 0.5 * half * across * c2
        # Only what is good beyond doubt is kept; the general kernels judge the rest.
        fit = (q < _LARGEST_SQUARE) & (radius >= 1.0) & (root > 0.0)
        fit &= block[at.ECCENTRICITY + j] > -of.ECCENTRICITY_TOLERANCE
        block[at.CODE + j] = of.GOOD if fit else at.UNFIT
        block[at.RADIUS + j] = radius * of.RADIUS_M
        speed, kick = per_root * of.SPEED_M_S, half * per_axis
        block[at.OUTWARD + j] = speed * (esine * per_radius - kick * across * s2)
        block[at.ALONG + j] = speed * (beta * per_radius + kick * (across * c2 + 1.5 * con41))
        block[at.SINE_U + j], block[at.COSINE_U + j] = rotated(su, cu, -0.25 * full * con7 * s2)
        block[at.NODE + j] += 1.5 * full * cosine_i * s2
        block[at.SINE_I + j], block[at.COSINE_I + j] = rotated(
            sine_i, cosine_i, 1.5 * full * cosine_i * sine_i * c2
        )


@part
def orient_block(block: Floats) -> None:
    """Turn sizes and directions within the orbit's plane into position and velocity."""
    for j in range(BLOCK):
        sn, cn = sine_cosine(block[at.NODE + j])
        si, ci = block[at.SINE_I + j], block[at.COSINE_I + j]
        su, cu = block[at.SINE_U + j], block[at.COSINE_U + j]
        r, outward, along = block[at.RADIUS + j], block[at.OUTWARD + j], block[at.ALONG + j]
        mx, my = -sn * ci, cn * ci
        ux, uy, uz = mx * su + cn * cu, my * su + sn * cu, si * su
        vx, vy, vz = mx * cu - cn * su, my * cu - sn * su, si * cu
        block[at.X + j] = r * ux
        block[at.Y + j] = r * uy
        block[at.Z + j] = r * uz
        block[at.VX + j] = outward * ux + along * vx
        block[at.VY + j] = outward * uy + along * vy
        block[at.VZ + j] = outward * uz + along * vz
