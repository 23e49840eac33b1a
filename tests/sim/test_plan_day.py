"""One satellite through the run with every load on."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from missions import SCENARIO
from perigrid.fleet.build import build_fleet
from perigrid.fleet.outlook import build_outlook
from perigrid.physics.heat import two_node_steady_k
from perigrid.physics.sustained import SustainedCompute
from perigrid.sim.plan_day import busy_day, hardest_pressed


def flown(hours, **changes):
    scenario = replace(SCENARIO, duration_s=hours * 3600.0, **changes)
    fleet = build_fleet(scenario)
    return fleet, build_outlook(scenario, fleet)


def test_the_satellite_with_the_least_to_hold_is_chosen():
    none = np.zeros(3)
    limits = SustainedCompute(
        none,
        np.array([5.0, 5.0, 5.0]),
        np.array([5.0, 2.0, 5.0]),
        np.full(3, 3.0),
        ("",) * 3,
        *([none] * 3),
    )
    assert hardest_pressed(limits) == 1
    assert hardest_pressed(None) == 0


def test_the_series_are_plain_and_charge_follows_the_light():
    fleet, outlook = flown(4)
    day = busy_day(fleet, outlook, 1)
    assert json.loads(json.dumps(day)) == day
    assert day["satellite"] == fleet.names[1]
    lengths = {len(values) for values in day.values() if isinstance(values, list)}
    assert lengths == {len(outlook.t_s) - 1}
    charge, light = np.array(day["battery_soc"]), np.array(day["sunlit"])
    dark = (light[:-1] == 0.0) & (light[1:] == 0.0)
    assert dark.any()
    assert (np.diff(charge)[dark] <= 0.0).all()


def test_temperatures_settle_where_the_steady_state_says():
    fleet, outlook = flown(40)
    calm = replace(outlook, environment_w=np.full_like(outlook.environment_w, 100.0))
    day = busy_day(fleet, calm, 0)
    bus = fleet.groups[0]
    computer_k, radiator_k = two_node_steady_k(
        np.array([bus.computer.active_w]),
        np.array([100.0 + bus.bus_load_w]),
        conductance_w_k=bus.thermal.conductance_w_k,
        emissivity=bus.thermal.emissivity,
        area_m2=bus.thermal.radiator_area_m2,
    )
    assert day["computer_c"][-1] == pytest.approx(computer_k[0] - 273.15, abs=0.05)
    assert day["radiator_c"][-1] == pytest.approx(radiator_k[0] - 273.15, abs=0.05)


def test_a_long_run_makes_a_small_document():
    fleet, outlook = flown(40)
    assert len(outlook.t_s) > 1441
    assert len(busy_day(fleet, outlook, 0)["t_h"]) <= 1440
