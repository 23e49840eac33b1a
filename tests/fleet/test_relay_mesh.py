from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from missions import RELAY, START, gateway
from perigrid.fleet.ephemeris import group_ephemeris
from perigrid.fleet.pass_schedule import ground_sites
from perigrid.fleet.relay_mesh import (
    gateway_ranges_m,
    grid_lengths_m,
    mesh_grid,
    shell_pairs,
    shortest_ways,
)

_SHELL = RELAY.orbit


def test_a_delta_shell_gives_every_satellite_four_neighbours():
    pairs = shell_pairs(_SHELL)
    assert np.bincount(pairs.ravel(), minlength=144).tolist() == [4] * 144


def test_a_star_shell_has_a_seam():
    pairs = shell_pairs(replace(_SHELL, raan_spread_rad=np.pi))
    plane = pairs // 12
    assert not (np.abs(plane[:, 0] - plane[:, 1]) == 11).any()
    assert len(pairs) == 2 * 144 - 12


def test_the_rows_of_the_grid_are_the_pairs_both_ways():
    pairs = shell_pairs(_SHELL)
    grid = mesh_grid(pairs, 144)
    source = np.repeat(np.arange(144), np.diff(grid.row_start))
    found = {
        tuple(sorted(one)) for one in zip(source.tolist(), grid.neighbour.tolist(), strict=True)
    }
    assert found == {tuple(one) for one in pairs.tolist()}
    assert len(source) == 2 * len(pairs)
    np.testing.assert_array_equal(
        np.sort(pairs[grid.pair_of], axis=1), np.sort(np.stack([source, grid.neighbour], 1), axis=1)
    )


def test_lengths_stop_at_the_laser_and_at_the_earth():
    grid = mesh_grid(np.array([[0, 1], [1, 2], [0, 2]]), 3)
    at = np.array([[7.0e6, 7.0e6, -7.0e6], [0.0, 1.0e6, 0.0], [0.0, 0.0, 0.0]])
    laser = replace(RELAY.laser, max_range_m=2.0e7)
    np.testing.assert_allclose(grid_lengths_m(grid, laser, at), [1.0e6, np.inf, np.inf])
    short = replace(laser, max_range_m=0.5e6)
    assert np.isinf(grid_lengths_m(grid, short, at)).all()


def test_gateways_see_what_stands_above_their_mask():
    relay = group_ephemeris(RELAY, START, np.array([0.0])).position_ecef_m[:, :, 0]
    sites = [gateway("a", 40.0, -4.0), gateway("b", -32.0, 116.0, min_elevation_rad=0.1)]
    position, up = ground_sites(sites)
    mask = np.array([one.min_elevation_rad for one in sites])
    ranges = gateway_ranges_m(relay, position, up, mask)
    offset = relay[:, None, :] - position[:, :, None]
    length = np.linalg.norm(offset, axis=0)
    elevation = np.arcsin((offset * up[:, :, None]).sum(axis=0) / length)
    np.testing.assert_array_equal(np.isfinite(ranges), elevation >= mask[:, None])
    seen = np.isfinite(ranges)
    assert seen.any()
    np.testing.assert_allclose(ranges[seen], length[seen], rtol=1.0e-9)


def test_ways_in_a_ring_go_round_the_shorter_side():
    """Ring 0-1-2-3-4-0 of 300 km lasers, gateways under 0 (close) and under 3 (far)."""
    grid = mesh_grid(np.array([[0, 1], [1, 2], [2, 3], [3, 4], [0, 4]]), 5)
    gateways = np.full((2, 5), np.inf)
    gateways[0, 0], gateways[1, 3] = 600.0e3, 1200.0e3
    ways = shortest_ways(grid, np.full(5, 300.0e3), gateways, hop_s=0.001)
    c = 299_792_458.0
    expected = [600e3 / c + 0.001, 900e3 / c + 0.002, 1200e3 / c + 0.003]
    np.testing.assert_allclose(ways.delay_s[:3], expected)
    assert ways.delay_s[3] == pytest.approx(1200.0e3 / c + 0.001)  # its own, one hop
    assert ways.next_node[:5].tolist() == [5, 0, 1, 6, 0]


def test_a_cut_mesh_leaves_satellites_without_a_way():
    grid = mesh_grid(np.array([[0, 1], [1, 2]]), 3)
    gateways = np.array([[500.0e3, np.inf, np.inf]])
    ways = shortest_ways(grid, np.array([300.0e3, np.inf]), gateways, hop_s=0.0)
    assert np.isfinite(ways.delay_s).tolist() == [True, True, False]
    nobody = shortest_ways(grid, np.array([3.0e5, 3.0e5]), np.full((1, 3), np.inf), hop_s=0.0)
    assert np.isinf(nobody.delay_s).all()


def test_no_way_passes_through_the_ground():
    """Two parts of a mesh share a gateway; each must come down on its own side."""
    grid = mesh_grid(np.array([[0, 1], [2, 3]]), 4)
    gateways = np.array([[500.0e3, np.inf, 500.0e3, np.inf]])
    ways = shortest_ways(grid, np.full(2, 300.0e3), gateways, hop_s=0.0)
    assert ways.next_node[:4].tolist() == [4, 0, 4, 2]


def test_ways_have_the_very_delays_that_scipy_finds():
    relay = np.moveaxis(group_ephemeris(RELAY, START, np.arange(3) * 600.0).position_ecef_m, 2, 0)
    sites = [gateway("a", 40.0, -4.0), gateway("b", -32.0, 116.0), gateway("c", 60.0, 20.0)]
    position, up = ground_sites(sites)
    grid = mesh_grid(shell_pairs(_SHELL), 144)
    lengths = grid_lengths_m(grid, replace(RELAY.laser, max_range_m=4.0e6), relay)
    assert 0 < np.isinf(lengths).sum() < lengths.size
    ranges = gateway_ranges_m(relay, position, up, np.full(3, 0.2))
    ways = shortest_ways(grid, lengths, ranges, hop_s=0.001)
    for k in range(3):
        site, row = np.nonzero(np.isfinite(ranges[k]))
        metres = np.concatenate([lengths[k][grid.pair_of], ranges[k, site, row]])
        source = np.concatenate([np.repeat(np.arange(144), np.diff(grid.row_start)), 144 + site])
        graph = csr_array(
            (metres / 299_792_458.0 + 0.001, (source, np.concatenate([grid.neighbour, row]))),
            shape=(147, 147),
        )
        expected = dijkstra(graph, indices=[144, 145, 146], min_only=True)[:144]
        np.testing.assert_array_equal(ways.delay_s[k], expected)
        alone = shortest_ways(grid, lengths[k], ranges[k], hop_s=0.001)
        np.testing.assert_array_equal(alone.delay_s, ways.delay_s[k])
        np.testing.assert_array_equal(alone.next_node, ways.next_node[k])


def test_equally_quick_ways_go_by_number():
    """A square 0-1-3-2-0 with the gateway under 0: 3 is as far over 1 as over 2."""
    grid = mesh_grid(np.array([[0, 1], [0, 2], [1, 3], [2, 3]]), 4)
    below = np.array([[500.0e3, np.inf, np.inf, np.inf], [500.0e3, np.inf, np.inf, np.inf]])
    ways = shortest_ways(grid, np.full(4, 300.0e3), below, hop_s=0.001)
    assert ways.next_node[:4].tolist() == [4, 0, 0, 1]
