from dataclasses import replace

import pytest

from missions import COMPUTE, SCENARIO, with_group
from perigrid.fleet.aged_battery import with_aged_battery
from perigrid.fleet.build import build_fleet


def test_a_new_battery_keeps_its_capacity():
    assert with_aged_battery(COMPUTE) is COMPUTE


def test_use_and_time_take_their_share():
    worn = replace(
        COMPUTE.battery,
        cycles=10_000.0,
        cycle_depth=0.3,
        age_years=4.0,
        cycle_loss_share=2.0e-5,
        calendar_loss_share=0.01,
    )
    fleet = build_fleet(with_group(SCENARIO, "compute", battery=worn))
    left = fleet.groups[0].battery.capacity_j / worn.capacity_j
    assert left == pytest.approx(1.0 - 0.06 - 0.02)
    assert fleet.groups[0].battery.max_charge_w == worn.max_charge_w
