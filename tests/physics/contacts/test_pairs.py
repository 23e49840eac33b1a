import math

import numpy as np
import pytest

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.physics.chunks import limited_threads
from perigrid.physics.contacts import pair_windows
from perigrid.physics.crosslinks import line_of_sight
from tests.physics.contacts.grids import low_orbits, orbit, runs, teme, worst_edge_s

SPAN_S = 43_200.0
GRAZING_M = 80e3
FINE = np.arange(0.0, SPAN_S + 1.0)
COARSE = np.arange(0.0, SPAN_S + 1.0, 60.0)


def mixed_orbits():
    return [
        *low_orbits(4),
        orbit(530e3, 570e3, 97.6, 20.0, 0.0, 60.0),
        orbit(540e3, 545e3, 53.0, 0.5, 40.0, 4.0),  # beside the first
        orbit(600e3, 39_700e3, 63.4, 40.0, 270.0, 200.0),  # Molniya
        orbit(250e3, 35_786e3, 27.0, 100.0, 178.0, 10.0),  # transfer
        orbit(35_780e3, 35_792e3, 0.1, 10.0, 0.0, 0.0),  # geostationary
    ]


def every_pair(count):
    return np.array([(a, b) for a in range(count) for b in range(a + 1, count)])


def sight(a, b):
    """Distance of the segment from the grazing sphere on the grid, an independent formula."""
    along = b - a
    share = np.clip(-np.sum(a * along, axis=0) / np.sum(along**2, axis=0), 0.0, 1.0)
    return np.linalg.norm(a + share * along, axis=0) - EARTH_EQUATORIAL_RADIUS_M - GRAZING_M


@pytest.fixture(scope="module")
def states():
    elements = mixed_orbits()
    return teme(elements, COARSE), teme(elements, FINE)


def compare(states, expected, **limits):
    (position, velocity), (fine, fine_velocity) = states
    pairs = every_pair(position.shape[1])
    found = pair_windows(
        position,
        velocity,
        position,
        velocity,
        COARSE,
        pairs,
        grazing_altitude_m=GRAZING_M,
        **limits,
    )
    total, worst = 0, 0.0
    for row, (a, b) in enumerate(pairs):
        margin = expected(fine[:, a], fine[:, b], fine_velocity[:, a], fine_velocity[:, b])
        mine = found.pair == row
        spans = np.stack([found.start_s[mine], found.end_s[mine]], axis=1)
        worst = max(worst, worst_edge_s(spans, runs(margin, FINE)))
        distance = np.linalg.norm(fine[:, b] - fine[:, a], axis=0)
        for (start, end), shortest in zip(spans, found.shortest_m[mine], strict=True):
            inside = distance[math.ceil(start) : int(end) + 1]
            # Paths are 0.4 m off in low orbit; up to 12 m at the perigee of Molniya and transfer
            # orbits, where SGP4's velocity is not the derivative of its position.
            assert shortest <= inside.min() + 24.0
            # The grid is up to half a second of closing from the true approach.
            assert shortest > inside.min() - 8000.0
        total += len(spans)
    return total, worst


def test_sight_as_on_a_grid_of_seconds(states):
    total, worst = compare(states, lambda a, b, v, w: sight(a, b))
    assert total > 100
    assert worst < 0.1  # [s] the design's demand


def test_sight_and_range_as_on_a_grid_of_seconds(states):
    def expected(a, b, v, w):
        return np.minimum(sight(a, b), 4000e3 - np.linalg.norm(b - a, axis=0))

    total, worst = compare(states, expected, max_range_m=4000e3)
    assert total > 50
    assert worst < 0.1


def test_turn_as_on_a_grid_of_seconds(states):
    def expected(a, b, v, w):
        d, u = b - a, w - v
        turn = np.linalg.norm(np.cross(d, u, axis=0), axis=0) / np.sum(d * d, axis=0)
        limits = sight(a, b) / 1e6, 6000.0 - np.linalg.norm(d, axis=0) / 1e3, (1e-3 - turn) * 1e3
        return np.minimum.reduce(limits)

    # In low orbit only: further out SGP4's velocities, up to 2 m/s off the derivatives of its
    # positions, have edges half a second apart where the turn changes slowly.
    low = [[state[:, :6] for state in pair] for pair in states]
    total, worst = compare(low, expected, max_range_m=6000e3, max_turn_rad_s=1e-3)
    assert total > 50
    assert worst < 0.1


def test_sight_is_that_of_line_of_sight(states):
    (position, velocity), _ = states
    pairs = every_pair(position.shape[1])
    found = pair_windows(
        position, velocity, position, velocity, COARSE, pairs, grazing_altitude_m=GRAZING_M
    )
    for row, (a, b) in enumerate(pairs):
        free = line_of_sight(position[:, a], position[:, b], GRAZING_M)
        mine = found.pair == row
        spans = zip(found.start_s[mine], found.end_s[mine], strict=True)
        inside = np.zeros(len(COARSE), dtype=bool)
        for start, end in spans:
            inside |= (start <= COARSE) & (end >= COARSE)
        np.testing.assert_array_equal(inside, free)


def test_same_bytes_for_any_number_of_threads(states):
    (position, velocity), _ = states
    pairs = np.tile(every_pair(position.shape[1]), (3, 1))
    answers = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            found = pair_windows(
                *(position, velocity, position, velocity, COARSE, pairs),
                grazing_altitude_m=GRAZING_M,
                max_range_m=5000e3,
            )
        answers.append((found.pair, found.start_s, found.end_s, found.shortest_m))
    assert len(answers[0][0]) > 200
    for other in answers[1:]:
        for one, two in zip(answers[0], other, strict=True):
            assert one.tobytes() == two.tobytes()


def straight(times, offset_m, speed_m_s):
    """Two points far out: one at rest, one that passes it in a straight line."""
    rest = np.zeros((3, 1, len(times)))
    rest[0] = 2e7
    moving = rest.copy()
    moving[1] = offset_m
    moving[2, 0] = speed_m_s * times
    velocity = np.zeros_like(rest)
    velocity[2] = speed_m_s
    return rest, np.zeros_like(rest), moving, velocity


def test_grazing_range_between_two_samples():
    times = np.array([-60.0, 0.0, 60.0]) + 17.0
    states = straight(times, 1e6, 7500.0)
    longest_m = math.hypot(1e6, 7500.0 * 0.5)
    pairs = np.array([[0, 0]])
    found = pair_windows(*states, times, pairs, grazing_altitude_m=0.0, max_range_m=longest_m)
    assert found.start_s == pytest.approx([-0.5], abs=1e-3)
    assert found.end_s == pytest.approx([0.5], abs=1e-3)
    assert found.shortest_m == pytest.approx([1e6], abs=1e-3)
    nothing = pair_windows(*states, times, pairs, grazing_altitude_m=0.0, max_range_m=1e6 - 0.01)
    assert len(nothing) == 0


def test_turn_of_a_straight_pass():
    times = np.arange(-600.0, 601.0, 60.0)
    states = straight(times, 1e6, 2000.0)
    # The turn is v b / (b^2 + v^2 t^2).
    edge_s = math.sqrt(2000.0 * 1e6 / 1e-3 - 1e12) / 2000.0
    found = pair_windows(
        *states, times, np.array([[0, 0]]), grazing_altitude_m=0.0, max_turn_rad_s=1e-3
    )
    np.testing.assert_allclose(found.start_s, [-600.0, edge_s], atol=1e-3)
    np.testing.assert_allclose(found.end_s, [-edge_s, 600.0], atol=1e-3)


def test_no_windows_without_pairs_times_or_finite_states():
    times = np.arange(0.0, 600.0, 60.0)
    states = straight(times, 1e6, 7500.0)
    none = pair_windows(*states, times, np.empty((0, 2), dtype=np.int64), grazing_altitude_m=0.0)
    assert len(none) == 0
    single = [state[..., :1] for state in states]
    pairs = np.array([[0, 0]])
    assert len(pair_windows(*single, times[:1], pairs, grazing_altitude_m=0.0)) == 0
    states[2][0, 0, 3] = np.nan
    assert len(pair_windows(*states, times, pairs, grazing_altitude_m=0.0)) == 0


def test_a_satellite_below_the_grazing_altitude_sees_nothing():
    times = np.arange(0.0, 600.0, 60.0)
    states = straight(times, 1e6, 7500.0)
    pairs = np.array([[0, 0]])
    assert len(pair_windows(*states, times, pairs, grazing_altitude_m=2e7)) == 0
