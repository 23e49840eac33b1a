"""The heat path of the library's bupt-1 against the telemetry of the satellite."""

import math

import pytest

from perigrid.scenario.load import load_scenario
from perigrid.validation import bupt_1 as of
from perigrid.validation.bupt_1 import bupt_1

pytestmark = pytest.mark.validation


def test_the_first_minutes_are_those_of_a_body_behind_a_conductance():
    # Before the satellite warms: P / G (1 - exp(-t G / C)) with the figures of one board.
    expected_k = 7.5 / 0.55 * (1.0 - math.exp(-5.0 * 60.0 * 0.55 / 500.0))
    assert of._rise_k(1, 5.0) == pytest.approx(expected_k, rel=0.01)


def test_the_last_rise_is_that_of_board_and_satellite():
    thermal = load_scenario("bupt-1").flown[0].thermal
    # Months on: the board stands 7.5 W / 0.55 W/K above a radiator that gives 7.5 W more.
    leak = thermal.emissivity * 5.670374419e-8 * thermal.radiator_area_m2
    radiator_k = (274.15**4 + 7.5 / leak) ** 0.25
    assert of._rise_k(1, 20_000.0) == pytest.approx(radiator_k + 7.5 / 0.55 - 274.15, abs=0.01)


def test_what_was_fitted_and_what_is_missed_is_said():
    cases = {case.case: case for case in bupt_1()}
    fitted = [name for name, case in cases.items() if "fitted: path" in case.note]
    assert [name.split()[3] for name in fitted] == ["25", "525"]
    (missed,) = [case for case in cases.values() if case.known_miss]
    assert -3.5 < missed.difference < -missed.tolerance


def test_the_library_has_the_flown_loads():
    (group,) = load_scenario("bupt-1").flown
    assert group.bus_load_w + group.computer.idle_w == pytest.approx(17.9)
    assert group.computer.active_w == pytest.approx(2 * 7.5 + 2 * 5.0)
