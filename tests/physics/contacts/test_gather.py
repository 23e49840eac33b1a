import numpy as np
import pytest

from perigrid.physics.chunks import limited_threads
from perigrid.physics.contacts import gather
from perigrid.physics.contacts.gather import gathered, stable_order


def kernel(first, stop, per_row, owners, spans):
    """As many windows in each row as asked."""
    count = 0
    for row in range(first, stop):
        found = per_row[row]
        if count + found > len(owners):
            return count, row
        owners[count : count + found] = np.stack([np.full(found, row), np.arange(found)], axis=1)
        spans[count : count + found] = row + 0.5
        count += found
    return count, stop


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("per_row", [[], [0, 0], [1, 2, 3, 0, 4], [3, 100, 0, 7, 5, 5, 5]])
def test_all_windows_in_the_order_of_the_rows_however_little_room(monkeypatch, per_row, threads):
    monkeypatch.setattr(gather, "_FIRST_CAPACITY", 4)
    with limited_threads(threads):
        owners, spans = gathered(kernel, len(per_row), 1, (per_row,))
    expected = [[row, k] for row, found in enumerate(per_row) for k in range(found)]
    np.testing.assert_array_equal(owners, np.array(expected, dtype=np.int64).reshape(-1, 2))
    np.testing.assert_array_equal(spans, np.repeat(owners[:, :1] + 0.5, 3, axis=1))


@pytest.mark.parametrize("seed", range(10))
def test_stable_order_is_numpys(seed):
    random = np.random.default_rng(seed)
    key = random.integers(0, 20 * (seed + 1), 200) * 0.25
    np.testing.assert_array_equal(stable_order(key), np.argsort(key, kind="stable"))


def test_stable_order_of_nothing():
    assert len(stable_order(np.empty(0))) == 0
