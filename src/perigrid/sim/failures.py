"""Faults in the simulated world: what they stop, undo and destroy when their time comes.

The engine asks here whether a node works and tells what it starts; nothing of the schedule reaches
the decision core before it shows as an event.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from perigrid.base.jobs import Cause, Job, Outcome, Product
from perigrid.base.messages import (
    Event,
    Move,
    MoveFailed,
    NodeFailed,
    NodeRepaired,
    StateReported,
    TaskLost,
    Wait,
)
from perigrid.control.contact_plan import NO_CONTACT
from perigrid.engine.fault_table import COUNTED, dead_contacts, fault_schedule
from perigrid.fleet.faults import FaultKind, checkpoint_intervals_s
from perigrid.fleet.storage import Storage
from perigrid.sim.accounting import Account, leg_waits_s
from perigrid.sim.executor import ComputeQueue, Task
from perigrid.sim.interruptions import (
    FaultBegins,
    FaultEnds,
    LegBegins,
    Turn,
    current_leg,
    older,
    sent_part,
    undone_waits_s,
)
from perigrid.sim.job_energy import compute_energy_j, leg_energy_j
from perigrid.sim.link_loads import LinkLoads
from perigrid.sim.pending import Pending
from perigrid.sim.saved_work import SavedWork
from perigrid.sim.world import World

NOWHERE: Final = -1


class Failures:
    """Everything that is broken in one run, and what breaking it does.

    Parameters
    ----------
    world : World
        Scenario, fleet and contacts; the faults follow from the scenario's seed, the same for
        every architecture.
    accounts, pending, computers, storage, links
        The engine's own, changed in place.

    Notes
    -----
    A leg is lost if an end of it is away between its first bit sent and its last bit received; it
    is sent again whole. Fibre on the ground does not fail: what a station has received goes on.
    """

    def __init__(
        self,
        world: World,
        accounts: list[Account],
        pending: dict[int, Pending],
        computers: dict[int, ComputeQueue],
        storage: Storage,
        links: LinkLoads,
    ) -> None:
        self._world = world
        self._accounts = accounts
        self._pending = pending
        self._computers = computers
        self._storage = storage
        self._links = links
        scenario, fleet, outlook = world.scenario, world.fleet, world.outlook
        self._schedule = fault_schedule(scenario, fleet, outlook)
        self.any = len(self._schedule) > 0
        interval_s = np.full(fleet.n_satellites, np.inf)
        if self.any:
            interval_s = checkpoint_intervals_s(scenario, fleet, outlook)
        self._work = SavedWork(interval_s, scenario.recovery.save_s)
        dead = dead_contacts(self._schedule, outlook.contacts)
        self._dead: frozenset[int] = frozenset(np.flatnonzero(dead).tolist())
        self.off: frozenset[int] = frozenset()  # satellites without energy, in this step
        self._away: Counter[int] = Counter()
        self._lost: set[int] = set()
        # What is to be done once more, and as what that counts; a move has no stage.
        self._again: dict[tuple[int, str | None], str] = {}
        self._told: StateReported | None = None
        self._counts: Counter[str] = Counter()
        self._struck: Counter[str] = Counter()

    # ------------------------------------------------------------------ what the engine asks

    def turns(self) -> Iterator[tuple[float, Turn]]:
        """List the schedule's turns.

        Yields
        ------
        t_s, turn
            When, and what begins or ends; failed acquisitions show when a leg tries them.
        """
        faults = self._schedule
        for row in np.flatnonzero(faults.kind != FaultKind.ACQUISITION).tolist():
            yield float(faults.t_start_s[row]), FaultBegins(row)
            if faults.kind[row] != FaultKind.CORRUPTION and math.isfinite(faults.t_end_s[row]):
                yield float(faults.t_end_s[row]), FaultEnds(row)

    def legs(self, move: Move) -> Iterator[tuple[float, Turn]]:
        """List when the legs of a move need both ends.

        Parameters
        ----------
        move : Move
            Authorised.

        Yields
        ------
        t_s, turn
            Nothing without faults and where all have energy.
        """
        if not self.any and not self.off:
            return
        self._begin_again(move.job_id, None)
        for index, leg in enumerate(move.legs):
            if leg.contact != NO_CONTACT:
                yield leg.t_start_s, LegBegins(move.job_id, index)

    def works(self, node: int) -> bool:
        """Say whether a node is there.

        Parameters
        ----------
        node : int
            Fleet row.

        Returns
        -------
        bool
            False while any fault keeps it away.
        """
        return self._away[node] == 0

    def report(self, told: StateReported) -> StateReported:
        """Keep the last telemetry of satellites that are away.

        Parameters
        ----------
        told : StateReported
            As the world is.

        Returns
        -------
        StateReported
            As it is heard of.
        """
        last, self._told = self._told, told
        away = [row for row in self._away if not self.works(row) and row < len(told.battery_j)]
        if last is not None and away:
            self._told = StateReported(
                told.t_s,
                older(told.battery_j, last.battery_j, away),
                older(told.computer_k, last.computer_k, away),
                older(told.radiator_k, last.radiator_k, away),
                older(told.storage_bytes, last.storage_bytes, away),
            )
        return self._told

    def prepare(self, node: int, task: Task) -> None:
        """Let a stage begin, or begin again from its checkpoint.

        Parameters
        ----------
        node : int
            Fleet row of the computer.
        task : Task
            Not submitted; changed.
        """
        self._begin_again(task.job_id, task.stage)
        self._work.prepare(node, task)

    def finished(self, task: Task) -> bool:
        """Note what the result of a stage is worth.

        Parameters
        ----------
        task : Task
            Just completed.

        Returns
        -------
        bool
            Whether a check finds it suspect.
        """
        self._work.finish(task)
        if task.detected:
            self._counts["suspect_results"] += 1
            self._again[task.job_id, task.stage] = "recomputations"
        return task.detected

    def stop_waiting(self, t_s: float, job_id: int) -> None:
        """End the wait of a job that is closed while it waits.

        Parameters
        ----------
        t_s : float
            Now [s].
        job_id : int
            The job; nothing is done if it is busy with nothing.
        """
        pending = self._pending.pop(job_id, None)
        if pending is not None:
            cause = pending.action.cause if isinstance(pending.action, Wait) else Cause.RULE
            self._accounts[job_id].add({cause: t_s - pending.t_from_s})

    def refusal(self, job: Job) -> Cause | None:
        """Say why a satellite misses the shutter, and count faults.

        Parameters
        ----------
        job : Job
            To be taken.

        Returns
        -------
        Cause or None
            None if it takes the observation.
        """
        if not self.works(job.origin):
            self._counts["refused_captures"] += 1
            return Cause.FAULT
        if job.origin in self.off:
            return Cause.BATTERY
        return None if self._storage.has_room(job.origin, job.raw_bytes) else Cause.STORAGE

    def figures(self, quarantines: int) -> dict[str, Any] | None:
        """Sum up what faults did.

        Parameters
        ----------
        quarantines : int
            From the controller.

        Returns
        -------
        dict or None
            For the summary; None in a run without faults.
        """
        if not self.any:
            return None
        ended = {a.job.job_id for a in self._accounts if a.outcome is Outcome.DELIVERED}
        return {
            "by_kind": {kind.name.lower(): self._struck[kind.name] for kind in FaultKind},
            **{name: self._counts[name] for name in COUNTED},
            "retries": self._counts["retries"],
            "recomputations": self._counts["recomputations"],
            "quarantines": quarantines,
            "wrong_answers": len(self._work.wrong_jobs & ended),
            "work_lost_s": self._work.lost_s,
        }

    # ------------------------------------------------------------------ what happens

    def happen(self, turn: Turn, t_s: float) -> list[Event]:
        """Let a fault begin or end, or a leg begin.

        Parameters
        ----------
        turn : FaultBegins, FaultEnds or LegBegins
            What is due.
        t_s : float
            Now [s].

        Returns
        -------
        list of Event
            What shows of it.
        """
        match turn:
            case LegBegins():
                return self._leg_begins(turn, t_s)
            case FaultEnds(row=row):
                node = int(self._schedule.node[row])
                self._away[node] -= 1
                return [NodeRepaired(t_s, node)] if self.works(node) else []
            case FaultBegins(row=row):
                kind, node = FaultKind(int(self._schedule.kind[row])), int(self._schedule.node[row])
                if kind is FaultKind.CORRUPTION:
                    self._corrupt(node, detected=bool(self._schedule.detected[row]))
                    return []
                return self._node_fails(node, kind, t_s)

    def _corrupt(self, node: int, *, detected: bool) -> None:
        """Spoil what a computer is at; an idle one or one that is away takes no harm."""
        if not self.works(node):
            return
        self._struck[FaultKind.CORRUPTION.name] += 1
        for task in self._computers[node].running():
            task.corrupted, task.detected = True, task.detected or detected

    def _node_fails(self, node: int, kind: FaultKind, t_s: float) -> list[Event]:
        self._away[node] += 1
        if node in self._lost:
            return []
        self._struck[kind.name] += 1
        name, wiped = kind.name.lower(), kind is FaultKind.LOSS
        events: list[Event] = [NodeFailed(t_s, node, name, wiped)]
        if wiped:
            self._lost.add(node)
        if node in self._computers:
            events += self._tasks_lost(node, t_s, wiped=wiped)
        for job_id in sorted(self._pending):
            action = self._pending[job_id].action
            if isinstance(action, Move):
                index = current_leg(action.legs, t_s)
                leg = action.legs[index]
                busy = leg.t_start_s <= t_s and node in (leg.source, leg.target)
                gone = wiped and node == leg.source
                if leg.contact != NO_CONTACT and (busy or gone):
                    events.append(self._move_fails(job_id, index, name, t_s))
        return events

    def _leg_begins(self, turn: LegBegins, t_s: float) -> list[Event]:
        pending = self._pending.get(turn.job_id)
        if pending is None or not isinstance(pending.action, Move):
            return []
        legs = pending.action.legs
        if turn.leg >= len(legs) or legs[turn.leg].t_start_s != t_s:
            return []  # of a move that failed before
        leg = legs[turn.leg]
        if leg.contact in self._dead:
            self._struck[FaultKind.ACQUISITION.name] += 1
            return [self._move_fails(turn.job_id, turn.leg, "acquisition", t_s)]
        if not (self.works(leg.source) and self.works(leg.target)):
            return [self._move_fails(turn.job_id, turn.leg, "away", t_s)]
        off = not self.off.isdisjoint((leg.source, leg.target))
        return [self._move_fails(turn.job_id, turn.leg, Cause.BATTERY.value, t_s)] if off else []

    def _tasks_lost(self, node: int, t_s: float, *, wiped: bool) -> list[Event]:
        """Empty a computer; what its checkpoints saved is there for the next try."""
        events: list[Event] = []
        computer = self._computers[node]
        for task in computer.abort(t_s):
            account = self._accounts[task.job_id]
            del self._pending[task.job_id]
            done_s = task.work_s - task.left_s
            kept_s, new_s = self._work.interrupt(node, task, wiped=wiped)
            account.add(undone_waits_s(computer.since_submitted(task), new_s, done_s))
            account.spend(*compute_energy_j(self._world, node, done_s * task.power_w))
            self._counts["lost_tasks"] += 1
            self._again[task.job_id, task.stage] = "retries"
            events.append(TaskLost(t_s, task.job_id, node, task.stage, kept_s))
        return events

    def _move_fails(self, job_id: int, index: int, kind: str, t_s: float) -> MoveFailed:
        """Break a move off at a leg: what arrived before stays where it is."""
        move = self._pending.pop(job_id).action
        assert isinstance(move, Move)  # noqa: S101  the caller has looked
        account = self._accounts[job_id]
        leg = move.legs[index]
        account.add(leg_waits_s(move.legs[:index], math.inf))
        account.add({Cause(kind) if kind == Cause.BATTERY else Cause.FAULT: t_s - leg.t_ready_s})
        for sent in (*move.legs[:index], *sent_part(leg, t_s)):
            account.moved(sent)
            account.spend(*leg_energy_j(self._world, sent))
        self._links.remove(move.legs[index:], t_s)
        self._counts["failed_moves"] += 1
        self._again[job_id, None] = "retries"
        node = self._holder(move, leg.source, account.job.raw_bytes)
        if move.product is Product.RAW:
            self._storage.cancel(job_id)
            if node not in (NOWHERE, move.source):
                self._storage.relocate(job_id, node, account.job.raw_bytes)
        return MoveFailed(t_s, job_id, node, index, kind)

    def _holder(self, move: Move, last: int, raw_bytes: float) -> int:
        """Who keeps the product: the last that had it whole, else the first, which has it still."""
        has_room = move.product is Product.ANSWER or self._storage.has_room(last, raw_bytes)
        if last not in self._lost and (last == move.source or has_room):
            return last
        return NOWHERE if move.source in self._lost else move.source

    def _begin_again(self, job_id: int, stage: str | None) -> None:
        """Count what is done once more."""
        again = self._again.pop((job_id, stage), None)
        if again is not None:
            self._counts[again] += 1
