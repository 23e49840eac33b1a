import numpy as np
import pytest

from core_cases import JOB, core
from missions import SCENARIO
from perigrid.base.architecture import COMPARED, ORBITAL, Architecture
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
    first = first_belief(fleet, outlook, SCENARIO.pipeline, architecture, plan)
    flown = core(architecture).belief
    assert first.works.on(0, 1.6e9) == flown.works.on(0, 1.6e9)
    assert first.work_s(0, JOB) > 0.0
    assert first.work(0, JOB).energy_j > 0.0
    assert first.may_migrate == (architecture is ORBITAL)
    assert flown.telemetry is None
    assert not np.any(flown.busy_until_s)
