"""The benchmark of the engine."""

from perigrid.benchmark.engine import bench_engine


def test_both_sides_agree():
    (row,) = bench_engine(planes=4, satellites_per_plane=4, jobs=60, hours=0.1)
    assert row.agreement == 0.0
    assert row.ratio is not None
