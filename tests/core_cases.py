"""Fly a mission with the Python controller, and put the same events before the compiled core."""

from __future__ import annotations

import copy
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.messages import (
    Acknowledge,
    ApprovalAnswered,
    AskApproval,
    AuthorityExpired,
    EnvelopeAnswered,
    Event,
    Ordered,
    StateReported,
)
from perigrid.control.controller import Controller, Decision
from perigrid.control.core.assign import Assigner
from perigrid.control.core.authority import People, has_people
from perigrid.control.core.build import build_asking, enlarged
from perigrid.control.core.events import event_rows, tell
from perigrid.control.core.handle import handle_once
from perigrid.control.core.messages import (
    DECISION,
    LEG,
    OTHER,
    ActionKind,
)
from perigrid.control.core.outside import outside_of
from perigrid.control.core.plug_in import PlugIn
from perigrid.control.core.state import NO_ROOM, Core
from perigrid.control.core.words import Words
from perigrid.engine.decided import Decided
from perigrid.sim.decisions import _why
from perigrid.sim.engine import Engine
from perigrid.sim.oversight import Oversight
from perigrid.sim.world import World, build_controller

Batch = tuple[list[Event], list[Decision]]
ROWS = 20_000


class Silent:
    """A record that keeps nothing."""

    head, length = "", 0

    @property
    def side(self):
        return self

    def keep(self, told):
        pass

    def events(self, t_s, events):
        pass

    def actions(self, t_s, pairs):
        return 0


@dataclass
class Flown:
    """What one controller was told and what it decided."""

    batches: list[Batch] = field(default_factory=list)
    busy_s: float = 0.0
    controller: Controller | None = None


def fly(world: World, architecture: Architecture) -> Flown:
    """Fly with the Python controller; all that it hears and says is kept."""
    flown = Flown()
    controller = build_controller(world.scenario, world.fleet, world.outlook, architecture)
    flown.controller = controller
    plain = Controller.handle

    class Told:
        def __getattr__(self, name):
            return getattr(controller, name)

        def handle(self, events):
            begun_s = time.perf_counter()
            decisions = plain(controller, events)
            flown.busy_s += time.perf_counter() - begun_s
            flown.batches.append((list(events), list(decisions)))
            return decisions

    with tempfile.TemporaryDirectory() as folder:
        Engine(world, Told(), architecture, Silent(), Path(folder)).run()
    return flown


@dataclass
class Compared:
    """How the core fared beside the controller."""

    instants: int = 0
    decisions: int = 0
    enlarged: int = 0
    busy_s: float = 0.0
    differences: list[tuple[float, object, object]] = field(default_factory=list)
    people: People | None = None
    words: Words | None = None
    core: Core | None = None


class Voices:
    """Who a core may ask; what people heard and were told in one instant is kept."""

    def __init__(
        self,
        world: World,
        core: Core,
        words: Words,
        asked: PlugIn | Assigner | None,
        before: Voices | None = None,
    ) -> None:
        self.oversight = Oversight(world) if before is None else before.oversight
        self.heard: list[Event] = []
        self.wanted: list[Decision] = []
        self.opening = self.oversight.opening() if before is None else before.opening
        self.people = self._people(world, core, words) if has_people(world.scenario) else None
        self.plug_in = asked if isinstance(asked, PlugIn) else None
        outside = outside_of(*(host for host in (self.people, asked) if host is not None))
        self.see, self.raise_failure = outside.see, outside.raise_failure

    def state(self):
        """What each knows; with names of what a scheduler may hold that does not change."""
        return [one and one.state() for one in (self.people, self.plug_in)]

    def restore(self, state):
        for one, known in zip((self.people, self.plug_in), state, strict=True):
            if one is not None:
                one.restore(known)

    def _people(self, world: World, core: Core, words: Words) -> People:
        return People(
            world.scenario,
            world.fleet,
            world.outlook,
            world.jobs,
            core,
            words,
            ask=self.oversight.ask,
            heard=lambda event: self.heard.append(event),
            wanted=self.wanted.append,
            opening=self.opening,
        )


OF_PEOPLE = ApprovalAnswered | AuthorityExpired | EnvelopeAnswered | Ordered


def compare(
    world: World, architecture: Architecture, flown: Flown, most: int = 1, handed_over: int = -1
) -> Compared:
    """Put what a controller was told before the core, until it has decided otherwise too often.

    After ``handed_over`` instants another core goes on with what the first one knew.
    """
    scenario = world.scenario
    mission = scenario, world.fleet, world.outlook, architecture, world.jobs
    core, words, asked = build_asking(*mission)
    voices = Voices(world, core, words, asked)
    tables = [np.zeros(ROWS, dtype=kind) for kind in (DECISION, LEG, OTHER)]
    filled, found = np.zeros(3, dtype=np.int64), Compared(people=voices.people, words=words)
    for place, (events, expected) in enumerate(flown.batches):
        if place == handed_over:
            core, words, voices = hand_over(world, architecture, core, voices)
            found.people, found.words = voices.people, words
        rows = event_rows(events, scenario.pipeline.names, voices.opening)
        for one in events:
            if isinstance(one, StateReported):
                tell(core, one)
        filled[:] = 0
        begun_s = time.perf_counter()
        voices.see(core, *tables, filled)
        while (
            status := handle_once(core, events[0].t_s, rows, len(rows), *tables, filled)
        ) == NO_ROOM:
            core, found.enlarged = enlarged(core), found.enlarged + 1
            voices.see(core, *tables, filled)
        found.busy_s += time.perf_counter() - begun_s
        voices.raise_failure()
        got = decided(words, tables, filled[0], voices.wanted)
        found.instants += 1
        found.decisions += len(got)
        of_people = [one for one in events if isinstance(one, OF_PEOPLE)]
        if status != 0 or got != expected or voices.heard != of_people:
            said = got if status == 0 else status
            found.differences.append((events[0].t_s, (expected, of_people), (said, voices.heard)))
            if len(found.differences) >= most:
                break
        voices.heard = []
    found.core = core
    return found


def hand_over(
    world: World, architecture: Architecture, core: Core, voices: Voices
) -> tuple[Core, Words, Voices]:
    """Let another core, and others to speak for people, go on from a copy of what is known."""
    known = copy.deepcopy((Decided(core).state(), voices.state()))
    mission = world.scenario, world.fleet, world.outlook, architecture, world.jobs
    core, words, asked = build_asking(*mission)
    following = Voices(world, core, words, asked, voices)
    fresh = Decided(core)
    fresh.make_room(known[0])
    for name, array in fresh.state().items():
        array[...] = known[0][name]
    following.restore(known[1])
    return fresh.core, words, following


def decided(
    words: Words, tables: Sequence[np.ndarray], count: int, told: list[Decision]
) -> list[Decision]:
    """Decisions of an instant as messages; those of people as they were told, in their rows."""
    got = []
    for row in tables[0][:count]:
        if row["kind"] not in (ActionKind.ASK, ActionKind.ACKNOWLEDGE):
            got.append(words.decision(row, *tables[1:]))
            continue
        one = told.pop(0)
        verdict = words.verdict(int(row["verdict"]), int(row["verdict_node"]))
        said = words.reason(row, tables[1]), bool(row["refused"]), int(row["job"]), verdict
        assert said == (_why(one.action), not one.may_run, one.action.job_id, one.verdict)
        kind = {ActionKind.ASK: AskApproval, ActionKind.ACKNOWLEDGE: Acknowledge}[row["kind"]]
        assert isinstance(one.action, kind)
        if kind is Acknowledge:
            assert words.decision(row, *tables[1:]) == one
        got.append(one)
    assert not told
    return got
