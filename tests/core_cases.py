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
    Captured,
    CaptureRefused,
    Computed,
    EnvelopeAnswered,
    Event,
    Moved,
    MoveFailed,
    NodeFailed,
    NodeRepaired,
    Ordered,
    StateReported,
    TaskLost,
    TimerRang,
)
from perigrid.control.controller import Controller, Decision
from perigrid.control.core.authority import People, has_people
from perigrid.control.core.build import build_core, enlarged
from perigrid.control.core.handle import handle_once
from perigrid.control.core.messages import (
    CAUSES,
    DECISION,
    EVENT,
    FAULTS,
    LEG,
    NOTHING,
    OTHER,
    PRODUCTS,
    ActionKind,
    EventKind,
)
from perigrid.control.core.outside import Outside
from perigrid.control.core.state import NO_ROOM, Core
from perigrid.control.core.words import Words
from perigrid.engine.decided import Decided
from perigrid.sim.decisions import _why
from perigrid.sim.engine import Engine
from perigrid.sim.oversight import Oversight
from perigrid.sim.world import World, build_controller

KINDS = {
    StateReported: EventKind.STATE_REPORTED,
    Captured: EventKind.CAPTURED,
    CaptureRefused: EventKind.CAPTURE_REFUSED,
    Computed: EventKind.COMPUTED,
    Moved: EventKind.MOVED,
    MoveFailed: EventKind.MOVE_FAILED,
    TimerRang: EventKind.TIMER_RANG,
    NodeFailed: EventKind.NODE_FAILED,
    NodeRepaired: EventKind.NODE_REPAIRED,
    TaskLost: EventKind.TASK_LOST,
    ApprovalAnswered: EventKind.APPROVAL_ANSWERED,
    AuthorityExpired: EventKind.AUTHORITY_EXPIRED,
    EnvelopeAnswered: EventKind.ENVELOPE_ANSWERED,
    Ordered: EventKind.ORDERED,
}
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


def event_rows(
    events: Sequence[Event], names: Sequence[str], opening: Sequence[Event] = ()
) -> np.ndarray:
    """Events of an instant as rows of EVENT."""
    rows = np.zeros(len(events), dtype=EVENT)
    for name, value in (("job", NOTHING), ("node", NOTHING), ("stage", NOTHING)):
        rows[name] = value
    rows["outcome"] = np.nan
    for row, event in zip(rows, events, strict=True):
        row["t_s"], row["kind"] = event.t_s, KINDS.get(type(event), 255)
        fill(row, event, names)
        if isinstance(event, EnvelopeAnswered | Ordered):
            row["node"] = opening.index(event)
    return rows


def fill(row: np.void, event: Event, names: Sequence[str]) -> None:
    """Write what an event says besides its time."""
    if isinstance(event, Captured | CaptureRefused):
        row["job"], row["node"] = event.job.job_id, event.job.origin
    else:
        for column, name in (("job", "job_id"), ("node", "node")):
            row[column] = getattr(event, name, NOTHING)
    match event:
        case CaptureRefused(cause=cause):
            row["cause"] = CAUSES.index(cause)
        case Computed():
            row["suspect"], row["stage"] = event.suspect, names.index(event.stage)
            row["outcome"] = event.outcome  # None becomes NaN
        case Moved():
            row["product"] = PRODUCTS.index(event.product)
        case MoveFailed() | NodeFailed():
            row["stage"] = getattr(event, "leg", NOTHING)
            row["fault"] = FAULTS.index(event.kind)
        case TaskLost():
            row["kept_s"], row["stage"] = event.kept_s, names.index(event.stage)


def tell(core: Core, event: StateReported) -> None:
    """Put a report where the core reads it."""
    core.told[:] = event.battery_j, event.computer_k, event.radiator_k


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


class Nobody:
    """A core that has nobody to ask."""

    people, opening, wanted = None, (), ()

    def __init__(self) -> None:
        self.heard: list[Event] = []

    def see(self, *tables):
        pass

    def raise_failure(self):
        pass


class Voices:
    """People beside a core; what they heard and were told in one instant is kept."""

    def __init__(
        self, world: World, core: Core, words: Words, before: Voices | None = None
    ) -> None:
        self.oversight = Oversight(world) if before is None else before.oversight
        self.heard: list[Event] = []
        self.wanted: list[Decision] = []
        self.opening = self.oversight.opening() if before is None else before.opening
        self.people = People(
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
        self.people.outside = outside = Outside(self.people.answers)
        self.see, self.raise_failure = outside.see, outside.raise_failure


OF_PEOPLE = ApprovalAnswered | AuthorityExpired | EnvelopeAnswered | Ordered


def compare(
    world: World, architecture: Architecture, flown: Flown, most: int = 1, handed_over: int = -1
) -> Compared:
    """Put what a controller was told before the core, until it has decided otherwise too often.

    After ``handed_over`` instants another core goes on with what the first one knew.
    """
    scenario = world.scenario
    core, words = build_core(scenario, world.fleet, world.outlook, architecture, world.jobs)
    voices = Voices(world, core, words) if has_people(scenario) else Nobody()
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
    known = copy.deepcopy((Decided(core).state(), voices.people.state()))
    core, words = build_core(world.scenario, world.fleet, world.outlook, architecture, world.jobs)
    following = Voices(world, core, words, voices)
    fresh = Decided(core)
    fresh.make_room(known[0])
    for name, array in fresh.state().items():
        array[...] = known[0][name]
    following.people.restore(known[1])
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
