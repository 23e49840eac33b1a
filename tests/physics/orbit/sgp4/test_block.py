import numpy as np

from perigrid.physics.orbit.sgp4 import block as at


def test_rows_do_not_overlap():
    places = sorted(
        value
        for name, value in vars(at).items()
        if name.isupper()
        and isinstance(value, int)
        and name not in {"BLOCK", "SCRATCH", "UNFIT"}
        and not name.startswith("_")
    )
    assert places == list(range(0, at.SCRATCH, at.BLOCK))


def test_room_starts_at_a_cache_line():
    assert at.new_block().ctypes.data % 64 == 0
    assert at.new_block().shape == (at.SCRATCH,)


def test_times_beyond_the_end_repeat_the_last():
    block = at.new_block()
    at.load_times(block, np.arange(100.0), at.BLOCK, 0.5)
    here = block[at.TIME : at.TIME + at.BLOCK]
    kept = 100 - at.BLOCK
    np.testing.assert_array_equal(here[:kept], np.arange(at.BLOCK, 100.0) + 0.5)
    np.testing.assert_array_equal(here[kept:], 99.5)


def test_only_the_unfit_are_taken_and_only_what_fits_is_stored():
    block, spare = at.new_block(), at.new_block()
    block[:], spare[:] = 1.0, 2.0
    block[at.CODE : at.CODE + at.BLOCK] = 0.0
    position, velocity = np.zeros((3, 2, 5)), np.zeros((3, 2, 5))
    error = np.zeros((2, 5), dtype=np.uint8)
    at.store_states(block, position, velocity, error, 1, 0)
    assert at.count_unfit(error[1]) == 0
    block[at.CODE + 3] = at.UNFIT
    at.store_states(block, position, velocity, error, 1, 0)
    assert at.count_unfit(error[1]) == 1
    at.store_unfit(spare, position, velocity, error, 1, 0)
    assert not position[:, 0].any()
    np.testing.assert_array_equal(position[:, 1], [[1, 1, 1, 2, 1]] * 3)
    np.testing.assert_array_equal(velocity[:, 1], [[1, 1, 1, 2, 1]] * 3)
    np.testing.assert_array_equal(error, [[0] * 5, [0, 0, 0, 2, 0]])
