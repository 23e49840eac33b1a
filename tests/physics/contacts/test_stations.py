import math

import numpy as np
import pytest

from perigrid.base.time import Epoch
from perigrid.physics.chunks import limited_threads
from perigrid.physics.contacts import station_windows
from perigrid.physics.frames import (
    ecef_velocity,
    geodetic_to_ecef,
    gmst_rad,
    teme_to_ecef,
    up_vector,
)
from perigrid.physics.orbit.design import walker_elements
from perigrid.physics.orbit.propagate import propagate
from tests.physics.contacts import grids

START = Epoch.from_iso("2026-08-22")
MASKS = np.radians([0.0, 5.0, 10.0, 25.0, 60.0, 10.0])
LATITUDE = np.radians([78.2, 40.0, -33.0, 5.0, 0.0, 53.0])
LONGITUDE = np.radians([15.4, 116.0, 151.0, -52.0, 30.0, -1.0])


def satellites():
    return walker_elements(
        "w",
        planes=3,
        satellites_per_plane=2,
        phasing=1,
        altitude_m=550e3,
        inclination_rad=math.radians(53.0),
        raan_spread_rad=math.tau,
        first_raan_rad=0.0,
        epoch=START,
    )


def ecef(t_s):
    position, velocity, _ = propagate(satellites(), START, t_s)
    angle = gmst_rad(START, t_s)
    fixed = teme_to_ecef(position, angle)
    return fixed, ecef_velocity(fixed, velocity, angle)


def stations():
    place = geodetic_to_ecef(LATITUDE, LONGITUDE, np.zeros(len(LATITUDE)))
    return place, up_vector(LATITUDE, LONGITUDE), MASKS


def find(step_s, span_s=43200.0):
    times = np.arange(0.0, span_s + 1.0, step_s)
    return station_windows(*ecef(times), times, *stations())


def truth(span_s=43200.0):
    """Edges on a 1 s grid of SGP4 itself, by linear interpolation."""
    times = np.arange(0.0, span_s + 1.0)
    position, _ = ecef(times)
    place, up, masks = stations()
    found = []
    for m in range(len(masks)):
        offset = position - place[:, m, None, None]
        sine = np.einsum("int,i->nt", offset, up[:, m]) / np.linalg.norm(offset, axis=0)
        elevation = np.arcsin(sine) - masks[m]
        for n, one in enumerate(elevation):
            above = one > 0.0
            change = np.flatnonzero(above[1:] != above[:-1])
            crossing = times[change] + one[change] / (one[change] - one[change + 1])
            edges = np.concatenate(
                [[0.0][: int(above[0])], crossing, [span_s][: int(above[-1])]]
            ).reshape(-1, 2)
            found += [(n, m, a, b, one[int(a) : int(b) + 2].max() + masks[m]) for a, b in edges]
    return sorted(found, key=lambda row: row[2])


@pytest.mark.parametrize("step_s", [30.0, 60.0])
def test_no_window_missed_and_edges_within_a_tenth_of_a_second(step_s):
    windows = find(step_s)
    expected = {(n, m): [] for n, m, *_ in truth()}
    for n, m, *rest in truth():
        expected[n, m].append(rest)
    assert len(windows) == sum(len(rows) for rows in expected.values())
    worst = 0.0
    for (n, m), rows in expected.items():
        mine = (windows.satellite == n) & (windows.station == m)
        assert mine.sum() == len(rows)
        for column, name in enumerate(("rise_s", "set_s")):
            difference = getattr(windows, name)[mine] - [row[column] for row in rows]
            worst = max(worst, np.abs(difference).max(initial=0.0))
        peaks = windows.max_elevation_rad[mine] - [row[2] for row in rows]
        # The 1 s grid's own peak lies below the true one by at most half a second of motion.
        assert np.all(peaks > -1e-6)
        assert np.all(peaks < 0.01)
    assert worst < 0.1


def test_passes_shorter_than_a_step_are_found():
    coarse = find(60.0)
    short = (coarse.set_s - coarse.rise_s) < 60.0
    assert short.any()
    assert np.all(coarse.set_s > coarse.rise_s)


def test_sorted_by_rise():
    windows = find(60.0)
    assert np.all(np.diff(windows.rise_s) >= 0.0)
    assert len(windows) == len(windows.station)


def test_grazing_pass_between_two_samples():
    # A straight pass over a flat station: elevation 10 deg is passed for a few seconds only.
    up = np.array([[0.0], [0.0], [1.0]])
    place = np.zeros((3, 1))
    height, aside, speed = 500e3, 2.8e6, 7500.0
    times = np.array([-60.0, 0.0, 60.0]) + 17.0
    position = np.stack([speed * times, np.full(3, aside), np.full(3, height)])[:, None]
    velocity = np.zeros_like(position)
    velocity[0] = speed
    peak = math.atan2(height, aside)
    half_s = 5.0
    mask = math.atan2(height, math.hypot(aside, speed * half_s))
    windows = station_windows(position, velocity, times, place, up, np.array([mask]))
    assert len(windows) == 1
    assert windows.rise_s[0] == pytest.approx(-half_s, abs=0.01)
    assert windows.set_s[0] == pytest.approx(half_s, abs=0.01)
    assert windows.max_elevation_rad[0] == pytest.approx(peak, abs=1e-9)
    above = station_windows(position, velocity, times, place, up, np.array([peak + 1e-6]))
    assert len(above) == 0


def test_geostationary_satellite_stays_up():
    times = np.arange(0.0, 86401.0, 600.0)
    position = np.zeros((3, 1, len(times)))
    position[0] = 42164e3
    windows = station_windows(
        position,
        np.zeros_like(position),
        times,
        np.array([[6378137.0], [0.0], [0.0]]),
        np.array([[1.0], [0.0], [0.0]]),
        np.radians([10.0]),
    )
    assert (windows.rise_s[0], windows.set_s[0]) == (0.0, 86400.0)
    assert windows.max_elevation_rad[0] == pytest.approx(math.pi / 2)


def test_satellite_without_positions_gets_no_windows():
    times = np.arange(0.0, 3600.0, 60.0)
    position, velocity = ecef(times)
    position[:, 0], velocity[:, 0] = np.nan, np.nan
    windows = station_windows(position, velocity, times, *stations())
    assert 0 not in windows.satellite


def test_more_windows_than_the_first_buffer_holds():
    count = 400
    times = np.arange(0.0, 14400.0, 60.0)
    position, velocity = ecef(times)
    latitude = np.full(count, math.radians(20.0))
    longitude = np.linspace(-math.pi, math.pi, count, endpoint=False)
    place = geodetic_to_ecef(latitude, longitude, np.zeros(count))
    up = up_vector(latitude, longitude)
    masks = np.zeros(count)
    windows = station_windows(position[:, :1], velocity[:, :1], times, place, up, masks)
    assert len(windows) > 256
    one = station_windows(
        position[:, :1], velocity[:, :1], times, place[:, -1:], up[:, -1:], masks[-1:]
    )
    last = windows.station == count - 1
    np.testing.assert_array_equal(windows.rise_s[last], one.rise_s)


HIGH_ORBITS = {
    "Molniya": (grids.orbit(600e3, 39_700e3, 63.4, 40.0, 270.0, 200.0), 60.0),
    "low Molniya": (grids.orbit(500e3, 39_800e3, 63.4, 130.0, 280.0, 350.0), 60.0),
    "transfer": (grids.orbit(250e3, 35_786e3, 27.0, 100.0, 178.0, 10.0), 30.0),
    "inclined geosynchronous": (grids.orbit(35_780e3, 35_792e3, 30.0, 10.0, 0.0, 0.0), 300.0),
    "polar": (grids.orbit(540e3, 560e3, 89.9, 33.0, 90.0, 5.0), 60.0),
}


@pytest.mark.parametrize("name", HIGH_ORBITS)
def test_every_orbit_and_latitude_within_a_tenth_of_a_second(name):
    one, step_s = HIGH_ORBITS[name]
    span_s = 86400.0
    latitude = np.radians([90.0, 89.0, 78.2, 45.0, 5.0, -33.0, -90.0])
    longitude = np.radians([0.0, 10.0, 15.4, 100.0, -52.0, 151.0, 0.0])
    place = geodetic_to_ecef(latitude, longitude, np.zeros(7))
    up = up_vector(latitude, longitude)
    masks = np.radians([0.0, 5.0, 10.0, 10.0, 5.0, 30.0, -1.0])
    times, fine = np.arange(0.0, span_s + 1.0, step_s), np.arange(0.0, span_s + 1.0)
    windows = station_windows(*grids.ecef([one], times), times, place, up, masks)
    truth_m, _ = grids.ecef([one], fine)
    worst_s, total = 0.0, 0
    for m in range(7):
        sine = grids.sines_of_elevation(truth_m, place[:, m], up[:, m])[0]
        mine = windows.station == m
        spans = np.stack([windows.rise_s[mine], windows.set_s[mine]], axis=1)
        expected = grids.runs(np.arcsin(sine) - masks[m], fine)
        worst_s = max(worst_s, grids.worst_edge_s(spans, expected))
        total += len(spans)
    assert total >= 5
    assert worst_s < 0.1  # [s] the design's demand


def test_an_uneven_grid_finds_the_same_windows():
    even = np.arange(0.0, 43201.0, 60.0)
    jumps = np.random.default_rng(3).uniform(5.0, 75.0, 2000)
    uneven = np.concatenate([[0.0], np.cumsum(jumps)])
    uneven = np.append(uneven[uneven < 43190.0], 43200.0)
    one = station_windows(*ecef(even), even, *stations())
    two = station_windows(*ecef(uneven), uneven, *stations())
    np.testing.assert_array_equal(one.satellite, two.satellite)
    np.testing.assert_allclose(one.rise_s, two.rise_s, atol=0.02)
    np.testing.assert_allclose(one.set_s, two.set_s, atol=0.02)
    np.testing.assert_allclose(one.max_elevation_rad, two.max_elevation_rad, atol=1e-5)


def test_same_bytes_for_any_number_of_threads():
    times = np.arange(0.0, 43201.0, 60.0)
    states = ecef(times)
    many = [np.tile(state, (1, 10, 1)) for state in states]
    answers = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            windows = station_windows(*many, times, *stations())
        answers.append([getattr(windows, name).tobytes() for name in windows.__slots__])
    assert len(windows) > 500
    assert answers[0] == answers[1] == answers[2]


def test_windows_open_at_both_ends():
    windows = find(60.0)
    inside = windows.rise_s[5] + 1.0, windows.set_s[5] - 1.0
    part = np.linspace(*inside, 9)
    n, m = windows.satellite[5], windows.station[5]
    place, up, masks = stations()
    position, velocity = ecef(part)
    states = position[:, n : n + 1], velocity[:, n : n + 1]
    cut = station_windows(*states, part, place[:, m : m + 1], up[:, m : m + 1], masks[m : m + 1])
    assert (cut.rise_s.tolist(), cut.set_s.tolist()) == ([inside[0]], [inside[1]])
    assert cut.max_elevation_rad[0] == pytest.approx(windows.max_elevation_rad[5], abs=1e-5)


def test_one_time_or_no_station_has_no_windows():
    times = np.arange(0.0, 7200.0, 60.0)
    position, velocity = ecef(times)
    assert len(station_windows(position[..., :1], velocity[..., :1], times[:1], *stations())) == 0
    nowhere = np.empty((3, 0))
    assert len(station_windows(position, velocity, times, nowhere, nowhere, np.empty(0))) == 0
    no_one = position[:, :0], velocity[:, :0]
    assert len(station_windows(*no_one, times, *stations())) == 0


def test_peaks_are_right_to_a_microradian_also_near_the_zenith():
    # A straight pass over a flat station at each of several distances.
    up = np.array([[0.0], [0.0], [1.0]])
    height, speed = 500e3, 7500.0
    times = np.arange(-300.0, 301.0, 60.0) + 23.0
    for aside in (0.0, 1.0, 1e3, 1e6):
        position = np.stack([speed * times, np.full(11, aside), np.full(11, height)])[:, None]
        velocity = np.zeros_like(position)
        velocity[0] = speed
        windows = station_windows(position, velocity, times, np.zeros((3, 1)), up, np.zeros(1))
        peak = math.atan2(height, aside)
        assert windows.max_elevation_rad[0] == pytest.approx(peak, abs=1e-7)


def test_a_dip_between_two_samples_splits_a_window():
    # A satellite that dips below the mask for 2 s in the middle of a step.
    up = np.array([[0.0], [0.0], [1.0]])
    times = np.array([-60.0, 0.0, 60.0]) + 20.0
    depth, half_s = 20.0, 1.0
    gain = depth / half_s**2
    position = np.stack([np.full(3, 1e6), np.zeros(3), gain * times**2 - depth])[:, None]
    velocity = np.stack([np.zeros(3), np.zeros(3), 2.0 * gain * times])[:, None]
    windows = station_windows(position, velocity, times, np.zeros((3, 1)), up, np.zeros(1))
    np.testing.assert_allclose(windows.rise_s, [-40.0, half_s], atol=1e-4)
    np.testing.assert_allclose(windows.set_s, [-half_s, 80.0], atol=1e-4)
