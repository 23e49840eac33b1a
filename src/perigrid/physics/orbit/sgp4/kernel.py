"""Loops over satellites and blocks of time."""

from __future__ import annotations

import numba as nb

from perigrid.physics.orbit.sgp4 import block as at
from perigrid.physics.orbit.sgp4 import constants as of
from perigrid.physics.orbit.sgp4.block import (
    BLOCK,
    Codes,
    Floats,
    Ints,
    load_times,
    store_states,
    take_unfit,
)
from perigrid.physics.orbit.sgp4.deep_space import deep_block
from perigrid.physics.orbit.sgp4.general import general_block, perturbed_block
from perigrid.physics.orbit.sgp4.near_earth import (
    NEAR_CIRCULAR,
    near_circular_block,
    orient_block,
    secular_block,
)
from perigrid.physics.orbit.sgp4.resonance import fresh_state
from perigrid.physics.orbit.sgp4.trigonometry import KERNEL


@nb.njit(**KERNEL)
def propagate_near(
    secular: Floats,
    rows: Ints,
    age_min: Floats,
    t_min: Floats,
    block: Floats,
    spare: Floats,
    position: Floats,
    velocity: Floats,
    error: Codes,
) -> None:
    """Propagate near-earth satellites ``rows`` into the same rows of the outputs."""
    for number in rows:
        row = secular[number]
        # No number at all goes to the general kernels, which know the error codes.
        circular = row[of.ECCENTRICITY] < NEAR_CIRCULAR and row[of.MEAN_MOTION_0] > 0.0
        for first in range(0, len(t_min), BLOCK):
            load_times(block, t_min, first, age_min[number])
            secular_block(row, block)
            if circular:
                near_circular_block(row, block)
                orient_block(block)
                if at.any_unfit(block):
                    load_times(spare, t_min, first, age_min[number])
                    secular_block(row, spare)
                    general_block(row, spare)
                    orient_block(spare)
                    take_unfit(block, spare)
            else:
                general_block(row, block)
                orient_block(block)
            store_states(block, position, velocity, error, number, first)


@nb.njit(**KERNEL)
def propagate_deep(
    secular: Floats,
    deep: Floats,
    rows: Ints,
    age_min: Floats,
    t_min: Floats,
    block: Floats,
    position: Floats,
    velocity: Floats,
    error: Codes,
) -> None:
    """Propagate deep-space satellites ``rows``; row k of ``deep`` is that of ``rows[k]``."""
    for index in range(len(rows)):
        number = rows[index]
        state = fresh_state()
        for first in range(0, len(t_min), BLOCK):
            load_times(block, t_min, first, age_min[number])
            deep_block(secular[number], deep[index], state, block)
            perturbed_block(block)
            orient_block(block)
            store_states(block, position, velocity, error, number, first)
