"""The benchmark of passes compares the same thing."""

import pytest

from perigrid.benchmark.passes import bench_passes


def test_both_sides_find_the_same_rises():
    pytest.importorskip("skyfield")
    (row,) = bench_passes(1, 2, 3)
    assert row.name == "passes: 2 satellites x 3 stations x 1 day"
    assert row.agreement < 0.6  # [s] skyfield's search stops at half a second
    assert row.ratio > 1.0
