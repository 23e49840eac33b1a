"""The pass for near-circular orbits gives what the general kernels give."""

import numba as nb
import numpy as np

from perigrid.physics.orbit.sgp4 import block as at
from perigrid.physics.orbit.sgp4.general import general_block
from perigrid.physics.orbit.sgp4.model import Sgp4Set
from perigrid.physics.orbit.sgp4.near_earth import (
    NEAR_CIRCULAR,
    near_circular_block,
    orient_block,
    secular_block,
)
from perigrid.physics.orbit.sgp4.trigonometry import KERNEL
from tests.physics.orbit.sgp4.sets import random_sets


@nb.njit(**KERNEL)
def fill(row, block, circular):
    secular_block(row, block)
    if circular:
        near_circular_block(row, block)
    else:
        general_block(row, block)
    orient_block(block)


def both(row, days):
    blocks = at.new_block(), at.new_block()
    for block, circular in zip(blocks, (True, False), strict=True):
        block[at.TIME : at.TIME + at.BLOCK] = np.linspace(0.0, days * 1440.0, at.BLOCK)
        fill(row, block, circular)
    return [block[at.X : at.CODE + at.BLOCK].reshape(7, at.BLOCK) for block in blocks]


def test_within_some_micrometres_of_the_general_kernels():
    sets = random_sets(200, 1, perigee_km=(400.0, 900.0), eccentricity=(0.0, NEAR_CIRCULAR))
    for row in Sgp4Set.from_arrays(sets).secular:
        fast, general = both(row, 0.5)
        assert not fast[6].any()
        np.testing.assert_allclose(fast[:3], general[:3], rtol=0, atol=2e-5)
        np.testing.assert_allclose(fast[3:6], general[3:6], rtol=0, atol=2e-8)


def test_what_is_in_doubt_is_left_to_the_general_kernels():
    sets = random_sets(50, 2, perigee_km=(80.0, 120.0), eccentricity=(0.0, 0.005))
    doubtful = 0
    for row in Sgp4Set.from_arrays(sets).secular:
        fast, general = both(row, 3.0)
        assert np.all((fast[6] == at.UNFIT) | (general[6] == 0.0))
        doubtful += int((fast[6] == at.UNFIT).sum())
    assert doubtful > 0
