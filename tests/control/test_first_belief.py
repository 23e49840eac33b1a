import numpy as np
import pytest

from missions import SCENARIO
from perigrid.base.architecture import COMPARED, ORBITAL, Architecture
from perigrid.control.build import build_controller, scene_area_m2
from perigrid.control.contact_plan import ContactPlan
from perigrid.control.first_belief import first_belief
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import ContactKind
from perigrid.fleet.windows import no_contacts
from scheduling_cases import empty_outlook


@pytest.mark.parametrize("architecture", COMPARED)
def test_a_controller_begins_with_it(architecture: Architecture) -> None:
    fleet = build_fleet(SCENARIO)
    outlook = empty_outlook(fleet)
    plan = ContactPlan(no_contacts(), ContactKind.of(architecture.every_link), len(fleet.names), {})
    area_m2 = scene_area_m2(fleet)
    first = first_belief(fleet, outlook, SCENARIO.pipeline, area_m2, architecture, plan)
    flown = build_controller(SCENARIO, fleet, outlook, architecture).belief
    assert first.work_s == flown.work_s > 0.0
    assert first.work_j == flown.work_j > 0.0
    assert first.may_migrate == (architecture is ORBITAL)
    assert first.telemetry is None
    assert not np.any(first.busy_until_s)
