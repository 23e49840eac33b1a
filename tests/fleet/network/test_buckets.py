import numpy as np
import pytest

import networks
from perigrid.fleet.network.buckets import BUCKETS, buckets_per_s, put, spread


def rooms(n):
    return (
        np.full(BUCKETS, -1, dtype=np.int32),
        np.empty(n, dtype=np.int32),
        np.full(n, -1, dtype=np.int32),
    )


# Everything in the first bucket, as usual, everything in the last one: the outcome is the same.
@pytest.mark.parametrize("per_s", [1e-9, None, 1e12])
def test_the_width_of_buckets_does_not_alter_the_outcome(per_s):
    (graph,) = networks.snapshots()
    best, before = np.full(120, np.inf), np.full(120, -1, dtype=np.int32)
    head, following, place = rooms(120)
    best[7] = 0.0
    usual = buckets_per_s(graph.laser_delay_s)
    mesh = graph.mesh.row_start, graph.neighbour, graph.laser_delay_s, per_s or usual
    put(best, mesh[3], head, following, place, 7, 0)
    spread(*mesh, best, before, head, following, place)
    delay = np.full((120, 120), np.inf)
    rows = np.repeat(np.arange(120), np.diff(graph.mesh.row_start))
    delay[rows, graph.neighbour] = graph.laser_delay_s
    expected = np.full(120, np.inf)
    expected[7] = 0.0
    for _ in range(120):
        expected = np.minimum(expected, (expected[:, None] + delay).min(axis=0))
    assert np.array_equal(best, expected)
    assert (head == -1).all()
    assert (place == -1).all()


def test_whoever_waits_is_not_put_in_twice():
    best = np.array([0.5, 0.1])
    head, following, place = rooms(2)
    put(best, 10.0, head, following, place, 0, 0)
    best[0] = 0.2
    put(best, 10.0, head, following, place, 0, 0)
    assert place.tolist() == [5, -1]
    put(best, 10.0, head, following, place, 1, 3)  # buckets before the third are done
    assert place[1] == 3
    assert np.flatnonzero(head >= 0).tolist() == [3, 5]


def test_a_mean_laser_spans_eight_buckets():
    assert buckets_per_s(np.array([1.0e-3, 3.0e-3, np.inf])) == pytest.approx(8.0 / 2.0e-3)
    assert buckets_per_s(np.array([np.inf])) == 1.0
