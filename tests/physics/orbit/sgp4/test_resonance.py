import numpy as np

from perigrid.physics.orbit.sgp4 import block as at
from perigrid.physics.orbit.sgp4.model import Sgp4Set
from perigrid.physics.orbit.sgp4.resonance import STEP_MIN, fresh_state, resonance_block
from tests.physics.orbit.sgp4.test_deep_initialise import sets_of


def integrated(times_min, state):
    satellites = Sgp4Set.from_arrays(sets_of(26561.0, (0.6, 0.7)))
    block = at.new_block()
    block[:] = 0.0
    block[at.TIME : at.TIME + at.BLOCK] = times_min
    resonance_block(satellites.secular[0], satellites.deep[0], state, block)
    return block[at.MEAN : at.MEAN + at.BLOCK].copy()


def test_the_way_to_a_time_does_not_matter():
    times = np.linspace(-5.0, 9.0, at.BLOCK) * STEP_MIN
    state = fresh_state()
    forward = integrated(times, state)
    np.testing.assert_array_equal(integrated(times[::-1], state), forward[::-1])
    np.testing.assert_array_equal(integrated(times, fresh_state()), forward)


def test_steps_join_smoothly():
    near = STEP_MIN + np.linspace(-1e-6, 1e-6, at.BLOCK)
    jump = np.diff(integrated(near, fresh_state()))
    # The second-order step before and the fresh start after it differ by the third order.
    assert np.abs(jump).max() < 1e-5
