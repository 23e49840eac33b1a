"""The loop driven by what the Python controller decided, and compared with the engine around it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from perigrid.base.architecture import Architecture
from perigrid.base.jobs import CLOUD, NOTHING_FOUND
from perigrid.base.messages import (
    Alternative,
    Captured,
    CaptureRefused,
    Close,
    Compute,
    Computed,
    Event,
    Move,
    Moved,
    MoveFailed,
    StateReported,
    TimerRang,
    Verdict,
    Wait,
)
from perigrid.control.controller import Decision
from perigrid.control.core.messages import (
    CAUSES,
    CLOUD_CODE,
    NOTHING,
    NOTHING_FOUND_CODE,
    PRODUCTS,
    ActionKind,
    EventKind,
)
from perigrid.engine.build import build_world
from perigrid.engine.jobs_table import jobs_frame
from perigrid.engine.loop import act, seek
from perigrid.engine.room import longer
from perigrid.engine.state import STATE_COLUMNS, Count, Filled, Status, World
from perigrid.engine.tables import Names, log_frames
from perigrid.fleet.model import ContactKind
from perigrid.fleet.state import ENERGY_FLOWS
from perigrid.ledger.record import RecordWriter
from perigrid.ledger.tables import ACTIONS
from perigrid.sim import world as sim
from perigrid.sim.compiled import Decider
from perigrid.sim.engine import Engine
from perigrid.sim.decisions import _action_cells, _why
from perigrid.sim.trace import Trace

KINDS = {
    StateReported: EventKind.STATE_REPORTED,
    Captured: EventKind.CAPTURED,
    CaptureRefused: EventKind.CAPTURE_REFUSED,
    Computed: EventKind.COMPUTED,
    Moved: EventKind.MOVED,
    TimerRang: EventKind.TIMER_RANG,
    MoveFailed: EventKind.MOVE_FAILED,
}
CODES = {CLOUD: CLOUD_CODE, NOTHING_FOUND: NOTHING_FOUND_CODE}
_ACTIONS = {name: kind for name, kind in ACTIONS.items() if name != "sequence"}
TELEMETRY = {0: "battery_j", 1: "computer_k", 2: "radiator_k", 3: "storage_bytes"}


@dataclass
class Recorded:
    """A run of the engine in Python, with all that went through its controller."""

    world: sim.World
    architecture: Architecture
    trace: Trace
    instants: list[tuple[list[Event], list[Decision]]] = field(default_factory=list)
    telemetry: list[dict[str, np.ndarray]] = field(default_factory=list)


def record(world: sim.World, architecture: Architecture) -> Recorded:
    """Fly in Python, and listen."""
    world = world.under(architecture)
    scenario = world.scenario
    controller = sim.build_controller(scenario, world.fleet, world.outlook, architecture)
    found = Recorded(world, architecture, None)
    ask = controller.handle

    def handle(events: Sequence[Event]) -> list[Decision]:
        decisions = ask(events)
        found.instants.append((list(events), list(decisions)))
        return decisions

    controller.handle = handle
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = world.fleet.names
        writer = RecordWriter(folder, nodes=names[: world.fleet.n_satellites], names=names)
        engine = Engine(world, controller, architecture, writer, folder)
        add = engine._telemetry.add
        engine._telemetry.add = lambda step, state, *powers: (
            found.telemetry.append(_row(state, world, powers)), add(step, state, *powers),
        )  # fmt: skip
        found.trace = engine.run()
        writer.close()
    return found


def _row(state: Any, world: sim.World, powers: Any) -> dict[str, np.ndarray]:
    array_w, compute_w, link_w, throttle = powers
    return {
        "array_w": array_w.copy(),
        "battery_soc": state.battery_j / world.fleet.buses.capacity_j,
        "computer_k": state.computer_k.copy(),
        "radiator_k": state.radiator_k.copy(),
        "compute_w": compute_w.copy(),
        "link_w": link_w.copy(),
        "storage_bytes": state.storage_bytes.copy(),
        "throttle": throttle.copy(),
    }


@dataclass
class Driven:
    """The compiled loop at its end."""

    world: World
    telemetry: np.ndarray
    frames: list[dict[str, pl.DataFrame]]


def drive(found: Recorded) -> Driven:
    """Let the loop go through a recorded run, comparing every event."""
    world = found.world
    w = build_world(
        world.scenario, world.fleet, world.outlook, world.jobs, world.outcomes, found.architecture
    )
    stages = world.scenario.pipeline.names
    told, frames, instants = [], [], iter(found.instants)
    names, words = Names(world.fleet.names, stages), RecordedWords(found)

    def write() -> None:
        first = sum(one["actions"].height for one in frames)
        frames.append(log_frames(w.log, names, words, 0, first))
        w.log.filled[:] = w.counts[Count.OLD_EVENTS] = w.counts[Count.OLD_DECISIONS] = 0

    while (status := seek(w)) != Status.END:
        if status == Status.INSTANT:
            events, decisions = next(instants)
            first = int(w.counts[Count.OLD_EVENTS])
            rows = w.log.events[first : w.log.filled[Filled.EVENTS]]
            assert [seen(row, w, stages) for row in rows] == [
                expected(event, stages) for event in events
            ]
            for decision in decisions:
                put(w, decision, stages)
            act(w)
        elif status == Status.TELEMETRY_FULL:
            told.append(w.telemetry[:, : w.counts[Count.TOLD]].copy())
            w.counts[Count.TOLD] = 0
        elif status in {Status.LOG_FULL, Status.SHORT}:
            write()
            w = longer(w) if status == Status.SHORT else w
        else:
            raise AssertionError(status, w.counts)
    assert next(instants, None) is None
    told.append(w.telemetry[:, : w.counts[Count.TOLD]])
    write()
    return Driven(w, np.concatenate(told, axis=1), frames)


def decider(found: Recorded, words: object | None = None) -> Decider:
    """Decide as recorded, for a flight into a run folder."""
    instants = iter(found.instants)
    stages = found.world.scenario.pipeline.names

    def advance(w: World) -> int:
        while (status := seek(w)) == Status.INSTANT:
            for decision in next(instants)[1]:
                put(w, decision, stages)
            act(w)
        return status

    return Decider(advance, words or RecordedWords(found), found.trace.booked_bytes, {})


def seen(row: np.void, w: World, stages: Sequence[str]) -> tuple[object, ...]:
    """An event of the log in plain values."""
    kind = EventKind(int(row["kind"]))
    t_s, job, node = float(row["t_s"]), int(row["job"]), int(row["node"])
    match kind:
        case EventKind.STATE_REPORTED:
            columns = ("battery_j", "computer_k", "radiator_k", "held_bytes")
            return kind, t_s, *(tuple(w.sats[name].tolist()) for name in columns)
        case EventKind.CAPTURED:
            return kind, t_s, job, node
        case EventKind.CAPTURE_REFUSED:
            return kind, t_s, job, node, CAUSES[row["cause"]]
        case EventKind.COMPUTED:
            outcome = None if math.isnan(row["outcome"]) else float(row["outcome"])
            return kind, t_s, job, node, stages[row["stage"]], outcome, bool(row["suspect"])
        case EventKind.MOVED:
            return kind, t_s, job, node, PRODUCTS[row["product"]]
        case EventKind.TIMER_RANG:
            return kind, t_s, job
        case EventKind.MOVE_FAILED:
            return kind, t_s, job, node, int(row["stage"]), CAUSES[row["cause"]].value


def expected(event: Event, stages: Sequence[str]) -> tuple[object, ...]:
    """An event of the engine in Python, in the same values."""
    kind = KINDS[type(event)]
    match event:
        case StateReported():
            return kind, event.t_s, *(getattr(event, name) for name in TELEMETRY.values())
        case Captured(t_s, job):
            return kind, t_s, job.job_id, job.origin
        case CaptureRefused(t_s, job, cause):
            return kind, t_s, job.job_id, job.origin, cause
        case Computed(t_s, job, node, stage, outcome, suspect):
            return kind, t_s, job, node, stage, outcome, suspect
        case Moved(t_s, job, node, product):
            return kind, t_s, job, node, product
        case TimerRang(t_s, job):
            return kind, t_s, job
        case MoveFailed(t_s, job, node, leg, why):
            return kind, t_s, job, node, leg, why


def put(w: World, decision: Decision, stages: Sequence[str]) -> None:
    """Write a decision into the log, as the compiled core does."""
    filled, action = w.log.filled, decision.action
    row = w.log.decisions[int(filled[Filled.DECISIONS])]
    filled[Filled.DECISIONS] += 1
    row["job"], row["refused"] = action.job_id, not decision.may_run
    row["source"] = row["target"] = row["stage"] = NOTHING
    row["legs"] = 0
    row["first_other"], row["others"] = filled[Filled.OTHERS], len(_others(decision))
    for one in _others(decision):
        t_s = math.nan if one.t_answer_s is None else one.t_answer_s
        w.log.others[int(filled[Filled.OTHERS])] = (one.node, 0, 0, t_s, 0.0)
        filled[Filled.OTHERS] += 1
    match action:
        case Move():
            row["kind"], row["product"] = ActionKind.MOVE, PRODUCTS.index(action.product)
            row["source"], row["target"] = action.source, action.target
            row["first_leg"], row["legs"] = filled[Filled.LEGS], len(action.legs)
            for leg in action.legs:
                kind = NOTHING if leg.kind == "terrestrial" else ContactKind[leg.kind.upper()]
                w.log.legs[int(filled[Filled.LEGS])] = (
                    leg.contact, kind, leg.source, leg.target, leg.t_ready_s, leg.t_window_s,
                    leg.t_start_s, leg.t_end_s, leg.t_arrival_s, leg.nbytes,
                )  # fmt: skip
                filled[Filled.LEGS] += 1
        case Compute():
            row["kind"], row["source"] = ActionKind.COMPUTE, action.node
            row["stage"] = stages.index(action.stage)
        case Wait():
            row["kind"], row["until_s"] = ActionKind.WAIT, action.until_s
            row["cause"] = CAUSES.index(action.cause)
        case Close():
            row["kind"], row["delivered"] = ActionKind.CLOSE, action.delivered
            known = [one.value for one in CAUSES]
            reason = action.reason
            row["cause"] = CODES.get(reason) or (known.index(reason) if reason in known else 0)


class RecordedWords:
    """The words of recorded decisions, in their order."""

    def __init__(self, found: Recorded) -> None:
        said = [one for _, decisions in found.instants for one in decisions]
        self._said = said
        self._others = [other.why for one in said for other in _others(one)]

    def reasons(self, decisions: np.ndarray, legs: np.ndarray) -> list[str]:
        said, self._said = self._said[: len(decisions)], self._said[len(decisions) :]
        return [_why(one.action) for one in said]

    def verdicts(self, decisions: np.ndarray) -> list[Verdict]:
        return [one.verdict for one in self._said[: len(decisions)]]

    def whys(self, others: np.ndarray) -> list[str]:
        said, self._others = self._others[: len(others)], self._others[len(others) :]
        return said


def _others(decision: Decision) -> tuple[Alternative, ...]:
    return getattr(decision.action, "alternatives", ())


def actions_of(found: Recorded) -> pl.DataFrame:
    """The table of actions that the engine in Python writes, without its numbers of records."""
    names = found.world.fleet.names
    rows = [
        (events[0].t_s, one.action.job_id, *_action_cells(names, one.action), one.verdict.decision,
         one.verdict.rule, _why(one.action))
        for events, decisions in found.instants
        for one in decisions
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_ACTIONS, orient="row")


def demand_equal(found: Recorded, driven: Driven) -> None:
    """Compare telemetry, energy, tables and the books of every observation, bit by bit."""
    assert_frame_equal(
        jobs_frame(found.world, driven.world), found.trace.jobs, check_exact=True
    )
    actions = pl.concat([one["actions"] for one in driven.frames]).select(*_ACTIONS)
    assert_frame_equal(actions, actions_of(found), check_exact=True)
    for row, name in enumerate(STATE_COLUMNS):
        want = np.array([one[name] for one in found.telemetry])
        np.testing.assert_array_equal(driven.telemetry[row], want, name)
    w, state = driven.world, found.trace.state
    for name in ENERGY_FLOWS:
        np.testing.assert_array_equal(w.sats[name], state.flows_j[name], name)
