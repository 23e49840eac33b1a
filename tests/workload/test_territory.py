from importlib.resources import files

import numpy as np
import pytest

from perigrid.base.states import regions_of, states
from perigrid.workload.territory import TerritoryMemo, territories, touches_box

KM = 1000.0


def touched(lat_deg: float, lon_deg: float, half_km: float = 20.0) -> tuple[str, ...]:
    one = np.radians([lat_deg]), np.radians([lon_deg]), np.array([half_km * KM])
    return territories(*one)[0]


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
    from perigrid.workload.territory import BORDER_UNCERTAINTY_M, TERRITORIAL_SEA_M, _borders

    borders = _borders()
    turns = (0.0, 360.0)  # rings run on across the date line
    rings = [ring + np.array([turn, 0.0]) for turn in turns for _, ring in borders.rings]
    owners = [borders.codes[owner] for _ in turns for owner, _ in borders.rings]
    lines = shapely.STRtree([shapely.LineString(ring) for ring in rings])
    inner = shapely.STRtree([shapely.make_valid(shapely.Polygon(ring)) for ring in rings])
    rng = np.random.default_rng(5)
    count, half_m = 1500, 20.0 * KM
    lat, lon = rng.uniform(-55.0, 60.0, count), rng.uniform(-175.0, 175.0, count)
    ours = territories(np.radians(lat), np.radians(lon), np.full(count, half_m))

    inside: list[set[str]] = [set() for _ in range(count)]  # by parity: a ring in a ring is a hole
    for point, ring in inner.query(shapely.points(lon, lat), predicate="within").T:
        inside[point] ^= {owners[ring]}

    def theirs(more_m: float, scale: float) -> list[set[str]]:
        reach = (half_m + BORDER_UNCERTAINTY_M + more_m) * scale / 111.2e3
        wide = reach / np.cos(np.radians(lat))
        boxes = shapely.box(lon - wide, lat - reach, lon + wide, lat + reach)
        found = [set(codes) for codes in inside]
        for box, ring in lines.query(boxes, predicate="intersects").T:
            found[box].add(owners[ring])
        return found

    for scale, missing in ((0.97, True), (1.03, False)):
        near, far = theirs(0.0, scale), theirs(TERRITORIAL_SEA_M, scale)
        for mine, here, offshore in zip(map(set, ours), near, far, strict=True):
            if missing:
                assert here <= mine
                assert mine or not offshore
            else:
                assert mine <= (here | offshore)
                assert not here or mine <= here or not (mine & here)


# Places typed from public gazetteers; what counts is whose land each is.
PLACES = {
    "Palma de Mallorca": (39.57, 2.65, "ES"), "Formentera": (38.70, 1.45, "ES"),
    "Tenerife": (28.27, -16.60, "ES"), "El Hierro": (27.73, -18.03, "ES"),
    "Melilla": (35.29, -2.94, "ES"), "Ceuta": (35.89, -5.31, "ES"), "Alboran": (35.94, -3.03, "ES"),
    "Funchal": (32.65, -16.91, "PT"), "Selvagens": (30.14, -15.87, "PT"),
    "Ponta Delgada": (37.75, -25.67, "PT"), "Corvo": (39.70, -31.10, "PT"),
    "Ajaccio": (41.93, 8.74, "FR"), "Ouessant": (48.46, -5.09, "FR"),
    "Saint-Denis": (-20.88, 55.45, "RE"), "Basse-Terre": (16.00, -61.73, "GP"),
    "Marie-Galante": (15.93, -61.27, "GP"), "Fort-de-France": (14.60, -61.07, "MQ"),
    "Mamoudzou": (-12.78, 45.23, "YT"), "Cayenne": (4.92, -52.31, "GF"),
    "Marigot": (18.07, -63.08, "MF"), "Mariehamn": (60.10, 19.94, "AX"),
    "Kuressaare": (58.25, 22.48, "EE"), "Visby": (57.64, 18.30, "SE"), "Ven": (55.90, 12.69, "SE"),
    "Ronne": (55.10, 14.70, "DK"), "Christianso": (55.32, 15.19, "DK"),
    "Helgoland": (54.18, 7.89, "DE"), "Texel": (53.08, 4.80, "NL"), "Aran": (53.12, -9.70, "IE"),
    "Valletta": (35.90, 14.51, "MT"), "Lampedusa": (35.51, 12.60, "IT"),
    "Vis": (43.04, 16.15, "HR"),
    "Rhodes": (36.44, 28.22, "GR"), "Kos": (36.89, 27.29, "GR"), "Chios": (38.37, 26.14, "GR"),
    "Mytilene": (39.10, 26.55, "GR"), "Corfu": (39.62, 19.92, "GR"),
    "Kastellorizo": (36.15, 29.59, "GR"), "Gavdos": (34.84, 24.09, "GR"),
    "Nicosia": (35.17, 33.36, "CY"), "Kyrenia": (35.34, 33.32, "CY"),
    # not of the Union
    "Nuuk": (64.18, -51.72, "GL"), "Torshavn": (62.01, -6.77, "FO"),
    "Noumea": (-22.27, 166.45, "NC"), "Papeete": (-17.54, -149.57, "PF"),
    "Gustavia": (17.90, -62.85, "BL"), "Saint-Pierre": (46.78, -56.18, "PM"),
    "Kralendijk": (12.15, -68.27, "BQ"), "Oranjestad": (12.52, -70.03, "AW"),
    "Kerguelen": (-49.35, 70.22, "TF"), "Longyearbyen": (78.22, 15.65, "SJ"),
    "Douglas": (54.15, -4.48, "IM"), "Saint Helier": (49.19, -2.11, "JE"),
    "Gibraltar": (36.14, -5.35, "GI"), "Bodrum": (37.03, 27.43, "TR"),
    # islands and small states of others
    "Singapore": (1.35, 103.82, "SG"), "Monaco": (43.73, 7.42, "MC"), "Vaduz": (47.14, 9.52, "LI"),
    "Honolulu": (21.31, -157.86, "US"), "Hagatna": (13.48, 144.75, "GU"),
    "San Juan": (18.45, -66.07, "PR"), "Naha": (26.21, 127.68, "JP"),
    "Port Blair": (11.62, 92.73, "IN"), "Male": (4.18, 73.51, "MV"), "Malabo": (3.75, 8.78, "GQ"),
    "Puerto Ayora": (-0.74, -90.31, "EC"), "Hanga Roa": (-27.15, -109.43, "CL"),
    "Kiritimati": (1.87, -157.40, "KI"), "Funafuti": (-8.52, 179.20, "TV"),
    "Waitangi": (-43.95, -176.55, "NZ"), "Taveuni": (-16.85, -179.97, "FJ"),
    "Wrangel Island": (71.20, -179.40, "RU"), "Edinburgh of the Seven Seas": (-37.07, -12.31, "SH"),
    "Kingston": (-29.06, 167.96, "NF"), "Flying Fish Cove": (-10.42, 105.68, "CX"),
    "Hong Kong": (22.28, 114.16, "HK"), "Jinmen": (24.44, 118.37, "TW"),
}  # fmt: skip


NEAR_THE_UNION = {"Gibraltar", "Bodrum", "Monaco", "Vaduz", "Gustavia"}
"""A neighbour of the Union is in sight."""


def test_islands_and_outer_regions_are_whose_they_are():
    places = np.radians([place[:2] for place in PLACES.values()]).T
    found = territories(*places, np.full(len(PLACES), 0.5 * KM))
    missed = {
        name: states
        for (name, place), states in zip(PLACES.items(), found, strict=True)
        if place[2] not in states
    }
    assert missed == {}


def test_the_union_is_where_its_treaties_put_it():
    outside = set(list(PLACES)[list(PLACES).index("Nuuk") :])
    places = np.radians([place[:2] for place in PLACES.values()]).T
    found = territories(*places, np.full(len(PLACES), 0.5 * KM))
    for name, held in zip(PLACES, found, strict=True):
        inside = any("EU" in regions_of(state) for state in held)
        if name not in {
            "Gibraltar",
            "Bodrum",
            "Monaco",
            "Vaduz",
            "Gustavia",
        }:  # a neighbour is in sight
            assert inside is (name not in outside), (name, held)


def test_near_a_shore_is_never_the_high_seas():
    offshore = [(35.75, 14.75), (39.85, 0.95), (36.9, -25.2), (48.2, -5.2), (43.6, 7.9)]
    for lat_deg, lon_deg in offshore:
        assert touched(lat_deg, lon_deg, 0.5), (lat_deg, lon_deg)
    for lat_deg, lon_deg in [(40.0, -40.0), (-30.0, 80.0), (38.0, 5.5), (57.0, 2.5)]:
        assert touched(lat_deg, lon_deg, 0.5) == ()


def test_both_names_of_the_date_line_and_the_poles():
    lat = np.radians(np.linspace(-90.0, 90.0, 361))
    half = np.full(len(lat), KM)
    assert territories(lat, np.full(len(lat), np.pi), half) == (
        territories(lat, np.full(len(lat), -np.pi), half)
    )
    assert touched(-90.0, 33.0, 1.0) == touched(-85.5, 180.0, 1.0) == ("AQ",)


def test_the_map_says_where_it_is_from_and_is_small():
    path = files("perigrid.workload") / "maps" / "borders.npz"
    assert len(path.read_bytes()) < 700_000
    with path.open("rb") as content:
        table = np.load(content, allow_pickle=False)
        about, codes = str(table["about"]), set(table["code"].tolist())
    assert "public domain" in about
    assert "sha256" in about
    assert codes == states()


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


@pytest.mark.parametrize("latitude_deg", [-60.1, -70.0, -77.9, -90.0])
def test_south_of_sixty_degrees_everything_is_antarctica(latitude_deg):
    """Ice shelves and their seas too: ISO 3166-1, and article VI of the Antarctic Treaty."""
    for longitude_deg in (-170.0, -50.0, 0.0, 72.0):
        where = np.radians([latitude_deg]), np.radians([longitude_deg])
        (found,) = territories(*where, np.full(1, 1e3))
        assert "AQ" in found
    north = np.radians([-59.0]), np.radians([0.0])
    assert territories(*north, np.full(1, 1e3)) == ((),)
