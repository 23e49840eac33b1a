"""A live run: the simulator's controller on a wall clock, with agents that really run the models.

What is real: time passes, detector and classifier run, and a late answer is late on the mission
clock. What the twin stands in for: orbit, light, heat, storage, and links, which take the time that
was booked on them. At a high speed a model takes more mission time than the space computer would:
:class:`~perigrid.live.result.LiveResult` says by how much.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from perigrid.base.architecture import Architecture
from perigrid.base.errors import InvariantError, WorkError
from perigrid.base.jobs import Outcome, Product
from perigrid.base.messages import (
    REPORT_INTERVAL_S,
    Acknowledge,
    Action,
    ApprovalAnswered,
    AskApproval,
    AuthorityExpired,
    Captured,
    CaptureRefused,
    Close,
    Compute,
    Computed,
    Event,
    Move,
    Moved,
    Ordered,
    TimerRang,
    Wait,
    is_stale,
)
from perigrid.control.approver_model import cards_of, roster_of
from perigrid.control.controller import Controller, Decision
from perigrid.control.oversight import approval_context
from perigrid.control.policy.approval.roster import Roster
from perigrid.ledger.record import RecordWriter
from perigrid.ledger.seal import RunLedger, new_nonce
from perigrid.live.agent import Agent, Answer, Inbox, Models, NotBegun, Order, running_agents
from perigrid.live.asking import ModelledPeople, People
from perigrid.live.clock import Clock, WallClock
from perigrid.live.notices import run_name
from perigrid.live.result import LiveJob, LiveResult
from perigrid.live.twin import Twin
from perigrid.live.world import LiveWorld
from perigrid.scenario.pipeline import CLOUD_DETECTOR
from perigrid.workload.job_graph import is_computed
from perigrid.workload.profile import stage_power_w, stage_time_s

GROUP: Final = 64
"""Most instants that one wait for the disk may cover, when the runner has fallen behind."""


def fly_live(
    world: LiveWorld,
    architecture: Architecture,
    folder: Path,
    *,
    speed: float,
    until_s: float,
    clock: Clock | None = None,
    people: People | None = None,
    roster: Roster | None = None,
) -> LiveResult:
    """Fly one architecture on the wall clock.

    Parameters
    ----------
    world : LiveWorld
        Fleet, outlook, scenes and observations.
    architecture : Architecture
        Where the jobs are done.
    folder : Path
        Gets the record under ``ledger``; must not hold one yet.
    speed : float
        Mission seconds per second [1].
    until_s : float
        Mission time of the end; at most the scenario's duration [s].
    clock : Clock, optional
        In place of a :class:`~perigrid.live.clock.WallClock` of that speed.
    people : People, optional
        Who is asked, such as people at an inbox; the scenario's models if left out.
    roster : Roster, optional
        Whose signatures count; the scenario's people if left out.

    Returns
    -------
    LiveResult
        What became of every observation.

    Raises
    ------
    WorkError
        If an agent failed. Agents are stopped and the record is closed first, whatever happens.
    """
    scenario, fleet = world.scenario, world.fleet
    world = world.under(architecture)
    # A clock of the caller's own makes a run repeatable, which no time budget may upset.
    budget = time.perf_counter if clock is None else None
    nonce = run_name(new_nonce(), fleet.names)
    bound_to = nonce if roster is not None else ""  # models of people sign alike in every run
    controller = Controller(
        scenario, fleet, world.outlook, architecture, world.jobs, roster, budget, run=bound_to
    )
    people = people or ModelledPeople(scenario)
    signers = roster or roster_of(scenario)
    people.begin(approval_context(scenario, bound_to), fleet.names, signers)
    models, inbox, clock = Models(world.bank.recipes), Inbox(), clock or WallClock(speed)
    cards = cards_of(scenario, roster)
    book = RunLedger(world, architecture.name, folder, live=True, people=cards, nonce=nonce)
    now_s, orders = clock.now_s, controller.orders
    with closing(book) as ledger, running_agents(fleet, models, inbox, now_s, orders) as agents:
        flight = _Flight(world, controller, ledger.record, agents, inbox, clock, people)
        end_s = min(until_s, float(world.outlook.t_s[-1]))
        result = flight.run(end_s)
        ledger.seal(end_s)
    return replace(result, head=ledger.record.head, records=ledger.record.length)


class _Flight:
    """The runner's loop: one thing after the other, in order of mission time."""

    def __init__(
        self,
        world: LiveWorld,
        controller: Controller,
        record: RecordWriter,
        agents: dict[int, Agent],
        inbox: Inbox,
        clock: Clock,
        people: People,
    ) -> None:
        self._world = world
        self._controller = controller
        self._record = record
        self._agents = agents
        self._inbox = inbox
        self._clock = clock
        self._twin = Twin(world.fleet, world.outlook, controller.belief.laser_w)
        self._people = people
        self._jobs: dict[int, LiveJob] = {}
        self._busy: dict[int, Action] = {}  # the one thing a job is busy with
        self._due_s: dict[int, float] = {}  # when the stage in hand should end
        self._slots_s = {row: self._slots(row) for row in agents}  # when each is free
        self._queue: list[tuple[float, int, Event]] = []
        self._pushed = 0
        self._to_do: list[Decision] = []  # recorded, but perhaps not on the disk yet
        self._step = 0
        self._t_s = 0.0
        self._t_report_s = 0.0
        self._answer_late_s = self._loop_late_s = 0.0

    def _slots(self, row: int) -> list[float]:
        computer = self._world.fleet.computer(row)
        return [0.0] * (0 if computer is None else computer.slots)

    def run(self, until_s: float) -> LiveResult:
        """Fly until a mission time."""
        for job in self._world.jobs:
            self._push(job.t_capture_s, Captured(job.t_capture_s, job))
        for event in self._people.opening():
            self._push(event.t_s, event)
        while (t_s := self._wait_for_next(until_s)) < until_s:
            self._t_s = t_s
            if t_s >= self._world.outlook.t_s[self._step]:
                self._step_edge()
            else:
                self._catch_up(self._clock.now_s(), until_s)
        in_flight = {i for i, one in self._jobs.items() if one.outcome is Outcome.IN_FLIGHT}
        if in_flight != set(self._busy):
            raise InvariantError("an observation was lost: it neither ended nor is under way")
        return LiveResult(
            tuple(self._jobs.values()),
            self._record.head,
            self._record.length,
            self._answer_late_s,
            self._loop_late_s,
        )

    # ------------------------------------------------------------------ time

    def _catch_up(self, now_s: float, until_s: float) -> None:
        """Decide on what is due, instant by instant, then wait once for the disk and do it all.

        A runner in time has one instant due. One that fell behind, as when the disk stalled, would
        stay behind if it waited for the disk at each of the instants that it missed.
        """
        stop_s = min(float(self._world.outlook.t_s[self._step]), until_s)
        for _ in range(GROUP):
            t_s = self._queue[0][0] if self._queue else stop_s
            if t_s > now_s or t_s >= stop_s:
                break
            self._t_s = t_s
            events = [event for event in self._pop(t_s) if not is_stale(event, self._busy)]
            self._decide([self._happen(event) for event in events])
        self._carry_out_recorded()

    def _wait_for_next(self, until_s: float) -> float:
        """Wait until the next thing happens, taking in answers on the way; say when that is."""
        arrived = self._inbox.arrived
        while True:
            for answer in self._inbox.take_all():
                self._take(answer)
            for event in self._people.heard(self._clock.now_s()):
                self._push(max(event.t_s, self._t_s), event)
            edge_s = float(self._world.outlook.t_s[self._step])
            event_s = self._queue[0][0] if self._queue else until_s
            t_s = min(edge_s, event_s, until_s)
            look_s = min(t_s, self._people.look_again_s)
            if self._clock.wait_until(look_s, arrived) >= t_s and not arrived.is_set():
                return t_s

    def _step_edge(self) -> None:
        """End a step of the twin, and report if it is time."""
        if self._step > 0:
            self._twin.advance(self._step - 1)
        self._step += 1
        if self._t_s >= self._t_report_s:
            self._t_report_s += REPORT_INTERVAL_S
            self._decide([self._twin.report(self._t_s)])
            self._carry_out_recorded()

    def _push(self, t_s: float, event: Event) -> None:
        heapq.heappush(self._queue, (t_s, self._pushed, event))
        self._pushed += 1

    def _pop(self, t_s: float) -> Iterator[Event]:
        while self._queue and self._queue[0][0] == t_s:
            yield heapq.heappop(self._queue)[2]

    # ------------------------------------------------------------------ what happens

    def _take(self, answer: Answer) -> None:
        """Make an event of an agent's answer: never before the modelled time of the stage."""
        order = answer.order
        job, name = order.job, self._world.fleet.names[order.node]
        if isinstance(answer.finding, Exception):
            message = f"the agent of {name} failed to {order.stage.name} observation {job.job_id}"
            raise WorkError(f"{message}: {answer.finding}") from answer.finding
        if isinstance(answer.finding, NotBegun):
            del self._due_s[job.job_id]
            self._expire(order.job.job_id, order.node, answer.t_end_s)
            return
        live = self._jobs[job.job_id]
        outcome = self._world.outcome(job.job_id, order.stage.name)
        if order.stage.executes == CLOUD_DETECTOR:  # what it says now is what counts
            outcome = live.cloud_seen = answer.finding.cloud_seen
        elif order.stage.executes:
            live.land_cover = answer.finding.land_cover
        due_s = self._due_s.pop(job.job_id)
        # Once decided, the past is closed: an answer from before counts from now on.
        t_s = max(due_s, answer.t_end_s, self._t_s)
        self._answer_late_s = max(self._answer_late_s, t_s - due_s)
        self._push(t_s, Computed(t_s, job.job_id, order.node, order.stage.name, outcome))

    def _expire(self, job_id: int, node: int, t_s: float) -> None:
        """Leave a stage undone: expired authority never acts."""
        t_s = max(t_s, self._t_s)
        self._push(t_s, AuthorityExpired(t_s, job_id, node))

    def _happen(self, event: Event) -> Event:
        """Let an event change the world before the controller hears of it."""
        match event:
            case Captured(job=job):
                self._jobs[job.job_id] = LiveJob(job)
                if not self._twin.capture(job):
                    return CaptureRefused(event.t_s, job)
            case Moved(product=product):
                del self._busy[event.job_id]
                if product is Product.RAW:
                    self._twin.arrive(self._jobs[event.job_id].job)
            case Computed():
                self._computed(event)
            case Ordered(order=order):
                self._people.hand_over(order, self._record.side.keep)
            case TimerRang() | ApprovalAnswered() | AuthorityExpired():
                del self._busy[event.job_id]
        return event

    def _computed(self, event: Computed) -> None:
        del self._busy[event.job_id]
        live = self._jobs[event.job_id]
        live.node = event.node
        live.results[event.stage] = event.outcome
        pipeline = self._world.scenario.pipeline
        if is_computed(pipeline, live.results) and not pipeline.sends_pixels:
            self._twin.release(live.job)

    # ------------------------------------------------------------------ what is done

    def _decide(self, events: Sequence[Event]) -> None:
        """Record, ask the controller, record."""
        if not events:
            return
        self._loop_late_s = max(self._loop_late_s, self._clock.now_s() - self._t_s)
        self._record.events(self._t_s, events)
        decisions = self._controller.handle(events)
        if decisions:
            pairs = [(decision.action, decision.verdict) for decision in decisions]
            self._record.actions(self._t_s, pairs, settled=False)
            self._to_do += decisions

    def _carry_out_recorded(self) -> None:
        """Do what was decided, once its record is on the disk."""
        if not self._to_do:
            return
        self._record.sync()
        to_do, self._to_do = self._to_do, []
        for decision in to_do:
            if decision.may_run and not isinstance(decision.action, Acknowledge):
                self._carry_out(decision.action, decision.expires_s)

    def _carry_out(self, action: Action, expires_s: float) -> None:
        job_id = action.job_id
        self._withdraw(job_id)
        self._busy[job_id] = action
        match action:
            case Move():
                if action.product is Product.RAW:
                    self._twin.set_out(self._jobs[action.job_id].job, action.target)
                self._twin.sends(action.legs)
                arrival_s = max(action.legs[-1].t_arrival_s, self._t_s)
                self._push(arrival_s, Moved(arrival_s, job_id, action.target, action.product))
            case Compute():
                self._order(action, expires_s)
            case Wait(until_s=until_s):
                rings_s = max(until_s, self._t_s)
                self._push(rings_s, TimerRang(rings_s, job_id))
            case AskApproval():
                if (answer := self._people.ask(action)) is not None:
                    self._push(max(answer.t_s, self._t_s), answer)
            case Close():
                self._close(action)

    def _withdraw(self, job_id: int) -> None:
        """Forget a move in the place of which something else was decided."""
        if isinstance(move := self._busy.get(job_id), Move):
            self._twin.recall(self._jobs[job_id].job, move.legs)

    def _order(self, action: Compute, expires_s: float) -> None:
        """Give a stage to the agent of its node, and to the twin as a load."""
        computer, pipeline = self._world.fleet.computer(action.node), self._world.scenario.pipeline
        if computer is None:
            raise InvariantError(f"node {action.node} was told to compute and has no computer")
        job = self._jobs[action.job_id].job
        stage = pipeline.stage(action.stage)
        slots_s = self._slots_s[action.node]
        start_s = max(self._t_s, slots_s[0])
        if not start_s < expires_s:
            self._expire(action.job_id, action.node, expires_s)
            return
        due_s = start_s + stage_time_s(stage, computer, job.area_m2)
        heapq.heapreplace(slots_s, due_s)
        self._due_s[action.job_id] = due_s
        self._twin.computes(action.node, start_s, due_s, stage_power_w(stage, computer))
        self._agents[action.node].submit(Order(job, action.node, stage, expires_s))

    def _close(self, action: Close) -> None:
        del self._busy[action.job_id]
        live = self._jobs[action.job_id]
        live.outcome = Outcome.DELIVERED if action.delivered else Outcome.MISSED
        live.reason, live.t_end_s = action.reason, self._t_s
        self._twin.release(live.job)
