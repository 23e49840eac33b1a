"""From a scenario to its gate: packs, rules and policies joined, parsed and checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from perigrid.base.codec import digest
from perigrid.base.errors import Problem, ScenarioError
from perigrid.control.policy.custody import Custody
from perigrid.control.policy.engine import PolicySet
from perigrid.control.policy.gate import BUDGET_S, Gate
from perigrid.control.policy.packs import BASE, pack_text, schema_text
from perigrid.control.policy.places import places_of
from perigrid.control.policy.reading import PolicyText
from perigrid.control.policy.rules import rules_text
from perigrid.control.policy.vocabulary import Words
from perigrid.fleet.model import Fleet
from perigrid.scenario.model import PolicyFile, Scenario
from perigrid.scenario.pipeline import Stage
from perigrid.scenario.vocabulary import Vocabulary
from perigrid.workload.territory import shared_territories

RULES: Final = "rules"
_CEDAR: Final = ".cedar"
_LAST_BUILT: Final[list[tuple[Scenario, Fleet, PolicySet]]] = []
"""The policies built last, with what they were built from."""


def policy_texts(scenario: Scenario) -> tuple[PolicyText, ...]:
    """Everything that decides, in order of precedence.

    Parameters
    ----------
    scenario : Scenario
        Rules, policies and jurisdictions.

    Returns
    -------
    tuple of PolicyText
        The scenario's rules as Cedar, its own policies, the packs, and what holds everywhere.
    """
    rules = [PolicyText(RULES, rules_text(scenario.rules))] if scenario.rules else []
    own = [
        PolicyText(file.name, file.text, is_own=True)
        for file in scenario.governance.policies
        if file.name.endswith(_CEDAR)
    ]
    packs = [
        PolicyText(f"pack {name}", pack_text(name))
        for name in (*scenario.governance.jurisdictions, BASE)
    ]
    return (*rules, *own, *packs)


def build_policies(scenario: Scenario, fleet: Fleet) -> PolicySet:
    """Parse and check everything that decides.

    Parameters
    ----------
    scenario : Scenario
        Rules, policies, jurisdictions and parties.
    fleet : Fleet
        The nodes.

    Returns
    -------
    PolicySet
        Ready to be asked; the same one for the same two objects asked again, since it never changes
        and a comparison needs it a dozen times.
    """
    for known_scenario, known_fleet, known in _LAST_BUILT:
        if known_scenario is scenario and known_fleet is fleet:
            return known
    places = places_of(fleet, scenario.governance.parties)
    own = _own_entities(scenario.governance.policies)
    words = Words.known(Vocabulary.of(scenario), places.names, own)
    built = PolicySet(policy_texts(scenario), schema_text(), [*places.entities(), *own], words)
    _LAST_BUILT[:] = [(scenario, fleet, built)]
    return built


def build_gate(
    scenario: Scenario,
    fleet: Fleet,
    clock: Callable[[], float] | None = None,
    budget_s: float = BUDGET_S,
) -> Gate:
    """Make the gate of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Whose law holds.
    fleet : Fleet
        The nodes.
    clock : callable, optional
        As :class:`Gate` takes it; for live runs.
    budget_s : float
        Longest a decision may take by that clock [s].

    Returns
    -------
    Gate
        That knows of no observation yet.
    """
    policies = build_policies(scenario, fleet)
    places = places_of(fleet, scenario.governance.parties)
    pipeline, handling = scenario.pipeline, scenario.governance.handling
    custody = Custody(
        places,
        handling,
        _gsd_m(fleet),
        {stage.name: model_digest(stage) for stage in pipeline.stages},
        pipeline.delivering,
        scenario.rules,
        shared_territories if "territory" in policies.attributes else None,
    )
    return Gate(policies, places, custody, handling.weights_export_classes, clock, budget_s)


def _gsd_m(fleet: Fleet) -> list[float]:
    """Ground sample distance of what each node may hand out as its own [m]."""
    of_group = [0.0 if group.sensor is None else group.sensor.gsd_m for group in fleet.groups]
    # What a flight's ground nodes give to be computed counts as pixels of the first imager.
    first = next((one for one in of_group if one > 0.0), 0.0)
    others = len(fleet.names) - fleet.n_satellites
    return [*(of_group[index] for index in fleet.group_of.tolist()), *[first] * others]


def model_digest(stage: Stage) -> str:
    """Fingerprint of a stage's model as the scenario describes it.

    Parameters
    ----------
    stage : Stage
        Model, its cost and where it runs.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    return digest(asdict(stage))


def _own_entities(files: tuple[PolicyFile, ...]) -> list[dict[str, Any]]:
    """Entities of the scenario's policies folder, which may not replace nodes of the fleet."""
    entities: list[dict[str, Any]] = []
    problems = []
    for file in files:
        if file.name.endswith(_CEDAR):
            continue
        try:
            found = json.loads(file.text)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 0)
            said = "brackets in brackets without end" if line == 0 else str(error)
            problems.append(Problem(f"not JSON: {said}", "write a list of entities", "",
                                    file.name, line, 1))  # fmt: skip
            continue
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            message = "not a list of entities"
            problems.append(Problem(message, 'each is {"uid", "attrs", "parents"}', "", file.name))
            continue
        entities += found
    if problems:
        raise ScenarioError(problems)
    return entities
