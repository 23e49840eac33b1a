"""Fault storms: one world flown through many seeds of faults, each run counted again.

The count reads the run's record, its tables and the schedule of faults; of the engine and the
controller it shares nothing.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from perigrid.base.architecture import Architecture
from perigrid.engine.fault_table import fault_schedule
from perigrid.fleet.faults import LASER_KINDS, FaultKind, FaultSchedule
from perigrid.ledger.source import open_source
from perigrid.ledger.table_file import read_table
from perigrid.ledger.tables import TELEMETRY
from perigrid.sim.antenna_audit import Sent, overbooked
from perigrid.sim.run import RunResult, simulate
from perigrid.sim.storm_heard import too_new
from perigrid.sim.storm_record import told
from perigrid.sim.world import World
from perigrid.workload.job_graph import delivered_bytes, is_computed

SLACK_S: Final = 1e-6
SLACK_BYTES: Final = 1.0
FINISHED_BY: Final = {
    "Move": {"Moved", "MoveFailed", "AuthorityExpired"},
    "Compute": {"Computed", "TaskLost", "AuthorityExpired"},
    "Wait": {"TimerRang"},
    "AskApproval": {"ApprovalAnswered"},
}
"""What ends each thing that a job can be busy with."""
GOVERNED: Final = (
    "approval={people: 2, roles: [flight-director], valid_hours: 0.5}",
    "approvers=[{name: day, role: flight-director, delay_minutes: 4, delay_spread: 2.5,"
    " grants_share: 0.9}, {name: night, role: flight-director, delay_minutes: 8,"
    " delay_spread: 2}]",
    "rules=[{id: ask-compute, effect: ask, action: compute, reason: people look at models},"
    " {id: ask-down, effect: ask, action: move, to_country: CN, reason: people look at it},"
    " {id: no-pixels, effect: deny, action: move, product: raw, to_country: CL, reason: a law}]",
    "orders=[{kind: stop, by: day, at_hours: 0.8, for_hours: 0.3, reason: drill},"
    " {kind: stop, by: night, at_hours: 1.6, nodes: [ring-0003, ring-0004, ring-0005],"
    " reason: drill}, {kind: resume, by: day, at_hours: 2.1}]",
    "autonomy={hours: 0.75}",
)
"""Overrides that put people, stops and timers over a storm of faults (choice of this scenario)."""


@dataclass(slots=True)
class StormRun:
    """One seed of a storm.

    Parameters
    ----------
    summary : dict
        Of the run.
    violations : list of str
        What must never be: a job lost or done twice, a limit broken, work by a node that is away.
    """

    summary: dict[str, Any]
    violations: list[str]


def fly_seed(world: World, architecture: Architecture, seed: int, folder: Path) -> StormRun:
    """Fly a world with the faults of another seed, and count the run again.

    Parameters
    ----------
    world : World
        Fleet, contacts and observations, which stay as they are.
    architecture : Architecture
        Where the jobs are done.
    seed : int
        Of the faults.
    folder : Path
        Existing and empty, for the run's files.

    Returns
    -------
    StormRun
        A run without fault has no violations.
    """
    shaken = replace(world, scenario=replace(world.scenario, seed=seed)).under(architecture)
    result = simulate(shaken, architecture, folder)
    happened = told(folder, world.fleet.names)
    return StormRun(result.summary, audit(shaken, result, happened, folder))


def fly_storm(
    world: World, architecture: Architecture, seeds: range
) -> tuple[Counter[str], list[str]]:
    """Fly a world through many seeds.

    Parameters
    ----------
    world : World
        Its scenario says how much fails.
    architecture : Architecture
        Where the jobs are done.
    seeds : range
        Of the faults.

    Returns
    -------
    counts : Counter of str
        Faults by kind, what recovery did, and how the observations ended.
    violations : list of str
        Must be empty; each names its seed and architecture.
    """
    counts: Counter[str] = Counter()
    violations: list[str] = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            run = fly_seed(world, architecture, seed, Path(folder))
        violations += [f"{architecture} seed {seed}: {found}" for found in run.violations]
        counts.update(storm_counts(run.summary))
    return counts, violations


def storm_counts(summary: dict[str, Any]) -> dict[str, float]:
    """Take the countable figures out of a summary.

    Parameters
    ----------
    summary : dict
        Of one run.

    Returns
    -------
    dict of str to float
        Flat; faults by kind under ``fault: kind``.
    """
    faults = dict(summary.get("faults", {"by_kind": {}}))
    kinds = {f"fault: {kind}": count for kind, count in faults.pop("by_kind").items()}
    ends = {name: summary[name] for name in ("insights_delivered", "insights_missed", "in_flight")}
    return {**kinds, **faults, **ends, "missed by fault": summary["missed_by"].get("fault", 0)}


def audit(
    world: World, result: RunResult, happened: Sequence[Mapping[str, Any]], folder: Path
) -> list[str]:
    """Count a run again.

    Parameters
    ----------
    world : World
        As flown, with the seed of its faults.
    result : RunResult
        Its tables.
    happened : sequence of mapping
        Its record, from :func:`perigrid.sim.storm_record.told`.
    folder : Path
        Its files.

    Returns
    -------
    list of str
        What must not be; empty if all is well.
    """
    schedule = fault_schedule(world.scenario, world.fleet, world.outlook)
    book = _Book(world, schedule)
    for entry in happened:
        for event in entry.get("events", ()):
            book.event(float(entry["t_s"]), event)
        for decision in entry.get("decisions", ()):
            if decision["verdict"]["decision"] != "deny":
                book.action(float(entry["t_s"]), decision["action"])
    book.close_up()
    telemetry = read_table(open_source(folder), "telemetry", TELEMETRY)
    found = [*book.found, *_limits(world, telemetry), *_jobs(world, result.jobs, book.ended)]
    return [*found, *too_new(world, schedule, happened)]


@dataclass(slots=True)
class _Book:
    """What each job is busy with, who holds its pixels, and which contacts were sent over."""

    world: World
    schedule: FaultSchedule
    busy: dict[int, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    ended: dict[int, bool] = field(default_factory=dict)
    results: dict[int, dict[str, float | None]] = field(default_factory=dict)
    good: set[int] = field(default_factory=set)
    at_centre: set[int] = field(default_factory=set)
    sent: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    downlinks: list[Sent] = field(default_factory=list)
    came: dict[int, list[dict[str, Any]]] = field(default_factory=dict)  # legs of fibre
    urgent: tuple[float, int] = (-np.inf, 0)  # when moves were last begun, and the most urgent
    found: list[str] = field(default_factory=list)

    def expect(self, holds: bool, what: str) -> None:  # noqa: FBT001  reads as an assertion
        if not holds:
            self.found.append(what)

    # ------------------------------------------------------------------ events

    def event(self, t_s: float, event: dict[str, Any]) -> None:
        """Take in what happened."""
        kind = event["type"]
        if kind in {"Captured", "CaptureRefused"}:
            job = event["job"]
            self.expect(job["job_id"] not in self.known, f"job {job['job_id']} captured twice")
            self.known.add(job["job_id"])
            by_satellite = job["origin"] < self.world.fleet.n_satellites  # on the ground it waits
            away = by_satellite and self._away(job["origin"], t_s, t_s)
            self.expect(kind != "Captured" or not away, f"job {job['job_id']} taken by nobody")
        elif "job_id" in event:
            self._finish(t_s, event)

    def _finish(self, t_s: float, event: dict[str, Any]) -> None:
        """End what a job was busy with; exactly that, and nothing that it was not busy with."""
        number, kind = event["job_id"], event["type"]
        since_s, action = self.busy.pop(number, (t_s, {"type": "nothing"}))
        self.expect(
            kind in FINISHED_BY.get(action["type"], ()),
            f"job {number}: {kind} at {t_s} s ends {action['type']}",
        )
        if action["type"] == "Move" and kind != "AuthorityExpired":  # which was not begun
            failed = event["leg"] if kind == "MoveFailed" else None
            self._flown(t_s, action, failed)
        elif kind == "Computed":
            self._computed(since_s, t_s, event)
        if kind == "Moved" and self._is_wanted_at(number, event["node"]):
            self.at_centre.add(number)

    def _is_wanted_at(self, number: int, node: int) -> bool:
        """Whether an answer is delivered once it is at a node."""
        job, fleet = self.world.jobs[number], self.world.fleet
        if job.user >= 0:
            return node == job.user
        routed = self.world.scenario.jobs is not None
        return node in fleet.data_centres or (routed and node in fleet.stations)

    def _computed(self, since_s: float, t_s: float, event: dict[str, Any]) -> None:
        number, node = event["job_id"], event["node"]
        self.expect(not self._away(node, since_s, t_s), f"job {number} computed by a node away")
        self.came.pop(number, None)  # something else goes down now
        self.results.setdefault(number, {})[event["stage"]] = event["outcome"]
        if is_computed(self.world.scenario.pipeline, self.results[number]):
            self.good.add(number)
            if node in self.world.fleet.data_centres and self.world.jobs[number].user < 0:
                self.at_centre.add(number)

    def _flown(self, t_s: float, move: dict[str, Any], failed: int | None) -> None:
        """Note when contacts carried bits, and that both ends were there for what arrived."""
        legs = move["legs"]
        whole = legs if failed is None else legs[:failed]
        self._come(move["job_id"], whole, over=failed is None)
        for leg in whole:
            self._sent(leg, leg["t_end_s"])
            for node in (leg["source"], leg["target"]):
                away = leg["kind"] != "terrestrial" and self._away(
                    node, leg["t_start_s"], leg["t_arrival_s"]
                )
                self.expect(not away, f"job {move['job_id']}: leg over a node away")
        if failed is not None and legs[failed]["t_start_s"] < t_s:
            self._sent(legs[failed], min(t_s, legs[failed]["t_end_s"]))

    def _come(self, number: int, whole: list[dict[str, Any]], *, over: bool) -> None:
        """Count what came to a data centre by fibre: in the end all of it, and at the same one."""
        came = self.came.setdefault(number, [])
        came += [leg for leg in whole if leg["kind"] == "terrestrial"]
        if not over or not came:
            return
        job, all_bytes = self.world.jobs[number], sum(leg["nbytes"] for leg in came)
        answer = delivered_bytes(self.world.scenario.pipeline, self.results.get(number, {}))
        sizes = (job.raw_bytes, (answer or 0.0) * job.answer_share)
        same = any(abs(all_bytes - size) < SLACK_BYTES for size in sizes)
        self.expect(same, f"job {number}: {all_bytes} B came, of {sizes}")
        there = {leg["target"] for leg in came}
        self.expect(len(there) == 1, f"job {number}: parts of it came to nodes {sorted(there)}")
        came.clear()

    def _sent(self, leg: dict[str, Any], end_s: float) -> None:
        if leg["contact"] >= 0:
            self.sent.setdefault(leg["contact"], []).append((leg["t_start_s"], end_s))
            if leg["kind"] == "downlink":
                self.downlinks.append(Sent(leg["t_start_s"], end_s, leg["source"], leg["target"]))

    def _away(self, node: int, from_s: float, to_s: float) -> bool:
        """Whether any fault keeps a node away at some time of an interval."""
        faults = self.schedule
        stays = (faults.kind != FaultKind.ACQUISITION) & (faults.kind != FaultKind.CORRUPTION)
        here = stays & (faults.node == node)
        over = (faults.t_start_s <= to_s) & (faults.t_end_s > from_s)
        return bool((here & over).any())

    # ------------------------------------------------------------------ actions

    def action(self, t_s: float, action: dict[str, Any]) -> None:
        """Take in what was begun."""
        number = action["job_id"]
        if number < 0:
            return  # a note about an order or an envelope
        self.expect(number not in self.ended, f"job {number} goes on after its end")
        if action["type"] == "Wait" and self._is_move(number):
            self._withdrawn(t_s, number)
        waiting = self.busy.get(number, (0.0, {"type": "Wait"}))[1]["type"]
        free = number not in self.busy
        if action["type"] == "Close":
            self.expect(free or waiting in {"Wait", "AskApproval"}, f"job {number} ended at work")
            self.busy.pop(number, None)
            self.ended[number] = action["delivered"]
            arrived = number in self.good and number in self.at_centre
            self.expect(not action["delivered"] or arrived, f"job {number}: delivered from nowhere")
            return
        # A scheduler may end the wait that it asked for; what people are asked about may be lost.
        over = waiting == "Wait" or (waiting == "AskApproval" and self._is_lost_at(t_s))
        self.expect(free or over, f"job {number} does two things at once")
        if action["type"] == "Compute":
            self.expect(not self._away(action["node"], t_s, t_s), f"job {number}: node is away")
        if action["type"] == "Move":
            self.urgent = max((t_s, self._priority(number)), self.urgent)
        self.busy[number] = (t_s, action)

    def _is_move(self, number: int) -> bool:
        return number in self.busy and self.busy[number][1]["type"] == "Move"

    def _withdrawn(self, t_s: float, number: int) -> None:
        """Let a move be withdrawn: nothing of it has begun, and one more urgent began instead."""
        _, move = self.busy.pop(number)
        begun_s = min(leg["t_start_s"] for leg in move["legs"])
        self.expect(begun_s > t_s, f"job {number}: withdrawn at {t_s} s, after it had begun")
        more = self.urgent[0] == t_s and self.urgent[1] > self._priority(number)
        self.expect(more, f"job {number}: withdrawn at {t_s} s for nothing more urgent")

    def _priority(self, number: int) -> int:
        """How urgent a job is, by the stages that it has results of."""
        stages, done = self.world.scenario.pipeline.stages, self.results.get(number, {})
        return max((one.priority for one in stages if one.name in done), default=0)

    def _is_lost_at(self, t_s: float) -> bool:
        """Whether a satellite is lost at a time."""
        faults = self.schedule
        return bool(((faults.kind == FaultKind.LOSS) & (faults.t_start_s == t_s)).any())

    # ------------------------------------------------------------------ the end

    def close_up(self) -> None:
        """Check what holds over the whole run."""
        self.expect(self.known == {job.job_id for job in self.world.jobs}, "jobs are missing")
        lost = self.known - set(self.busy) - set(self.ended)
        self.expect(not lost, f"jobs {sorted(lost)} were lost")
        dead = self._dead()
        for contact, spans in self.sent.items():
            self.expect(contact not in dead, f"contact {contact} was used and never locked")
            spans.sort()
            for (_, before_s), (after_s, _) in pairwise(spans):
                self.expect(before_s <= after_s + SLACK_S, f"contact {contact} sends two at once")
        self.found += overbooked(self.downlinks, self.world.fleet.stations)

    def _dead(self) -> set[int]:
        """Laser contacts that fail to lock, found by their ends and times."""
        contacts, faults = self.world.outlook.contacts, self.schedule
        dead: set[int] = set()
        for row in np.flatnonzero(faults.kind == FaultKind.ACQUISITION):
            ends = (faults.node[row], faults.other[row])
            same = (contacts.t_start_s == faults.t_start_s[row]) & (
                contacts.t_end_s == faults.t_end_s[row]
            )
            one_way = np.isin(contacts.source, ends) & np.isin(contacts.target, ends)
            found = same & one_way & np.isin(contacts.kind, LASER_KINDS)
            dead |= set(np.flatnonzero(found).tolist())
        return dead


def _limits(world: World, telemetry: pl.DataFrame) -> list[str]:
    """Batteries and storages that left their limits in any step."""
    buses, n = world.fleet.buses, world.fleet.n_satellites
    soc = telemetry["battery_soc"].to_numpy().reshape(-1, n)
    stored = telemetry["storage_bytes"].to_numpy().reshape(-1, n)
    found = []
    if (soc < buses.min_soc * (1.0 - SLACK_S)).any() or soc.max() > 1.0 + SLACK_S:
        found.append("a battery left its limits")
    if stored.min() < -SLACK_BYTES or (stored > buses.storage_bytes + SLACK_BYTES).any():
        found.append("a storage left its limits")
    return found


def _jobs(world: World, jobs: pl.DataFrame, ended: dict[int, bool]) -> list[str]:
    """Rows of the jobs' table that do not agree with the record, or whose seconds do not add up."""
    found = []
    for row in jobs.iter_rows(named=True):
        number, over = row["job_id"], row["outcome"] != "in_flight"
        if over != (number in ended) or (row["outcome"] == "delivered") != ended.get(number, False):
            found.append(f"job {number}: the table says {row['outcome']}")
        waits_s = [value for name, value in row.items() if name.startswith("wait_")]
        end_s = row["t_end_s"] if over else world.scenario.duration_s
        if abs(sum(waits_s) - (end_s - row["t_capture_s"])) > 1e-5 or min(waits_s) < -SLACK_S:
            found.append(f"job {number}: its seconds do not add up")
    return found
