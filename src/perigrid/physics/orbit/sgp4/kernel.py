"""Loops over satellites and blocks of time."""

from __future__ import annotations

from perigrid.physics.compiled import compiled
from perigrid.physics.orbit.sgp4.block import (
    BLOCK,
    Codes,
    Floats,
    Ints,
    count_unfit,
    load_times,
    store_states,
    store_unfit,
)
from perigrid.physics.orbit.sgp4.deep_space import deep_block
from perigrid.physics.orbit.sgp4.general import general_block, perturbed_block
from perigrid.physics.orbit.sgp4.near_earth import (
    near_circular_block,
    orient_block,
    secular_block,
)
from perigrid.physics.orbit.sgp4.resonance import fresh_state
from perigrid.physics.orbit.sgp4.trigonometry import KERNEL


@compiled(**KERNEL)
def propagate_near(
    secular: Floats,
    rows: Ints,
    age_min: Floats,
    t_min: Floats,
    block: Floats,
    position: Floats,
    velocity: Floats,
    error: Codes,
) -> int:
    """Propagate near-circular satellites ``rows``; count the states marked as unfit."""
    unfit = 0
    for number in rows:
        row = secular[number]
        for first in range(0, len(t_min), BLOCK):
            load_times(block, t_min, first, age_min[number])
            secular_block(row, block)
            near_circular_block(row, block)
            orient_block(block)
            store_states(block, position, velocity, error, number, first)
            unfit += count_unfit(error[number, first : first + BLOCK])
    return unfit


@compiled(**KERNEL)
def propagate_unfit(
    secular: Floats,
    rows: Ints,
    age_min: Floats,
    t_min: Floats,
    block: Floats,
    position: Floats,
    velocity: Floats,
    error: Codes,
) -> None:
    """Propagate the states of near-earth satellites ``rows`` that are marked as unfit."""
    # Apart from the kernel above: most fleets never need it, nor the time to compile it.
    for number in rows:
        row = secular[number]
        for first in range(0, len(t_min), BLOCK):
            if count_unfit(error[number, first : first + BLOCK]) == 0:
                continue
            load_times(block, t_min, first, age_min[number])
            secular_block(row, block)
            general_block(row, block)
            orient_block(block)
            store_unfit(block, position, velocity, error, number, first)


@compiled(**KERNEL)
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
