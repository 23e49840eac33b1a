"""The streamed outlook of a large shell."""

import pytest

from perigrid.benchmark.outlook import bench_outlook


@pytest.mark.slow
def test_a_thousand_satellites_in_a_process_of_their_own():
    (row,) = bench_outlook(planes=1)
    assert row.name.startswith("outlook: 1000 satellites")
    assert row.ours_s > 0.0
    assert 5e7 < row.peak_bytes < 2e9
