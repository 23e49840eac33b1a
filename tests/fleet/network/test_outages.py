from itertools import pairwise

import numpy as np
import pytest

import networks
from perigrid.fleet.network.outages import OutageProcess, draw_outages, outage_windows
from perigrid.fleet.network.shortest import shortest_paths


def test_windows_follow_the_process():
    process = OutageProcess(mean_up_s=9_000.0, mean_down_s=1_000.0)
    found = outage_windows(4_000, process, 100_000.0, np.random.default_rng(5))
    assert process.down_fraction == pytest.approx(0.1)
    inside = found.t_end_s < 90_000.0
    assert (found.t_end_s - found.t_start_s)[inside].mean() == pytest.approx(1_000.0, rel=0.03)
    for t_s in (0.0, 50_000.0, 99_000.0):  # steady from the first second on
        assert found.down_at(t_s).mean() == pytest.approx(0.1, abs=0.02)
    same = found.item[1:] == found.item[:-1]
    gaps = (found.t_start_s[1:] - found.t_end_s[:-1])[same]
    assert (gaps > 0.0).all()
    # One outage in every 10,000 s, and those that are there at the start.
    assert len(found) / 4_000 == pytest.approx(100_000.0 / 10_000.0 + 0.1, rel=0.03)


def test_the_same_seed_draws_the_same_and_kinds_do_not_disturb_each_other():
    node, laser = OutageProcess(5_000.0, 100.0), OutageProcess(2_000.0, 60.0)
    one = draw_outages(50, 80, node, laser, 10_000.0, seed=7)
    again = draw_outages(50, 80, node, laser, 10_000.0, seed=7)
    fewer = draw_outages(50, 80, OutageProcess(np.inf, 100.0), laser, 10_000.0, seed=7)
    other = draw_outages(50, 80, node, laser, 10_000.0, seed=8)
    assert one.node.t_start_s.tobytes() == again.node.t_start_s.tobytes()
    assert one.laser.t_start_s.tobytes() == fewer.laser.t_start_s.tobytes()
    assert len(fewer.node) == 0
    assert one.laser.t_start_s.tobytes() != other.laser.t_start_s.tobytes()


def test_no_path_crosses_what_is_down():
    times = np.arange(5) * 100.0
    outages = draw_outages(
        128, len(networks.grid(12, 10).pairs), OutageProcess(1000.0, 300.0),
        OutageProcess(500.0, 200.0), 500.0, seed=2,
    )  # fmt: skip
    graphs = networks.snapshots(times=times, down=[outages.at(t) for t in times])
    pairs = {tuple(pair): k for k, pair in enumerate(networks.grid(12, 10).pairs.tolist())}
    paths = 0
    for t_s, graph in zip(times, graphs, strict=True):
        down = outages.at(t_s)
        assert down.node.any()
        assert down.laser.any()
        found = shortest_paths(graph, np.arange(120, 128))
        for a in range(8):
            for b in range(120, 128):
                path = found.path(a, b).tolist()
                paths += bool(path)
                assert not down.node[path].any()
                for u, v in pairwise(path[1:-1]):
                    assert not down.laser[pairs[min(u, v), max(u, v)]]
    assert paths > 50


@pytest.mark.parametrize("wrong", [(0.0, 1.0), (1.0, -1.0), (np.nan, 1.0)])
def test_wrong_means_are_refused(wrong):
    with pytest.raises(ValueError, match="above 0"):
        outage_windows(3, OutageProcess(*wrong), 10.0, np.random.default_rng(0))
