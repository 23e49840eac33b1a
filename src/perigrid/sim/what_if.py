"""What would have turned a verdict: the same questions to the gate with one fact changed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.codec import decode
from perigrid.base.decision_words import decision_words
from perigrid.base.messages import Action, AskApproval, Compute, Move
from perigrid.base.states import regions_of
from perigrid.control.controller import Controller, Decision
from perigrid.control.core.authority import People
from perigrid.control.core.build import build_core
from perigrid.control.core.messages import ActionKind
from perigrid.control.core.outside import outside_of
from perigrid.control.oversight import terms_of
from perigrid.control.policy.approval.authority import Authority
from perigrid.control.policy.build import policy_texts
from perigrid.control.policy.gate import Gate
from perigrid.control.policy.request import DERIVED, RAW, Request, Scene
from perigrid.control.policy.verdicts import STRICTNESS
from perigrid.engine.decided import Decided
from perigrid.engine.state import Clock, Count, Status
from perigrid.engine.state import World as Flown
from perigrid.engine.words import ColumnWords
from perigrid.ledger.decisions import Located
from perigrid.ledger.record import ACTIONS, EVENTS, read_record
from perigrid.scenario.model import Scenario
from perigrid.sim.compiled import Decider, fly_compiled
from perigrid.sim.cores import Core
from perigrid.sim.people_record import PeopleRecord
from perigrid.sim.replay import is_of_job, jobs_in, opening_in
from perigrid.sim.world import World

Steps = Sequence[tuple[int, Request]]
Change = tuple[str, Callable[[Request], Request]]

MOST_PEOPLE: Final = 3
"""Approvals by up to so many people are tried (assumed)."""
_OF_PEOPLE: Final = (int(ActionKind.ASK), int(ActionKind.ACKNOWLEDGE))

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


@dataclass(frozen=True, slots=True)
class Revisit:
    """A decision made again from the recorded events.

    Parameters
    ----------
    words : str
        Its explanation; empty if a fresh core would not have made it.
    what_if : WhatIf or None
        None where the gate has nothing to say: waiting, closing, taking note.
    """

    words: str
    what_if: WhatIf | None


def revisit(ledger: Path, core: Core, architecture: Architecture, found: Located) -> Revisit:
    """Replay a record up to a decision, and ask the gate with one fact changed.

    Parameters
    ----------
    ledger : Path
        The run's ``ledger`` folder.
    core : Core
        What the run was decided with.
    architecture : Architecture
        As in the run.
    found : Located
        The decision.

    Returns
    -------
    Revisit
        Words and what would have turned the verdict.
    """
    wanted = found.action
    watcher = _Watcher(core, wanted.subject if isinstance(wanted, AskApproval) else wanted)
    controller = Controller(
        core.scenario, core.fleet, core.outlook, architecture, jobs_in(ledger), watch=watcher
    )
    batches, made = list(_batches(ledger, found.sequence)), []
    for place, events in enumerate(batches):
        watcher.active = place == len(batches) - 1
        made = controller.handle(decode(events))
    if found.place >= len(made):
        return Revisit("", watcher.found)
    again = made[found.place]
    words = decision_words(found.t_s, again.action, again.verdict, core.fleet.names)
    return Revisit(words, watcher.found)


def revisit_flown(world: World, architecture: Architecture, found: Located, number: int) -> Revisit:
    """Fly a run of tables again up to a decision, and ask the gate with one fact changed.

    Parameters
    ----------
    world : World
        From what the folder holds.
    architecture : Architecture
        As in the run.
    found : Located
        The decision.
    number : int
        How many were made before it.

    Returns
    -------
    Revisit
        Words and what would have turned the verdict.
    """
    world = world.under(architecture)
    core, wanted = Core(world.scenario, world.fleet, world.outlook), found.action
    watcher = _Watcher(core, wanted.subject if isinstance(wanted, AskApproval) else wanted)
    stop = _Until(watcher, found.t_s, number)
    with (
        tempfile.TemporaryDirectory(prefix="perigrid-show-") as scratch,
        suppress(_ReachedError),
        fly_compiled(world, architecture, Path(scratch), stop.decide),
    ):
        pass  # it ended before
    if stop.made is None:
        return Revisit("", watcher.found)
    words = decision_words(found.t_s, stop.made.action, stop.made.verdict, core.fleet.names)
    return Revisit(words, watcher.found)


def revisit_note(ledger: Path, core: Core, architecture: Architecture, found: Located) -> Revisit:
    """Take a note again of what people said, in a run of tables.

    Parameters
    ----------
    ledger, core, architecture
        As for :func:`revisit`.
    found : Located
        The note, as the record holds it.

    Returns
    -------
    Revisit
        Its words.
    """
    controller = Controller(core.scenario, core.fleet, core.outlook, architecture, ())
    made: list[Decision] = []
    taken = 0  # notes before this one
    for entry in read_record(ledger):
        if entry["sequence"] == found.sequence:
            break
        if entry["kind"] == EVENTS:
            made += controller.handle(opening_in(entry))
        elif entry["kind"] == ACTIONS and not is_of_job(entry):
            taken += len(entry["decisions"])
    if taken + found.place >= len(made):
        return Revisit("", None)
    again = made[taken + found.place]
    return Revisit(decision_words(found.t_s, again.action, again.verdict, core.fleet.names), None)


class _ReachedError(Exception):
    """The decision that was looked for is made."""


class _Until:
    """Flies to the end of the step of one decision, of which it keeps the words."""

    def __init__(self, watcher: _Watcher, t_s: float, number: int) -> None:
        self._watcher, self._t_s, self._number = watcher, t_s, number
        self._watching, self._written = False, 0  # decisions that are in no log any more
        self._said: list[Decision] = []  # of people, in the log
        self.made: Decision | None = None

    def decide(self, world: World, architecture: Architecture, people: PeopleRecord) -> Decider:
        """Make a core whose steps can be watched."""
        mission = world.scenario, world.fleet, world.outlook, architecture, world.jobs
        core, self._words, asked, _ = build_core(*mission)
        self._people = People(
            world.scenario, world.fleet, world.outlook, world.jobs, core, self._words,
            people.ask, people.heard, self._note(people), people.opening,
        )  # fmt: skip
        people.host = self._people
        hosts = (self._people,) if asked is None else (asked, self._people)
        self._decided = Decided(core, outside_of(*hosts))
        state, make_room = self._decided.state, self._decided.make_room
        words = ColumnWords(self._words)
        return Decider(self._advance, words, core.booked_bytes, lambda: 0, state, make_room)

    def _note(self, people: PeopleRecord) -> Callable[[Decision], None]:
        def wanted(decision: Decision) -> None:
            self._said.append(decision)
            people.wanted(decision)

        return wanted

    def _advance(self, w: Flown) -> int:
        """Let the loop go on, and see whether the decision is among those made."""
        step = int(np.searchsorted(w.t_s, self._t_s, side="right"))
        while True:
            w.clock[Clock.PAUSE] = w.t_s[min(step, len(w.t_s) - 1) - (not self._watching)]
            status = self._decided(w)
            self._look(w)
            if status != Status.PAUSED:
                break
            if self._watching:
                raise _ReachedError
            self._watching = True
            self._people.watch(self._watch)
        if status in {Status.LOG_FULL, Status.SHORT}:  # it will be written
            self._written += int(w.counts[Count.OLD_DECISIONS])
            self._said.clear()
        return status

    def _look(self, w: Flown) -> None:
        """Take the decision out of the log, if it is there."""
        row, rows = self._number - self._written, w.log.decisions
        if self.made is not None or not 0 <= row < w.counts[Count.OLD_DECISIONS]:
            return
        if int(rows[row]["kind"]) in _OF_PEOPLE:
            self.made = self._said[int(np.isin(rows["kind"][:row], _OF_PEOPLE).sum())]
        else:
            self.made = self._words.decision(rows[row], w.log.legs, w.log.others)

    def _watch(self, authority: Authority, action: Action, t_s: float) -> None:
        self._watcher.active = t_s == self._t_s
        self._watcher(authority, action, t_s)


def _batches(ledger: Path, sequence: int) -> Iterator[list[object]]:
    """Read the recorded events before a record."""
    for entry in read_record(ledger):
        if entry["sequence"] >= sequence:
            return
        if entry["kind"] == EVENTS:
            yield entry["events"]


class _Watcher:
    """Waits for an action to be judged, and asks what would turn its verdict."""

    def __init__(self, core: Core, subject: Action) -> None:
        self._core = core
        self._subject = subject
        self.active = False
        self.found: WhatIf | None = None

    def __call__(self, authority: Authority, action: Action, t_s: float) -> None:
        wanted = self.active and self.found is None and action == self._subject
        if not wanted or not isinstance(action, (Move, Compute)):
            return
        book, gate = authority.intake.book, authority.gate
        approvers = book.granted(authority.hash_of(action), t_s)
        steps = gate.requests(action, t_s=t_s, approvers=approvers)
        decision, rule = _judged(gate, steps)
        changes = list(_changes(self._core.scenario, gate, steps))
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
