"""The SGP4 benchmark compares the same states."""

import sys

import pytest

from perigrid.benchmark.sgp4 import bench_sgp4, fly_large_shell


def test_both_sides_give_the_same_states():
    near, deep, prepare, threads = bench_sgp4(6, 70, million_planes=0)
    assert near.agreement < 1e-3  # [m]
    assert deep.agreement < 1e-3
    assert near.demand == 20.0
    assert prepare.ratio > 0.0
    assert threads.agreement == 0.0
    assert threads.demand == 1.8


@pytest.mark.skipif(sys.platform == "win32", reason="no getrusage")
def test_a_large_shell_passes_through():
    wall_s, cpu_s, peak_bytes = fly_large_shell(1)
    assert wall_s > 0.0
    assert cpu_s > 0.0
    assert peak_bytes > 1e7
