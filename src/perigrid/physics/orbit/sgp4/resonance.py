"""Resonance of 12-hour and 24-hour orbits with the Earth's shape, integrated in half-days."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.physics.orbit.sgp4 import block as at
from perigrid.physics.orbit.sgp4 import constants as of
from perigrid.physics.orbit.sgp4.block import BLOCK, Floats
from perigrid.physics.orbit.sgp4.deep_columns import (
    FACTOR,
    LONGITUDE_0,
    RESONANCE,
    RESONANCE_KIND,
    SIDEREAL,
    SYNCHRONOUS,
)
from perigrid.physics.orbit.sgp4.trigonometry import TURN_RAD, part, sine_cosine

STEP_MIN: Final = 720.0
EARTH_RATE_RAD_MIN: Final = 4.375_269_088_011_299_66e-3

# Phases of the resonant terms [rad].
_PHASES_DAY: Final = (0.13130908, 2.8843198, 0.37448087)
_PHASE_22: Final = 5.7686396
_PHASE_32: Final = 0.95240898
_PHASE_44: Final = 1.8014998
_PHASE_52: Final = 1.0508330
_PHASE_54: Final = 4.4108898
# Multiples of perigee and of the longitude, and phase, of each half-day term.
_HALF_DAY: Final = np.array(
    [
        (2.0, 1.0, _PHASE_22),
        (0.0, 1.0, _PHASE_22),
        (1.0, 1.0, _PHASE_32),
        (-1.0, 1.0, _PHASE_32),
        (2.0, 2.0, _PHASE_44),
        (0.0, 2.0, _PHASE_44),
        (1.0, 1.0, _PHASE_52),
        (-1.0, 1.0, _PHASE_52),
        (1.0, 2.0, _PHASE_54),
        (-1.0, 2.0, _PHASE_54),
    ]
)

# What the integrator remembers from one state to the next.
_TIME: Final = 0
_LONGITUDE: Final = 1
_MOTION: Final = 2
_LONGITUDE_RATE: Final = 3
_MOTION_RATE: Final = 4
_MOTION_RATE_2: Final = 5


@part
def fresh_state() -> Floats:
    """Memory of an integrator that has not started."""
    state = np.zeros(6)
    state[_TIME] = np.nan
    return state


@part
def resonance_block(row: Floats, deep: Floats, state: Floats, block: Floats) -> None:
    """Replace mean anomaly and mean motion by the integrated ones."""
    turns = 1.0 if deep[RESONANCE_KIND] == SYNCHRONOUS else 2.0
    for j in range(BLOCK):
        t = block[at.TIME + j]
        _integrate_to(row, deep, state, t)
        rest = t - state[_TIME]
        motion = (
            state[_MOTION] + state[_MOTION_RATE] * rest + state[_MOTION_RATE_2] * rest * rest * 0.5
        )
        longitude = (
            state[_LONGITUDE]
            + state[_LONGITUDE_RATE] * rest
            + state[_MOTION_RATE] * rest * rest * 0.5
        )
        sidereal = np.fmod(deep[SIDEREAL] + t * EARTH_RATE_RAD_MIN, TURN_RAD)
        anomaly = longitude - turns * block[at.NODE + j] + turns * sidereal
        if deep[RESONANCE_KIND] == SYNCHRONOUS:
            anomaly -= block[at.PERIGEE + j]
        block[at.MEAN + j] = anomaly
        block[at.MOTION + j] = motion


@part
def _integrate_to(row: Floats, deep: Floats, state: Floats, t: float) -> None:
    """Step until less than a step remains, from epoch or from where the last state left off."""
    time = state[_TIME]
    # Steps always start at epoch, so going on or starting anew comes to the same floats.
    if not (t * time > 0.0 and abs(t) >= abs(time)) and not (time == 0.0 and abs(t) < STEP_MIN):
        state[_TIME] = 0.0
        state[_LONGITUDE] = deep[LONGITUDE_0]
        state[_MOTION] = row[of.MEAN_MOTION_0]
        _find_rates(row, deep, state)
    step = STEP_MIN if t > 0.0 else -STEP_MIN
    while abs(t - state[_TIME]) >= STEP_MIN:
        half = 0.5 * step * step
        state[_LONGITUDE] += state[_LONGITUDE_RATE] * step + state[_MOTION_RATE] * half
        state[_MOTION] += state[_MOTION_RATE] * step + state[_MOTION_RATE_2] * half
        state[_TIME] += step
        _find_rates(row, deep, state)


@part
def _find_rates(row: Floats, deep: Floats, state: Floats) -> None:
    """Find the rates at the integrator's time."""
    longitude = state[_LONGITUDE]
    rate = slope = 0.0
    if deep[RESONANCE_KIND] == SYNCHRONOUS:
        for order in range(3):
            s, c = sine_cosine((order + 1.0) * (longitude - _PHASES_DAY[order]))
            rate += deep[RESONANCE + order] * s
            slope += (order + 1.0) * deep[RESONANCE + order] * c
    else:
        perigee = row[of.PERIGEE] + row[of.PERIGEE_RATE] * state[_TIME]
        for term in range(10):
            s, c = sine_cosine(
                _HALF_DAY[term, 0] * perigee + _HALF_DAY[term, 1] * longitude - _HALF_DAY[term, 2]
            )
            rate += deep[RESONANCE + term] * s
            slope += _HALF_DAY[term, 1] * deep[RESONANCE + term] * c
    state[_LONGITUDE_RATE] = state[_MOTION] + deep[FACTOR]
    state[_MOTION_RATE] = rate
    state[_MOTION_RATE_2] = slope * state[_LONGITUDE_RATE]
