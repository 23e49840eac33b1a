import numpy as np
import pytest

from perigrid.benchmark.routes import Constellation, bench_routes, numpy_delays_s

pytest.importorskip("networkx")


def test_routes_are_timed_against_scipy_and_networkx_and_equal_both():
    rows = bench_routes(sizes=((12, 10, 6), (20, 22, 8)), steps=2)
    assert [row.reference.split()[0] for row in rows] == ["numpy", "scipy", "scipy"] * 2 + [
        "networkx"
    ]
    assert [row.demand for row in rows] == [None, 2.5, None] * 2 + [None]
    for row in rows:
        assert row.agreement == 0.0
        assert row.ours_s > 0.0
        assert row.ratio > 0.0


def test_every_ground_node_sees_satellites():
    network = Constellation.of(72, 22, 100, np.zeros(1))
    assert (np.diff(network.snapshot(0).ground_start) > 0).all()
    assert network.ground_rows[[0, -1]].tolist() == [1584, 1683]
    assert np.isfinite(numpy_delays_s(network)).all()
