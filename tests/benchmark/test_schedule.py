"""The benchmark of schedules compares two bounds of the same instance."""

import pytest

from perigrid.benchmark.schedule import bench_schedule


@pytest.mark.slow
def test_both_bounds_are_of_the_same_instance() -> None:
    plain, full, lookahead, price = bench_schedule(10, 60)
    for row in (plain, full):
        assert -1e-6 <= row.agreement < 5.0  # [%] never below, and near
    assert plain.name == "schedule bound: 10 x 60"
    assert lookahead.reference_s is None
    assert price.ours_s > 0.0
