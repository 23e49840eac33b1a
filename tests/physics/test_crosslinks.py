import math

import numpy as np
import pytest

from perigrid.physics.crosslinks import line_of_sight, plus_grid_pairs, range_m

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
