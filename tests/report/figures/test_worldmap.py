import re

import numpy as np
import polars as pl

from perigrid.report.figures.map_view import view_of
from perigrid.report.figures.worldmap import land_symbol, map_figure
from perigrid.report.manifest import Place
from perigrid.report.places import NamedPlace


def jobs(*rows):
    columns = ("latitude_deg", "longitude_deg", "outcome", "reason")
    return pl.DataFrame(rows, schema=columns, orient="row")


def marks(made, class_):
    path = re.search(rf'<path d="([^"]*)" class="{class_}"', made)
    return re.findall(r"M[\d.]+ [\d.]+", path.group(1))


def test_outcomes_are_told_apart():
    made = map_figure(
        "relay",
        jobs(
            (10.0, 20.0, "delivered", ""),
            (11.0, 20.0, "missed", "cloud"),
            (12.0, 20.0, "missed", "contact"),
            (13.0, 20.0, "in_flight", ""),
        ),
        [],
        [],
    )
    for class_ in ("m-delivered", "m-screened", "m-missed", "m-flight"):
        assert len(marks(made, class_)) == 1
    assert "1 screened out, 1 delivered, 1 still in flight, 1 missed" in made


def test_places_are_where_they_belong():
    made = map_figure("relay", jobs((0.0, 0.0, "delivered", "")), [], [])
    assert marks(made, "m-delivered") == ["M360 170"]


def test_observations_at_one_place_share_a_mark():
    made = map_figure("relay", jobs(*[(10.0, 20.0, "delivered", "")] * 500), [], [])
    assert len(marks(made, "m-delivered")) == 1
    assert "500 delivered" in made


def test_a_track_is_broken_at_the_date_line():
    track = (np.zeros(4), np.array([170.0, 179.0, -179.0, -170.0]))
    made = map_figure("relay", jobs((0.0, 0.0, "delivered", "")), [], [track])
    data = re.search(r'<path d="([^"]*)" class="track"', made).group(1)
    assert data.count("M") == 2


def test_names_of_close_stations_do_not_overlap():
    places = [Place(f"Station {i}", "operator", 40.0, 100.0 + i) for i in range(6)]
    made = map_figure("relay", jobs((0.0, 0.0, "delivered", "")), places, [])
    assert made.count("<title>Station") == 6
    assert made.count('class="placename"') < 6


def test_land_is_defined_once_and_drawn_by_reference():
    assert land_symbol().count('id="land"') == 1
    assert 'href="#land"' in map_figure("relay", jobs((0.0, 0.0, "delivered", "")), [], [])


def test_a_map_of_a_small_area_shows_that_area():
    seen = jobs((60.0, 20.0, "delivered", ""), (62.0, 24.0, "delivered", ""))
    view = view_of(seen["latitude_deg"].to_numpy(), seen["longitude_deg"].to_numpy())
    places = [Place("Near", "operator", 61.0, 22.0), Place("Far", "operator", -30.0, 22.0)]
    track = (np.array([50.0, 70.0, 50.0]), np.array([0.0, 22.0, 100.0]))
    made = map_figure("relay", seen, places, [track], view)
    assert "Near" in made
    assert "Far" not in made
    assert len(marks(made, "m-delivered")) == 2
    assert 'transform="translate(' in made
    assert "° N</text>" in made


def test_land_on_both_sides_of_the_date_line_is_drawn():
    seen = jobs((-18.0, 178.0, "delivered", ""), (-14.0, -172.0, "delivered", ""))
    view = view_of(seen["latitude_deg"].to_numpy(), seen["longitude_deg"].to_numpy())
    assert map_figure("relay", seen, [], [], view).count('href="#land"') == 2


def test_areas_of_interest_are_named_where_they_lie():
    area = NamedPlace("Saimaa", 2, 9, 62.0, 28.0, (3,))
    seen = jobs((61.0, 28.0, "delivered", ""), (62.0, 28.0, "delivered", ""))
    view = view_of(seen["latitude_deg"].to_numpy(), seen["longitude_deg"].to_numpy())
    made = map_figure("relay", seen, [], [], view, [area])
    (name,) = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" class="areaname">Saimaa</text>', made)
    assert float(name[0]) < view.x_px(28.0) < float(name[0]) + 60.0
    assert view.y_px(62.0) - 20.0 < float(name[1]) < view.y_px(62.0), "over its marks"
    crowd = map_figure("relay", seen, [], [], view, [area] * 9)
    assert crowd.count("areaname") == 2, "over and under; no name over another"
