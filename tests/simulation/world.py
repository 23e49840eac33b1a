"""The world: one clock, one generator, a network and disks, and faults in all of them."""

from __future__ import annotations

import hashlib
import heapq
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from perigrid.base.approvals import RESUME, STOP
from perigrid.base.architecture import BENT_PIPE, ONBOARD, ORBITAL
from perigrid.base.errors import WorkError
from perigrid.base.jobs import Product
from perigrid.base.messages import Close, Computed, Ordered
from simulation.agent import Agent, Answer, Beacon, Command, is_last
from simulation.auditor import Auditor
from simulation.disk import PowerCut, SimulatedDisk
from simulation.ground import CHECKPOINT_EVERY_S, Ground
from simulation.mission import HORIZON_S, N_SATELLITES, STORM_ENDS_S, draw_jobs, mission, remembered
from simulation.people import People

ARCHITECTURES = (ORBITAL, BENT_PIPE, ONBOARD)
N_JOBS = 10
DISK_FAULT = 0.012
GROUND_DISK_FAULT = 0.004
DROP, DUPLICATE, REPLAY = 0.05, 0.03, 0.02
SUSPECT = 0.15
HOUR_S = 3600.0
FAULT_EVERY_S = 220.0
REMEMBERED = 40


@dataclass(frozen=True)
class Flown:
    """What became of one seed."""

    seed: int
    faults: Counter
    digest: str
    delivered: int
    jobs: int
    acts: int
    records: int


class World:
    """One seed."""

    GROUND = -1

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed, self.rng = seed, Random(seed)
        self.t_s = 0.0
        self.faults: Counter[str] = Counter()
        self.trace = hashlib.sha256()
        self.queue: list = []
        self.pushed = 0
        self.cut_until_s: dict[int, float] = {}
        self.old: list[tuple[int, int, object]] = []
        self.answered_s: dict[tuple[int, int], float] = {}
        self.stops: dict[int, dict[str, float]] = {}
        self.seen: dict[int, set[str]] = {}
        self.archive: set[int] = set()
        self.ended: set[int] = set()
        self.acts = 0
        people = People(Random(self.rng.random()), self.faults)
        self.people = people
        self.audit = Auditor(self, people)
        architecture = ARCHITECTURES[seed % len(ARCHITECTURES)]
        self.disks = []
        self.ground = Ground(self, architecture, folder / "ground", self._disk(), people)
        fleet = mission()[1]
        rows = [*range(N_SATELLITES), *fleet.data_centres]
        self.agents = {row: Agent(self, row, folder / str(row), self._disk()) for row in rows}
        for disk in self.disks:
            disk.chance = DISK_FAULT
        self.ground.disk.chance = GROUND_DISK_FAULT

    def _disk(self) -> SimulatedDisk:
        disk = SimulatedDisk(Random(self.rng.random()), self.faults)
        self.disks.append(disk)
        return disk

    @property
    def storming(self) -> bool:
        return self.t_s < STORM_ENDS_S

    # ------------------------------------------------------------------ clock

    def after(self, delay_s: float, node, do, *args) -> None:
        """Let a node do something later, if it has not restarted by then."""
        life = getattr(node, "life", 0)
        heapq.heappush(
            self.queue, (self.t_s + max(delay_s, 0.0), self.pushed, node, life, do, args)
        )
        self.pushed += 1

    def run(self) -> Flown:
        """Fly the storm, then the calm, then audit."""
        self._begin()
        while self.queue and self.queue[0][0] <= HORIZON_S and not self._is_over():
            self.t_s, _, node, life, do, args = heapq.heappop(self.queue)
            if node is None:
                do(*args)
            elif node.up and getattr(node, "life", 0) == life:
                self._guarded(node, do, *args)
        self.audit.finish()
        self.trace.update(self.ground.disk.durable)
        return Flown(
            self.seed,
            self.faults,
            self.trace.hexdigest(),
            len(self.archive),
            len(self.audit.jobs),
            self.acts,
            len(self.audit.entries),
        )

    def _guarded(self, node, do, *args) -> None:
        """Do something on a node, which may stop on the way."""
        self.trace.update(f"{self.t_s!r} {node.name} {do.__name__}\n".encode())
        try:
            do(*args)
        except PowerCut:
            self.crash(node)
        except (OSError, WorkError):  # its disk is full: the program ends
            self.crash(node)

    def crash(self, node) -> None:
        """Stop a node, and start it again later."""
        node.up = False
        node.life = getattr(node, "life", 0) + 1
        node.disk.lose_power()
        self.after(self.rng.uniform(10.0, 400.0), None, self._restart, node)

    def _restart(self, node) -> None:
        node.life += 1
        chance, node.disk.chance = node.disk.chance, 0.0
        try:
            self._guarded(node, node.restart)
        finally:
            node.disk.chance = chance

    # ------------------------------------------------------------------ network

    def send(self, source: int, target: int, message: object) -> None:
        """Send a message: late, twice, or never; old ones come again."""
        self.old.append((source, target, message))
        del self.old[:-REMEMBERED]
        if not self.storming:
            self._carry(source, target, message)
            return
        draw = self.rng.random()
        if draw < DROP:
            self.faults["drop"] += 1
            return
        self._carry(source, target, message)
        if draw < DROP + DUPLICATE:
            self.faults["duplicate"] += 1
            self._carry(source, target, message)
        elif draw < DROP + DUPLICATE + REPLAY:
            self.faults["replay"] += 1
            self._carry(*self.rng.choice(self.old))

    def _carry(self, source: int, target: int, message: object) -> None:
        delay_s = self.rng.uniform(0.1, 30.0 if self.rng.random() < 0.1 else 3.0)
        self.after(delay_s, None, self._receive, source, target, message)

    def _receive(self, source: int, target: int, message: object) -> None:
        if self._is_cut(source) or self._is_cut(target):
            return
        node = self.ground if target == self.GROUND else self.agents[target]
        if not node.up:
            return
        if isinstance(message, Answer):
            self._note(target, message)
        take = node.hear if isinstance(message, Answer | Beacon) else node.take
        self._guarded(node, take, message)

    def _is_cut(self, row: int) -> bool:
        return self.t_s < self.cut_until_s.get(row, 0.0)

    def _note(self, row: int, answer: Answer) -> None:
        """Remember what an auditor must know: which orders reached a node, and fresh answers."""
        agent = self.agents[row]
        if answer.nonce // 1000 == agent.boot and answer.nonce in agent.nonces:
            key = (row, agent.boot)
            self.answered_s[key] = max(self.answered_s.get(key, 0.0), self.t_s)
        stops, seen = self.stops.setdefault(row, {}), self.seen.setdefault(row, set())
        for order in answer.orders:
            if order.nonce in seen:
                continue
            seen.add(order.nonce)
            if order.kind == STOP:
                stops[order.nonce] = order.expires_s
            else:
                stops.clear()

    def stopped_until_s(self, agent) -> float:
        return max(self.stops.get(agent.row, {}).values(), default=0.0)

    # ------------------------------------------------------------------ what is done

    def act(self, agent: Agent, command: Command) -> None:
        self.acts += 1
        self.audit.act(agent, command)

    def arrives(self, agent: Agent, command: Command) -> bool:
        """Let a product arrive whole, or not at all."""
        action = command.action
        fleet = mission()[1]
        target = self.agents.get(action.target)
        if (
            target is None
            or not target.up
            or self._is_cut(agent.row)
            or self._is_cut(action.target)
        ):
            return False
        if action.product is Product.RAW and not target.has_room(action.legs[0].nbytes):
            return False
        self._guarded(target, target.arrived, command)
        if not target.up:
            return False
        if action.target in fleet.data_centres and action.product is Product.ANSWER:
            self.receive(action.job_id)
        return True

    def corrupts(self, agent: Agent) -> bool:
        """A bit flipped in a computation on board, and a check saw it."""
        corrupted = self.storming and agent.row < N_SATELLITES and self.rng.random() < SUSPECT
        self.faults["silent corruption"] += corrupted
        return corrupted

    def computed(self, agent: Agent, event: Computed) -> None:
        """A stage ended: at a data centre the last one is the delivery."""
        self.audit.lent(agent, event)
        if agent.row >= N_SATELLITES and is_last(event):
            self.receive(event.job_id)

    def receive(self, job_id: int) -> None:
        """The archive takes an answer once, however often it comes."""
        if job_id not in self.archive:
            self.archive.add(job_id)
            self.audit.deliver(job_id)

    def closed(self, action: Close) -> None:
        self.ended.add(action.job_id)

    def _is_over(self) -> bool:
        """The storm is over, and every observation has ended."""
        return not self.storming and self.ended >= self.audit.jobs.keys() and self.ground.up

    # ------------------------------------------------------------------ faults

    def _begin(self) -> None:
        self.jobs = draw_jobs(self.rng, N_JOBS)
        for job in self.jobs:
            agent = self.agents[job.origin]
            self.after(job.t_capture_s, None, self._shutter, agent, job)
        opening = self.people.opening()
        self.after(opening.t_s, self.ground, self.ground.handle, opening)
        for agent in self.agents.values():
            self.after(self.rng.uniform(0.0, 100.0), agent, agent.ask)
        self.after(CHECKPOINT_EVERY_S, self.ground, self.ground.checkpoint)
        t_s = self.rng.expovariate(1.0 / FAULT_EVERY_S)
        while t_s < STORM_ENDS_S:
            self.after(t_s, None, self._strike)
            t_s += self.rng.expovariate(1.0 / FAULT_EVERY_S)
        self.after(STORM_ENDS_S, None, self._calm)

    def _shutter(self, agent: Agent, job) -> None:
        if agent.up:
            self._guarded(agent, agent.capture, job)

    def _strike(self) -> None:
        kinds = (
            self._crash_some,
            self._partition,
            self._jump,
            self._flip,
            self._order,
            self._again,
        )
        self.rng.choices(kinds, (3, 3, 3, 3, 2, 2))[0]()

    def _some(self):
        return self.rng.choice([self.ground, *self.agents.values()])

    def _crash_some(self) -> None:
        node = self._some()
        if node.up:
            self.faults["crash"] += 1
            self.crash(node)

    def _partition(self) -> None:
        row = self.rng.choice(list(self.agents))
        self.faults["partition"] += 1
        self.cut_until_s[row] = self.t_s + self.rng.uniform(60.0, 2000.0)

    def _jump(self) -> None:
        self.faults["clock jump"] += 1
        self._some().jump_s += self.rng.choice((-HOUR_S, HOUR_S))

    def _flip(self) -> None:
        self._some().disk.flip()

    def _order(self) -> None:
        if not self.ground.up:
            return
        kind = self.rng.choice((STOP, RESUME))
        life_s = 1000.0 if kind == STOP else 4000.0
        order = self.people.order(kind, self.t_s, life_s)
        self._guarded(self.ground, self.ground.handle, Ordered(self.t_s, order))

    def _again(self) -> None:
        """Somebody sends an order again that was given before."""
        if self.people.orders and self.ground.up:
            self.faults["order replay"] += 1
            resumes = [one for one in self.people.orders if one.kind == RESUME]
            order = self.rng.choice(resumes or self.people.orders)
            self._guarded(self.ground, self.ground.handle, Ordered(self.t_s, order))

    def _calm(self) -> None:
        for disk in self.disks:
            disk.chance = 0.0
        self.cut_until_s.clear()


def fly(seed: int) -> Flown:
    """Fly one seed in a folder of its own, which is gone afterwards."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as folder, remembered():
        return World(seed, Path(folder)).run()
