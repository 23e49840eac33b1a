"""The propagation benchmark compares the same thing."""

import pytest

from perigrid.benchmark.propagate import bench_propagate


def test_both_sides_give_the_same_positions():
    pytest.importorskip("skyfield")
    against_sgp4, against_skyfield = bench_propagate(2, 2, step_s=600.0, span_s=7200.0)
    assert against_sgp4.name == "propagate: 4 satellites x 13 times"
    assert against_sgp4.agreement < 1e-3  # [m] the same elements through the same model
    assert against_skyfield.agreement < 1e-3
    assert against_sgp4.ratio > 0.0
