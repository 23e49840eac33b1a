"""Jobs that no policy tells apart, and what their data may cross."""

from dataclasses import replace

import numpy as np
import pytest

from batch_cases import computing
from perigrid.control.policy.build import build_gate
from perigrid.fleet.build import build_fleet
from perigrid.scenario.model import Rule
from perigrid.sim.job_classes import crossed_warnings, job_classes


def test_jobs_of_one_place_are_one_class_whenever_they_are_asked_for(world):
    here, there = list(world.fleet.stations)[:2]
    asked = computing(world, {"origin": np.array([here, there, here, here])})
    probes, alike = job_classes(asked, build_gate(asked.scenario, asked.fleet))
    assert [one.origin for one in probes] == [here, there]
    assert alike.tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize(("state", "told"), [("CN", False), ("SE", True)])
def test_satellites_that_are_closed_and_may_be_crossed_are_told(world, state, told):
    """Two groups, one of which a rule closes; or both, and then nothing is computed there."""
    group, *others = world.scenario.groups
    groups = (group, replace(group, name="far", operator="other", registry_state=state), *others)
    scenario = replace(world.scenario, groups=groups)
    asked = computing(replace(world, scenario=scenario, fleet=build_fleet(scenario)))
    rule = Rule("at-home", "deny", "move", "raw", "CN", "any", "closed")
    found = crossed_warnings(replace(asked, scenario=replace(asked.scenario, rules=(rule,))))
    assert len(found) == told
    if told:
        assert found[0].startswith("rules close 6 of 12 satellites to some jobs")
    assert crossed_warnings(asked) == crossed_warnings(world) == ()
