"""The simulator: a virtual clock that carries out what the controller authorises.

Physics moves in fixed steps, events at their exact times in between. A computer's speed is set at
each step's start from temperature and energy; everything that happens goes to the controller as an
event and everything it answers is recorded before it is carried out.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from pathlib import Path

from perigrid.base.architecture import Architecture
from perigrid.base.errors import InvariantError
from perigrid.base.jobs import Cause, Outcome, Product
from perigrid.base.messages import (
    REPORT_INTERVAL_S,
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
    NodeFailed,
    NodeRepaired,
    Ordered,
    TimerRang,
    Wait,
)
from perigrid.base.progress import Progress
from perigrid.control.controller import Controller
from perigrid.fleet.model import Floats
from perigrid.fleet.state import balance_error, initial_state
from perigrid.fleet.storage import Storage
from perigrid.ledger.record import RecordWriter
from perigrid.sim.accounting import Account, leg_waits_s
from perigrid.sim.decisions import Decisions
from perigrid.sim.executor import ComputeQueue, Task
from perigrid.sim.failures import Failures
from perigrid.sim.interruptions import Turn, legs_within
from perigrid.sim.job_energy import compute_energy_j, leg_energy_j
from perigrid.sim.link_loads import LinkLoads
from perigrid.sim.oversight import Oversight
from perigrid.sim.pending import Pending
from perigrid.sim.stepper import Stepper
from perigrid.sim.tables import jobs_frame
from perigrid.sim.telemetry import Telemetry
from perigrid.sim.trace import Trace
from perigrid.sim.world import World
from perigrid.workload.job_graph import is_computed
from perigrid.workload.profile import stage_power_w, stage_time_s

BeforeStep = Callable[["Engine", float], None]
Entry = Event | Turn | tuple[int, Task]
"""What can come due: an event, a turn of a fault or a leg, the end of a node's task."""


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
    work : Path
        Folder for the parts of tables that grow with the run.
    """

    def __init__(
        self,
        world: World,
        controller: Controller,
        architecture: Architecture,
        record: RecordWriter,
        work: Path,
    ) -> None:
        self._world = world
        self._controller = controller
        self._architecture = architecture
        self._record = record
        fleet = world.fleet
        self._n = fleet.n_satellites
        self._state = initial_state(fleet)
        self._accounts: list[Account] = []  # of the observations taken so far
        self._pending: dict[int, Pending] = {}
        self._queue: list[tuple[float, int, Entry]] = []
        self._order = len(world.jobs)  # observations come first among things of one instant
        self._step = 0
        self._t_report_s = 0.0
        self._step_end_s = 0.0
        slots = enumerate(fleet.buses.slots.tolist())
        self._computers = {row: ComputeQueue(count) for row, count in slots}
        self._computers |= {
            row: ComputeQueue(centre.computer.slots) for row, centre in fleet.data_centres.items()
        }
        self._edges_s: Floats = world.outlook.t_s
        self._links = LinkLoads(world, controller.belief.laser_w)
        self._storage = Storage(fleet.buses.storage_bytes, self._state.storage_bytes)
        self._stepper = Stepper(world, self._state, self._computers, self._links)
        self._decisions = Decisions(fleet.names, work)
        self._telemetry = Telemetry(world, work)
        self._failures = Failures(
            world, self._accounts, self._pending, self._computers, self._storage, self._links
        )
        self._oversight = Oversight(world)
        for t_s, turn in self._failures.turns():
            self._push(t_s, turn)
        for event in self._oversight.opening():
            self._push(event.t_s, event)

    def run(self, progress: Progress | None = None, before_step: BeforeStep | None = None) -> Trace:
        """Fly the whole scenario, or what is left of it.

        Parameters
        ----------
        progress : callable, optional
            Told a label and a share from 0 to 1.
        before_step : callable, optional
            Given the engine and the time before every step [s].

        Returns
        -------
        Trace
            Accounts of every observation, telemetry and the final state.
        """
        steps = len(self._edges_s) - 1
        while self._step < steps:
            step = self._step
            t_from_s, t_to_s = float(self._edges_s[step]), float(self._edges_s[step + 1])
            if before_step is not None:
                before_step(self, t_from_s)
            self._push_captures(t_to_s)
            self._begin_step(step, t_from_s, t_to_s)
            if t_from_s >= self._t_report_s:
                self._decide(t_from_s, [self._failures.report(self._stepper.report(t_from_s))])
                self._t_report_s += REPORT_INTERVAL_S
            self._run_events(t_to_s)
            self._telemetry.add(step, self._state, *self._stepper.advance(step, t_to_s))
            self._step += 1
            if progress is not None and step % 60 == 0:
                progress(self._architecture.name, step / steps)
        return self._finish(float(self._edges_s[-1]))

    # ------------------------------------------------------------------ physics steps

    def _begin_step(self, step: int, t_from_s: float, t_to_s: float) -> None:
        """Set every computer's speed and foresee which tasks end within the step."""
        self._step_end_s = t_to_s
        self._failures.off = off = self._stepper.set_speeds(step, t_from_s)
        for t_s, turn in legs_within(self._pending, off, t_from_s, t_to_s) if off else ():
            self._push(t_s, turn)
        for row in self._stepper.working():
            for task in self._computers[row].running():
                self._foresee(row, task)

    # ------------------------------------------------------------------ events

    def _push(self, t_s: float, event: Entry) -> None:
        heapq.heappush(self._queue, (t_s, self._order, event))
        self._order += 1

    def _push_captures(self, t_to_s: float) -> None:
        """Queue the observations before a step's end; the book of jobs is in order of capture."""
        jobs = self._world.jobs
        while len(self._accounts) < len(jobs):
            job = jobs[len(self._accounts)]
            if job.t_capture_s >= t_to_s:
                break
            event = Captured(job.t_capture_s, job)
            heapq.heappush(self._queue, (job.t_capture_s, len(self._accounts), event))
            self._accounts.append(Account(job))

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
            if len(batch) > 1:
                # What is away and back is known before anything else of the same instant.
                batch.sort(key=lambda one: not isinstance(one, NodeFailed | NodeRepaired))
            self._decide(t_s, batch)

    def _happen(self, event: Event | tuple[int, Task], t_s: float) -> Event | None:
        """Let an event change the world before the controller hears of it."""
        match event:
            case (row, task):
                running = self._computers[row].is_running(task)
                return self._computed(row, task, t_s) if running else None
            case Captured():
                return self._captured(event, t_s)
            case Moved():
                return self._moved(event)
            case Ordered():
                self._record.side.keep(self._oversight.ordered(event))
            case TimerRang() | ApprovalAnswered():
                return self._waited(event)
        return event

    def _captured(self, event: Captured, t_s: float) -> Event:
        job = event.job
        if (cause := self._failures.refusal(job)) is not None:
            return CaptureRefused(t_s, job, cause)
        self._storage.take(job.job_id, job.origin, job.raw_bytes)
        return event

    def _waited(self, event: TimerRang | ApprovalAnswered) -> Event | None:
        """End a wait, unless it was ended before: by a decision, or with its satellite."""
        pending = self._pending.get(event.job_id)
        wanted = AskApproval if isinstance(event, ApprovalAnswered) else Wait
        action = None if pending is None else pending.action
        early = isinstance(action, Wait) and action.until_s > event.t_s
        if pending is None or early or not isinstance(action, wanted):
            return None
        if isinstance(event, ApprovalAnswered):
            self._oversight.answered(event)
        self._failures.stop_waiting(event.t_s, event.job_id)
        return event

    def _computed(self, row: int, task: Task, t_s: float) -> Event | None:
        self._pending.pop(task.job_id)
        account = self._accounts[task.job_id]
        computer = self._computers[row]
        account.add(computer.complete(t_s, task))
        account.node = row
        account.spend(*compute_energy_j(self._world, row, task.work_s * task.power_w))
        self._start(row, t_s)
        outcome = self._world.outcome(task.job_id, task.stage)
        account.results[task.stage] = outcome
        suspect = self._failures.finished(task)
        pipeline = self._world.scenario.pipeline
        done = is_computed(pipeline, account.results)
        if done and not pipeline.sends_pixels and not suspect:
            self._storage.release(task.job_id)  # the answer is what goes down
        return Computed(t_s, task.job_id, row, task.stage, outcome, suspect)

    def _moved(self, event: Moved) -> Event | None:
        """Let a product arrive, unless its move failed since or a stop kept it from beginning."""
        pending = self._pending.get(event.job_id)
        move = None if pending is None else pending.action
        if not isinstance(move, Move) or move.legs[-1].t_arrival_s != event.t_s:
            return None
        pending = self._pending.pop(event.job_id)
        account = self._accounts[event.job_id]
        if self._oversight.was_barred(move):
            self._storage.cancel(event.job_id)
            account.add({Cause.RULE: event.t_s - pending.t_from_s})
            return AuthorityExpired(event.t_s, event.job_id, move.source)
        account.add(leg_waits_s(move.legs, float("inf")))
        for leg in move.legs:
            account.moved(leg)
            account.spend(*leg_energy_j(self._world, leg))
        if event.product is Product.RAW:
            self._storage.arrive(event.job_id)
        return event

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
            self._decisions.add(sequence, t_s, decision.action, decision.verdict)
            if decision.may_run:
                self._carry_out(t_s, decision.action, decision.expires_s)

    def _carry_out(self, t_s: float, action: Action, expires_s: float) -> None:
        self._failures.stop_waiting(t_s, action.job_id)
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
                self._oversight.begins_move(action)
                arrival_s = action.legs[-1].t_arrival_s
                moved = Moved(arrival_s, action.job_id, action.target, action.product)
                self._push(arrival_s, moved)
            case Compute():
                self._submit(t_s, action, expires_s)
            case Wait():
                self._pending[action.job_id] = Pending(t_s, action)
                self._push(action.until_s, TimerRang(action.until_s, action.job_id))
            case AskApproval():
                self._pending[action.job_id] = Pending(t_s, action)
                answer = self._oversight.ask(t_s, action)
                self._push(answer.t_s, answer)
            case Close():
                self._storage.release(action.job_id)
                self._accounts[action.job_id].close(
                    t_s, delivered=action.delivered, reason=action.reason
                )

    def _submit(self, t_s: float, action: Compute, expires_s: float) -> None:
        world = self._world
        computer = world.fleet.computer(action.node)
        if computer is None or not self._failures.works(action.node):
            raise InvariantError(f"node {action.node} was told to compute and cannot")
        job = self._accounts[action.job_id].job
        stage = world.scenario.pipeline.stage(action.stage)
        work_s = stage_time_s(stage, computer, job.area_m2)
        task = Task(action.job_id, action.stage, work_s, stage_power_w(stage, computer))
        self._failures.prepare(action.node, task)
        self._pending[action.job_id] = Pending(t_s, action, task, expires_s)
        self._computers[action.node].submit(t_s, task)
        self._start(action.node, t_s)

    def _start(self, row: int, t_s: float) -> None:
        for task in self._computers[row].drop_waiting(lambda task: not self._may_begin(task, t_s)):
            self._expired(row, task, t_s)
        for task in self._computers[row].start_waiting(t_s):
            self._oversight.begins(task.job_id, t_s)
            self._foresee(row, task)

    def _may_begin(self, task: Task, t_s: float) -> bool:
        pending = self._pending[task.job_id]
        assert isinstance(pending.action, Compute)  # noqa: S101  it waits for a computer
        return self._oversight.may_begin(pending.action, pending.expires_s, t_s)

    def _expired(self, row: int, task: Task, t_s: float) -> None:
        """Leave a stage undone: expired authority never acts."""
        self._pending.pop(task.job_id)
        self._accounts[task.job_id].add(self._computers[row].since_submitted(task))
        self._push(t_s, AuthorityExpired(t_s, task.job_id, row))

    def _foresee(self, row: int, task: Task) -> None:
        """Queue a running task's end if it comes before the computer's speed can change."""
        finish_s = self._computers[row].finish_s(task)
        if row >= self._n or finish_s < self._step_end_s:
            self._push(finish_s, (row, task))

    # ------------------------------------------------------------------ the end

    def finish_tables(self, folder: Path) -> None:
        """Write the tables that grew with the run into its folder."""
        self._decisions.finish(folder / "actions.parquet")
        self._telemetry.finish(folder / "telemetry.parquet")

    def _finish(self, t_s: float) -> Trace:
        """Account for what is still under way and check that nothing was lost."""
        for job_id, pending in self._pending.items():
            account = self._accounts[job_id]
            match pending.action:
                case Move(legs=legs):
                    account.add(leg_waits_s(legs, t_s))
                case Compute(node=row) if pending.task is not None:
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
            jobs=jobs_frame(self._world, self._accounts),
            telemetry=self._telemetry.sums,
            state=self._state,
            booked_bytes=self._controller.belief.plan.booked_bytes,
            balance_error=balance_error(self._state),
            held_laser_j=self._links.held_j,
            architecture=self._architecture,
            approvals=self._oversight.figures(),
            lender=self._controller.lender,
            head=self._record.head,
            records=self._record.length,
            faults=self._failures.figures(self._controller.outages.quarantines),
        )
