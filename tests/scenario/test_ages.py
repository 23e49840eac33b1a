"""Old element sets are said to be old."""

from __future__ import annotations

import dataclasses

import pytest

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.errors import ScenarioError
from perigrid.scenario.ages import STALE_AGE, age_warnings, along_track_error_m
from perigrid.scenario.elements import read_element_sets
from perigrid.scenario.load import load_scenario, parse_scenario
from scenario_inputs import MINIMAL, ORBIT, TLE, changed

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


def mission(days: float, *overrides: str):
    """One satellite whose elements are so many days older than the start."""
    row = (
        f"{{name: OLD, epoch: {after(0).iso()}, mean_motion_rev_per_day: 15, eccentricity: 0, "
        "inclination_deg: 97, raan_deg: 0, argument_of_perigee_deg: 0, mean_anomaly_deg: 0}"
    )
    text = changed(MINIMAL, ORBIT, f"element_sets: {{elements: [{row}]}}")
    start = f"start={after(days).iso()}"
    return parse_scenario(text, "m", folder=None, overrides=(start, *overrides))


@pytest.mark.parametrize("days", [30.1, -30.1, 731.0])
def test_elements_too_old_to_be_propagated_are_refused_unless_taken_as_they_are(days):
    with pytest.raises(ScenarioError, match=r"dated .* the start; propagable are those within 30"):
        mission(days)
    assert "expect about" in mission(days, "stale=true").warnings[0]


@pytest.mark.parametrize("days", [29.9, -29.9])
def test_younger_ones_are_warned_of(days):
    assert "more than 3 days" in mission(days).warnings[0]


def test_the_age_has_a_source():
    assert "Space-Track" in STALE_AGE.source
    assert STALE_AGE.confidence == "published"
