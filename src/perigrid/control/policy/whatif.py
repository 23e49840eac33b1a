"""What the gate would say: one question by hand, and an overview of what decides."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any, Final

from perigrid.base.errors import InputError, Problem
from perigrid.base.messages import Verdict
from perigrid.base.states import regions_of
from perigrid.control.policy.build import build_gate, policy_texts
from perigrid.control.policy.engine import PolicySet
from perigrid.control.policy.request import (
    ACTIONS,
    ADMIT,
    DERIVED,
    DOWNLINK,
    LOAD_MODEL,
    MANOEUVRE,
    MOVE,
    OPERATOR,
    RAW,
    SCHEDULER,
    Burn,
    Circumstances,
    Load,
    Request,
    Scene,
    whole_cm,
)
from perigrid.control.policy.vocabulary import Words
from perigrid.fleet.model import Fleet
from perigrid.scenario.model import Handling, Scenario
from perigrid.scenario.problems import no_such_node
from perigrid.scenario.vocabulary import Vocabulary, remedy_for

_WORDS: Final = {"true": True, "false": False}
_OF_THE_MISSION: Final = frozenset({"territory", "customer", "areas", "held_by"})
"""Facts that are names of the mission's; others may be made up to ask what would be if."""


def ask(
    scenario: Scenario,
    fleet: Fleet,
    action: str,
    node: str,
    facts: dict[str, str],
    *,
    by_person: bool = False,
) -> Verdict:
    """Ask the gate of a scenario one question by hand.

    Parameters
    ----------
    scenario : Scenario
        Whose law holds.
    fleet : Fleet
        The nodes.
    action : str
        One of :data:`perigrid.control.policy.request.ACTIONS`.
    node : str
        Name of the node.
    facts : dict of str
        What differs from the scenario's own handling; members of sets are parted by commas.
    by_person : bool
        Whether a person wants it, not a program.

    Returns
    -------
    Verdict
        As a run would record it; of a gateway, with the relay satellites on the way there.

    Raises
    ------
    InputError
        If there is no such action, node or fact, or a value does not fit. A gate denies what it
        does not know; who asks by hand has misspelt it.
    """
    if action not in ACTIONS:
        remedy = f"choose from {', '.join(ACTIONS)}"
        raise InputError([Problem(f"no action is called {action!r}", remedy, "--action")])
    if node not in fleet.names:
        raise InputError([no_such_node(node, fleet.names, "--node")])
    about, now = _defaults(scenario, fleet, action), Circumstances()
    known = {name: (about if hasattr(about, name) else now) for name in _names(about, now)}
    wrong = [name for name in facts if name not in known]
    if wrong:
        remedy = f"it may be {', '.join(known)}"
        raise InputError([Problem(f"{action} has no fact {n!r}", remedy, "--fact") for n in wrong])
    values: dict[str, Any] = {name: _value(name, text, known[name]) for name, text in facts.items()}
    _demand_words(values, Words.known(Vocabulary.of(scenario), fleet.names))
    of_now = {name: value for name, value in values.items() if hasattr(now, name)}
    of_about: Any = {name: value for name, value in values.items() if name not in of_now}
    who = OPERATOR if by_person else SCHEDULER
    request = Request(
        action,
        node,
        dataclasses.replace(about, **of_about),
        dataclasses.replace(now, **of_now),
        who,
    )
    gate = build_gate(scenario, fleet)
    row = fleet.names.index(node)
    if action not in (MOVE, DOWNLINK) or row not in gate.places.behind_mesh:
        return gate.decide(request)
    # What comes to a gateway has crossed the relay network, whose satellites are asked as well.
    steps = [
        (relay, dataclasses.replace(request, action=MOVE, node=gate.place_name(relay)))
        for relay in gate.places.mesh
    ]
    return gate.strictest([*steps, (row, request)])


def _names(*records: Scene | Load | Burn | Circumstances) -> list[str]:
    return [field.name for record in records for field in dataclasses.fields(record)]


def overview(scenario: Scenario, policies: PolicySet) -> dict[str, Any]:
    """Count what decides and say how it is pinned.

    Parameters
    ----------
    scenario : Scenario
        Whose law holds.
    policies : PolicySet
        Its policies, parsed.

    Returns
    -------
    dict
        ``policies`` by the text they stand in, and ``digests``.
    """
    counts = Counter(policy.file for policy in policies.policies)
    by_text = {text.name: counts[text.name] for text in policy_texts(scenario)}
    return {"policies": by_text, "digests": policies.digests()}


def _defaults(scenario: Scenario, fleet: Fleet, action: str) -> Scene | Load | Burn:
    handling = scenario.governance.handling
    if action == MANOEUVRE:
        return Burn("station-keeping", 0, 86_400, 1, 0, 0)
    if action in (LOAD_MODEL, ADMIT):
        return _load(handling)
    sensor = next((group.sensor for group in fleet.groups if group.sensor), None)
    return Scene(
        territory=(),
        level=RAW,
        gsd_cm=0 if sensor is None else whole_cm(sensor.gsd_m),
        people_visible=handling.people_visible,
        areas=(),
        captured_s=0,
        purpose=handling.purpose,
        customer=handling.customer,
        licence=handling.licence,
        export_classes=handling.data_export_classes,
        held_by=(fleet.operators[0],),
        held_barred=(),
    )


def _load(handling: Handling) -> Load:
    return Load(
        model_known=True,
        purpose=handling.purpose,
        customer=handling.customer,
        licence=handling.licence,
        export_classes=handling.weights_export_classes,
        held_by=(),
        held_barred=(),
    )


def _value(name: str, text: str, record: Scene | Load | Burn | Circumstances) -> object:
    """Read a fact in the kind its default has."""
    default = getattr(record, name)
    if isinstance(default, bool):
        if text not in _WORDS:
            raise _misfit(name, text, "true or false")
        return _WORDS[text]
    if isinstance(default, int):
        if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit():
            raise _misfit(name, text, "a whole number")
        return int(text)
    if isinstance(default, tuple):
        members = {one.strip() for one in text.split(",") if one.strip()}
        if name == "territory":
            members |= {region for state in members for region in regions_of(state)}
        return tuple(sorted(members))
    if name == "level" and text not in (RAW, DERIVED):
        raise _misfit(name, text, f"{RAW} or {DERIVED}")
    return text


def _demand_words(values: dict[str, Any], words: Words) -> None:
    """Refuse what no rule can match: it would be allowed like what no rule is about."""
    for name in _OF_THE_MISSION & values.keys():
        known, value = words.of[f"context.{name}"], values[name]
        for one in (value,) if isinstance(value, str) else value:
            if one not in known:
                message = f"{name} is never {one!r}"
                raise InputError([Problem(message, remedy_for(one, known), "--fact")])


def _misfit(name: str, text: str, wanted: str) -> InputError:
    return InputError([Problem(f"{name}: {text!r} is not {wanted}", f"write {wanted}", "--fact")])
