"""A node that acts: a satellite or a data centre, with a ledger and a clock of its own.

It begins nothing before its own ledger holds the command, and nothing whose authority may have
ended. What time it is it knows from the last answer of the ground to a question of its own, and
from a counter since: the true time lies between what the ground said and that plus the time that
question and answer took. Its wall clock, which jumps, decides nothing. After a restart the counter
begins anew, and until the ground has answered it acts on nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from perigrid.base.approvals import SignedOrder
from perigrid.base.codec import decode
from perigrid.base.jobs import Job, Product
from perigrid.base.messages import (
    Acknowledge,
    Action,
    AuthorityExpired,
    Captured,
    CaptureRefused,
    Compute,
    Computed,
    Event,
    Move,
    Moved,
    MoveFailed,
    Ordered,
    TaskLost,
    Verdict,
)
from perigrid.control.approver_model import roster_of
from perigrid.control.policy.approval.autonomy import is_safe
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.ledger.record import RecordWriter, read_record
from simulation.disk import SimulatedDisk
from simulation.mission import LIFE_S, N_SATELLITES, SCENE_BYTES, STAGE_S, STORAGE_BYTES, mission

ASK_EVERY_S = 300.0
LATE_S = 60.0
"""How late a booked transmission may begin: commands take their time. [s]"""
ACCEPTED = "accepted"
CAPTURE = "capture-{}"


@dataclass(frozen=True)
class Command:
    """An authorised action on its way to the node that acts."""

    id: str
    action: Action
    verdict: Verdict
    expires_s: float


@dataclass(frozen=True)
class Beacon:
    """A node's question for the time, with what it has to report."""

    node: int
    nonce: int
    reports: tuple[tuple[str, Event], ...]


@dataclass(frozen=True)
class Answer:
    """The ground's answer: the time, orders, and which reports are on its disk."""

    nonce: int
    t_s: float
    orders: tuple[SignedOrder, ...]
    kept: frozenset[str]


class Agent:
    """One node."""

    def __init__(self, world, row: int, folder: Path, disk: SimulatedDisk) -> None:
        self.world, self.row, self.folder, self.disk = world, row, folder, disk
        self.name = mission()[1].names[row]
        self.jump_s = 0.0  # of its wall clock
        self.boot = 0
        self.up = True
        self.record = RecordWriter(folder, flush_each=True, disk=disk)
        self._forget()

    def _forget(self) -> None:
        self.boot += 1
        self.boot_s = self.world.t_s
        self.orders = OrderBook(roster_of(mission()[0]))
        self.accepted: dict[str, Command] = {}
        self.reports: dict[str, Event] = {}  # not known to be on the ground's disk
        self.ended: dict[str, Event] = {}
        self.stored: dict[int, float] = {}
        self.nonces: dict[int, float] = {}
        self.anchor: tuple[float, float, float] | None = None  # ground time, counter, uncertainty

    # ------------------------------------------------------------------ time

    def counter_s(self) -> float:
        """Time since the restart, from an oscillator that no one sets."""
        return self.world.t_s - self.boot_s

    def wall_s(self) -> float:
        return self.world.t_s + self.jump_s

    def latest_s(self) -> float | None:
        """The latest that it can be, None if nothing is known since the restart."""
        if self.anchor is None:
            return None
        t_s, counter_s, uncertainty_s = self.anchor
        return t_s + uncertainty_s + self.counter_s() - counter_s

    def earliest_s(self) -> float:
        """The earliest that it can be; what holds an act back is judged by this."""
        if self.anchor is None:
            return 0.0
        return self.anchor[0] + self.counter_s() - self.anchor[1]

    def ask(self) -> None:
        """Ask the ground for the time, and report again what it did not confirm."""
        nonce = self.boot * 1000 + len(self.nonces)
        self.nonces[nonce] = self.counter_s()
        self.world.send(
            self.row, self.world.GROUND, Beacon(self.row, nonce, tuple(self.reports.items()))
        )
        self.world.after(ASK_EVERY_S, self, self.ask)

    def hear(self, answer: Answer) -> None:
        """Take the time, orders and confirmations from an answer to a question of its own."""
        for order in answer.orders:
            self._obey(order)
        for one in answer.kept:
            self.reports.pop(one, None)
        asked_s = self.nonces.get(answer.nonce)
        if asked_s is None or answer.nonce // 1000 != self.boot:
            return  # a replay, or of an earlier life
        if self.anchor is None or answer.t_s > self.anchor[0]:
            # From the moment of asking, the ground's time lay at most the round trip ahead.
            self.anchor = (answer.t_s, self.counter_s(), self.counter_s() - asked_s)

    def _obey(self, order: SignedOrder) -> None:
        latest_s = self.latest_s()
        t_s = order.issued_s if latest_s is None else max(latest_s, order.issued_s)
        if (order.signer, order.nonce) not in self.orders._nonces:
            self.record.events(t_s, [Ordered(t_s, order)])
            self.record.sync()
        self.orders.add(order, t_s)

    # ------------------------------------------------------------------ commands

    def take(self, command: Command) -> None:
        """Accept a command once: write it down, then begin when it is time."""
        if command.id in self.accepted:
            if command.id in self.ended:
                self.reports[command.id] = self.ended[command.id]
            return
        note = Acknowledge(-1, ACCEPTED, f"{command.id} {command.expires_s!r}")
        pairs = [(note, command.verdict), (command.action, command.verdict)]
        self.record.actions(self.world.t_s, pairs)
        self.accepted[command.id] = command
        begin_s = self.world.t_s
        if isinstance(command.action, Move):
            begin_s = command.action.legs[0].t_start_s
            if begin_s + LATE_S < self.world.t_s:
                self._end(command, self._expired(command))
                return
        self.world.after(begin_s - self.world.t_s, self, self._begin, command)

    def _expired(self, command: Command) -> Event:
        return AuthorityExpired(self.world.t_s, command.action.job_id, self.row)

    def may_begin(self, command: Command) -> bool:
        """Say whether authority surely holds now: not expired, not stopped, not on its own."""
        latest_s = self.latest_s()
        if latest_s is None:
            return command.expires_s == math.inf and is_safe(command.action, approved=True)
        if latest_s >= command.expires_s:
            return False
        if is_safe(command.action, approved=True):
            return True
        if self.orders.stopped_until_s([self.name], self.earliest_s()) is not None:
            return False
        return self.row >= N_SATELLITES or latest_s - self.anchor[0] <= LIFE_S

    def _begin(self, command: Command) -> None:
        if not self.may_begin(command):
            self._end(command, self._expired(command))
            return
        self.world.act(self, command)
        action = command.action
        if isinstance(action, Compute):
            self.world.after(STAGE_S, self, self._computed, command)
        else:
            delay_s = action.legs[-1].t_arrival_s - self.world.t_s
            self.world.after(max(delay_s, 0.0), self, self._sent, command)

    def _computed(self, command: Command) -> None:
        action = command.action
        cloud = 0.1 if action.job_id % 4 else 0.9
        suspect = self.world.corrupts(self)
        event = Computed(self.world.t_s, action.job_id, self.row, action.stage, cloud, suspect)
        self._end(command, event)
        self._keep(event)
        self.world.computed(self, event)

    def _sent(self, command: Command) -> None:
        action = command.action
        if self.world.arrives(self, command):
            moved = Moved(self.world.t_s, action.job_id, action.target, action.product)
            self._end(command, moved)
            self._keep(moved)
        else:
            failed = MoveFailed(self.world.t_s, action.job_id, self.row, 0, "away")
            self._end(command, failed)

    def arrived(self, command: Command) -> None:
        """Take in a product that came over a link, once however often it comes."""
        action = command.action
        event = Moved(self.world.t_s, action.job_id, action.target, action.product)
        self._end(command, event)
        self._keep(event)

    def has_room(self, nbytes: float) -> bool:
        return sum(self.stored.values()) + nbytes <= STORAGE_BYTES or self.row >= N_SATELLITES

    def capture(self, job: Job) -> None:
        """Open the shutter."""
        full = not self.has_room(job.raw_bytes)
        event = CaptureRefused(self.world.t_s, job) if full else Captured(self.world.t_s, job)
        self._write(CAPTURE.format(job.job_id), event)
        self._keep(event)
        self.world.audit.captured(job)

    def _keep(self, event: Event) -> None:
        """Store pixels that were taken or came; give up those that left or were classified."""
        if isinstance(event, Captured):
            self.stored[event.job.job_id] = event.job.raw_bytes
        elif isinstance(event, Moved) and event.product is Product.RAW:
            if event.node == self.row:
                self.stored[event.job_id] = SCENE_BYTES
            else:
                self.stored.pop(event.job_id, None)
        elif is_last(event):
            self.stored.pop(event.job_id, None)

    def _end(self, command: Command, event: Event) -> None:
        if command.id not in self.ended:
            self._write(command.id, event)

    def _write(self, command_id: str, event: Event) -> None:
        """Bring an event to the own disk, then tell it."""
        self.record.events(self.world.t_s, [event])
        self.record.actions(self.world.t_s, [(Acknowledge(-1, "ended", command_id), _NOTED)])
        self.ended[command_id] = self.reports[command_id] = event
        self.world.send(self.row, self.world.GROUND, Beacon(self.row, -1, ((command_id, event),)))

    # ------------------------------------------------------------------ after a crash

    def restart(self) -> None:
        """Come back with what the disk holds, and report what the crash broke off."""
        mark = self.disk.reopen(self.folder)
        self._forget()
        last: Sequence[Event] = ()
        for entry in read_record(self.folder):
            if entry["kind"] == "events":
                last = decode(entry["events"])
                for event in last:
                    if isinstance(event, Ordered):
                        self.orders.add(event.order, entry["t_s"])
            else:
                self._remember(entry, last)
        self.record = RecordWriter(self.folder, flush_each=True, after=mark, disk=self.disk)
        self.up = True
        for command in list(self.accepted.values()):
            if command.id not in self.ended:
                self._end(command, self._broken_off(command))
        self.reports = dict(self.ended)
        self.ask()

    def _remember(self, entry: dict, last: Sequence[Event]) -> None:
        rows = entry["decisions"]
        note = rows[0]["action"]
        if note["what"] == "ended":
            self.ended[note["detail"]] = last[0]
            self._keep(last[0])
            return
        command_id, expires = note["detail"].split(" ")
        action, verdict = decode(rows[1]["action"]), decode(rows[1]["verdict"])
        self.accepted[command_id] = Command(command_id, action, verdict, float(expires))

    def _broken_off(self, command: Command) -> Event:
        action, t_s = command.action, self.world.t_s
        if isinstance(action, Compute):
            return TaskLost(t_s, action.job_id, self.row, action.stage, 0.0)
        if action.source != self.row:
            return Moved(t_s, action.job_id, self.row, action.product)
        return MoveFailed(t_s, action.job_id, self.row, 0, "crash")


def is_last(event: Event) -> bool:
    """Whether pixels are needed no more."""
    last = isinstance(event, Computed) and event.stage == "classify"
    return last and not event.suspect


_NOTED = Verdict("allow", "own", "noted on board")
