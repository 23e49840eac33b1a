"""The benchmark of heat compares the same thing."""

from perigrid.benchmark.heat import bench_heat


def test_every_side_finds_the_same_temperatures():
    two, six, outside = bench_heat(40, 100, 1)
    assert two.name == "heat: two nodes, 40 satellites x 100 steps (reference extrapolated from 1)"
    assert two.agreement < 1.5  # [K] order one at 60 s, just after a jump of 290 W
    assert six.agreement < 0.2  # [K] order two, tolerance 1e-4 of 300 K
    assert outside.agreement < 1e-9
    assert two.ratio > 1.0
    assert six.ratio > 1.0
