"""Ranges and repetitions of elements in any form."""

from __future__ import annotations

import dataclasses
import math

from perigrid.scenario.problems import Place
from perigrid.scenario.raw_elements import LIMITS, check_unique, out_of_range
from perigrid.scenario.tle import parse_tle
from scenario_inputs import TLE

(RAW,) = parse_tle(TLE, "x")


def test_si_values_of_an_element_set():
    si = RAW.to_si()
    assert si.mean_motion_rad_s * 86_400 / (2 * math.pi) - 15.72125391 < 1e-12
    assert si.inclination_rad == math.radians(51.6416)
    assert si.bstar == RAW.bstar


def test_each_limit_is_enforced_on_both_sides():
    assert not list(out_of_range(RAW))
    for name, low, high, _ in LIMITS:
        for value in (math.nextafter(low, -math.inf), math.nextafter(high, math.inf)):
            found = list(out_of_range(dataclasses.replace(RAW, **{name: value})))
            assert [found_name for found_name, _ in found] == [name]


def test_uncatalogued_objects_may_repeat():
    place = Place("x", 1)
    free = dataclasses.replace(RAW, norad_id=0)
    assert not check_unique([(free, place), (free, place)])
    assert len(check_unique([(RAW, place), (RAW, place)])) == 1
