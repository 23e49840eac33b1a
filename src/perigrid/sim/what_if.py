"""What would have turned a verdict: the same questions to the gate with one fact changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from perigrid.base.messages import Action, Compute, Move
from perigrid.base.states import regions_of
from perigrid.control.oversight import terms_of
from perigrid.control.policy.approval.authority import Authority
from perigrid.control.policy.build import policy_texts
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.request import DERIVED, RAW, Request, Scene
from perigrid.control.policy.verdicts import STRICTNESS
from perigrid.scenario.model import Scenario

Steps = Sequence[tuple[int, Request]]
Change = tuple[str, Callable[[Request], Request]]

MOST_PEOPLE: Final = 3
"""Approvals by up to so many people are tried (assumed)."""

_EQUAL: Final = re.compile(r'context\.(\w+)\s*(?:==|!=)\s*"([^"]+)"')
_AMONG: Final = re.compile(r"\[([^\]]*)\]\s*\.contains\(context\.(\w+)\)")
_ASKED: Final = re.compile(r'context\.(\w+)\.contains\("([^"]+)"\)')


@dataclass(frozen=True, slots=True)
class Turn:
    """One change of a single fact that turns the verdict.

    Parameters
    ----------
    change : str
        What would be otherwise, in words.
    decision, rule : str
        What the gate would say then.
    """

    change: str
    decision: str
    rule: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What the rules say of an action, and what would turn it.

    Parameters
    ----------
    decision, rule : str
        What the rules by themselves said.
    approved_by : tuple of str
        Roles of those whose approvals of this very action counted.
    tried : int
        How many changes were tried.
    turns : tuple of Turn
        Those that turn the verdict.
    """

    decision: str
    rule: str
    approved_by: tuple[str, ...]
    tried: int
    turns: tuple[Turn, ...]


class Watcher:
    """Waits for an action to be judged, and asks what would turn its verdict.

    Parameters
    ----------
    scenario : Scenario
        Its people and rules are tried.
    subject : Action
        Which; nothing is asked about any but moves and stages.

    Attributes
    ----------
    active : bool
        Whether it looks.
    found : WhatIf or None
        What was asked; None if the action was not judged.
    """

    def __init__(self, scenario: Scenario, subject: Action) -> None:
        self._scenario = scenario
        self._subject = subject
        self.active = False
        self.found: WhatIf | None = None

    def __call__(self, authority: Authority, action: Action, t_s: float) -> None:
        """Look at an action that is about to be judged."""
        wanted = self.active and self.found is None and action == self._subject
        if not wanted or not isinstance(action, (Move, Compute)):
            return
        book, gate = authority.intake.book, authority.gate
        approvers = book.granted(authority.hash_of(action), t_s)
        steps = gate.requests(action, t_s=t_s, approvers=approvers)
        decision, rule = _judged(gate, steps)
        changes = list(_changes(self._scenario, gate, steps))
        turns = []
        for words, change in changes:
            then = _judged(gate, [(row, change(request)) for row, request in steps])
            if then[0] != decision:
                turns.append(Turn(words, *then))
        elsewhere, asked = _elsewhere(gate, steps, decision)
        roles = tuple(one.role for one in approvers)
        tried = len(changes) + asked
        self.found = WhatIf(decision, rule, roles, tried, (*turns, *elsewhere))


def _judged(gate: Gate, steps: Steps) -> tuple[str, str]:
    """Decision and rule over all steps, the strictest first, as the gate judges."""
    verdicts = [gate.decide(request) for _, request in steps]
    worst = min(verdicts, key=lambda verdict: STRICTNESS[verdict.decision])
    return worst.decision, worst.rule


def _elsewhere(gate: Gate, steps: Steps, decision: str) -> tuple[list[Turn], int]:
    """Ask about other nodes of the same kind in place of the last one."""
    row, request = steps[-1]
    places = gate.places.places
    tried = dict.fromkeys(
        other
        for other, place in enumerate(places)
        if place.kind == places[row].kind and gate.place_name(other) != request.node
    )
    by_stand_in = {gate.place_name(other): other for other in reversed(tried)}
    turns = []
    for name, other in sorted(by_stand_in.items(), key=lambda item: item[1]):
        then = _judged(gate, [*steps[:-1], (other, replace(request, node=name))])
        if then[0] != decision:
            place = places[other]
            alike = sum(gate.place_name(one) == name for one in tried)
            more = f" and {alike - 1} others like it" if alike > 1 else ""
            where = f"at {gate.places.names[other]} ({place.operator}, {place.state}){more}"
            turns.append(Turn(where, *then))
    return turns, len(by_stand_in)


def _changes(scenario: Scenario, gate: Gate, steps: Steps) -> Iterator[Change]:
    """List changes of one fact that some policy reads."""
    about = steps[-1][1].about
    assert isinstance(about, Scene)  # noqa: S101  moves and stages are about scenes
    yield from _of_people(scenario)
    yield from _of_scene(about, gate.policies.attributes)
    constants = _constants("\n".join(text.text for text in policy_texts(scenario)))
    for rule in scenario.rules:
        constants.setdefault("purpose", set()).update(rule.purposes)
    for name in ("purpose", "customer", "licence"):
        for value in sorted(constants.get(name, set()) - {getattr(about, name)}):
            yield f"{name} {value}", _set(name, value)
    for state in sorted(constants.get("territory", set())):
        if state not in (about.territory or ()):
            land = tuple(sorted({*(about.territory or ()), state, *regions_of(state)}))
            yield f"the scene also touching {state}", _set("territory", land)


def _of_people(scenario: Scenario) -> Iterator[Change]:
    """Approvals, by so many people in every role that is known."""
    terms = (scenario.oversight.terms, *terms_of(scenario).values())
    known = {person.role for person in scenario.oversight.people}
    roles = tuple(sorted(known.union(*(one.roles for one in terms))))
    for people in range(MOST_PEOPLE + 1):
        signed = roles if people else ()
        who = "nobody" if not people else "a person" if people == 1 else f"{people} people"
        extra = f" (roles {', '.join(signed)})" if signed else ""
        yield f"approved by {who}{extra}", _now(people, signed)


def _of_scene(about: Scene, read: frozenset[str]) -> Iterator[Change]:
    """Change the observation itself."""
    if "level" in read:
        other = DERIVED if about.level == RAW else RAW
        yield f"level {other} instead of {about.level}", _set("level", other)
    if "people_visible" in read:
        seen = "no people" if about.people_visible else "people"
        yield f"{seen} visible in it", _set("people_visible", not about.people_visible)
    for name, words in _EMPTIED.items():
        if name in read and getattr(about, name):
            yield words, _set(name, ())
    if "gsd_cm" in read and about.gsd_cm:
        for times in (0.1, 10.0):
            gsd_cm = max(1, round(about.gsd_cm * times))
            yield f"pixels of {gsd_cm} cm", _set("gsd_cm", gsd_cm)


_EMPTIED: Final = {
    "territory": "the scene touching no state's land",
    "areas": "the scene outside every closed area",
    "export_classes": "without export classes",
    "held_barred": "held by nobody who is barred",
}


def _set(name: str, value: object) -> Callable[[Request], Request]:
    def changed(request: Request) -> Request:
        changes: Any = {name: value}
        return replace(request, about=replace(request.about, **changes))

    return changed


def _now(people: int, roles: tuple[str, ...]) -> Callable[[Request], Request]:
    def changed(request: Request) -> Request:
        now = replace(request.circumstances, approver_count=people, approver_roles=roles)
        return replace(request, circumstances=now)

    return changed


def _constants(text: str) -> dict[str, set[str]]:
    """Values that policies compare a fact with."""
    found: dict[str, set[str]] = {}
    for name, value in (*_EQUAL.findall(text), *_ASKED.findall(text)):
        found.setdefault(name, set()).add(value)
    for values, name in _AMONG.findall(text):
        found.setdefault(name, set()).update(re.findall(r'"([^"]+)"', values))
    return found
