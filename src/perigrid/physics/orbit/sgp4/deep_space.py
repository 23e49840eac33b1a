"""Kernels of SDP4: secular and periodic terms of Sun and Moon."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.physics.orbit.sgp4 import block as at
from perigrid.physics.orbit.sgp4 import constants as of
from perigrid.physics.orbit.sgp4 import deep_columns as by
from perigrid.physics.orbit.sgp4.block import BLOCK, Floats
from perigrid.physics.orbit.sgp4.resonance import resonance_block
from perigrid.physics.orbit.sgp4.trigonometry import TURN_RAD, part, sine_cosine

SUN_RATE_RAD_MIN: Final = 1.19459e-5
SUN_ECCENTRICITY: Final = 0.01675
MOON_RATE_RAD_MIN: Final = 1.5835218e-4
MOON_ECCENTRICITY: Final = 0.05490

# Below this inclination the periodic terms of node and perigee are joined (Lyddane).
_LYDDANE_RAD: Final = 0.2


@part
def deep_block(row: Floats, deep: Floats, state: Floats, block: Floats) -> None:
    """Find the perturbed elements of a block of states."""
    _advance(row, deep, block)
    if deep[by.RESONANCE_KIND] != by.NOT_RESONANT:
        resonance_block(row, deep, state, block)
    _apply_drag(row, block)
    _clear_changes(block)
    _add_body(deep, by.SUN, deep[by.SUN_ANOMALY], SUN_RATE_RAD_MIN, SUN_ECCENTRICITY, block)
    _add_body(deep, by.MOON, deep[by.MOON_ANOMALY], MOON_RATE_RAD_MIN, MOON_ECCENTRICITY, block)
    _apply_changes(block)
    _finish(block)


@part
def _advance(row: Floats, deep: Floats, block: Floats) -> None:
    """Apply the secular rates."""
    mean_0 = row[of.MEAN_ANOMALY]
    mean_rate, mean_moved = row[of.MEAN_ANOMALY_RATE], deep[by.ANOMALY_RATE]
    perigee_0, perigee_rate = row[of.PERIGEE], row[of.PERIGEE_RATE]
    perigee_moved = deep[by.PERIGEE_RATE]
    node_0, node_rate, node_drag = row[of.NODE], row[of.NODE_RATE], row[of.NODE_DRAG]
    node_moved = deep[by.NODE_RATE]
    e_0, e_moved = row[of.ECCENTRICITY], deep[by.ECCENTRICITY_RATE]
    i_0, i_moved, motion = deep[by.INCLINATION], deep[by.INCLINATION_RATE], row[of.MEAN_MOTION_0]
    for j in range(BLOCK):
        t = block[at.TIME + j]
        block[at.MEAN + j] = (mean_0 + mean_rate * t) + mean_moved * t
        block[at.PERIGEE + j] = (perigee_0 + perigee_rate * t) + perigee_moved * t
        block[at.NODE + j] = ((node_0 + node_rate * t) + node_drag * (t * t)) + node_moved * t
        block[at.ECCENTRICITY + j] = e_0 + e_moved * t
        block[at.INCLINATION + j] = i_0 + i_moved * t
        block[at.MOTION + j] = motion


@part
def _apply_drag(row: Floats, block: Floats) -> None:
    """Apply what drag there is, and find the axis."""
    c1, c4, c2 = row[of.AXIS_1], row[of.ECCENTRICITY_DRAG], row[of.LONGITUDE_2]
    for j in range(BLOCK):
        t, motion = block[at.TIME + j], block[at.MOTION + j]
        drifted = block[at.ECCENTRICITY + j] - c4 * t
        lost = (drifted >= 1.0) | (drifted < -of.ECCENTRICITY_TOLERANCE)
        code = of.MEAN_ECCENTRICITY if lost else of.GOOD
        block[at.CODE + j] = of.MEAN_MOTION if motion <= 0.0 else code
        e = max(drifted, of.SMALLEST_ECCENTRICITY)
        block[at.ECCENTRICITY + j] = e
        block[at.MEAN + j] += c2 * (t * t)
        block[at.ROOT + j] = np.cbrt(of.KE / motion) * (1.0 - c1 * t)


@part
def _clear_changes(block: Floats) -> None:
    """Set the sums of the periodic terms to zero."""
    for j in range(5 * BLOCK):
        block[at.ECCENTRICITY_CHANGE + j] = 0.0


@part
def _add_body(
    deep: Floats, first: int, anomaly_rad: float, rate: float, eccentricity: float, block: Floats
) -> None:
    """Add the periodic terms of Sun or Moon."""
    e2, e3 = deep[first + by.OF_ECCENTRICITY], deep[first + by.OF_ECCENTRICITY + 1]
    i2, i3 = deep[first + by.OF_INCLINATION], deep[first + by.OF_INCLINATION + 1]
    l2, l3, l4 = deep[first + 4], deep[first + 5], deep[first + 6]
    g2, g3, g4 = deep[first + 7], deep[first + 8], deep[first + 9]
    h2, h3 = deep[first + by.OF_NODE], deep[first + by.OF_NODE + 1]
    for j in range(BLOCK):
        mean = anomaly_rad + rate * block[at.TIME + j]
        s, _ = sine_cosine(mean)
        s, c = sine_cosine(mean + 2.0 * eccentricity * s)
        f2, f3 = 0.5 * s * s - 0.25, -0.5 * s * c
        block[at.ECCENTRICITY_CHANGE + j] += e2 * f2 + e3 * f3
        block[at.INCLINATION_CHANGE + j] += i2 * f2 + i3 * f3
        block[at.ANOMALY_CHANGE + j] += l2 * f2 + l3 * f3 + l4 * s
        block[at.PERIGEE_CHANGE + j] += g2 * f2 + g3 * f3 + g4 * s
        block[at.NODE_CHANGE + j] += h2 * f2 + h3 * f3


@part
def _apply_changes(block: Floats) -> None:
    """Apply the periodic terms: directly, or jointly at small inclinations."""
    for j in range(BLOCK):
        inclination = block[at.INCLINATION + j] + block[at.INCLINATION_CHANGE + j]
        block[at.INCLINATION + j] = inclination
        block[at.ECCENTRICITY + j] += block[at.ECCENTRICITY_CHANGE + j]
        # To the last bit: near 180 degrees what follows is divided by a very small sine.
        sine_i, cosine_i = math.sin(inclination), math.cos(inclination)
        block[at.SINE_I + j], block[at.COSINE_I + j] = sine_i, cosine_i
        if inclination >= _LYDDANE_RAD:
            turn = block[at.NODE_CHANGE + j] / sine_i
            block[at.PERIGEE + j] += block[at.PERIGEE_CHANGE + j] - cosine_i * turn
            block[at.NODE + j] += turn
            block[at.MEAN + j] += block[at.ANOMALY_CHANGE + j]
        else:
            _join_changes(block, j, sine_i, cosine_i)


@part
def _join_changes(block: Floats, j: int, sine_i: float, cosine_i: float) -> None:
    """Apply the periodic terms of a small inclination without dividing by its sine."""
    change, turn = block[at.INCLINATION_CHANGE + j], block[at.NODE_CHANGE + j]
    node = np.fmod(block[at.NODE + j], TURN_RAD)
    sn, cn = sine_cosine(node)
    along = sine_i * sn + turn * cn + change * cosine_i * sn
    across = sine_i * cn - turn * sn + change * cosine_i * cn
    moved = math.atan2(along, across)
    if abs(node - moved) > math.pi:
        moved += TURN_RAD if moved < node else -TURN_RAD
    # The sum of the angles is what is known well; perigee takes what the others leave.
    total = block[at.MEAN + j] + block[at.PERIGEE + j] + block[at.ANOMALY_CHANGE + j]
    total += block[at.PERIGEE_CHANGE + j] + (cosine_i - change * sine_i) * node
    block[at.MEAN + j] += block[at.ANOMALY_CHANGE + j]
    block[at.PERIGEE + j] = total - block[at.MEAN + j] - cosine_i * moved
    block[at.NODE + j] = moved


@part
def _finish(block: Floats) -> None:
    """Keep inclinations positive, judge the eccentricity, and hand on."""
    for j in range(BLOCK):
        negative = block[at.INCLINATION + j] < 0.0
        block[at.NODE + j] += math.pi if negative else 0.0
        block[at.PERIGEE + j] -= math.pi if negative else 0.0
        block[at.SINE_I + j] *= -1.0 if negative else 1.0
        block[at.LONGITUDE + j] = block[at.MEAN + j] + block[at.PERIGEE + j]
        e = block[at.ECCENTRICITY + j]
        wrong = (e < 0.0) | (e > 1.0)
        code = block[at.CODE + j]
        block[at.CODE + j] = of.PERTURBED_ECCENTRICITY if wrong & (code == of.GOOD) else code
