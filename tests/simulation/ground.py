"""The ground: the real controller behind the real record, restarted by replaying that record."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from perigrid.base.approvals import SignedOrder
from perigrid.base.architecture import Architecture
from perigrid.base.codec import decode, encode
from perigrid.base.messages import (
    Acknowledge,
    AskApproval,
    Captured,
    CaptureRefused,
    Close,
    Compute,
    Event,
    Move,
    Ordered,
    TimerRang,
    Wait,
)
from perigrid.base.signing import COSIGNATURE, SigningKey
from perigrid.control.controller import Controller
from perigrid.ledger.merkle import consistency_proof
from perigrid.ledger.note import Checkpoint, Note, sign
from perigrid.ledger.record import RecordWriter, read_record
from perigrid.ledger.witness import Witness
from simulation.agent import Answer, Beacon, Command
from simulation.disk import BrokenError, SimulatedDisk
from simulation.mission import ground_passes, mission, new_core

RESEND_S = 300.0
CHECKPOINT_EVERY_S = 1200.0
ORIGIN = "simulation/ground"
OPERATOR = SigningKey.simulated("operator", 1)
WITNESS = SigningKey.simulated("witness", 1, COSIGNATURE)


@cache
def _names() -> tuple[str, ...]:
    _, fleet = mission()
    return tuple(fleet.names[: fleet.n_satellites])


class Ground:
    """The one place that decides."""

    name = "ground"

    def __init__(
        self, world, architecture: Architecture, folder: Path, disk: SimulatedDisk, people
    ) -> None:
        self.world, self.folder, self.disk, self.people = world, folder, disk, people
        self.architecture = architecture
        self.jump_s = 0.0
        self.up = True
        self.witness = Witness(WITNESS, [OPERATOR.verify_key])
        self.proved = 0  # leaves under the last checkpoint that the witness signed
        self.record = self._writer()
        self.record.pins({"simulation": architecture.name})
        self._fresh()

    def _writer(self, after=None) -> RecordWriter:
        return RecordWriter(
            self.folder,
            flush_each=True,
            nodes=_names(),
            passes=ground_passes(),
            after=after,
            disk=self.disk,
        )

    def _fresh(self) -> None:
        self._core: Controller | None = None
        self.wanted: dict[int, Command] = {}  # by job: what it waits for
        self.known: set[int] = set()
        self.kept: set[str] = set()  # reports that are settled, here and on the disk
        self.orders: list[SignedOrder] = []

    @property
    def core(self) -> Controller:
        """Made when it is needed first: it has to know what may be taken."""
        if self._core is None:
            self._core = new_core(self.architecture, self.world.jobs)
        return self._core

    # ------------------------------------------------------------------ events in

    def hear(self, beacon: Beacon) -> None:
        """Take reports in once each, and answer when they are on the disk."""
        for command_id, event in beacon.reports:
            if self._is_new(command_id, event):
                self.handle(_at(event, self.world.t_s))
            self.kept.add(command_id)
        if beacon.reports:
            self._make_durable()
        kept = frozenset(command_id for command_id, _ in beacon.reports)
        self.world.audit.confirmed(beacon.reports)
        self.world.send(
            self.world.GROUND,
            beacon.node,
            Answer(beacon.nonce, self.world.t_s, tuple(self.orders), kept),
        )

    def _make_durable(self) -> None:
        self.record.sync()

    def _is_new(self, command_id: str, event: Event) -> bool:
        if isinstance(event, Captured | CaptureRefused):
            return event.job.job_id not in self.known
        wanted = self.wanted.get(event.job_id)
        return wanted is not None and wanted.id == command_id

    def handle(self, event: Event) -> None:
        """Record, ask the controller, record, carry out."""
        self.record.events(self.world.t_s, [event])
        self._decide(event)

    def _decide(self, event: Event) -> None:
        decisions = self._think(event)
        if decisions:
            pairs = [(one.action, one.verdict) for one in decisions]
            sequence = self.record.actions(self.world.t_s, pairs)
            self._want(sequence, decisions)
            self._carry_out(decisions)

    def _think(self, event: Event) -> list:
        if isinstance(event, Captured | CaptureRefused):
            self.known.add(event.job.job_id)
        elif isinstance(event, Ordered):
            self.orders.append(event.order)
        return self.core.handle([event])

    def _want(self, sequence: int, decisions: list) -> None:
        for place, one in enumerate(decisions):
            if one.may_run and not isinstance(one.action, Acknowledge):
                command = Command(f"{sequence}/{place}", one.action, one.verdict, one.expires_s)
                self.wanted[one.action.job_id] = command

    # ------------------------------------------------------------------ actions out

    def _carry_out(self, decisions: list) -> None:
        for job_id in {one.action.job_id for one in decisions} & set(self.wanted):
            self.push(self.wanted[job_id])

    def push(self, command: Command) -> None:
        """See to it that a command is carried out: send it, ring for it, or ask people."""
        action = command.action
        match action:
            case Compute(node=node) | Move(source=node):
                self.world.send(self.world.GROUND, node, command)
                self.world.after(RESEND_S, self, self._push_again, command)
            case Wait(until_s=until_s):
                self.world.after(until_s - self.world.t_s, self, self._ring, command)
            case AskApproval():
                self.world.after(
                    self.people._rng.uniform(60.0, 600.0), self, self._answered, command
                )
            case Close():
                self.world.closed(action)

    def _stands(self, command: Command) -> bool:
        now = self.wanted.get(command.action.job_id)
        return now is not None and now.id == command.id

    def _push_again(self, command: Command) -> None:
        if self._stands(command):
            self.push(command)

    def _ring(self, command: Command) -> None:
        if self._stands(command):
            self.handle(TimerRang(self.world.t_s, command.action.job_id))

    def _answered(self, command: Command) -> None:
        if self._stands(command):
            storm = self.world.storming
            self.handle(self.people.answer(command.action, self.world.t_s, storm=storm))

    # ------------------------------------------------------------------ checkpoints

    def checkpoint(self) -> None:
        """Sign the state of the log, and have it witnessed."""
        self.world.after(CHECKPOINT_EVERY_S, self, self.checkpoint)
        self._make_durable()
        size, root = self.record.ground()
        point = Checkpoint(ORIGIN, size, root)
        self.world.audit.signed(size, root)
        note = Note(point.text(), (sign(point.text(), OPERATOR),))
        leaves = self.world.audit.leaves()
        proof = []
        if 0 < self.proved <= len(leaves) and len(leaves) == size:
            proof = consistency_proof(leaves, self.proved)
        self.witness.cosign(note, proof, round(self.world.t_s))
        self.proved = size

    # ------------------------------------------------------------------ after a crash

    def restart(self) -> None:
        """Replay the record through a fresh core, finish what was begun, ask for the rest again."""
        mark = self.disk.reopen(self.folder)
        self._fresh()
        waiting: list = []
        open_event: Event | None = None
        for entry in read_record(self.folder):
            if entry["kind"] == "events":
                if waiting:
                    raise BrokenError("replay: the record has no decisions where replay has some")
                (open_event,) = decode(entry["events"])
                waiting = self._think(open_event)
            elif entry["kind"] == "actions":
                self._same(entry["decisions"], waiting)
                self._want(entry["sequence"], waiting)
                waiting = []
        self.record = self._writer(mark)
        self.up = True
        if waiting:  # it stopped between what happened and what was decided
            pairs = [(one.action, one.verdict) for one in waiting]
            self._want(self.record.actions(self.world.t_s, pairs), waiting)
        for command in list(self.wanted.values()):
            self.push(command)
        self.world.after(1.0, self, self.checkpoint)

    def _same(self, rows: list, decisions: list) -> None:
        again = [
            {"action": encode(one.action), "verdict": encode(one.verdict)} for one in decisions
        ]
        if [{name: row[name] for name in ("action", "verdict")} for row in rows] != again:
            raise BrokenError("replay: a fresh controller decided otherwise than the record says")


def _at(event: Event, t_s: float) -> Event:
    """The past is closed once decided: what is heard late happens now."""
    return replace(event, t_s=t_s)
