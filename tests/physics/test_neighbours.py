import numpy as np
import pytest
from scipy.spatial import cKDTree

from perigrid.physics.chunks import limited_threads
from perigrid.physics.crosslinks import line_of_sight, range_m
from perigrid.physics.neighbours import nearest_visible, pairs_within

RNG = np.random.default_rng(5)
NO_EARTH = {"max_range_m": np.inf, "grazing_altitude_m": -np.inf}


def clouds():
    """Positions of several shapes: a shell, a formation, a line, a heap with copies."""
    direction = RNG.normal(size=(3, 2500))
    shell = 6.9e6 * direction / np.linalg.norm(direction, axis=0)
    flat = np.array([[7.0e6], [0.0], [0.0]]) + RNG.uniform(-500, 500, (3, 300)) * [[0], [1], [1]]
    line = np.zeros((3, 50))
    line[0] = 7.0e6 + np.arange(50.0) ** 2
    heap = np.round(RNG.normal(size=(3, 400)) * 3.0) * 1e5
    return {"shell": shell, "flat": flat, "line": line, "heap": heap}


@pytest.mark.parametrize("name", ["shell", "flat", "line", "heap"])
@pytest.mark.parametrize("neighbours", [1, 5, 12])
def test_nearest_against_a_kd_tree(name, neighbours):
    position = clouds()[name]
    row, distance = nearest_visible(position, neighbours=neighbours, **NO_EARTH)
    expected, _ = cKDTree(position.T).query(position.T, k=neighbours + 1)
    np.testing.assert_allclose(distance, expected[:, 1:], rtol=1e-12, atol=1e-9)
    one = np.repeat(np.arange(position.shape[1]), neighbours)
    np.testing.assert_allclose(
        range_m(position[:, one], position[:, row.ravel()]), distance.ravel(), rtol=1e-12
    )
    assert not np.any(row.ravel() == one)


def test_ties_go_to_the_lower_row():
    position = clouds()["heap"]
    row, distance = nearest_visible(position, neighbours=8, **NO_EARTH)
    length = np.sqrt(((position[:, :, None] - position[:, None, :]) ** 2).sum(axis=0))
    np.fill_diagonal(length, np.inf)
    order = np.lexsort((np.broadcast_to(np.arange(400), length.shape), length), axis=1)[:, :8]
    np.testing.assert_array_equal(row, order)
    assert (np.diff(distance) == 0.0).any()


def test_who_is_behind_the_earth_or_too_far_is_passed_over():
    position = clouds()["shell"][:, :60]
    row, distance = nearest_visible(
        position, neighbours=60, max_range_m=4.0e6, grazing_altitude_m=80e3
    )
    length = range_m(position[:, :, None], position[:, None, :])
    seen = (length <= 4.0e6) & line_of_sight(position[:, :, None], position[:, None, :], 80e3)
    np.fill_diagonal(seen, False)
    assert 0 < seen.sum() < 60 * 59
    for one in range(60):
        assert sorted(row[one][row[one] >= 0].tolist()) == np.flatnonzero(seen[one]).tolist()
    assert np.isinf(distance[row < 0]).all()


def test_nowhere_is_near_nobody():
    position = clouds()["shell"][:, :20].copy()
    position[:, 7] = np.nan
    row, _ = nearest_visible(position, neighbours=19, **NO_EARTH)
    assert (row[7] == -1).all()
    assert not (row == 7).any()
    assert 7 not in pairs_within(position, 1e9)
    assert len(pairs_within(position, 1e9)) == 19 * 18 // 2


def test_the_outcome_does_not_depend_on_threads():
    position = clouds()["shell"]
    found = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            found.append(nearest_visible(position, neighbours=4, **NO_EARTH))
    for row, distance in found[1:]:
        assert row.tobytes() == found[0][0].tobytes()
        assert distance.tobytes() == found[0][1].tobytes()


def test_pairs_within_are_sorted_and_complete():
    position = clouds()["shell"]
    pairs = pairs_within(position, 4.0e5)
    first, second = np.triu_indices(2500, k=1)
    near = range_m(position[:, first], position[:, second]) <= 4.0e5
    np.testing.assert_array_equal(pairs, np.stack([first[near], second[near]], axis=1))
