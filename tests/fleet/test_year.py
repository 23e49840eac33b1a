"""The light of a year."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, START, with_group
from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.base.time import Epoch
from perigrid.fleet.build import build_fleet, elements_of
from perigrid.fleet.outlook import build_outlook
from perigrid.fleet.year import YEAR_DAYS, beta_over_year_rad, group_year
from perigrid.scenario.model import ElementSets, SunSynchronous, WalkerShell

DAWN = replace(COMPUTE, orbit=SunSynchronous(6, 650e3, 6.0))
SHELL = replace(
    COMPUTE,
    orbit=WalkerShell(3, 4, 1, 550e3, math.radians(53.0), 2.0 * math.pi, 0.0),
)


def date(day):
    return START.plus(float(day) * 86_400.0).iso()[:10]


def test_a_dawn_dusk_orbit_is_dark_around_one_solstice_alone():
    (plane,) = group_year(DAWN, START)
    assert plane.members.tolist() == list(range(6))
    darkest = int(np.argmax(plane.dark_s))
    assert "2026-12-20" < date(plane.day[darkest]) < "2026-12-25"  # to the step of 24 s
    # validation case dawn-dusk-year: 19.7 min at most at 650 km
    assert plane.dark_s[darkest] / 60.0 == pytest.approx(19.5, abs=0.3)
    in_light = [
        date(day) for day, dark_s in zip(plane.day, plane.dark_s, strict=True) if not dark_s
    ]
    assert date(0) in in_light
    assert all(not "2026-11-10" < one < "2027-01-31" for one in in_light)


def test_the_shadow_of_a_day_is_that_of_a_run_on_that_day():
    (plane,) = group_year(DAWN, START)
    row = int(np.argmax(plane.dark_s))
    then = START.plus(float(plane.day[row]) * 86_400.0)
    run = replace(with_group(SCENARIO, "compute", orbit=DAWN.orbit), start=then, step_s=30.0)
    run = replace(run, duration_s=5 * plane.step_s * plane.illumination.shape[1], stations=())
    outlook = build_outlook(run, build_fleet(run))
    assert plane.illumination[row].mean() == pytest.approx(
        outlook.illumination[0].mean(), abs=0.004
    )
    assert plane.array_w[row].mean() == pytest.approx(outlook.array_w[0].mean(), rel=0.005)
    assert plane.environment_w[row].mean() == pytest.approx(
        outlook.environment_w[0].mean(), rel=0.005
    )


def test_the_sun_over_a_plane_goes_as_far_as_inclination_and_ecliptic_allow():
    for one in elements_of(SHELL, START)[::4]:
        beta_deg = np.degrees(beta_over_year_rad(one, START))
        assert len(beta_deg) == YEAR_DAYS
        assert 70.0 < np.abs(beta_deg).max() < 53.0 + 23.44
        # The node turns once against the Sun in 60 days.
        assert 10 <= np.count_nonzero(np.diff(np.sign(beta_deg))) <= 14


def test_every_month_has_the_days_of_the_longest_and_of_the_shortest_night():
    planes = group_year(SHELL, START)
    assert [one.members.tolist() for one in planes] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    edge_rad = math.asin(EARTH_EQUATORIAL_RADIUS_M / (EARTH_EQUATORIAL_RADIUS_M + 550e3))
    for one in planes:
        assert one.day[0] == 0
        assert len(set(one.day // 31)) == 12
        assert np.degrees(np.abs(one.beta_rad)).max() > 65.0
        assert np.degrees(np.abs(one.beta_rad)).min() < 5.0
        high = np.abs(one.beta_rad) > edge_rad + math.radians(1.0)  # penumbra and flattening
        assert high.any()
        assert (one.dark_s[high] == 0.0).all()
        low = np.abs(one.beta_rad) < math.radians(5.0)
        # 0.3722 of an orbit behind a sphere; less behind the flattened Earth; steps of 24 s.
        np.testing.assert_allclose(one.dark_s[low] / 60.0, 0.3722 * 95.5, atol=0.4)


def test_a_published_orbit_is_held_for_the_year():
    elements = elements_of(DAWN, START)
    falling = replace(
        DAWN, orbit=ElementSets(tuple(replace(one, bstar=0.01) for one in elements), "test")
    )
    held, designed = (group_year(one, START)[0] for one in (falling, DAWN))
    np.testing.assert_array_equal(held.array_w, designed.array_w)


def test_of_many_planes_some_are_flown():
    many = replace(SHELL, orbit=replace(SHELL.orbit, planes=60, satellites_per_plane=1, phasing=0))
    planes = group_year(many, START)
    assert len(planes) == 16
    assert [one.satellite for one in planes] == [row * 60 // 16 for row in range(16)]


def test_satellites_of_unlike_heights_fly_apart():
    elements = elements_of(DAWN, START)
    other = elements_of(replace(DAWN, orbit=SunSynchronous(1, 600e3, 6.0)), START)
    mixed = replace(DAWN, orbit=ElementSets((*elements, *other), "test"))
    first, second = group_year(mixed, Epoch.from_iso("2026-08-22"))
    assert second.members.tolist() == [6]
    assert second.step_s < first.step_s
