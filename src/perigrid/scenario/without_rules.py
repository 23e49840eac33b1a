"""A mission without its governance, so that one can say what governance costs."""

from __future__ import annotations

import dataclasses

from perigrid.base.errors import Problem, ScenarioError
from perigrid.scenario.model import Governance, Scenario
from perigrid.scenario.oversight import Oversight
from perigrid.scenario.sharing import Sharing
from perigrid.scenario.stored import scenario_text, text_digest


def without_rules(scenario: Scenario) -> Scenario:
    """Leave out everything by which people and law hold a mission back.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    Scenario
        Without rules, own policies, jurisdictions, approvals, envelopes, orders, limits of
        autonomy, ownership of single satellites and grants. What describes parties, observations
        and models stays, and so does the base pack, which holds in every gate.

    Raises
    ------
    ScenarioError
        If there is nothing to leave out.
    """
    governance = scenario.governance
    free = dataclasses.replace(
        scenario,
        rules=(),
        governance=Governance(parties=governance.parties, handling=governance.handling),
        oversight=Oversight(),
        sharing=Sharing(),
    )
    if free == scenario:
        message, remedy = "the scenario has no rules to leave out", "leave --rules out"
        raise ScenarioError([Problem(message, remedy, path=scenario.source_path)])
    return dataclasses.replace(free, digest=text_digest(scenario_text(free)))
