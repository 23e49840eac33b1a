"""Areas of interest become scenes that cover them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perigrid.scenario.areas import RequestArea, TooManyScenesError, scene_centres

METRES_PER_DEG = math.radians(6_371_008.8)


def box(west, south, east, north):
    return ((west, south), (east, south), (east, north), (west, north))


def scenes(*polygons, side_km=40.0, most=100_000):
    return scene_centres(RequestArea("x", polygons), side_km * 1e3, most)


def inside(rings, x, y):
    """Even-odd rule, vertex by vertex."""
    within = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                within = not within
    return within


def covered(centres, side_km, x, y):
    """Whether a place lies in one of the scenes, on a sphere, with a hundredth to spare."""
    reach_deg = side_km * 1e3 / METRES_PER_DEG / 2 * 1.01
    return any(
        abs(north - y) <= reach_deg
        and abs((east - x + 180) % 360 - 180) * math.cos(math.radians(y)) <= reach_deg
        for east, north in centres
    )


@given(st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_every_place_of_an_area_is_in_a_scene(rng):
    centre_x, centre_y = rng.uniform(-160, 160), rng.uniform(-65, 65)
    corners = rng.randint(3, 8)
    turns = [2 * math.pi * k / corners for k in range(corners)]
    radii = [rng.uniform(1, 8) for _ in turns]
    outer = tuple(
        (centre_x + r * math.cos(a), centre_y + r * math.sin(a))
        for r, a in zip(radii, turns, strict=True)
    )
    hole = tuple((centre_x + 0.2 * math.cos(a), centre_y + 0.2 * math.sin(a)) for a in turns)
    if rng.random() < 0.5:
        outer = outer[::-1]
    centres = scenes((outer, hole), side_km=100)
    places = [(centre_x + rng.uniform(-8, 8), centre_y + rng.uniform(-8, 8)) for _ in range(40)]
    for x, y in places:
        if inside((outer, hole), x, y):
            assert covered(centres, 100, x, y)


def test_a_small_area_is_one_scene_in_its_middle():
    assert scenes((box(10, 50, 10.1, 50.1),)) == [(pytest.approx(10.05), pytest.approx(50.05))]


def test_scenes_are_no_more_than_the_area_takes():
    centres = scenes((box(0, -5, 10, 5),), side_km=100)
    area_km2 = (10 * METRES_PER_DEG / 1e3) ** 2
    assert area_km2 / 100**2 <= len(centres) <= 1.2 * area_km2 / 100**2


def test_a_hole_is_left_out():
    outer, hole = box(0, 0, 10, 10), box(2, 2, 8, 8)
    centres = scenes((outer, hole), side_km=50)
    assert not any(3 < x < 7 and 3 < y < 7 for x, y in centres)
    assert len(centres) < len(scenes((outer,), side_km=50))


def test_an_area_across_the_date_line_is_the_same_drawn_in_one_or_cut_in_two():
    one = scenes((box(170, -1, -170, 1),), side_km=200)
    two = scenes((box(170, -1, 180, 1),), (box(-180, -1, -170, 1),), side_km=200)
    assert [(round(x, 9), round(y, 9)) for x, y in one] == [
        (round(x, 9), round(y, 9)) for x, y in two
    ]
    assert all(abs(x) >= 170 for x, _ in one)


@pytest.mark.parametrize("sign", [1, -1])
def test_an_area_around_a_pole_is_a_cap(sign):
    ring = tuple((x, sign * 80.0) for x in (0, 120, -120))
    cap = scenes((ring,), side_km=200)
    drawn = scenes((tuple((x, sign * y) for x, y in box(-180, 80, 180, 90)),), side_km=200)
    assert len(cap) == len(drawn)
    assert all(sign * y > 80 for _, y in cap)
    assert any(sign * y > 89 for _, y in cap)


def test_the_whole_earth_is_covered():
    centres = scenes((box(-180, -90, 180, 90),), side_km=2000)
    assert all(
        covered(centres, 2000, x, y) for x in range(-180, 181, 15) for y in range(-90, 91, 10)
    )


def test_parts_that_overlap_are_taken_once():
    twice = scenes((box(0, 0, 4, 4),), (box(2, 0, 6, 4),))
    assert len(twice) == len(scenes((box(0, 0, 6, 4),)))


@pytest.mark.parametrize("side_km", [0.001, 1.0])
def test_too_many_scenes_are_refused_before_they_are_made(side_km):
    with pytest.raises(TooManyScenesError, match="more than 1000 scenes"):
        scenes((box(-180, -90, 180, 90),), side_km=side_km, most=1000)


def test_a_boundary_that_passes_every_row_again_and_again_is_refused(monkeypatch):
    monkeypatch.setattr("perigrid.scenario.areas.MOST_PIECES", 500)
    zigzag = tuple((k / 100, 10.0 * (k % 2)) for k in range(200))
    with pytest.raises(TooManyScenesError, match="simplify it"):
        scenes((zigzag,))
