import numpy as np

from perigrid.benchmark.flows import bench_flows, plain_filling
from perigrid.fleet.network.flows import FlowLinks


def test_shares_are_timed_and_hold_their_certificate():
    rows = bench_flows(size=(20, 22, 8), counts=(50, 2_000))
    against, paths, certified = rows
    assert against.reference.startswith("numpy")
    assert against.agreement < 1e-9
    assert paths.ours_s > 0.0
    assert certified.agreement == 0.0


def test_plain_filling_solves_the_textbook_example():
    links = FlowLinks(np.array([0, 3, 4, 5, 6]), np.array([0, 1, 2, 0, 1, 2], dtype=np.int32))
    rates = plain_filling(links, np.array([1.0, 2.0, 3.0]), np.array([9.0, 9.0, 9.0, 2.0]))
    assert rates.tolist() == [0.5, 0.5, 1.5, 2.0]
