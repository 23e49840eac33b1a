"""Decisions made again: from recorded events, or by flying a run of tables again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.codec import decode
from perigrid.base.decision_words import decision_words
from perigrid.base.messages import Action, AskApproval, jobs_of
from perigrid.control.controller import Controller, Decision
from perigrid.control.core.authority import People
from perigrid.control.core.build import build_core
from perigrid.control.core.messages import ActionKind
from perigrid.control.core.outside import outside_of
from perigrid.control.policy.approval.authority import Authority
from perigrid.engine.decided import Decided
from perigrid.engine.state import Clock, Count, Status
from perigrid.engine.state import World as Flown
from perigrid.engine.words import ColumnWords
from perigrid.ledger.decisions import Located
from perigrid.ledger.record import ACTIONS, EVENTS, read_record
from perigrid.sim.compiled import Decider, fly_compiled
from perigrid.sim.cores import Core
from perigrid.sim.people_record import PeopleRecord
from perigrid.sim.replay import is_of_job, jobs_in, opening_in
from perigrid.sim.what_if import Watcher, WhatIf
from perigrid.sim.world import World

_OF_PEOPLE: Final = (int(ActionKind.ASK), int(ActionKind.ACKNOWLEDGE))


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
    watcher = Watcher(core.scenario, wanted.subject if isinstance(wanted, AskApproval) else wanted)
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
    watcher = Watcher(core.scenario, wanted.subject if isinstance(wanted, AskApproval) else wanted)
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

    def __init__(self, watcher: Watcher, t_s: float, number: int) -> None:
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
        decided, words = self._decided, ColumnWords(self._words)
        return Decider(
            self._advance, words, core.booked_bytes, lambda: 0, lambda: None,
            decided.state, decided.make_room, decided.take_routes,
        )  # fmt: skip

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
            job = int(rows[row]["job"])
            earlier = np.isin(rows["kind"][:row], _OF_PEOPLE) & (rows["job"][:row] == job)
            about = [one for one in self._said if job in jobs_of(one.action)]
            self.made = about[int(earlier.sum())]
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
