import numpy as np

from perigrid.control.planning.family import family


def test_the_same_seed_gives_the_same_day() -> None:
    one, same, other = family(20, 50, 7), family(20, 50, 7), family(20, 50, 8)
    assert np.array_equal(one.work.value, same.work.value)
    assert np.array_equal(one.satellites.gain_j, same.satellites.gain_j)
    assert not np.array_equal(one.work.value, other.work.value)


def test_the_full_kind_adds_limits_and_slower_moves_to_the_same_jobs() -> None:
    plain, full = family(20, 50, 7), family(20, 50, 7, full=True)
    assert np.array_equal(plain.work.value, full.work.value)
    assert not plain.heat_binds
    assert full.heat_binds
    assert full.memory_binds
    assert (full.work.delay >= plain.work.delay).all()
    assert full.work.delay.max() == 4
