import numpy as np
import pytest

from perigrid.workload.territory import TerritoryMemo, territories, touches_box

KM = 1000.0


def touched(lat_deg: float, lon_deg: float, half_km: float = 20.0) -> tuple[str, ...]:
    (states,) = territories(np.radians([lat_deg]), np.radians([lon_deg]), np.array([half_km * KM]))
    return states


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg", "half_km", "states"),
    [
        (48.7, 10.9, 20.0, ("DE",)),
        (40.0, -40.0, 20.0, ()),  # the Atlantic
        (47.56, 7.6, 20.0, ("CH", "DE", "FR")),  # Basel: three in one scene
        (49.0, -110.0, 20.0, ("CA", "US")),  # the parallel, drawn as one long line
        (49.9, -110.0, 20.0, ("CA",)),
        (48.1, -110.0, 20.0, ("US",)),
        (39.9, 116.4, 20.0, ("CN",)),
        (-29.6, 28.2, 20.0, ("LS",)),  # a state inside another
        (-29.6, 28.2, 300.0, ("LS", "SZ", "ZA")),
        (-90.0, 0.0, 20.0, ("AQ",)),
        (90.0, 0.0, 20.0, ()),
        (66.0, 180.0, 20.0, ("RU",)),  # Chukotka, cut by the date line in the source
        (66.0, -180.0, 20.0, ("RU",)),
        (66.0, 179.99, 20.0, ("RU",)),
        (65.7, -169.0, 90.0, ("RU", "US")),  # the Bering Strait, 85 km
    ],
)
def test_states_that_a_scene_touches(lat_deg, lon_deg, half_km, states):
    assert touched(lat_deg, lon_deg, half_km) == states


def test_a_whole_turn_of_longitude_changes_nothing():
    assert touched(48.7, 10.9 + 360.0) == ("DE",)
    assert touched(66.0, 180.0 + 360.0) == ("RU",)


def test_the_centre_alone_would_miss_a_border():
    centre_only = touched(47.8, 7.4, 0.0)
    assert "FR" in centre_only
    assert set(touched(47.8, 7.4, 30.0)) >= {"CH", "DE", "FR"}


def test_many_at_once_as_one_by_one():
    rng = np.random.default_rng(3)
    lat = np.arcsin(rng.uniform(-1.0, 1.0, 400))
    lon = rng.uniform(-np.pi, np.pi, 400)
    half = np.full(400, 20.0 * KM)
    together = territories(lat, lon, half)
    alone = [territories(lat[n : n + 1], lon[n : n + 1], half[n : n + 1])[0] for n in range(400)]
    assert list(together) == alone
    assert 0.25 < np.mean([bool(states) for states in together]) < 0.4  # the land share, widened
    assert territories(lat[:0], lon[:0], half[:0]) == ()


def test_agrees_with_polygons_of_another_library():
    shapely = pytest.importorskip("shapely")
    from perigrid.workload.territory import BORDER_UNCERTAINTY_M, _borders

    borders = _borders()
    by_code: dict[int, list] = {}
    for owner, ring in borders.rings:
        by_code.setdefault(owner, []).append(ring)
    shapes = {
        borders.codes[owner]: shapely.unary_union(
            [shapely.make_valid(shapely.Polygon(ring)) for ring in rings]
        )
        for owner, rings in by_code.items()
        if borders.codes[owner] != "ZA"  # a ring inside a ring: a hole to us, a union there
    }
    rng = np.random.default_rng(5)
    lat, lon = rng.uniform(-55.0, 60.0, 600), rng.uniform(-175.0, 175.0, 600)
    half_m = 20.0 * KM
    ours = territories(np.radians(lat), np.radians(lon), np.full(600, half_m))
    high = low = 0
    for n in range(600):
        found = set(ours[n]) - {"ZA"}
        for scale, bound in ((0.97, "least"), (1.03, "most")):
            reach = (half_m + BORDER_UNCERTAINTY_M) * scale / 111.2e3
            wide = reach / np.cos(np.radians(lat[n]))
            box = shapely.box(lon[n] - wide, lat[n] - reach, lon[n] + wide, lat[n] + reach)
            theirs = {code for code, shape in shapes.items() if shape.intersects(box)}
            if bound == "least":
                low += len(theirs - found)
            else:
                high += len(found - theirs)
    assert (low, high) == (0, 0)


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg", "half_km", "touches"),
    [
        (5.0, 5.0, 1.0, True),
        (10.05, 5.0, 20.0, True),
        (10.5, 5.0, 20.0, False),
        (5.0, -0.1, 20.0, True),
        (5.0, -0.5, 20.0, False),
        (5.0, 10.1, 20.0, True),
        (5.0, 200.0, 20.0, False),
    ],
)
def test_a_scene_and_a_box(lat_deg, lon_deg, half_km, touches):
    edges = tuple(np.radians([0.0, 0.0, 10.0, 10.0]))
    one = (np.radians([lat_deg]), np.radians([lon_deg]), np.array([half_km * KM]))
    assert touches_box(*one, edges).tolist() == [touches]


def test_a_box_across_the_date_line_and_around_the_pole():
    edges = tuple(np.radians([50.0, 170.0, 70.0, -170.0]))
    lon = np.radians([175.0, -175.0, 180.0, 0.0, 169.9])
    inside = touches_box(np.full(5, 1.0), lon, np.full(5, 20.0 * KM), edges)
    assert inside.tolist() == [True, True, True, False, True]
    cap = tuple(np.radians([80.0, -180.0, 90.0, 180.0]))
    here = touches_box(np.radians([90.0, 79.9, 70.0]), np.zeros(3), np.full(3, 20.0 * KM), cap)
    assert here.tolist() == [True, True, False]


def test_a_memo_answers_for_one_scene_as_for_many():
    memo = TerritoryMemo()
    places = [(np.radians(48.7), np.radians(10.9), 20.0 * KM), (0.0, -0.6, 20.0 * KM)]
    for place in (*places, *places):
        assert memo.of_one(*place) == territories(*np.array([place]).T)[0]
    assert memo(*np.array(places).T) == territories(*np.array(places).T)
