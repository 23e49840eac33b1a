import math

import numpy as np
import pytest

from perigrid.physics.link_intervals import pointing_direction, usable_intervals

T_S = np.arange(7) * 60.0


def flags(*rows):
    return np.array([[mark == "#" for mark in row] for row in rows])


def test_stretches_of_open_snapshots():
    found = usable_intervals(flags("##..###", ".......", ".##.#.#"), T_S, acquisition_s=0.0)
    assert found.pair.tolist() == [0, 0, 2]
    assert found.first.tolist() == [0, 4, 1]
    assert found.stop.tolist() == [1, 6, 2]
    assert found.t_start_s.tolist() == [0.0, 240.0, 60.0]
    assert found.t_end_s.tolist() == [60.0, 360.0, 120.0]


def test_acquisition_comes_before_the_first_bit():
    found = usable_intervals(flags("##..###"), T_S, acquisition_s=60.0)
    assert found.t_start_s.tolist() == [300.0]  # the first stretch ends as it is acquired
    assert found.t_end_s.tolist() == [360.0]


def two_in_line():
    """One flies round the Earth in a circle; the other leads, then trails, then leads again."""
    radius = 7.0e6
    angle = np.stack([np.zeros(7), np.array([0.1, 0.1, 0.05, -0.1, -0.1, -0.1, -0.1])])
    angle = angle + 0.001 * T_S
    position = radius * np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)])
    velocity = 7.0 * radius * np.stack([-np.sin(angle), np.cos(angle), np.zeros_like(angle)])
    return position, velocity


def test_directions_in_the_orbital_frame():
    position, velocity = two_in_line()
    ahead = pointing_direction(position[:, 0], velocity[:, 0], position[:, 1])
    # A chord to a satellite 0.1 rad ahead dips by half of that.
    np.testing.assert_allclose(ahead[:, 0], [-math.sin(0.05), math.cos(0.05), 0.0], atol=1e-12)
    np.testing.assert_allclose(ahead[:, 4], [-math.sin(0.05), -math.cos(0.05), 0.0], atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(ahead[:, [0, 6]], axis=0), 1.0)
    pole = pointing_direction(position[:, 0], velocity[:, 0], position[:, 0] + [[0], [0], [9.0]])
    np.testing.assert_allclose(pole[:, 3], [0.0, 0.0, 1.0], atol=1e-12)


def test_terminals_turn_before_they_acquire():
    position, velocity = two_in_line()
    found = usable_intervals(
        flags("##..###"),
        T_S,
        acquisition_s=5.0,
        slew_rate_rad_s=math.pi / 30.0,
        pairs=np.array([[0, 1]]),
        position_m=position,
        velocity_m_s=velocity,
    )
    # First the rear terminal, at rest ahead, comes round to look back; after the gap the partner
    # is on the other side, and both come round once more.
    np.testing.assert_allclose(found.turn_rad, [math.pi - 0.05, math.pi - 0.1], atol=1e-9)
    np.testing.assert_allclose(found.t_start_s, found.turn_rad * 30.0 / math.pi + [5.0, 245.0])
    assert found.t_end_s.tolist() == [60.0, 360.0]


def test_a_slew_rate_needs_to_know_where_everybody_is():
    with pytest.raises(ValueError, match="positions"):
        usable_intervals(flags("##"), T_S[:2], acquisition_s=0.0, slew_rate_rad_s=0.1)


def test_nothing_opens():
    position, velocity = two_in_line()
    found = usable_intervals(
        flags("......."),
        T_S,
        acquisition_s=1.0,
        slew_rate_rad_s=0.1,
        pairs=np.array([[0, 1]]),
        position_m=position,
        velocity_m_s=velocity,
    )
    assert len(found.pair) == 0
