"""A map shows the area in which something was seen, or the whole Earth."""

import numpy as np
import pytest

from perigrid.report.figures.map_view import WORLD, view_of

NORTH = (np.array([69.65, 60.17]), np.array([18.96, 24.94]))


def inside(view, latitude_deg, longitude_deg):
    x_px, y_px = view.place(np.array(latitude_deg), np.array(longitude_deg))
    return (x_px >= 0) & (x_px <= view.width_px) & (y_px >= 0) & (y_px <= view.height_px)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [((-60.0, 70.0), (0.0, 10.0)), ((0.0, 1.0), (-100.0, 100.0)), ((), ())],
)
def test_what_is_spread_over_the_earth_is_shown_on_the_earth(latitude, longitude):
    assert view_of(np.array(latitude), np.array(longitude)) is WORLD


def test_the_world_is_drawn_as_ever():
    x_px, y_px = WORLD.place(np.array([0.0, 85.0]), np.array([0.0, -180.0]))
    assert (x_px.tolist(), y_px.tolist()) == ([360.0, 0.0], [170.0, 0.0])
    assert WORLD.meridians_deg == (-120, -60, 0, 60, 120)
    assert "every 60° of longitude and 30° of latitude" in WORLD.caption
    assert "within 0.5°" in WORLD.caption


def test_a_small_area_fills_the_map_with_a_margin():
    view = view_of(*NORTH)
    assert inside(view, *NORTH).all()
    assert view.north_deg - view.south_deg < 20.0
    assert not inside(view, [40.0], [20.0])[0]
    x_px, y_px = view.place(*NORTH)
    assert 50 < x_px.min() < x_px.max() < view.width_px - 50
    assert np.ptp(y_px) > 0.6 * view.height_px


def test_a_degree_of_longitude_is_as_long_as_it_is_in_the_middle():
    view = view_of(*NORTH)
    middle = np.radians((69.65 + 60.17) / 2.0)
    assert view.x_px_per_deg / view.y_px_per_deg == pytest.approx(np.cos(middle))


def test_one_place_alone_is_shown_with_its_surroundings():
    view = view_of(np.array([10.0]), np.array([20.0]))
    assert 1.0 < view.north_deg - view.south_deg < 10.0
    assert inside(view, [10.0, 10.5, 9.5], [20.0, 20.5, 19.5]).all()


def test_an_area_across_the_date_line_stays_together():
    fiji = (np.array([-18.1, -13.8]), np.array([178.4, -171.8]))
    view = view_of(*fiji)
    assert inside(view, *fiji).all()
    assert view.east_deg - view.west_deg < 30.0
    assert {view.meridian(one)[-1] for one in view.meridians_deg} == {"W", "E"}
    left_px, right_px = view.place(*fiji)[0]
    assert left_px < right_px


def test_an_area_at_a_pole_ends_there():
    view = view_of(np.array([89.9, 84.0]), np.array([10.0, 40.0]))
    assert view.north_deg == 90.0


@pytest.mark.parametrize(("degrees", "words"), [(20.0, "20° E"), (-0.5, "0.5° W"), (0.0, "0°")])
def test_lines_are_named(degrees, words):
    assert WORLD.meridian(degrees) == words


def test_the_lines_of_the_caption_are_those_of_the_map():
    view = view_of(*NORTH)
    steps = {round(float(step), 6) for step in np.diff(view.parallels_deg)}
    assert steps == {view.parallel_step_deg}
    assert f"{view.parallel_step_deg:g}° of latitude" in view.caption
    assert 2 <= len(view.meridians_deg) <= 8


def test_the_land_is_moved_with_what_lies_on_it():
    view = view_of(*NORTH)
    words = view.transform(0).replace("(", " ").replace(")", " ").split()
    _, dx, dy, _, sx, sy = words
    x_px, y_px = (float(v[0]) for v in WORLD.place(np.array([65.0]), np.array([20.0])))
    moved = (x_px * float(sx) + float(dx), y_px * float(sy) + float(dy))
    there = [float(v[0]) for v in view.place(np.array([65.0]), np.array([20.0]))]
    assert moved == pytest.approx(there, abs=0.2)
