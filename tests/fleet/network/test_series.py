import numpy as np
import pytest

import networks
from perigrid.fleet.network.series import RouteSeries, follow_paths, gone_fraction, route_series
from perigrid.fleet.network.shortest import shortest_paths

N = 120


def test_a_series_is_made_of_the_snapshots_shortest_paths():
    times = np.arange(30) * 60.0
    graphs = networks.snapshots(times=times, elevation_deg=30.0)
    pairs = np.array([[N, N + 5], [N + 1, N + 4], [N, N + 2]])
    for (a, b), series in zip(pairs.tolist(), route_series(graphs, times, pairs), strict=True):
        assert (series.source, series.target) == (a, b)
        for k, graph in enumerate(graphs):
            fresh = shortest_paths(graph, np.array([a]))
            assert series.rtt_s[k] == 2.0 * fresh.delay_s[0, b]
            assert series.path_at(k).tolist() == fresh.path(0, b).tolist()


def example():
    """Paths A B - A, then an outage, A again with B after it, an outage at the end."""
    paths = tuple(np.array(one) for one in ([9, 1, 2, 8], [9, 1, 3, 8], [9, 4, 3, 8]))
    which = np.array([0, 1, 1, -1, -1, 1, 0, 2, -1])
    rtt_s = np.where(which < 0, np.inf, 0.1)
    return RouteSeries(9, 8, np.arange(9) * 10.0, rtt_s, paths, which)


def test_changes_handovers_and_outages_are_counted():
    series = example()
    assert series.path_changes == 3
    assert series.handovers(1) == 1
    assert series.handovers(-2) == 3
    assert series.outages.tolist() == [[30.0, 50.0], [80.0, np.inf]]
    assert series.path_at(7).tolist() == [9, 4, 3, 8]
    assert len(series.path_at(3)) == 0


def test_a_series_without_any_path():
    (series,) = route_series(
        networks.snapshots(elevation_deg=89.99), np.zeros(1), np.array([[N, N + 1]])
    )
    assert series.outages.tolist() == [[0.0, np.inf]]
    assert (series.path_changes, series.handovers(1), series.paths) == (0, 0, ())


def test_snapshots_are_taken_as_they_come():
    times = np.arange(4) * 15.0
    delays = [
        found.delay_s.copy()
        for found in follow_paths(iter(networks.snapshots(times=times)), np.array([N]))
    ]
    assert len(delays) == 4
    assert not np.array_equal(delays[0], delays[3])
    with pytest.raises(ValueError, match="do not fit"):
        route_series(networks.snapshots(times=times), times[:3], np.array([[N, N + 1]]))


def test_links_that_are_gone_are_counted():
    first, soon, late = networks.snapshots(times=(0.0, 60.0, 1500.0))
    assert gone_fraction(first, first) == 0.0
    assert 0.0 < gone_fraction(first, soon) < gone_fraction(first, late) <= 1.0
    tail, head = first.link_ends()
    later_ends = set(zip(*(one.tolist() for one in late.link_ends()), strict=True))
    up = slice(len(first.neighbour), len(first.neighbour) + len(first.up_s))
    ends = list(zip(tail[up].tolist(), head[up].tolist(), strict=True))
    kept = sum(one in later_ends for one in ends)
    assert gone_fraction(first, late) == pytest.approx(1.0 - kept / len(ends))
    (blind,) = networks.snapshots(elevation_deg=89.99)
    assert gone_fraction(blind, first) == 0.0


@pytest.mark.parametrize("step_s", [15.0, 1500.0])
def test_repaired_or_afresh_the_paths_are_the_same(step_s):
    graphs = networks.snapshots(times=np.arange(4) * step_s)
    for graph, found in zip(graphs, follow_paths(graphs, np.array([N, N + 3])), strict=True):
        fresh = shortest_paths(graph, np.array([N, N + 3]))
        assert found.delay_s.tobytes() == fresh.delay_s.tobytes()
        assert found.previous.tobytes() == fresh.previous.tobytes()
