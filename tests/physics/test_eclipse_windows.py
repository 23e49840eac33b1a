import math

import numpy as np
import pytest

from perigrid.base.constants import ASTRONOMICAL_UNIT_M, EARTH_EQUATORIAL_RADIUS_M
from perigrid.base.time import Epoch
from perigrid.physics.chunks import limited_threads
from perigrid.physics.eclipse import illumination
from perigrid.physics.eclipse_windows import Shadow, shadow_windows
from perigrid.physics.orbit.design import walker_elements
from perigrid.physics.orbit.propagate import propagate
from perigrid.physics.sun import sun_position_m

START = Epoch.from_iso("2026-08-22")
DAY_S = 86400.0


def fleet(step_s=60.0, span_s=DAY_S / 4):
    orbits = walker_elements(
        "shell",
        planes=4,
        satellites_per_plane=2,
        phasing=1,
        altitude_m=550e3,
        inclination_rad=math.radians(53.0),
        raan_spread_rad=math.tau,
        first_raan_rad=0.4,
        epoch=START,
    )
    times = np.arange(0.0, span_s + 0.5 * step_s, step_s)
    position, velocity, _ = propagate(orbits, START, times)
    return position, velocity, times, sun_position_m(START, times)


def circle(radius_m, beta_rad, times, period_s=6000.0):
    """One satellite on a circle, the Sun at rest on the first axis."""
    angle, rate = math.tau * times / period_s, math.tau / period_s
    first = np.array([math.cos(beta_rad), 0.0, -math.sin(beta_rad)])[:, None]
    second = np.array([0.0, 1.0, 0.0])[:, None]
    position = radius_m * (first * np.cos(angle) + second * np.sin(angle))
    velocity = radius_m * rate * (second * np.cos(angle) - first * np.sin(angle))
    sun = np.zeros((3, len(times)))
    sun[0] = ASTRONOMICAL_UNIT_M
    return position[:, None], velocity[:, None], times, sun


def test_edges_lie_where_the_light_begins_to_change():
    position, velocity, times, sun = fleet()
    windows = shadow_windows(position, velocity, times, sun)
    fine_position, _, fine, fine_sun = fleet(step_s=1.0)
    lit = illumination(fine_position, fine_sun)
    checked = 0
    for row in range(position.shape[1]):
        for kind, dark in ((Shadow.PENUMBRA, lit[row] < 1.0), (Shadow.UMBRA, lit[row] == 0.0)):
            changes = np.flatnonzero(dark[1:] != dark[:-1])
            edges = windows.of(row, kind).ravel()
            edges = edges[(edges > 0.0) & (edges < times[-1])]
            assert len(edges) == len(changes)
            # Within the second before the first sample that differs, but for 0.4 m of the Hermite.
            assert np.all(edges >= fine[changes] - 1e-2)
            assert np.all(edges <= fine[changes + 1] + 1e-2)
            checked += len(edges)
    assert checked > 100


def test_umbra_lies_within_penumbra():
    windows = shadow_windows(*fleet())
    for row in range(8):
        outer, inner = windows.of(row, Shadow.PENUMBRA), windows.of(row, Shadow.UMBRA)
        assert len(outer) == len(inner) > 2
        inside = slice(1, -1)
        assert np.all(outer[inside, 0] < inner[inside, 0])
        assert np.all(inner[inside, 1] < outer[inside, 1])


@pytest.mark.parametrize("margin_m", [-30.0, 30.0])
def test_a_graze_shorter_than_a_step_is_found(margin_m):
    radius_m = 7.0e6
    # Penumbra's radius at depth d is R / cos + d tan: aim the lowest point of the circle beside it.
    sine = (695.7e6 + EARTH_EQUATORIAL_RADIUS_M) / ASTRONOMICAL_UNIT_M
    tangent = sine / math.sqrt(1.0 - sine**2)
    at_rest = EARTH_EQUATORIAL_RADIUS_M / math.sqrt(1.0 - sine**2)
    beta = math.asin(at_rest / radius_m / math.sqrt(1.0 + tangent**2)) + math.atan(tangent)
    beta += margin_m / radius_m / math.cos(beta - math.atan(tangent))
    times = np.arange(0.0, 6001.0, 60.0) + 30.0
    windows = shadow_windows(*circle(radius_m, beta, times), flattening=0.0)
    if margin_m > 0.0:
        assert len(windows) == 0
    else:
        (stay,) = windows.of(0, Shadow.PENUMBRA)
        assert stay.mean() == pytest.approx(3000.0, abs=0.05)
        assert 0.0 < stay[1] - stay[0] < 20.0
        assert len(windows) == 1


def test_stays_at_the_ends_of_the_grid_are_cut_there():
    times = np.arange(2900.0, 3101.0, 50.0)
    windows = shadow_windows(*circle(7.0e6, 0.0, times))
    assert windows.kind.tolist() == [0, 1]
    assert windows.start_s.tolist() == [2900.0, 2900.0]
    assert windows.end_s.tolist() == [3100.0, 3100.0]


def test_bytes_do_not_depend_on_the_threads(monkeypatch):
    monkeypatch.setattr("perigrid.physics.eclipse_windows._STATES_PER_THREAD", 1)
    inputs = fleet()
    answers = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            found = shadow_windows(*inputs)
        answers.append([found.satellite, found.kind, found.start_s, found.end_s])
    for other in answers[1:]:
        for mine, theirs in zip(answers[0], other, strict=True):
            assert mine.tobytes() == theirs.tobytes()


def test_satellites_without_a_position_have_no_windows():
    position, velocity, times, sun = fleet()
    position[1, 3, 5] = np.nan
    windows = shadow_windows(position, velocity, times, sun)
    assert 3 not in windows.satellite
    assert set(windows.satellite) == {0, 1, 2, 4, 5, 6, 7}


@pytest.mark.parametrize(("n", "n_times"), [(0, 5), (3, 1), (3, 0), (0, 0)])
def test_nothing_to_search_gives_no_windows(n, n_times):
    empty = np.full((3, n, n_times), 7e6)
    windows = shadow_windows(empty, empty, np.arange(float(n_times)), np.ones((3, n_times)) * 1e11)
    assert len(windows) == 0
