from dataclasses import replace

import pytest

from missions import SCENARIO
from perigrid.base.architecture import COMPARED, ORBITAL, RELAY
from perigrid.base.errors import ScenarioError
from perigrid.control.build import build_controller
from perigrid.fleet.build import build_fleet
from perigrid.fleet.ephemeris import satellite_ephemeris
from perigrid.fleet.outlook import build_outlook
from perigrid.sim import world

MISSION = replace(SCENARIO, duration_s=3600.0)
FLEET = build_fleet(MISSION)


@pytest.mark.parametrize("architecture", list(COMPARED))
def test_a_fresh_controller_has_nothing_booked_and_may_use_only_its_links(architecture):
    outlook = build_outlook(MISSION, FLEET, satellite_ephemeris(MISSION))
    belief = build_controller(MISSION, FLEET, outlook, architecture).belief
    assert belief.plan.booked_bytes.sum() == 0.0
    assert belief.telemetry is None
    assert belief.may_migrate == (architecture is ORBITAL)
    other = build_controller(MISSION, FLEET, outlook, architecture).belief
    assert other.plan is not belief.plan


def test_an_unknown_scheduler_is_named():
    outlook = build_outlook(MISSION, FLEET, satellite_ephemeris(MISSION))
    with pytest.raises(ScenarioError, match="oracle"):
        build_controller(replace(MISSION, scheduler="oracle"), FLEET, outlook, RELAY)


def test_simulator_and_live_runs_build_the_same():
    assert world.build_controller is build_controller
