import math

import numpy as np
import pytest

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.physics.chunks import limited_threads
from perigrid.physics.contacts import StationLimits, SunLimits, station_windows
from perigrid.physics.frames import geodetic_to_ecef, gmst_rad, teme_to_ecef, up_vector
from perigrid.physics.sun import sun_elevation_rad, sun_position_m
from tests.physics.contacts.grids import START, ecef, low_orbits, orbit, runs, worst_edge_s

SPAN_S = 86_400.0
FINE = np.arange(0.0, SPAN_S + 1.0)
COARSE = np.arange(0.0, SPAN_S + 1.0, 60.0)
LATITUDE = np.radians([78.2, 40.0, -33.0, 90.0])
LONGITUDE = np.radians([15.4, 116.0, 151.0, 0.0])
MASKS = np.radians([2.0, 5.0, 0.0, 5.0])
HORIZON = np.radians([[10.0, 12.0], [80.0, 3.0], [95.0, 30.0], [200.0, 8.0], [330.0, 1.0]])


def satellites():
    return [*low_orbits(2), orbit(600e3, 610e3, 97.8, 10.0, 0.0, 20.0)]


def sun_ecef_m(times):
    return teme_to_ecef(sun_position_m(START, times), gmst_rad(START, times))


@pytest.fixture(scope="module")
def skies():
    """States on the coarse grid, and on the fine one offsets in station axes."""
    place = geodetic_to_ecef(LATITUDE, LONGITUDE, np.zeros(4))
    up = up_vector(LATITUDE, LONGITUDE)
    return ecef(satellites(), COARSE), ecef(satellites(), FINE)[0], place, up


def horizontal(position, place, latitude, longitude):
    """East, north and up of every satellite over a station by the textbook's rotation."""
    x, y, z = position - place[:, None, None]
    across = math.cos(longitude) * x + math.sin(longitude) * y
    east = math.cos(longitude) * y - math.sin(longitude) * x
    north = math.cos(latitude) * z - math.sin(latitude) * across
    return east, north, math.cos(latitude) * across + math.sin(latitude) * z


def compare(skies, limits, margin):
    (position, velocity), fine, place, up = skies
    found = station_windows(position, velocity, COARSE, place, up, MASKS, limits)
    worst, total = 0.0, 0
    for m in range(4):
        east, north, high = horizontal(fine, place[:, m], LATITUDE[m], LONGITUDE[m])
        elevation = np.arctan2(high, np.hypot(east, north))
        extra = margin(m, elevation, np.arctan2(east, north) % math.tau)
        for n in range(position.shape[1]):
            mine = (found.satellite == n) & (found.station == m)
            spans = np.stack([found.rise_s[mine], found.set_s[mine]], axis=1)
            expected = runs(np.minimum(elevation[n] - MASKS[m], extra[n]), FINE)
            worst = max(worst, worst_edge_s(spans, expected))
            for start, end, peak in zip(*spans.T, found.max_elevation_rad[mine], strict=True):
                inside = elevation[n][math.ceil(start) : int(end) + 1]
                assert peak > inside.max(initial=-1.0) - 1e-5
            total += len(spans)
    return total, worst, found


def test_azimuth_masks_as_on_a_grid_of_seconds(skies):
    tables = [HORIZON, None, HORIZON[:1], HORIZON]

    def margin(m, elevation, azimuth):
        if tables[m] is None:
            return np.full_like(elevation, 1.0)
        return elevation - np.interp(azimuth, *tables[m].T, period=math.tau)

    total, worst, found = compare(skies, StationLimits(azimuth_masks=tables), margin)
    assert total > 50
    assert worst < 0.1
    (position, velocity), _, place, up = skies
    free = station_windows(position, velocity, COARSE, place, up, MASKS)
    # A station without a table keeps its windows as they are.
    kept, bare = found.station == 1, free.station == 1
    np.testing.assert_array_equal(found.rise_s[kept], free.rise_s[bare])
    np.testing.assert_array_equal(found.max_elevation_rad[kept], free.max_elevation_rad[bare])
    assert found.set_s.sum() - found.rise_s.sum() < free.set_s.sum() - free.rise_s.sum()


def test_a_flat_azimuth_mask_is_an_elevation_mask(skies):
    (position, velocity), _, place, up = skies
    flat = np.array([[0.0, math.radians(20.0)], [3.0, math.radians(20.0)]])
    limits = StationLimits(azimuth_masks=[flat] * 4)
    one = station_windows(position, velocity, COARSE, place, up, MASKS, limits)
    two = station_windows(position, velocity, COARSE, place, up, np.full(4, math.radians(20.0)))
    assert len(one) == len(two) > 10
    np.testing.assert_allclose(one.rise_s, two.rise_s, atol=1e-3)
    np.testing.assert_allclose(one.set_s, two.set_s, atol=1e-3)


def test_a_narrow_post_in_the_horizon_cuts_a_pass_in_two(skies):
    (position, velocity), _, place, up = skies
    free = station_windows(position, velocity, COARSE, place, up, MASKS)
    fine = skies[1]
    i = int(np.flatnonzero((free.station == 1) & (free.set_s - free.rise_s > 400.0))[0])
    n = free.satellite[i]
    middle = round(0.5 * (free.rise_s[i] + free.set_s[i]))
    east, north, _ = horizontal(fine[:, n : n + 1], place[:, 1], LATITUDE[1], LONGITUDE[1])
    azimuth = float(np.arctan2(east[0, middle], north[0, middle]) % math.tau)
    width = 1e-4
    post = np.array([[-2, 0.0], [-1, 1.5], [1, 1.5], [2, 0.0]]) * [width, 1.0] + [azimuth, 0.0]
    limits = StationLimits(azimuth_masks=[None, post, None, None])
    cut = station_windows(position, velocity, COARSE, place, up, MASKS, limits)
    parts = (cut.station == 1) & (cut.satellite == n)
    parts &= (cut.rise_s >= free.rise_s[i] - 1e-6) & (cut.set_s <= free.set_s[i] + 1e-6)
    assert parts.sum() == 2
    assert cut.set_s[parts][0] < middle < cut.rise_s[parts][1]


def test_range_limits_as_on_a_grid_of_seconds(skies):
    longest = np.array([1500e3, math.inf, 2000e3, 900e3])
    _, fine, place, _ = skies

    def margin(m, elevation, azimuth):
        distance = np.linalg.norm(fine - place[:, m, None, None], axis=0)
        return np.clip((longest[m] - distance) / 1e6, -1.0, 1.0)

    total, worst, _ = compare(skies, StationLimits(max_range_m=longest), margin)
    assert total > 30
    assert worst < 0.1


def test_night_at_the_station_as_on_a_grid_of_seconds(skies):
    sun = sun_ecef_m(FINE)
    limits = StationLimits(
        sun=SunLimits(sun_ecef_m(COARSE), max_elevation_rad=np.radians([-6.0, -6.0, -12.0, 90.0]))
    )

    def margin(m, elevation, azimuth):
        height = sun_elevation_rad(LATITUDE[m : m + 1], LONGITUDE[m : m + 1], sun)
        return np.broadcast_to(np.radians([-6.0, -6.0, -12.0, 91.0])[m] - height, elevation.shape)

    total, worst, found = compare(skies, limits, margin)
    assert total > 20
    assert worst < 0.1
    assert 3 in found.station  # 90 degrees is no limit: the polar day keeps its windows


def test_daylight_at_the_station_as_on_a_grid_of_seconds(skies):
    sun = sun_ecef_m(FINE)
    limits = StationLimits(sun=SunLimits(sun_ecef_m(COARSE), min_elevation_rad=np.zeros(4)))

    def margin(m, elevation, azimuth):
        height = sun_elevation_rad(LATITUDE[m : m + 1], LONGITUDE[m : m + 1], sun)
        return np.broadcast_to(height, elevation.shape)

    total, worst, _ = compare(skies, limits, margin)
    assert total > 20
    assert worst < 0.1


@pytest.mark.parametrize(("light", "sign"), [("lit", 1.0), ("dark", -1.0)])
def test_light_on_the_satellite_as_on_a_grid_of_seconds(skies, light, sign):
    _, fine, _, _ = skies
    to_sun = sun_ecef_m(FINE)[:, None] - fine
    radius = np.linalg.norm(fine, axis=0)
    cosine = np.sum(-fine * to_sun, axis=0) / radius / np.linalg.norm(to_sun, axis=0)
    outside = np.arccos(cosine) - np.arcsin(EARTH_EQUATORIAL_RADIUS_M / radius)
    limits = StationLimits(sun=SunLimits(sun_ecef_m(COARSE), satellite=light))
    total, worst, _ = compare(skies, limits, lambda m, elevation, azimuth: sign * outside)
    assert total > (3 if light == "dark" else 30)
    assert worst < 0.1


def test_same_bytes_for_any_number_of_threads(skies):
    (position, velocity), _, place, up = skies
    many = [np.tile(state, (1, 40, 1)) for state in (position, velocity)]
    limits = StationLimits(
        [HORIZON, None, HORIZON, None],
        np.full(4, 1500e3),
        SunLimits(sun_ecef_m(COARSE), max_elevation_rad=np.zeros(4), satellite="lit"),
    )
    answers = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            found = station_windows(*many, COARSE, place, up, MASKS, limits)
        answers.append([getattr(found, name).tobytes() for name in found.__slots__])
    assert len(found) > 100
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(
    "mask",
    [
        [[0.0, 0.1], [0.0, 0.2]],
        [[1.0, 0.1], [0.5, 0.2]],
        [[-0.1, 0.1], [0.5, 0.2]],
        [[0.0, 0.1], [math.tau, 0.1]],
        [[0.0, 1.57], [1.0, 0.1]],
        [[0.0, math.nan], [1.0, 0.1]],
    ],
)
def test_refuses_masks_it_cannot_read(skies, mask):
    (position, velocity), _, place, up = skies
    limits = StationLimits(azimuth_masks=[np.array(mask), None, None, None])
    with pytest.raises(ValueError, match="azimuth mask"):
        station_windows(position, velocity, COARSE, place, up, MASKS, limits)


def test_refuses_another_number_of_masks(skies):
    (position, velocity), _, place, up = skies
    with pytest.raises(ValueError, match="1 azimuth masks for 4 stations"):
        station_windows(
            position, velocity, COARSE, place, up, MASKS, StationLimits(azimuth_masks=[HORIZON])
        )
