"""An auditor of its own: it reads the disk and sees what was really done, and trusts nothing else.

It has its own reading of lines, hashes and trees, its own list of who may have what, and knows
what people really signed. It imports nothing of ledger, policy or approval.
"""

from __future__ import annotations

import hashlib
import json
import math

from perigrid.base.codec import encode
from perigrid.base.digest import action_hash
from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Captured, CaptureRefused, Compute, Computed
from perigrid.workload.profile import stage_time_s
from simulation.disk import BrokenError
from simulation.mission import (
    ENVELOPE,
    EUROPEANS,
    GRANTS,
    LIFE_S,
    N_SATELLITES,
    PLACES,
    SHARES_S,
    STORAGE_BYTES,
    mission,
)

SLACK = 1e-9


def leaf(line: bytes) -> bytes:
    """Hash of a line of the record, as RFC 6962 hashes a leaf."""
    return hashlib.sha256(b"\0" + line[: line.rindex(b',"hash":"')] + b"}").digest()


def tree(leaves: list[bytes]) -> bytes:
    """Head of a Merkle tree, by the words of RFC 6962."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + tree(leaves[:half]) + tree(leaves[half:])).digest()


class Auditor:
    """Checks every act as it is done, and everything at the end."""

    def __init__(self, world, people) -> None:
        self.world, self.people = world, people
        self.context = {"scenario": mission()[0].digest}
        self.read_bytes = 0
        self.entries: list[dict] = []
        self.leaf_hashes: list[bytes] = []
        self.allowed: dict[str, dict] = {}  # command id: action
        self.signatures: dict[str, list] = {}  # subject: what was really signed and is recorded
        self.reported: set[str] = set()
        self.begun: dict[str, int] = {}
        self.by_envelope: set[str] = set()
        self.lent_s: dict[str, float] = {}
        self.checkpoints: list[tuple[int, bytes]] = []
        self.jobs: dict[int, Job] = {}
        self.delivered: dict[int, int] = {}
        self.acknowledged: list[str] = []

    # ------------------------------------------------------------------ what is on the disk

    def read(self) -> None:
        """Read what the ground's disk holds for good, from where the last reading ended."""
        content = self.world.ground.disk.durable
        if len(content) < self.read_bytes:
            raise BrokenError("lost-record: the durable part of the log shrank")
        new = bytes(content[self.read_bytes : content.rfind(b"\n") + 1])
        self.read_bytes += len(new)
        for line in new.splitlines():
            entry = json.loads(line)
            self.entries.append(entry)
            if entry["log"] == "ground":
                self.leaf_hashes.append(leaf(line))
            if entry["kind"] == "events":
                self._events(entry["events"])
            elif entry["kind"] == "actions":
                self._actions(entry)

    def _events(self, events: list) -> None:
        for event in events:
            self.reported.add(fingerprint(event))
            for approval in event.get("approvals", ()):
                known = self.people.signed.get(approval["signature"])
                if known and encode(known[1]) == approval:
                    self.signatures.setdefault(approval["subject"], []).append(known)

    def _actions(self, entry: dict) -> None:
        for place, row in enumerate(entry["decisions"]):
            if row["verdict"]["decision"] == "allow":
                self.allowed[f"{entry['sequence']}/{place}"] = row["action"]

    def leaves(self) -> list[bytes]:
        self.read()
        return self.leaf_hashes

    # ------------------------------------------------------------------ what is done

    def captured(self, job: Job) -> None:
        self.jobs[job.job_id] = job

    def act(self, agent, command) -> None:
        """Check one act at the moment it begins."""
        self.read()
        action = command.action
        recorded = self.allowed.get(command.id)
        if recorded is None or recorded != encode(action):
            raise BrokenError(f"unlogged-act: {command.id} has no durable allow")
        own = agent.disk.durable
        if f'"detail":"{command.id} '.encode() not in own:
            raise BrokenError(f"unlogged-act: {agent.name} began {command.id} unrecorded")
        self.begun[command.id] = self.begun.get(command.id, 0) + 1
        if self.begun[command.id] > 1:
            raise BrokenError(f"done-twice: {command.id} was begun twice")
        self._residency(action)
        self._authority(agent, command)
        if sum(agent.stored.values()) > STORAGE_BYTES and agent.row < N_SATELLITES:
            raise BrokenError("limit: more is stored than there is room")

    def _residency(self, action) -> None:
        """Raw scenes of the Union only with operators seated there, or where they were taken."""
        job, fleet = self.jobs[action.job_id], mission()[1]
        if not PLACES[job.latitude_rad, job.longitude_rad]:
            return
        if isinstance(action, Compute):
            rows = {action.node}
        elif action.product is Product.RAW:
            rows = {action.target, *(one.target for one in action.legs)}
        else:
            return
        abroad = [fleet.names[row] for row in rows if fleet.operators[row] not in EUROPEANS]
        if abroad:
            raise BrokenError(f"residency: raw pixels of the Union at {', '.join(abroad)}")

    def _authority(self, agent, command) -> None:
        action, t_s = command.action, self.world.t_s
        if isinstance(action, Compute):
            self._people(command, t_s)
            self._grant(agent, action, t_s)
        elif all(one.kind in ("downlink", "terrestrial") for one in action.legs):
            return  # to send down what was approved is safe at any time
        stopped_s = self.world.stopped_until_s(agent)
        if t_s < stopped_s:
            raise BrokenError(f"stopped: {agent.name} began {command.id} under a stop that it knew")
        heard_s = self.world.answered_s.get((agent.row, agent.boot), -math.inf)
        if agent.row < N_SATELLITES and t_s - heard_s > LIFE_S:
            raise BrokenError(f"autonomy: {agent.name} acts {t_s - heard_s:.0f} s after the ground")

    def _people(self, command, t_s: float) -> None:
        subject = action_hash(command.action, self.context)
        names = {
            name
            for name, one in self.signatures.get(subject, ())
            if one.subject == subject and one.signed_at_s <= t_s < one.expires_s
        }
        if len(names) >= 2:
            return
        if t_s >= ENVELOPE.until_s:
            raise BrokenError(
                f"approval: {command.id} was begun with {len(names)} approvals in force"
            )
        self.by_envelope.add(command.id)
        if len(self.by_envelope) > ENVELOPE.count:
            raise BrokenError(f"approval: {len(self.by_envelope)} acts under an envelope for 3")

    def _grant(self, agent, action: Compute, t_s: float) -> None:
        fleet = mission()[1]
        borrower, lender = (
            fleet.operators[self.jobs[action.job_id].origin],
            fleet.operators[agent.row],
        )
        if borrower == lender or agent.row >= N_SATELLITES:
            return
        (grant,) = [one for one in GRANTS if (one.lender, one.borrower) == (lender, borrower)]
        if not grant.from_s <= t_s < grant.until_s:
            raise BrokenError(f"expired: {action.stage} on {agent.name} after the grant's end")

    def lent(self, agent, event: Computed) -> None:
        """A stage ended on a node; what is charged is its work, once however often it failed."""
        scenario, fleet = mission()
        borrower, lender = (
            fleet.operators[self.jobs[event.job_id].origin],
            fleet.operators[agent.row],
        )
        if borrower == lender or agent.row >= N_SATELLITES:
            return
        stage = scenario.pipeline.stage(event.stage)
        computer, job = fleet.computer(agent.row), self.jobs[event.job_id]
        used_s = stage_time_s(stage, computer, job.area_m2)
        self.lent_s[lender] = self.lent_s.get(lender, 0.0) + used_s
        if self.lent_s[lender] > SHARES_S * (1.0 + SLACK):
            raise BrokenError(f"limit: {self.lent_s[lender]:.2f} s used of {SHARES_S} s granted")

    def signed(self, size: int, root: bytes) -> None:
        self.checkpoints.append((size, root))

    def confirmed(self, reports) -> None:
        """The ground tells a node that these are on its disk."""
        self.read()
        for command_id, event in reports:
            if isinstance(event, Captured | CaptureRefused):
                self._is_kept(command_id, fingerprint(encode(event)))

    def _is_kept(self, command_id: str, name: str) -> None:
        if name not in self.reported:
            raise BrokenError(f"lost-record: {command_id} was acknowledged and is not on the disk")
        self.acknowledged.append(name)

    def deliver(self, job_id: int) -> None:
        self.delivered[job_id] = self.delivered.get(job_id, 0) + 1
        if self.delivered[job_id] > 1:
            raise BrokenError(f"done-twice: observation {job_id} was delivered twice")

    # ------------------------------------------------------------------ at the end

    def finish(self) -> None:
        """Check what only the whole shows."""
        self.read()
        self._chain()
        for size, root in self.checkpoints:
            if size > len(self.leaf_hashes) or tree(self.leaf_hashes[:size]) != root:
                raise BrokenError(f"fork: a signed checkpoint of {size} leaves is not of this log")
        missing = [one for one in self.acknowledged if one not in self.reported]
        if missing:
            raise BrokenError(f"lost-record: {missing[0]} was acknowledged")
        self._jobs()

    def _chain(self) -> None:
        previous = hashlib.sha256(b"perigrid record v2").hexdigest()
        for line, entry in zip(self._lines(), self.entries, strict=True):
            if entry["previous"] != previous or leaf(line).hex() != entry["hash"]:
                raise BrokenError(f"fork: the chain breaks at record {entry['sequence']}")
            previous = entry["hash"]

    def _lines(self) -> list[bytes]:
        return self.world.ground.disk.durable[: self.read_bytes].splitlines()

    def _jobs(self) -> None:
        closes: dict[int, list] = {}
        for action in self.allowed.values():
            if action["type"] == "Close":
                closes.setdefault(action["job_id"], []).append(action)
        for job_id in self.jobs:
            ends = closes.get(job_id, [])
            if len(ends) != 1:
                raise BrokenError(f"lost-job: observation {job_id} was ended {len(ends)} times")
            if ends[0]["delivered"] and job_id not in self.delivered:
                raise BrokenError(
                    f"lost-job: observation {job_id} is said to be delivered and is not"
                )


def fingerprint(event: dict) -> str:
    """Name an event by what does not change while it travels."""
    job_id = event["job"]["job_id"] if "job" in event else event.get("job_id", -1)
    return f"{event['type']} {job_id} {event.get('stage', '')}"
