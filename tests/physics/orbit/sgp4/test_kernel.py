"""The loops over satellites write the rows they are given and no others."""

import numpy as np

from perigrid.physics.orbit.sgp4.block import new_block
from perigrid.physics.orbit.sgp4.kernel import propagate_deep, propagate_near
from perigrid.physics.orbit.sgp4.model import Sgp4Set
from tests.physics.orbit.sgp4.sets import random_sets

TIMES_MIN = np.linspace(0.0, 300.0, 70)


def room(count):
    shape = (count, len(TIMES_MIN))
    return np.full((3, *shape), 7.0), np.full((3, *shape), 7.0), np.full(shape, 77, dtype=np.uint8)


def test_near_earth_rows():
    sets = Sgp4Set.from_arrays(random_sets(5, 1, perigee_km=(400, 900), eccentricity=(0, 0.1)))
    states = room(5)
    rows = np.array([1, 3])
    propagate_near(sets.secular, rows, np.zeros(5), TIMES_MIN, new_block(), *states)
    assert (states[0] == 7.0).all(axis=(0, 2)).tolist() == [True, False, True, False, True]
    assert (states[2] == 77).all(axis=1).tolist() == [True, False, True, False, True]


def test_deep_rows():
    sets = Sgp4Set.from_arrays(random_sets(3, 2, perigee_km=(3e4, 4e4), eccentricity=(0, 0.1)))
    assert sets.deep_rows.tolist() == [0, 1, 2]
    states = room(3)
    propagate_deep(
        sets.secular, sets.deep[2:], np.array([2]), np.zeros(3), TIMES_MIN, new_block(), *states
    )
    assert (states[0] == 7.0).all(axis=(0, 2)).tolist() == [True, True, False]
