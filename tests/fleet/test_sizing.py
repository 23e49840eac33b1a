from __future__ import annotations

from dataclasses import replace

import pytest

from missions import COMPUTE, SCENARIO, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import ContactKind
from perigrid.fleet.outlook import build_outlook
from perigrid.fleet.sizing import group_sizing
from perigrid.fleet.sustained import fleet_sustained
from perigrid.physics.sizing import Margins
from perigrid.scenario.model import SunSynchronous

LINKS = {ContactKind.DOWNLINK, ContactKind.CROSSLINK}
RING = replace(
    with_group(SCENARIO, "compute", orbit=SunSynchronous(14, 520.0e3, 10.5)),
    duration_s=11_400.0,
    stations=(),
)


def world(scenario):
    fleet = build_fleet(scenario)
    return fleet, build_outlook(scenario, fleet)


@pytest.fixture(scope="module")
def ring():
    return world(RING)


def test_the_bus_that_is_sized_sustains_its_computer_and_no_more(ring):
    found = group_sizing(*ring, 0, LINKS)
    sized = with_group(
        RING,
        "compute",
        array=replace(COMPUTE.array, area_m2=found.array_area_m2),
        battery=replace(
            COMPUTE.battery,
            capacity_j=found.battery_capacity_j,
            max_charge_w=1500.0 / 7.2e6 * found.battery_capacity_j,
            max_discharge_w=1500.0 / 7.2e6 * found.battery_capacity_j,
        ),
        thermal=replace(COMPUTE.thermal, radiator_area_m2=found.radiator_area_m2),
        # A larger computer, so that the bus is what binds.
        computer=replace(COMPUTE.computer, active_w=900.0),
    )
    back = fleet_sustained(*world(sized), LINKS)
    assert back.compute_w.min() == pytest.approx(COMPUTE.computer.active_w, abs=0.05)
    for limit in (back.heat_w, back.energy_w, back.battery_w):
        assert limit.min() == pytest.approx(COMPUTE.computer.active_w, abs=0.05)


def test_lasers_years_and_margins_ask_for_more(ring):
    alone, linked = group_sizing(*ring, 0), group_sizing(*ring, 0, LINKS)
    assert linked.array_area_m2 > alone.array_area_m2
    assert linked.radiator_area_m2 > alone.radiator_area_m2
    old = group_sizing(*ring, 0, life_years=5.0)
    assert old.array_area_m2 == pytest.approx(alone.array_area_m2 / 0.98**5, rel=1e-9)
    # This bus gives no fade of its own.
    assert old.battery_capacity_j == pytest.approx(alone.battery_capacity_j, rel=1e-6)
    wide = group_sizing(*ring, 0, margins=Margins(0.1, 0.1, 0.1))
    assert wide.radiator_area_m2 == pytest.approx(1.1 * alone.radiator_area_m2)


def test_without_a_computer_there_is_nothing_to_size():
    fleet, outlook = world(RING)
    bare = replace(fleet, groups=(replace(fleet.groups[0], computer=None),))
    assert group_sizing(bare, outlook, 0) is None
