import numpy as np
import pytest

from perigrid.workload import land
from perigrid.workload.land import land_cells, land_outline, land_share

LAND = [(46.5, 2.5), (40.5, -100.5), (35.5, 105.5), (-10.5, -50.5), (-25.5, 135.5), (22.5, 78.5)]
SEA = [(0.5, -30.5), (-40.5, 80.5), (35.5, -150.5), (-50.5, -120.5), (85.5, 0.5)]


def cell(degrees, limit=90.0):
    return land_cells(np.radians(degrees), np.radians(limit))


def test_known_places():
    points = np.radians(np.array(LAND))
    assert np.all(land_share(points[:, 0], points[:, 1]) == 1.0)
    sea = np.radians(np.array(SEA))
    assert np.all(land_share(sea[:, 0], sea[:, 1]) == 0.0)


def test_longitude_wraps():
    lat = np.radians(np.array([60.5, 60.5]))
    lon = np.radians(np.array([100.5, 100.5 - 360.0]))
    assert land_share(lat, lon)[0] == land_share(lat, lon)[1]


def test_the_earth_is_29_percent_land():
    """Published: 148.94 of 510.07 million km2 (CIA World Factbook), 29.2 percent."""
    weight = np.cos(np.radians(89.5 - np.arange(180)))[:, None]
    share = float((land._land_map() * weight).sum() / (360.0 * weight.sum()))
    assert share == pytest.approx(0.292, abs=0.008)


@pytest.mark.parametrize("degrees", [1.0, 2.5, 5.0])
def test_cells_have_equal_area_and_cover_the_land(degrees):
    latitude_rad, longitude_rad = cell(degrees)
    n_earth = 4.0 * np.pi / np.radians(degrees) ** 2
    assert len(latitude_rad) / n_earth == pytest.approx(0.29, abs=0.015)
    assert len(set(zip(latitude_rad, longitude_rad, strict=True))) == len(latitude_rad)
    assert np.all(np.abs(longitude_rad) <= np.pi)


def test_latitude_limit():
    latitude_rad, _ = cell(4.0, limit=60.0)
    assert np.abs(latitude_rad).max() <= np.radians(60.0)
    assert len(latitude_rad) < len(cell(4.0)[0])


def test_no_land_within_a_limit_of_nothing_but_sea():
    latitude_rad, longitude_rad = land_cells(np.radians(10.0), 0.0)
    assert len(latitude_rad) == len(longitude_rad) == 0


@pytest.mark.parametrize("cell_rad", [0.0, -1.0, 1e-4, 1.0, float("nan")])
def test_refuses_unreasonable_cells(cell_rad):
    with pytest.raises(ValueError, match="cell_rad"):
        land_cells(cell_rad, 1.0)


def test_outline_is_closed_and_within_the_map():
    lines = land_outline()
    assert len(lines) > 50
    for line in lines:
        np.testing.assert_array_equal(line[0], line[-1])
        assert np.all(np.abs(line[:, 0]) <= 180.0)
        assert np.all(np.abs(line[:, 1]) <= 90.0)
    # The longest line is the coast of Eurasia and Africa.
    assert lines[0][:, 0].max() - lines[0][:, 0].min() > 150.0


def test_maps_are_small_and_say_where_they_come_from():
    from importlib.resources import files

    for name, limit in (("land.txt", 70_000), ("outline.txt", 60_000)):
        text = (files("perigrid.workload") / "maps" / name).read_text(encoding="ascii")
        assert len(text) < limit
        assert "Natural Earth" in text.splitlines()[0]
        assert "public domain" in text.splitlines()[0]
