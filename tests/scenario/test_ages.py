"""Old element sets are said to be old."""

from __future__ import annotations

import dataclasses

import pytest

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.scenario.ages import age_warnings, along_track_error_m
from perigrid.scenario.elements import read_element_sets
from perigrid.scenario.load import load_scenario
from scenario_inputs import TLE

(ISS,) = read_element_sets(TLE, "x.tle")


def after(days: float):
    return ISS.epoch.plus(days * SECONDS_PER_DAY)


def test_the_error_is_800_km_in_11_days_and_grows_with_the_square():
    assert along_track_error_m(11 * SECONDS_PER_DAY) == pytest.approx(800e3)
    assert along_track_error_m(-5.5 * SECONDS_PER_DAY) == pytest.approx(200e3)


@pytest.mark.parametrize(("days", "warned"), [(0, False), (2.99, False), (-2.99, False),
                                              (3.01, True), (-3.01, True), (40, True)])  # fmt: skip
def test_three_days_either_way_pass(days, warned):
    assert bool(age_warnings("g", (ISS,), after(days))) is warned


def test_the_worst_is_named_with_its_age_and_error():
    newer = dataclasses.replace(ISS, name="NEWER", epoch=after(5))
    (text,) = age_warnings("g", (newer, ISS), after(11))
    assert "2 of 2" in text
    assert "ISS (ZARYA), is dated 11.0 days before" in text
    assert "about 800 km" in text
    assert "221 to 3,900 km" in text


def test_three_body_warns_of_its_one_old_element_set():
    (text,) = load_scenario("three-body", overrides=("start=2026-08-22T12:00:00Z",)).warnings
    assert "1 of 12" in text
    assert "SCS-01 D, is dated 6.8 days before" in text
    assert "about 304 km" in text
