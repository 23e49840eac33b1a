import math

import numpy as np
import pytest

from perigrid.physics.chunks import limited_threads
from perigrid.physics.crosslinks import (
    CrosslinkGeometry,
    crosslink_geometry,
    line_of_sight,
    links_open,
    range_m,
)
from perigrid.physics.topology import plus_grid_pairs

RADIUS = 6378137.0 + 550e3


def on_circle(angle_rad):
    return RADIUS * np.array([math.cos(angle_rad), math.sin(angle_rad), 0.0])[:, None]


def test_range():
    assert range_m(on_circle(0.0), on_circle(math.pi / 3))[0] == pytest.approx(RADIUS)


def test_line_of_sight_ends_at_the_grazing_angle():
    # Chord grazing 80 km: half angle acos((R + 80 km) / (R + 550 km)).
    half = math.acos((6378137.0 + 80e3) / RADIUS)
    assert line_of_sight(on_circle(0.0), on_circle(2 * half - 1e-6), 80e3)[0]
    assert not line_of_sight(on_circle(0.0), on_circle(2 * half + 1e-6), 80e3)[0]


def test_line_that_points_away_from_the_earth_is_free():
    low, high = on_circle(0.0), 3.0 * on_circle(0.0)
    assert line_of_sight(low, high, 80e3)[0]
    assert line_of_sight(low, low, 80e3)[0]


def test_ground_below_the_grazing_altitude():
    assert not line_of_sight(on_circle(0.0) * 0.9, on_circle(0.1), 80e3)[0]


def test_shapes_broadcast():
    one = np.repeat(on_circle(0.0)[:, :, None], 4, axis=2)
    many = np.stack([on_circle(x) for x in (0.1, 0.2, 3.0)], axis=1)
    assert line_of_sight(one, many, 80e3).shape == (3, 4)
    assert range_m(one, many).shape == (3, 4)


def circular_shell(planes=6, slots=12, n_times=40, step_s=60.0):
    """Two-body circular orbits in an inertial frame."""
    plane, slot = np.divmod(np.arange(planes * slots), slots)
    raan = (math.tau * plane / planes)[:, None]
    motion = math.sqrt(3.986004418e14 / RADIUS**3)
    phase = (math.tau * slot / slots + 0.1 * plane)[:, None] + motion * step_s * np.arange(n_times)
    tilt = math.radians(53.0)

    def at(phase):
        return RADIUS * np.stack(
            [
                np.cos(phase) * np.cos(raan) - np.sin(phase) * math.cos(tilt) * np.sin(raan),
                np.cos(phase) * np.sin(raan) + np.sin(phase) * math.cos(tilt) * np.cos(raan),
                np.sin(phase) * math.sin(tilt),
            ]
        )

    return at(phase), motion * at(phase + math.pi / 2)


PAIRS = plus_grid_pairs(6, 12, 1)


def turn_rate_by_differences(position, velocity, a, b, dt_s):
    """Turn of the line in a's radial, along, across frame between two times."""

    def direction(t):
        r, v = position[:, a, t], velocity[:, a, t]
        up = r / np.linalg.norm(r)
        across = np.cross(r, v)
        across /= np.linalg.norm(across)
        line = position[:, b, t] - r
        return np.array([up, np.cross(across, up), across]) @ (line / np.linalg.norm(line))

    return np.linalg.norm(direction(1) - direction(0)) / dt_s


def test_geometry_against_numpy():
    position, velocity = circular_shell()
    found = crosslink_geometry(position, velocity, PAIRS)
    first, second = position[:, PAIRS[:, 0]], position[:, PAIRS[:, 1]]
    np.testing.assert_allclose(found.range_m, range_m(first, second), rtol=1e-14)
    # The lowest of many points on the line.
    share = np.linspace(0.0, 1.0, 2001)[:, None, None]
    lowest = np.min(
        [np.linalg.norm(first + s * (second - first), axis=0) for s in share[::4]], axis=0
    )
    np.testing.assert_allclose(found.grazing_altitude_m, lowest - 6378137.0, atol=30.0)
    for altitude_m in (-1e6, 80e3, 300e3):
        np.testing.assert_array_equal(
            found.grazing_altitude_m >= altitude_m, line_of_sight(first, second, altitude_m)
        )


def test_rates_against_differences():
    step_s = 1.0e-2
    position, velocity = circular_shell(n_times=2, step_s=step_s)
    found = crosslink_geometry(position, velocity, PAIRS)
    middle = found.range_rate_m_s.mean(axis=1)
    np.testing.assert_allclose(np.diff(found.range_m)[:, 0] / step_s, middle, atol=1e-4)
    for row, (a, b) in enumerate(PAIRS.tolist()):
        expected = max(
            turn_rate_by_differences(position, velocity, a, b, step_s),
            turn_rate_by_differences(position, velocity, b, a, step_s),
        )
        mean = found.turn_rate_rad_s[row].mean()
        assert mean == pytest.approx(expected, rel=1e-4, abs=1e-9)


def test_a_line_along_one_orbit_does_not_turn():
    position, velocity = circular_shell()
    same_plane = PAIRS[PAIRS[:, 0] // 12 == PAIRS[:, 1] // 12]
    found = crosslink_geometry(position, velocity, same_plane)
    assert found.turn_rate_rad_s.max() < 1e-12
    assert np.abs(found.range_rate_m_s).max() < 1e-9


@pytest.mark.parametrize("limit_rad_s", [np.inf, 1e-3])
def test_open_links_are_near_in_sight_and_slow(limit_rad_s):
    position, velocity = circular_shell()
    found = crosslink_geometry(position, velocity, PAIRS)
    expected = (
        (found.range_m <= 5.0e6)
        & (found.grazing_altitude_m >= 80e3)
        & (found.turn_rate_rad_s <= limit_rad_s)
    )
    is_open = links_open(
        position,
        PAIRS,
        max_range_m=5.0e6,
        grazing_altitude_m=80e3,
        velocity_m_s=velocity,
        max_turn_rate_rad_s=limit_rad_s,
    )
    np.testing.assert_array_equal(is_open, expected)
    assert 0 < expected.sum() < expected.size


def test_bytes_do_not_depend_on_threads(monkeypatch):
    from perigrid.physics import crosslinks

    monkeypatch.setattr(crosslinks, "_smallest_share", lambda n_times: 1)
    position, velocity = circular_shell(n_times=37)
    found = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            one = crosslink_geometry(position, velocity, PAIRS)
            is_open = links_open(position, PAIRS, max_range_m=5e6, grazing_altitude_m=80e3)
        arrays = (one.range_m, one.grazing_altitude_m, one.range_rate_m_s, one.turn_rate_rad_s)
        found.append(b"".join(array.tobytes() for array in (*arrays, is_open)))
    assert found[0] == found[1] == found[2]


def test_room_is_reused():
    position, velocity = circular_shell()
    out = CrosslinkGeometry.empty(len(PAIRS), 40)
    assert crosslink_geometry(position, velocity, PAIRS, out) is out
    room = np.empty((len(PAIRS), 40), dtype=np.bool_)
    assert links_open(position, PAIRS, max_range_m=1e7, grazing_altitude_m=0.0, out=room) is room


def test_lost_satellites_have_no_links():
    position, velocity = circular_shell()
    position[:, 0, 5:] = np.nan
    touched = (PAIRS == 0).any(axis=1)
    is_open = links_open(position, PAIRS, max_range_m=1e8, grazing_altitude_m=-6e6)
    assert not is_open[touched][:, 5:].any()
    assert is_open[~touched].all()
    assert is_open[touched][:, :5].all()
    found = crosslink_geometry(position, velocity, PAIRS)
    for array in (found.range_m, found.grazing_altitude_m, found.range_rate_m_s):
        np.testing.assert_array_equal(np.isnan(array).any(axis=1), touched)
    slow = links_open(
        position,
        PAIRS,
        max_range_m=1e8,
        grazing_altitude_m=-6e6,
        velocity_m_s=velocity,
        max_turn_rate_rad_s=1.0,
    )
    np.testing.assert_array_equal(slow, is_open)


def test_mistakes_are_named():
    position, velocity = circular_shell()
    with pytest.raises(IndexError, match="outside of 0 to 71"):
        crosslink_geometry(position, velocity, np.array([[0, 72]]))
    with pytest.raises(ValueError, match="velocities"):
        links_open(
            position, PAIRS, max_range_m=1e7, grazing_altitude_m=0.0, max_turn_rate_rad_s=0.1
        )
    assert crosslink_geometry(position, velocity, np.empty((0, 2), int)).range_m.shape == (0, 40)


def test_two_satellites_in_one_place_are_above_their_altitude():
    position, _ = circular_shell(n_times=3)
    position[:, 1] = position[:, 0]
    assert links_open(position, np.array([[0, 1]]), max_range_m=1.0, grazing_altitude_m=500e3).all()
