import math
import time
from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO
from perigrid.fleet.lifetime import fleet_hold_m_s_per_year, fleet_lifetime, under_rule
from perigrid.physics.atmosphere import SolarActivity
from perigrid.physics.orbit.design import sun_synchronous_inclination_rad
from perigrid.physics.orbit.disposal import Verdict, lifetime
from perigrid.scenario.load import load_scenario
from perigrid.scenario.model import SunSynchronous

START = SCENARIO.start


def test_every_satellite_of_a_ring_has_the_lifetime_of_its_orbit():
    found = fleet_lifetime(COMPUTE, START)
    alone = lifetime(
        6378137.0 + 520e3, 0.0, sun_synchronous_inclination_rad(520e3), 2.2 * 3.0 / 300.0
    )
    np.testing.assert_allclose(found.mean_years, np.full(6, alone.mean_years[0]), rtol=1e-6)
    np.testing.assert_allclose(found.latest_years, np.full(6, alone.latest_years[0]), rtol=1e-6)
    assert found.verdict(np.full(6, True)) is Verdict.UNCERTAIN


def test_a_heavier_satellite_stays_longer_and_is_held_more_cheaply():
    heavy = replace(COMPUTE, mass_kg=600.0)
    ratio = fleet_lifetime(heavy, START).mean_years / fleet_lifetime(COMPUTE, START).mean_years
    np.testing.assert_allclose(ratio, 2.0, rtol=1e-3)
    hold = fleet_hold_m_s_per_year(heavy, START) / fleet_hold_m_s_per_year(COMPUTE, START)
    np.testing.assert_allclose(hold, 0.5)


def test_holding_at_solar_maximum_costs_more():
    low, _, high = (fleet_hold_m_s_per_year(COMPUTE, START, level)[0] for level in SolarActivity)
    assert 0.0 < low < high


def test_a_high_ring_fails_the_five_year_check():
    high = replace(COMPUTE, orbit=SunSynchronous(3, 800e3, 6.0))
    assert fleet_lifetime(high, START).verdict(np.full(3, True)) is Verdict.BROKEN


def test_the_main_scenario_is_quick():
    scenario = load_scenario("three-body")
    group = scenario.group("compute")
    fleet_lifetime(group, scenario.start)  # imports and tables
    began = time.process_time()
    found = fleet_lifetime(group, scenario.start)
    assert time.process_time() - began < 0.4  # three levels, and a cycle from six phases
    assert len(found.mean_years) == 12
    assert np.isfinite(found.mean_years).all()
    assert (found.active_years < found.mean_years).all()
    assert math.isfinite(found.quiet_years.max())


@pytest.mark.parametrize("name", ["mass_kg", "drag_area_m2", "drag_coefficient"])
def test_defaults_say_where_they_are_from(name):
    scenario = load_scenario("three-body")
    (number,) = (one for one in scenario.provenance if one.key == f"groups.scs-01.{name}")
    assert number.source
    assert number.confidence in {"assumed", "published"}


def test_the_five_year_rule_asks_those_that_pass_below_2000_km():
    for altitude_m, asked in ((1_900e3, True), (2_100e3, False)):
        group = replace(COMPUTE, orbit=replace(COMPUTE.orbit, altitude_m=altitude_m))
        assert (under_rule(group, START) == asked).all()
