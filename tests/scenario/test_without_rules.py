"""What is left out with the rules, and what stays."""

import pytest

from governed import study
from perigrid.base.errors import ScenarioError
from perigrid.scenario.load import load_scenario
from perigrid.scenario.model import Governance
from perigrid.scenario.oversight import Oversight
from perigrid.scenario.sharing import Sharing
from perigrid.scenario.stored import scenario_text, text_digest
from perigrid.scenario.without_rules import without_rules


def test_rules_people_and_grants_go_and_what_describes_stays():
    ruled = study("handling.purpose=flood-mapping", "autonomy.hours=2").scenario
    free = without_rules(ruled)
    assert free.rules == ()
    assert free.oversight == Oversight()
    assert free.sharing == Sharing()
    assert free.governance == Governance(
        parties=ruled.governance.parties, handling=ruled.governance.handling
    )
    assert free.governance.handling.purpose == "flood-mapping"
    assert (free.groups, free.demand, free.seed) == (ruled.groups, ruled.demand, ruled.seed)
    assert free.digest == text_digest(scenario_text(free)) != ruled.digest


def test_a_mission_without_rules_is_refused():
    with pytest.raises(ScenarioError, match="no rules to leave out"):
        without_rules(load_scenario("three-body"))
    with pytest.raises(ScenarioError):
        without_rules(without_rules(study().scenario))
