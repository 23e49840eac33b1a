from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from missions import CENTRES, COMPUTE, COMPUTER, EYES, SCENARIO, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.outlook import build_outlook
from perigrid.fleet.sustained import fleet_sustained
from perigrid.scenario.model import Scenario

# Two orbits, so that a day's light and shadow are whole.
_ORBITS = replace(SCENARIO, duration_s=11_400.0, groups=(COMPUTE,), stations=())


def _sustained(scenario: Scenario):
    fleet = build_fleet(scenario)
    return fleet_sustained(fleet, build_outlook(scenario, fleet))


def test_a_strong_bus_runs_its_computer_flat_out():
    result = _sustained(_ORBITS)
    assert result is not None
    assert result.compute_w == pytest.approx([400.0] * 6)
    assert set(result.binding) == {"computer"}


def test_a_small_array_binds_by_energy():
    scenario = with_group(_ORBITS, "compute", array=replace(COMPUTE.array, area_m2=1.5))
    result = _sustained(scenario)
    assert result is not None
    assert set(result.binding) <= {"energy", "battery"}
    # Mean array power is about 0.64 x 550 W; the bus takes 150 W of it.
    assert 120.0 < result.compute_w.mean() < 205.0


def test_a_small_radiator_binds_by_heat():
    thermal = replace(COMPUTE.thermal, radiator_area_m2=0.6)
    result = _sustained(with_group(_ORBITS, "compute", thermal=thermal))
    assert result is not None
    assert set(result.binding) == {"heat"}
    assert result.compute_w.max() < 400.0


def test_the_battery_is_used_down_to_its_floor():
    small = replace(COMPUTE.battery, capacity_j=1.2e6)
    results = [
        _sustained(with_group(_ORBITS, "compute", battery=replace(small, min_soc=floor)))
        for floor in (0.2, 0.6)
    ]
    deep, shallow = (result.compute_w.mean() + COMPUTE.bus_load_w for result in results)
    assert set(results[1].binding) == {"battery"}
    assert deep == pytest.approx(2.0 * shallow, rel=0.01)  # 0.8 against 0.4 of the capacity


def test_the_computer_stays_where_it_does_not_throttle():
    def result(**changes: float):
        thermal = replace(COMPUTE.thermal, radiator_area_m2=0.6, **changes)
        return _sustained(with_group(_ORBITS, "compute", thermal=thermal)).compute_w

    assert (result(computer_throttle_k=320.0) < result()).all()
    assert (result(computer_limit_k=360.0) == result()).all()


def test_without_a_computer_there_is_nothing_to_sustain():
    assert _sustained(with_group(_ORBITS, "compute", computer=None)) is None
    assert COMPUTER.active_w == 400.0


def test_each_group_by_its_own_bus_and_one_without_a_computer_limits_nothing():
    mission = replace(SCENARIO, groups=(EYES, CENTRES), duration_s=6000.0)
    fleet = build_fleet(mission)
    found = fleet_sustained(fleet, build_outlook(mission, fleet))
    alone = replace(SCENARIO, groups=(CENTRES,), duration_s=6000.0)
    own = fleet_sustained(build_fleet(alone), build_outlook(alone, build_fleet(alone)))
    assert found.compute_w.tolist() == [0.0] * 3 + own.compute_w.tolist()
    assert np.isinf(found.heat_w[:3]).all()
    assert found.binding == ("computer",) * 3 + own.binding
