import math

import numpy as np
import pytest

from perigrid.physics.crosslinks import line_of_sight, range_m
from perigrid.physics.topology import formation_pairs, nearest_pairs, plus_grid_pairs

RNG = np.random.default_rng(11)
LIMITS = {"max_range_m": 3.0e6, "grazing_altitude_m": 80e3}


def test_plus_grid_has_four_links_each():
    pairs = plus_grid_pairs(5, 8, 3)
    assert pairs.shape == (80, 2)
    assert np.all(pairs[:, 0] < pairs[:, 1])
    assert np.all(np.bincount(pairs.ravel(), minlength=40) == 4)


def test_plus_grid_links_are_short_across_the_seam():
    planes, slots, phasing = 6, 10, 4
    plane, slot = np.divmod(np.arange(60), slots)
    raan = math.tau * plane / planes
    phase = math.tau * (slot / slots + phasing * plane / 60)
    tilt = math.radians(53.0)
    position = np.stack(
        [
            np.cos(phase) * np.cos(raan) - np.sin(phase) * math.cos(tilt) * np.sin(raan),
            np.cos(phase) * np.sin(raan) + np.sin(phase) * math.cos(tilt) * np.cos(raan),
            np.sin(phase) * math.sin(tilt),
        ]
    )
    pairs = plus_grid_pairs(planes, slots, phasing)
    between = plane[pairs[:, 0]] != plane[pairs[:, 1]]
    gap = range_m(position[:, pairs[between, 0]], position[:, pairs[between, 1]])
    across = np.abs(plane[pairs[between, 0]] - plane[pairs[between, 1]]) == planes - 1
    # Symmetry: links over the seam span the same ranges over an orbit as the others.
    assert across.sum() == slots
    assert gap[across].max() <= gap[~across].max() + 1e-9


def test_star_has_no_seam_links():
    pairs = plus_grid_pairs(5, 8, 0, seam=False)
    assert len(pairs) == 72
    assert not np.any((pairs[:, 0] < 8) & (pairs[:, 1] >= 32))


@pytest.mark.parametrize(
    ("planes", "slots", "links"), [(1, 1, 0), (1, 2, 1), (1, 6, 6), (2, 1, 1), (2, 2, 4)]
)
def test_small_grids_have_no_double_or_self_links(planes, slots, links):
    pairs = plus_grid_pairs(planes, slots, 0)
    assert len(pairs) == links
    assert len(np.unique(pairs, axis=0)) == links


def scattered(count):
    """Satellites all over a sphere at 550 km."""
    direction = RNG.normal(size=(3, count))
    return 6_928_137.0 * direction / np.linalg.norm(direction, axis=0)


def greedy_reference(position, neighbours, terminals):
    """The same matching, pair by pair in plain Python."""
    count = position.shape[1]
    a, b = np.triu_indices(count, k=1)
    first, second = position[:, a], position[:, b]
    length = range_m(first, second)
    good = (length <= LIMITS["max_range_m"]) & line_of_sight(first, second, 80e3)
    ranked = sorted(zip(length[good], a[good].tolist(), b[good].tolist(), strict=True))
    asked = dict.fromkeys(range(count), 0)
    wanted = []
    for one, i, j in ranked:
        if asked[i] < neighbours or asked[j] < neighbours:
            wanted.append((one, i, j))
        asked[i] += 1
        asked[j] += 1
    free, links = [terminals] * count, []
    for _, i, j in wanted:
        if free[i] and free[j]:
            free[i] -= 1
            free[j] -= 1
            links.append((i, j))
    return sorted(links)


@pytest.mark.parametrize(("neighbours", "terminals"), [(1, 1), (3, 4), (4, 2), (6, 3)])
def test_nearest_pairs_against_a_plain_search(neighbours, terminals):
    position = scattered(150)
    pairs = nearest_pairs(position, neighbours=neighbours, terminals=terminals, **LIMITS)
    expected = greedy_reference(position, neighbours, terminals)
    assert len(expected) > 40
    assert [tuple(one) for one in pairs.tolist()] == expected


def test_nobody_holds_more_links_than_terminals():
    pairs = nearest_pairs(scattered(3000), neighbours=6, terminals=3, **LIMITS)
    assert np.bincount(pairs.ravel()).max() == 3
    assert np.all(pairs[:, 0] < pairs[:, 1])
    assert len(np.unique(pairs, axis=0)) == len(pairs)


def test_equal_lengths_go_by_number():
    # A ring of four: every side is as long as the next, a diagonal is too long.
    ring = 7.0e6 * np.array([[1.0, 0.0, -1.0, 0.0], [0.0, 1.0, 0.0, -1.0], [0.0] * 4])
    wide = {"max_range_m": 1.0e7, "grazing_altitude_m": -3.0e6}
    assert nearest_pairs(ring, neighbours=2, terminals=1, **wide).tolist() == [[0, 1], [2, 3]]


def test_fleets_too_small_for_a_link():
    assert nearest_pairs(scattered(1), neighbours=4, terminals=4, **LIMITS).shape == (0, 2)
    assert nearest_pairs(np.empty((3, 0)), neighbours=4, terminals=4, **LIMITS).shape == (0, 2)


def hexagonal(rings, spacing_m):
    points = [
        (q + 0.5 * r, r * math.sqrt(0.75))
        for q in range(-rings, rings + 1)
        for r in range(-rings, rings + 1)
        if abs(q + r) <= rings
    ]
    plane = np.array(points).T * spacing_m
    return np.stack([np.full(len(points), 7.0e6), *plane])


def test_formation_links_the_six_neighbours_of_a_lattice():
    cluster = hexagonal(5, 150.0)
    assert cluster.shape[1] == 91
    pairs = formation_pairs(cluster, 1.2 * 150.0)
    links = np.bincount(pairs.ravel(), minlength=91)
    assert links.max() == 6
    assert np.count_nonzero(links == 6) == 61  # all but the outer ring of 30
    assert len(pairs) == 3 * 91 - 33  # a hexagon of n points and 30 on the rim: 3 n - 30 - 3
    np.testing.assert_allclose(range_m(cluster[:, pairs[:, 0]], cluster[:, pairs[:, 1]]), 150.0)


def test_formation_links_everybody():
    pairs = formation_pairs(hexagonal(1, 100.0))
    assert len(pairs) == 21
    assert pairs.tolist() == sorted(pairs.tolist())
