"""Kernels for any eccentricity: Kepler's equation to convergence, exact roots, error codes.

They take over where the near-circular pass ends: eccentric orbits, deep space, and states that are
in error. Every state stops at its own convergence, so it does not matter which others share its
block.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.physics.orbit.sgp4 import block as at
from perigrid.physics.orbit.sgp4 import constants as of
from perigrid.physics.orbit.sgp4.block import BLOCK, Floats
from perigrid.physics.orbit.sgp4.trigonometry import part, sine_cosine, wrapped

# As in the published routine, so that states which do not converge end alike.
_KEPLER_STEPS: Final = 10
_KEPLER_TOLERANCE_RAD: Final = 1.0e-12
_LONGEST_STEP_RAD: Final = 0.95


@part
def general_block(row: Floats, block: Floats) -> None:
    """Turn a near-earth satellite's mean elements into directions and sizes."""
    motion, sine_i, cosine_i = row[of.MEAN_MOTION_0], row[of.SINE_I], row[of.COSINE_I]
    for j in range(BLOCK):
        block[at.SINE_I + j] = sine_i
        block[at.COSINE_I + j] = cosine_i
        drifted = block[at.ECCENTRICITY + j]
        lost = (drifted >= 1.0) | (drifted < -of.ECCENTRICITY_TOLERANCE)
        code = of.MEAN_ECCENTRICITY if lost else of.GOOD
        block[at.CODE + j] = of.MEAN_MOTION if motion <= 0.0 else code
        # Written so that NaN stays NaN.
        e = max(drifted, of.SMALLEST_ECCENTRICITY)
        block[at.ECCENTRICITY + j] = e
    perturbed_block(block)


@part
def perturbed_block(block: Floats) -> None:
    """Do the same from elements and inclinations of every state, as Sun and Moon leave them."""
    _add_long_period(block)
    _solve_kepler(block)
    _find_longitude(block)
    _add_short_period(block)
    _mark_errors(block)


@part
def _add_long_period(block: Floats) -> None:
    """Add the long-period terms: the eccentricity's vector and the longitude."""
    for j in range(BLOCK):
        e, axis = block[at.ECCENTRICITY + j], block[at.ROOT + j] * block[at.ROOT + j]
        sine_i, cosine_i = block[at.SINE_I + j], block[at.COSINE_I + j]
        sw, cw = sine_cosine(block[at.PERIGEE + j])
        long_period = 1.0 / (axis * (1.0 - e * e))
        of_y = -0.5 * of.J3_OVER_J2 * sine_i
        below = 1.0 + cosine_i
        below = below if abs(below) > of.POLAR_DIVISOR else of.POLAR_DIVISOR
        of_l = 0.5 * of_y * (3.0 + 5.0 * cosine_i) / below
        axn = e * cw
        block[at.AXN + j] = axn
        block[at.AYN + j] = e * sw + long_period * of_y
        u = wrapped(block[at.LONGITUDE + j] + long_period * of_l * axn)
        block[at.LONGITUDE + j] = u
        block[at.ANOMALY + j] = u
        block[at.STEP + j] = 1.0


@part
def _solve_kepler(block: Floats) -> None:
    """Take Newton steps until every state of the block has converged."""
    for _ in range(_KEPLER_STEPS):
        moving = 0
        for j in range(BLOCK):
            axn, ayn, anomaly = block[at.AXN + j], block[at.AYN + j], block[at.ANOMALY + j]
            s, c = sine_cosine(anomaly)
            step = (block[at.LONGITUDE + j] - ayn * c + axn * s - anomaly) / (
                1.0 - c * axn - s * ayn
            )
            step = min(_LONGEST_STEP_RAD, step)
            step = max(-_LONGEST_STEP_RAD, step)
            open_ = abs(block[at.STEP + j]) >= _KEPLER_TOLERANCE_RAD
            # The last direction used is what the published routine goes on with.
            block[at.SINE_E + j] = s if open_ else block[at.SINE_E + j]
            block[at.COSINE_E + j] = c if open_ else block[at.COSINE_E + j]
            block[at.ANOMALY + j] = anomaly + step if open_ else anomaly
            block[at.STEP + j] = step if open_ else block[at.STEP + j]
            moving += 1 if open_ & (abs(step) >= _KEPLER_TOLERANCE_RAD) else 0
        if moving == 0:
            break


@part
def _find_longitude(block: Floats) -> None:
    """Find radius, velocities and true longitude of the unperturbed orbit."""
    for j in range(BLOCK):
        axn, ayn = block[at.AXN + j], block[at.AYN + j]
        s, c = block[at.SINE_E + j], block[at.COSINE_E + j]
        root = abs(block[at.ROOT + j])
        esine, square = axn * s - ayn * c, axn * axn + ayn * ayn
        near = 1.0 - (axn * c + ayn * s)
        beta = np.sqrt(1.0 - square)
        folded = esine / (1.0 + beta)
        block[at.SINE_U + j] = (s - ayn - axn * folded) / near
        block[at.COSINE_U + j] = (c - axn + ayn * folded) / near
        block[at.RADIUS + j] = root * root * near
        block[at.OUTWARD + j] = esine / (root * near)
        block[at.ALONG + j] = beta / (root * near)
        block[at.FOCUS + j] = root * root * (1.0 - square)


@part
def _add_short_period(block: Floats) -> None:
    """Add the short-period terms."""
    for j in range(BLOCK):
        sine_i, cosine_i = block[at.SINE_I + j], block[at.COSINE_I + j]
        square_i = cosine_i * cosine_i
        across, con41 = 1.0 - square_i, 3.0 * square_i - 1.0
        su, cu, focus = block[at.SINE_U + j], block[at.COSINE_U + j], block[at.FOCUS + j]
        root = abs(block[at.ROOT + j])
        s2, c2 = 2.0 * su * cu, 1.0 - 2.0 * su * su
        half = 0.5 * of.J2 / focus
        full = half / focus
        beta = np.sqrt(focus) / root
        block[at.RADIUS + j] = (
            block[at.RADIUS + j] * (1.0 - 1.5 * full * beta * con41) + 0.5 * half * across * c2
        )
        kick = half / (root * root * root)
        block[at.OUTWARD + j] -= kick * across * s2
        block[at.ALONG + j] += kick * (across * c2 + 1.5 * con41)
        block[at.NODE + j] += 1.5 * full * cosine_i * s2
        s, c = sine_cosine(0.25 * full * (7.0 * square_i - 1.0) * s2)
        block[at.SINE_U + j], block[at.COSINE_U + j] = su * c - cu * s, cu * c + su * s
        s, c = sine_cosine(1.5 * full * cosine_i * sine_i * c2)
        block[at.SINE_I + j] = sine_i * c + cosine_i * s
        block[at.COSINE_I + j] = cosine_i * c - sine_i * s


@part
def _mark_errors(block: Floats) -> None:
    """Set the error codes, blank what has none to show, and go to SI."""
    for j in range(BLOCK):
        code = block[at.CODE + j]
        late = of.DECAYED if block[at.RADIUS + j] < 1.0 else of.GOOD
        late = of.SEMI_LATUS_RECTUM if block[at.FOCUS + j] < 0.0 else late
        code = late if code == of.GOOD else code
        blank = np.nan if (code > of.GOOD) & (code < of.DECAYED) else 1.0
        block[at.CODE + j] = code
        block[at.RADIUS + j] *= of.RADIUS_M * blank
        block[at.OUTWARD + j] *= of.SPEED_M_S * blank
        block[at.ALONG + j] *= of.SPEED_M_S * blank
