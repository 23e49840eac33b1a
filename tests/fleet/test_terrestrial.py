from __future__ import annotations

import math
from dataclasses import replace

import pytest

from missions import SCENARIO, station
from perigrid.fleet.build import build_fleet
from perigrid.fleet.terrestrial import fibre_delay_s, great_circle_m, nearest_centre


def test_a_quarter_of_the_equator():
    scenario = replace(SCENARIO, stations=(station("a", 0.0, 10.0), station("b", 0.0, 100.0)))
    fleet = build_fleet(scenario)
    assert great_circle_m(fleet, 150, 151) == pytest.approx(0.5 * math.pi * 6_371_008.8)
    assert great_circle_m(fleet, 151, 150) == great_circle_m(fleet, 150, 151)
    assert great_circle_m(fleet, 150, 150) == 0.0


def test_the_route_and_the_glass_slow_the_light():
    fleet = build_fleet(SCENARIO)
    straight = great_circle_m(fleet, 150, 155) / 299_792_458.0
    assert fibre_delay_s(SCENARIO, fleet, 150, 155) == pytest.approx(straight * 1.4 * 1.468)


def test_kiruna_goes_to_frankfurt_and_beijing_to_hangzhou():
    fleet = build_fleet(SCENARIO)
    assert fleet.names[nearest_centre(fleet, 150)] == "Frankfurt"
    assert fleet.names[nearest_centre(fleet, 151)] == "Hangzhou"


def test_no_centre_is_an_error():
    fleet = build_fleet(replace(SCENARIO, data_centres=()))
    with pytest.raises(ValueError, match="no data centre"):
        nearest_centre(fleet, 150)
