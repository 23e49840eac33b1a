"""The simulator: a virtual clock that carries out what the controller authorises.

Physics moves in fixed steps, events at their exact times in between. A computer's speed is set at
each step's start from temperature and energy; everything that happens goes to the controller as an
event and everything it answers is recorded before it is carried out.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from perigrid.base.errors import InvariantError
from perigrid.base.jobs import Architecture, Cause, Outcome, Product, StageName
from perigrid.base.messages import (
    Action,
    ApprovalAnswered,
    AskApproval,
    Captured,
    CaptureRefused,
    Close,
    Compute,
    Computed,
    Event,
    Move,
    Moved,
    NodeFailed,
    NodeRepaired,
    StateReported,
    TimerRang,
    Wait,
)
from perigrid.control.controller import REPORT_INTERVAL_S, Controller
from perigrid.control.placement import PLACEMENTS
from perigrid.fleet.laser_load import held_laser_w
from perigrid.fleet.model import Floats
from perigrid.fleet.state import FleetState, advance, balance_error, compute_speed, initial_state
from perigrid.fleet.storage import Storage
from perigrid.ledger.record import RecordWriter
from perigrid.sim.accounting import Account, leg_waits_s
from perigrid.sim.executor import ComputeQueue, Task
from perigrid.sim.failures import Failures
from perigrid.sim.interruptions import Turn
from perigrid.sim.job_energy import compute_energy_j, leg_energy_j
from perigrid.sim.limits import check_limits
from perigrid.sim.link_loads import LinkLoads
from perigrid.sim.pending import Pending
from perigrid.sim.telemetry import Telemetry
from perigrid.sim.world import World
from perigrid.workload.profile import stage_power_w, stage_time_s

Progress = Callable[[str, float], None]


Entry = Event | Turn | tuple[int, Task]
"""What can come due: an event, a turn of a fault or a leg, the end of a node's task."""


@dataclass(slots=True)
class Trace:
    """What a simulation leaves behind."""

    accounts: list[Account]
    telemetry: Telemetry
    state: FleetState
    decisions: list[tuple[int, float, Action, str, str, str]]
    booked_bytes: Floats
    balance_error: float
    held_laser_j: float
    architecture: Architecture
    head: str = ""
    records: int = 0
    limits: dict[str, float] = field(default_factory=dict)
    faults: dict[str, Any] | None = None


class Engine:
    """Runs one architecture.

    Parameters
    ----------
    world : World
        Fleet, outlook, observations and what the detector said.
    controller : Controller
        The decision core for this architecture.
    architecture : Architecture
        For messages, and for the links that stay held.
    record : RecordWriter
        Takes events before they are decided on and actions before they are carried out.
    """

    def __init__(
        self,
        world: World,
        controller: Controller,
        architecture: Architecture,
        record: RecordWriter,
    ) -> None:
        self._world = world
        self._controller = controller
        self._architecture = architecture
        self._record = record
        fleet = world.fleet
        self._n = fleet.n_satellites
        self._state = initial_state(fleet)
        self._accounts = [Account(job) for job in world.jobs]
        self._pending: dict[int, Pending] = {}
        self._queue: list[tuple[float, int, Entry]] = []
        self._order = 0
        self._step_end_s = 0.0
        computer = fleet.satellites.computer
        slots = 0 if computer is None else computer.slots
        self._computers = {row: ComputeQueue(slots) for row in range(self._n)}
        self._computers |= {
            row: ComputeQueue(centre.computer.slots) for row, centre in fleet.data_centres.items()
        }
        self._edges_s: Floats = world.outlook.t_s
        links = PLACEMENTS[architecture].links
        self._links = LinkLoads(world, held_laser_w(fleet, world.outlook, links))
        self._storage = Storage(fleet.satellites.storage_bytes, self._state.storage_bytes)
        self._decisions: list[tuple[int, float, Action, str, str, str]] = []
        self._telemetry = Telemetry(world)
        self._failures = Failures(
            world, self._accounts, self._pending, self._computers, self._storage, self._links
        )

    def run(self, progress: Progress | None = None) -> Trace:
        """Fly the whole scenario.

        Parameters
        ----------
        progress : callable, optional
            Told a label and a share from 0 to 1.

        Returns
        -------
        Trace
            Accounts of every observation, telemetry and the final state.
        """
        for job in self._world.jobs:
            self._push(job.t_capture_s, Captured(job.t_capture_s, job))
        for t_s, turn in self._failures.turns():
            self._push(t_s, turn)
        steps = len(self._edges_s) - 1
        t_report_s = 0.0
        for step in range(steps):
            t_from_s, t_to_s = float(self._edges_s[step]), float(self._edges_s[step + 1])
            self._begin_step(step, t_from_s, t_to_s)
            if t_from_s >= t_report_s:
                self._decide(t_from_s, [self._report(t_from_s)])
                t_report_s += REPORT_INTERVAL_S
            self._run_events(t_to_s)
            self._end_step(step, t_from_s, t_to_s)
            if progress is not None and step % 60 == 0:
                progress(self._architecture.value, step / steps)
        return self._finish(float(self._edges_s[-1]))

    # ------------------------------------------------------------------ physics steps

    def _begin_step(self, step: int, t_from_s: float, t_to_s: float) -> None:
        """Set every computer's speed and foresee which tasks end within the step."""
        fleet, outlook = self._world.fleet, self._world.outlook
        bus = fleet.satellites
        dt_s = t_to_s - t_from_s
        idle_w = 0.0 if bus.computer is None else bus.computer.idle_w
        base_w = bus.bus_load_w + idle_w + self._links.reserve_w(step, self._world.radio_w)
        heat, power = compute_speed(self._state, fleet, outlook.array_w[:, step], base_w, dt_s)
        self._step_end_s = t_to_s
        for row in range(self._n):
            computer = self._computers[row]
            computer.set_speed(t_from_s, float(heat[row]), float(power[row]))
            for task in computer.unfinished():
                self._foresee(row, task)

    def _end_step(self, step: int, t_from_s: float, t_to_s: float) -> None:
        """Integrate battery and heat over the step with the work that was really done."""
        fleet = self._world.fleet
        computer = fleet.satellites.computer
        dt_s = t_to_s - t_from_s
        idle_w = 0.0 if computer is None else computer.idle_w
        compute_w = np.full(self._n, idle_w)
        for row in range(self._n):
            queue = self._computers[row]
            queue.catch_up(t_to_s)
            compute_w[row] += queue.energy_j / dt_s
            queue.energy_j = 0.0
        link_w = self._links.power_w(step)
        used_w = advance(
            self._state, fleet, self._world.outlook, step, compute_w=compute_w, link_w=link_w
        )
        check_limits(fleet, self._state, t_to_s)
        speeds = np.array([self._computers[row].speed for row in range(self._n)])
        self._telemetry.add(step, self._state, used_w, compute_w, link_w, speeds)

    def _report(self, t_s: float) -> StateReported:
        state = self._state
        columns = (state.battery_j, state.computer_k, state.radiator_k, state.storage_bytes)
        battery, computer, radiator, storage = (tuple(column.tolist()) for column in columns)
        told = StateReported(t_s, battery, computer, radiator, storage)
        return self._failures.report(told)

    # ------------------------------------------------------------------ events

    def _push(self, t_s: float, event: Entry) -> None:
        heapq.heappush(self._queue, (t_s, self._order, event))
        self._order += 1

    def _run_events(self, t_to_s: float) -> None:
        """Hand over everything before the step's end, in order, same instants together."""
        while self._queue and self._queue[0][0] < t_to_s:
            t_s = self._queue[0][0]
            batch: list[Event] = []
            while self._queue and self._queue[0][0] == t_s:
                entry = heapq.heappop(self._queue)[2]
                if isinstance(entry, Turn):
                    batch += self._failures.happen(entry, t_s)
                else:
                    event = self._happen(entry, t_s)
                    batch += [] if event is None else [event]
            # What is away and what is back is known before anything else of the same instant.
            batch.sort(key=lambda one: not isinstance(one, NodeFailed | NodeRepaired))
            self._decide(t_s, batch)

    def _happen(self, event: Event | tuple[int, Task], t_s: float) -> Event | None:
        """Let an event change the world before the controller hears of it."""
        match event:
            case (row, task):
                running = self._computers[row].is_running(task)
                return self._computed(row, task, t_s) if running else None
            case Captured(job=job):
                if self._failures.refuse_capture(job.origin):
                    return CaptureRefused(t_s, job, Cause.FAULT)
                if not self._storage.has_room(job.origin, job.raw_bytes):
                    return CaptureRefused(t_s, job)
                self._storage.take(job.job_id, job.origin, job.raw_bytes)
            case Moved():
                return event if self._moved(event) else None
            case TimerRang() | ApprovalAnswered():
                if event.job_id not in self._pending:
                    return None  # the job was lost with its satellite
                pending = self._pending.pop(event.job_id)
                cause = pending.action.cause if isinstance(pending.action, Wait) else Cause.RULE
                self._accounts[event.job_id].add({cause: t_s - pending.t_from_s})
        return event

    def _computed(self, row: int, task: Task, t_s: float) -> Event | None:
        self._pending.pop(task.job_id)
        account = self._accounts[task.job_id]
        computer = self._computers[row]
        account.add(computer.complete(t_s, task))
        account.node = row
        account.spend(*compute_energy_j(self._world, row, task.work_s * task.power_w))
        self._start(row, t_s)
        seen = float(self._world.cloud_seen[account.job.scene])
        if task.stage is StageName.SCREEN:
            account.cloud_seen = seen
        suspect = self._failures.finished(task)
        decisions = self._world.scenario.pipeline.deliver == "decisions"
        if task.stage is StageName.CLASSIFY and decisions and not suspect:
            self._storage.release(task.job_id)  # the answer is what goes down
        return Computed(t_s, task.job_id, row, task.stage, seen, suspect)

    def _moved(self, event: Moved) -> bool:
        """Let a product arrive, unless its move failed since."""
        pending = self._pending.get(event.job_id)
        move = None if pending is None else pending.action
        if not isinstance(move, Move) or move.legs[-1].t_arrival_s != event.t_s:
            return False
        del self._pending[event.job_id]
        account = self._accounts[event.job_id]
        account.add(leg_waits_s(move.legs, float("inf")))
        for leg in move.legs:
            account.moved(leg)
            account.spend(*leg_energy_j(self._world, leg))
        if event.product is Product.RAW:
            self._storage.arrive(event.job_id)
        return True

    # ------------------------------------------------------------------ decisions

    def _decide(self, t_s: float, events: Sequence[Event]) -> None:
        """Record, ask the controller, record, carry out."""
        if not events:
            return
        self._record.events(t_s, events)
        decisions = self._controller.handle(events)
        if not decisions:
            return
        pairs = [(decision.action, decision.verdict) for decision in decisions]
        sequence = self._record.actions(t_s, pairs)
        for decision in decisions:
            verdict = decision.verdict
            self._decisions.append(
                (sequence, t_s, decision.action, verdict.decision, verdict.rule, verdict.reason)
            )
            if decision.may_run:
                self._carry_out(t_s, decision.action)

    def _carry_out(self, t_s: float, action: Action) -> None:
        match action:
            case Move():
                self._pending[action.job_id] = Pending(t_s, action)
                if action.product is Product.RAW:
                    raw_bytes = self._accounts[action.job_id].job.raw_bytes
                    self._storage.reserve(action.job_id, action.target, raw_bytes)
                else:
                    self._storage.release(action.job_id)  # of a suspect answer that was taken
                self._links.add(action.legs)
                for t_leg_s, turn in self._failures.legs(action):
                    self._push(t_leg_s, turn)
                arrival_s = action.legs[-1].t_arrival_s
                moved = Moved(arrival_s, action.job_id, action.target, action.product)
                self._push(arrival_s, moved)
            case Compute():
                self._submit(t_s, action)
            case Wait():
                self._pending[action.job_id] = Pending(t_s, action)
                self._push(action.until_s, TimerRang(action.until_s, action.job_id))
            case AskApproval():
                self._pending[action.job_id] = Pending(t_s, action)
                approver = self._world.scenario.approver
                answer_s = t_s + approver.delay_s
                answer = ApprovalAnswered(answer_s, action.job_id, approver.grants)
                self._push(answer_s, answer)
            case Close():
                self._failures.stop_waiting(t_s, action.job_id)
                self._storage.release(action.job_id)
                self._accounts[action.job_id].close(
                    t_s, delivered=action.delivered, reason=action.reason
                )

    def _submit(self, t_s: float, action: Compute) -> None:
        world = self._world
        computer = world.fleet.computer(action.node)
        if computer is None or not self._failures.works(action.node):
            raise InvariantError(f"node {action.node} was told to compute and cannot")
        stages = {StageName.SCREEN: world.screen, StageName.CLASSIFY: world.classify}
        job = self._accounts[action.job_id].job
        stage = stages[action.stage]
        work_s = stage_time_s(stage, computer, job.area_m2)
        task = Task(action.job_id, action.stage, work_s, stage_power_w(stage, computer))
        self._failures.prepare(action.node, task)
        self._pending[action.job_id] = Pending(t_s, action, task)
        self._computers[action.node].submit(t_s, task)
        self._start(action.node, t_s)

    def _start(self, row: int, t_s: float) -> None:
        for task in self._computers[row].start_waiting(t_s):
            self._foresee(row, task)

    def _foresee(self, row: int, task: Task) -> None:
        """Queue a running task's end if it comes before the computer's speed can change."""
        computer = self._computers[row]
        if not computer.is_running(task):
            return
        finish_s = computer.finish_s(task)
        if row >= self._n or finish_s < self._step_end_s:
            self._push(finish_s, (row, task))

    # ------------------------------------------------------------------ the end

    def _finish(self, t_s: float) -> Trace:
        """Account for what is still under way and check that nothing was lost."""
        for job_id, pending in self._pending.items():
            account = self._accounts[job_id]
            match pending.action:
                case Move(legs=legs):
                    account.add(leg_waits_s(legs, t_s))
                case Compute(node=row):
                    assert pending.task is not None  # noqa: S101  a compute has a task
                    self._computers[row].catch_up(t_s)
                    account.add(self._computers[row].since_submitted(pending.task))
                case Wait(cause=cause):
                    account.add({cause: t_s - pending.t_from_s})
                case _:
                    account.add({Cause.RULE: t_s - pending.t_from_s})
        in_flight = {a.job.job_id for a in self._accounts if a.outcome is Outcome.IN_FLIGHT}
        if in_flight != set(self._pending):
            raise InvariantError("an observation was lost: it neither ended nor is under way")
        return Trace(
            accounts=self._accounts,
            telemetry=self._telemetry,
            state=self._state,
            decisions=self._decisions,
            booked_bytes=self._controller.belief.plan.booked_bytes,
            balance_error=balance_error(self._state),
            held_laser_j=self._links.held_j,
            architecture=self._architecture,
            head=self._record.head,
            records=self._record.length,
            faults=self._failures.figures(self._controller.outages.quarantines),
        )
