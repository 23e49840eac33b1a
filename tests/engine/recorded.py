"""The loop driven by what the Python controller decided, and compared with the engine around it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from perigrid.base.architecture import Architecture
from perigrid.base.messages import (
    Acknowledge,
    ApprovalAnswered,
    AskApproval,
    Close,
    Compute,
    Event,
    Leg,
    Move,
    Verdict,
    Wait,
)
from perigrid.control.controller import Decision
from perigrid.control.core.messages import (
    CAUSES,
    DECISION,
    LEG,
    NOTHING,
    OTHER,
    PRODUCTS,
    ActionKind,
)
from perigrid.engine.build import build_world
from perigrid.engine.fault_table import fault_figures
from perigrid.engine.fly import fly
from perigrid.engine.jobs_table import jobs_frame
from perigrid.engine.leaves import hash_instant
from perigrid.engine.loop import carry_out, next_instant
from perigrid.engine.shared import shared
from perigrid.engine.state import STATE_COLUMNS, Count, Filled, World
from perigrid.engine.tables import REASONS, Names, log_frames
from perigrid.fleet.model import ContactKind
from perigrid.fleet.state import ENERGY_FLOWS
from perigrid.ledger.record import RecordWriter
from perigrid.ledger.tables import ACTIONS
from perigrid.physics.compiled import kernel
from perigrid.sim import world as sim
from perigrid.sim.compiled import Decider
from perigrid.sim.decisions import _action_cells, _why
from perigrid.sim.engine import Engine
from perigrid.sim.oversight import Oversight
from perigrid.sim.trace import Trace
from tests.engine.heard_events import expected, seen

_ACTIONS = {name: kind for name, kind in ACTIONS.items() if name != "sequence"}


@dataclass
class Recorded:
    """A run of the engine in Python, with all that went through its controller."""

    world: sim.World
    architecture: Architecture
    trace: Trace
    instants: list[tuple[list[Event], list[Decision]]] = field(default_factory=list)
    telemetry: list[dict[str, np.ndarray]] = field(default_factory=list)
    answers: list[ApprovalAnswered] = field(default_factory=list)


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
        people, answer = engine._oversight, engine._oversight.ask
        people.ask = lambda *asked: found.answers.append(answer(*asked)) or found.answers[-1]
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


class Script(NamedTuple):
    """Recorded decisions as columns, with where those of each instant end."""

    decisions: np.ndarray
    legs: np.ndarray
    others: np.ndarray
    ends: np.ndarray
    place: np.ndarray


@kernel
def replay(world, script):
    """The loop, with decisions from a script."""
    w = shared(world)
    log, place = w.log, script.place
    while True:
        status = next_instant(w)
        if status != 1:
            return status
        for row in range(script.ends[place[0]], script.ends[place[0] + 1]):
            to = log.filled[0]
            log.decisions[to] = script.decisions[row]
            log.decisions[to].first_leg = log.filled[1]
            log.decisions[to].first_other = log.filled[2]
            for k in range(script.decisions[row].legs):
                log.legs[log.filled[1] + k] = script.legs[script.decisions[row].first_leg + k]
            for k in range(script.decisions[row].others):
                other = script.others[script.decisions[row].first_other + k]
                log.others[log.filled[2] + k] = other
            log.filled[0] += 1
            log.filled[1] += script.decisions[row].legs
            log.filled[2] += script.decisions[row].others
        place[0] += 1
        hash_instant(w)
        carry_out(w)


def script_of(found: Recorded) -> Script:
    """Lay out what was decided."""
    stages = found.world.scenario.pipeline.names
    said = [one for _, decisions in found.instants for one in decisions]
    found = replace(found, answers=list(found.answers))
    verdicts = verdicts_of(said)
    legs = [leg for one in said for leg in getattr(one.action, "legs", ())]
    others = [other for one in said for other in _weighed(one)]
    decisions = np.zeros(len(said), dtype=DECISION)
    first = [0, 0]
    for number, (row, one) in enumerate(zip(decisions, said, strict=True)):
        _put(row, one, stages)
        row["numbers"], row["numbers"][0] = np.nan, number
        if isinstance(one.action, AskApproval) and one.may_run:
            row["until_s"] = found.answers.pop(0).t_s
        row["verdict"], row["verdict_node"] = verdicts.index(one.verdict), NOTHING
        row["first_leg"], row["first_other"] = first
        first[0] += row["legs"]
        first[1] += row["others"]
    ends = np.cumsum([0, *(len(decisions) for _, decisions in found.instants)])
    return Script(
        decisions,
        np.array([_leg(one) for one in legs], dtype=LEG),
        np.array(
            [(node, 0, count, t_s, k) for k, (node, count, t_s, _) in enumerate(others)],
            dtype=OTHER,
        ),
        ends,
        np.zeros(1, dtype=np.int64),
    )


@dataclass
class Driven:
    """The compiled loop at its end, with what it handed over to be written."""

    found: Recorded
    world: World = None
    telemetry: list[np.ndarray] = field(default_factory=list)
    frames: list[dict[str, pl.DataFrame]] = field(default_factory=list)
    events: list[np.ndarray] = field(default_factory=list)
    begun: list[tuple[int, float]] = field(default_factory=list)
    words: Any = None

    def write_log(self, w: World) -> None:
        names = Names(self.found.world.fleet.names, self.found.world.scenario.pipeline.names)
        first = tuple(
            sum(one[name].height for one in self.frames) for name in ("actions", "events")
        )
        log, counts = w.log, w.counts
        self.begun += log.begun[: log.filled[Filled.BEGUN]].tolist()
        left = log.events[counts[Count.OLD_EVENTS] : log.filled[Filled.EVENTS]].copy()
        log.filled[Filled.EVENTS] = counts[Count.OLD_EVENTS]
        self.events.append(log.events[: counts[Count.OLD_EVENTS]].copy())
        self.frames.append(log_frames(log, w.jobs, names, self.words, 0, first))
        log.events[: len(left)] = left
        log.filled[:] = 0
        log.filled[Filled.EVENTS] = len(left)  # of an instant that is not decided on yet
        counts[[Count.OLD_EVENTS, Count.OLD_DECISIONS, Count.COMMITTED]] = 0

    def commit(self, w: World) -> None:
        w.counts[Count.COMMITTED] = w.counts[Count.OLD_DECISIONS]

    def write_telemetry(self, w: World) -> None:
        self.telemetry.append(w.telemetry[:, : w.counts[Count.TOLD]].copy())
        w.counts[Count.TOLD] = 0


def built(world: sim.World, architecture: Architecture) -> World:
    """The arrays of a mission."""
    return build_world(
        world.scenario, world.fleet, world.outlook, world.jobs, world.outcomes, architecture,
        Oversight(world).foreseen(),
    )  # fmt: skip


def drive(found: Recorded) -> Driven:
    """Let the loop go through a recorded run."""
    driven = Driven(found, words=RecordedWords(found))
    w = built(found.world, found.architecture)
    driven.world = fly(w, decider(found).advance, driven)
    return driven


def decider(found: Recorded, words: object | None = None) -> Decider:
    """Decide as recorded, for a flight into a run folder."""
    script = script_of(found)
    return Decider(
        lambda w: replay(w, script),
        words or RecordedWords(found),
        found.trace.booked_bytes,
        lambda: (found.trace.faults or {}).get("quarantines", 0),
        lambda: {"place": script.place},
        lambda _state: None,
    )


def _put(row: np.void, decision: Decision, stages: Sequence[str]) -> None:
    """Write a decision as the compiled core does."""
    action = decision.action
    row["job"], row["refused"] = action.job_id, not decision.may_run
    row["expires_s"] = getattr(decision, "expires_s", math.inf)
    row["source"] = row["target"] = row["stage"] = NOTHING
    row["others"] = len(_weighed(decision))
    match action:
        case Move():
            row["kind"], row["product"] = ActionKind.MOVE, PRODUCTS.index(action.product)
            row["source"], row["target"] = action.source, action.target
            row["legs"] = len(action.legs)
        case Compute():
            row["kind"], row["source"] = ActionKind.COMPUTE, action.node
            row["stage"] = stages.index(action.stage)
        case Wait():
            row["kind"], row["until_s"] = ActionKind.WAIT, action.until_s
            row["cause"] = CAUSES.index(action.cause)
        case Close():
            row["kind"], row["delivered"] = ActionKind.CLOSE, action.delivered
            row["cause"] = 0 if action.delivered else REASONS.index(str(action.reason))
        case AskApproval():
            row["kind"] = ActionKind.ASK
        case Acknowledge():
            row["kind"] = ActionKind.ACKNOWLEDGE


def _leg(leg: Leg) -> tuple[float, ...]:
    kind = NOTHING if leg.kind == "terrestrial" else ContactKind[leg.kind.upper()]
    return (leg.contact, kind, leg.source, leg.target, leg.t_ready_s, leg.t_window_s,
            leg.t_start_s, leg.t_end_s, leg.t_arrival_s, leg.nbytes)  # fmt: skip


def verdicts_of(said: Sequence[Decision]) -> list[Verdict]:
    """List what was said of decisions, each verdict once."""
    return list(dict.fromkeys(one.verdict for one in said))


class RecordedWords:
    """The words of recorded decisions, found by numbers that the script gave them."""

    def __init__(self, found: Recorded) -> None:
        self._said = [one for _, decisions in found.instants for one in decisions]
        self._whys = [why for one in self._said for *_, why in _weighed(one)]

    def reasons(self, decisions: np.ndarray, legs: np.ndarray) -> list[str]:
        return [_why(one.action) for one in self._of(decisions)]

    def verdicts(self, decisions: np.ndarray) -> list[Verdict]:
        return [one.verdict for one in self._of(decisions)]

    def said(self) -> list[Verdict]:
        return verdicts_of(self._said)

    def noted(self, decisions: np.ndarray) -> list[str]:
        return [one.action.what for one in self._of(decisions)]

    def news(self) -> None:
        return None

    def whys(self, others: np.ndarray) -> list[str]:
        return [self._whys[int(row)] for row in others["number"]]

    def _of(self, decisions: np.ndarray) -> list[Decision]:
        return [self._said[int(row)] for row in decisions["numbers"][:, 0]]


def _weighed(decision: Decision) -> list[tuple[int, int, float, str]]:
    """Node, count, time and reason of what lost; each reason that is counted by itself."""
    rows: list[tuple[int, int, float, str]] = []
    for one in getattr(decision.action, "alternatives", ()):
        t_s = math.nan if one.t_answer_s is None else one.t_answer_s
        counted = [part.split(" more: ", 1) for part in one.why.split("; ")]
        if one.node < 0:
            rows += [(-1, int(count), t_s, why) for count, why in counted]
        else:
            rows.append((one.node, 0, t_s, one.why))
    return rows


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


def demand_equal(driven: Driven) -> None:
    """Compare events, telemetry, energy, tables and books with the engine in Python, bit by bit."""
    found, w = driven.found, driven.world
    stages = found.world.scenario.pipeline.names
    opening = Oversight(found.world).opening()
    events = [expected(event, opening) for events, _ in found.instants for event in events]
    assert [seen(row, stages) for rows in driven.events for row in rows] == events
    assert_frame_equal(jobs_frame(found.world, w), found.trace.jobs, check_exact=True)
    actions = pl.concat([one["actions"] for one in driven.frames]).select(*_ACTIONS)
    assert_frame_equal(actions, actions_of(found), check_exact=True)
    faults = found.trace.faults
    assert fault_figures(w, 0 if faults is None else faults["quarantines"]) == faults
    told = np.concatenate(driven.telemetry, axis=1)
    for row, name in enumerate(STATE_COLUMNS):
        want = np.array([one[name] for one in found.telemetry])
        np.testing.assert_array_equal(told[row], want, name)
    for name in ENERGY_FLOWS:
        np.testing.assert_array_equal(w.sats[name], found.trace.state.flows_j[name], name)
