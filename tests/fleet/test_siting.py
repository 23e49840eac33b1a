"""Where one more station would help most."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, START, gateway, station
from perigrid.fleet.long_track import long_track
from perigrid.fleet.siting import next_station
from perigrid.scenario.model import SunSynchronous, WalkerShell

KIRUNA = station("Kiruna", 67.86, 20.96)
POLAR = replace(COMPUTE, orbit=SunSynchronous(2, 550e3, 6.0))
LOW = replace(COMPUTE, orbit=WalkerShell(1, 1, 0, 550e3, math.radians(20.0), math.tau, 0.0))


@pytest.fixture(scope="module")
def polar():
    return long_track(POLAR, START)


def seen(track, *stations):
    """Time in view by sampling, to a minute: the straight way."""
    position = track.ephemeris.position_ecef_m
    open_now = np.zeros(position.shape[1:], dtype=bool)
    for one in stations:
        lat, lon = one.latitude_rad, one.longitude_rad
        up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
        # The geodetic point, by its definition on the ellipsoid.
        a, e2 = 6378137.0, 0.00669437999014
        normal = a / math.sqrt(1.0 - e2 * math.sin(lat) ** 2)
        height = one.height_m
        site = np.array(
            [
                (normal + height) * math.cos(lat) * math.cos(lon),
                (normal + height) * math.cos(lat) * math.sin(lon),
                (normal * (1.0 - e2) + height) * math.sin(lat),
            ]
        )
        away = position - site[:, None, None]
        sine = np.einsum("i,ijk->jk", up, away) / np.linalg.norm(away, axis=0)
        open_now |= sine > math.sin(one.min_elevation_rad)
    return open_now


def longest_gap_s(open_now):
    """Longest run of closed minutes of any satellite."""
    longest = 0
    for row in open_now:
        edges = np.flatnonzero(np.concatenate([[True], row, [True]]))
        longest = max(longest, int(np.diff(edges).max()) - 1)
    return 60.0 * longest


def test_what_there_is_and_what_it_would_be_agree_with_samples(polar):
    found = next_station(replace(SCENARIO, stations=(KIRUNA,)), [KIRUNA], [polar])
    now = seen(polar, KIRUNA)
    assert found.today.share == pytest.approx(now.mean(), abs=0.002)
    assert found.today.longest_gap_s == pytest.approx(longest_gap_s(now), abs=120.0)
    for site in (found.most_contact, found.shortest_gap, found.best_named):
        there = station(
            "there",
            math.degrees(site.latitude_rad),
            math.degrees(site.longitude_rad),
            height_m=0.0,
        )
        then = seen(polar, KIRUNA, there)
        assert site.view.share == pytest.approx(then.mean(), abs=0.002)
        assert site.view.longest_gap_s == pytest.approx(longest_gap_s(then), abs=120.0)


def test_no_place_tried_is_better_than_the_best(polar):
    found = next_station(replace(SCENARIO, stations=(KIRUNA,)), [KIRUNA], [polar])
    # Over the poles an orbit comes by each turn; the north has a station already.
    assert math.degrees(found.most_contact.latitude_rad) < -60.0
    assert found.most_contact.view.share >= found.shortest_gap.view.share > found.today.share
    assert found.shortest_gap.view.longest_gap_s <= found.most_contact.view.longest_gap_s
    for latitude, longitude in ((-72.0, 2.5), (78.2, 15.4), (-53.2, -70.9), (0.0, 30.0)):
        other = seen(polar, KIRUNA, station("other", latitude, longitude, height_m=0.0))
        assert other.mean() <= found.most_contact.view.share + 0.002


def test_a_low_inclination_asks_for_the_tropics():
    found = next_station(replace(SCENARIO, stations=()), [], [long_track(LOW, START)])
    assert found.today.share == 0.0
    assert found.today.longest_gap_s == pytest.approx(5.0 * 86_400.0)
    assert abs(math.degrees(found.most_contact.latitude_rad)) < 25.0


def test_places_that_the_scenario_names_are_tried_and_those_with_a_station_are_not(polar):
    ports = (KIRUNA, gateway("Troll", -72.0, 2.5), gateway("Also Kiruna", 67.86, 20.96))
    found = next_station(replace(SCENARIO, stations=ports), [KIRUNA], [polar])
    assert found.best_named.name == "Troll"
    fewer = next_station(replace(SCENARIO, stations=(KIRUNA,)), [KIRUNA], [polar])
    assert found.tried == fewer.tried + 1


def test_a_station_that_waits_for_the_night_is_seen_less(polar):
    dark = replace(KIRUNA, max_sun_elevation_rad=math.radians(-6.0))
    always, night = (
        next_station(replace(SCENARIO, stations=(one,)), [one], [polar]).today
        for one in (KIRUNA, dark)
    )
    assert night.share < 0.7 * always.share


def test_groups_of_satellites_count_together(polar):
    alone = next_station(SCENARIO, [KIRUNA], [polar]).today
    both = next_station(SCENARIO, [KIRUNA], [polar, long_track(LOW, START)]).today
    # Two that see Kiruna and one that never does.
    assert both.share == pytest.approx(2.0 / 3.0 * alone.share)
    assert both.longest_gap_s == pytest.approx(5.0 * 86_400.0)


def test_nobody_sends():
    assert next_station(SCENARIO, [KIRUNA], []) is None
