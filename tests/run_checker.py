"""An independent auditor of run folders: reads the record and the tables, shares no code with us.

Everything is counted again with plain loops from what was recorded: who sent what over which
window, who held which pixels, which second belongs to whom. Antennas are counted by the auditor of
storms, which has no part in planning either.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from perigrid.scenario.model import GroundStation
from perigrid.sim.antenna_audit import Sent, overbooked

SLACK_S = 1e-6
BYTES_OF_A_BIT = 1.0 / 8.0


@dataclass
class Audit:
    """What a run folder holds, and what is wrong with it."""

    contacts: list[dict[str, Any]]
    jobs: list[dict[str, Any]]
    telemetry: pl.DataFrame
    nodes: list[str]
    events: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    actions: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    log: list[tuple[float, dict[str, Any]]] = field(default_factory=list)  # both, as recorded
    found: list[str] = field(default_factory=list)
    _ends: dict[int, list[tuple[float, dict[str, Any]]]] | None = None

    def expect(self, holds: bool, what: str) -> None:
        """Note a fault."""
        if not holds:
            self.found.append(what)

    def of(self, kind: str) -> list[tuple[float, dict[str, Any]]]:
        """Carried-out actions or events of a kind."""
        return [(t_s, one) for t_s, one in self.actions + self.events if one["type"] == kind]

    def flown_legs(self, t_s: float, move: dict[str, Any]) -> list[dict[str, Any]]:
        """Legs of a move up to the one that did not begin, if its move failed."""
        if self._ends is None:
            kinds = {"Moved", "MoveFailed"}
            self._ends = defaultdict(list)
            for end_s, event in self.events:
                if event["type"] in kinds:
                    self._ends[event["job_id"]].append((end_s, event))
        ends = self._ends[move["job_id"]]
        end = next((event for end_s, event in ends if end_s >= t_s), {"type": "Moved"})
        return move["legs"][: end["leg"]] if end["type"] == "MoveFailed" else move["legs"]


def read(folder: Path) -> Audit:
    """Read one architecture's run folder."""
    audit = Audit(
        contacts=pl.read_parquet(folder / "contacts.parquet").to_dicts(),
        jobs=pl.read_parquet(folder / "jobs.parquet").to_dicts(),
        telemetry=table(folder, "telemetry"),
        nodes=json.loads((folder / "manifest.json").read_text())["nodes"],
    )
    if (folder / "events").is_dir():
        read_tables(folder, audit)
        return audit
    for line in (folder / "ledger" / "record.jsonl").read_text().splitlines():
        entry = json.loads(line)
        t_s = entry["t_s"]
        if entry["kind"] == "events":
            audit.events += (told := [(t_s, event) for event in entry["events"]])
            audit.log += told
        elif entry["kind"] == "actions":
            allowed = [d for d in entry["decisions"] if d["verdict"]["decision"] == "allow"]
            audit.actions += (begun := [(t_s, decision["action"]) for decision in allowed])
            audit.log += begun
    return audit


def table(folder: Path, name: str) -> pl.DataFrame:
    """A table in one file or in parts; nothing where there is none."""
    whole = folder / f"{name}.parquet"
    parts = [whole] if whole.is_file() else sorted((folder / name).glob("part-*.parquet"))
    return pl.read_parquet(parts) if parts else pl.DataFrame()


def read_tables(folder: Path, audit: Audit) -> None:
    """Take events and decisions from tables, in the order in which they were heard and made."""
    rows = {name: row for row, name in enumerate(audit.nodes)} | {"": -1}
    legs: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for leg in table(folder, "legs").to_dicts():
        ends = {end: rows[leg[end]] for end in ("source", "target")}
        legs[leg["decision"]].append(leg | ends)
    heard: list[int] = []  # events before each action
    for one in table(folder, "actions").filter(pl.col("verdict") == "allow").to_dicts():
        heard.append(one["heard"])
        action = {
            "type": one["kind"].capitalize(),
            "job_id": one["job_id"],
            "product": one["product"],
            "source": rows[one["source"]],
            "target": rows[one["target"]],
            "node": rows[one["source"]],
            "stage": one["stage"],
            "legs": legs[one["decision"]],
            "why": one["why"],
            "age_s": one["number4"],
            "until_s": one["t_until_s"],
            "cause": one["cause"],
            "reason": one["cause"],
            "delivered": one["kind"] == "close" and not one["cause"],
        }
        audit.actions.append((one["t_s"], action))
    jobs = {job["job_id"]: job for job in audit.jobs}
    for one in table(folder, "events").to_dicts():
        event = one | {"type": one["kind"], "node": rows[one["node"]]}
        event["outcome"] = None if math.isnan(one["outcome"]) else one["outcome"]
        if one["job_id"] >= 0:
            job = jobs[one["job_id"]]
            own = {"origin": rows[job["satellite"]], "deadline_s": one["t_deadline_s"]}
            event["job"] = job | own
        audit.events.append((one["t_s"], event))
    told = 0
    for count, action in zip(heard, audit.actions, strict=True):
        audit.log += [*audit.events[told:count], action]
        told = count
    audit.log += audit.events[told:]


def check_legs(audit: Audit) -> None:
    """Every leg lies in its window, at its rate, with light time, one after the other."""
    spans: dict[int, list[tuple[float, float]]] = defaultdict(list)
    booked: dict[int, float] = defaultdict(float)
    for t_s, move in audit.of("Move"):
        ready_s = t_s
        for leg in audit.flown_legs(t_s, move):
            at = f"leg of job {move['job_id']} at {leg['t_start_s']:.3f} s"
            audit.expect(leg["t_ready_s"] >= ready_s - SLACK_S, f"{at}: sent on before it is there")
            ready_s = leg["t_arrival_s"]
            if leg["contact"] < 0:
                audit.expect(leg["kind"] == "terrestrial", f"{at}: no window")
                continue
            window = audit.contacts[leg["contact"]]
            ends = (audit.nodes[leg["source"]], audit.nodes[leg["target"]])
            audit.expect(ends == (window["source"], window["target"]), f"{at}: other ends")
            inside = (
                window["t_start_s"] - SLACK_S <= leg["t_start_s"]
                and leg["t_end_s"] <= window["t_end_s"] + SLACK_S
            )
            audit.expect(inside, f"{at}: outside its window")
            sent = (leg["t_end_s"] - leg["t_start_s"]) * window["rate_bps"] * BYTES_OF_A_BIT
            audit.expect(
                math.isclose(sent, leg["nbytes"], rel_tol=1e-6, abs_tol=1.0), f"{at}: rate"
            )
            light_s = leg["t_arrival_s"] - leg["t_end_s"]
            audit.expect(abs(light_s - window["light_time_s"]) < SLACK_S, f"{at}: light time")
            spans[leg["contact"]].append((leg["t_start_s"], leg["t_end_s"] - SLACK_S))
            booked[leg["contact"]] += leg["nbytes"]
    for row, over in spans.items():
        audit.expect(peak_use(over) <= 1, f"window {row}: two at once")
    for row, window in enumerate(audit.contacts):
        same = math.isclose(window["booked_bytes"], booked[row], rel_tol=1e-9, abs_tol=1e-3)
        audit.expect(same, f"window {row}: other bytes booked than sent")


def peak_use(windows: Iterable[tuple[float, float]]) -> int:
    """How many of some intervals lie over each other; touching ones do not."""
    edges = sorted(edge for a, b in windows for edge in ((a, 1), (b, -1)))
    use = peak = 0
    for _, change in edges:
        use += change
        peak = max(peak, use)
    return peak


def check_equipment(audit: Audit, stations: Iterable[GroundStation], terminals: int) -> None:
    """Nothing sent needs an antenna or a radio, no laser window a terminal, that another has."""
    users: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for window in audit.contacts:
        if window["kind"] != "downlink":
            span = (window["t_start_s"], window["t_end_s"])
            users[window["kind"], window["source"]].append(span)
    for (kind, name), spans in users.items():
        limit = {"relay": 1, "crosslink": terminals}[kind]
        audit.expect(peak_use(spans) <= limit, f"{name}: too many {kind} windows at once")
    sent = [
        Sent(leg["t_start_s"], leg["t_end_s"], leg["source"], leg["target"])
        for t_s, move in audit.of("Move")
        for leg in audit.flown_legs(t_s, move)
        if leg["kind"] == "downlink"
    ]
    audit.found += overbooked(sent, {audit.nodes.index(one.name): one for one in stations})


def check_jobs(audit: Audit) -> None:
    """No job is lost, ends twice, does a stage twice or two things at once."""
    captured = {e["job"]["job_id"] for k in ("Captured", "CaptureRefused") for _, e in audit.of(k)}
    audit.expect(captured == {job["job_id"] for job in audit.jobs}, "jobs are not those captured")
    ended = [action["job_id"] for _, action in audit.of("Close")]
    audit.expect(len(ended) == len(set(ended)), "a job ended twice")
    stages = [(action["job_id"], action["stage"]) for _, action in audit.of("Compute")]
    audit.expect(len(stages) == len(set(stages)), "a stage was done twice")
    for job in audit.jobs:
        at, over = f"job {job['job_id']}", job["outcome"] != "in_flight"
        audit.expect(over == (job["job_id"] in set(ended)), f"{at}: outcome is not its end")
        waits_s = [value for name, value in job.items() if name.startswith("wait_")]
        audit.expect(min(waits_s) >= -SLACK_S, f"{at}: waited less than nothing")
        end_s = job["t_end_s"] if over else float(audit.telemetry["t_s"].max())
        audit.expect(abs(sum(waits_s) - (end_s - job["t_capture_s"])) < 1e-5, f"{at}: waits")
    _check_deadlines(audit)


def _check_deadlines(audit: Audit) -> None:
    deadline_s = {e["job"]["job_id"]: e["job"]["deadline_s"] for _, e in audit.of("Captured")}
    for job in audit.jobs:
        if job["outcome"] == "delivered":
            kept = job["t_end_s"] <= deadline_s[job["job_id"]] + SLACK_S
            audit.expect(kept, f"job {job['job_id']}: delivered after its deadline")


def check_job_energy(audit: Audit, power_w: dict[str, float], relay_j_per_byte: float) -> None:
    """The energy in orbit is that of the radios while they send, the relay and the stages."""
    spent_j: dict[int, float] = defaultdict(float)
    moved: dict[tuple[int, str], float] = defaultdict(float)
    for number, leg in _arrived_legs(audit):
        sent_s = leg["t_end_s"] - leg["t_start_s"]
        # held laser links draw the same whether bits flow or not: no job is charged for them
        radio_j = sent_s * power_w["downlink"] if leg["kind"] == "downlink" else 0.0
        relayed_j = leg["nbytes"] * relay_j_per_byte if leg["kind"] == "relay" else 0.0
        spent_j[number] += radio_j + relayed_j
        moved[number, leg["kind"]] += leg["nbytes"]
    orbiting = set(audit.telemetry["satellite"].unique())
    for _, event in audit.of("Computed"):
        if audit.nodes[event["node"]] in orbiting:
            spent_j[event["job_id"]] += power_w[event["stage"]]
    for job in audit.jobs:
        number, told_j = job["job_id"], job["space_energy_j"]
        same = math.isclose(told_j, spent_j[number], rel_tol=1e-6, abs_tol=1e-6)
        audit.expect(same, f"job {number}: {told_j} J booked, {spent_j[number]} J counted")
        for kind in ("downlink", "crosslink", "relay", "terrestrial"):
            same = math.isclose(job[f"{kind}_bytes"], moved[number, kind], abs_tol=1e-3)
            audit.expect(same, f"job {number}: other {kind} bytes than sent")


def _arrived_legs(audit: Audit) -> list[tuple[int, dict[str, Any]]]:
    """Legs of the moves that are over; what is under way at the end is booked on arrival."""
    arrived: dict[int, int] = defaultdict(int)
    for _, event in audit.of("Moved"):
        arrived[event["job_id"]] += 1
    legs = []
    for _, move in audit.of("Move"):
        arrived[move["job_id"]] -= 1
        if arrived[move["job_id"]] >= 0:
            legs += [(move["job_id"], leg) for leg in move["legs"]]
    return legs


class _Stores:
    """Who holds the pixels of which job."""

    def __init__(self) -> None:
        self.changes: list[tuple[float, str, float]] = []
        self._holds: dict[int, tuple[str, float]] = {}
        self._kept: dict[int, tuple[str, float]] = {}

    def keep_room(self, t_s: float, number: int, name: str, nbytes: float) -> None:
        self._kept[number] = (name, nbytes)
        self.changes.append((t_s, name, nbytes))

    def arrive(self, t_s: float, number: int) -> None:
        self.let_go(t_s, number)
        if number in self._kept:
            self._holds[number] = self._kept.pop(number)

    def fail(self, t_s: float, number: int, name: str) -> None:
        """A move broke off: no room is kept, and the last that had the pixels whole has them."""
        if number not in self._kept:
            return
        kept, nbytes = self._kept.pop(number)
        self.changes.append((t_s, kept, -nbytes))
        if self._holds[number][0] != name:
            self.let_go(t_s, number)
            self.take(t_s, number, name, nbytes)

    def take(self, t_s: float, number: int, name: str, nbytes: float) -> None:
        self._holds[number] = (name, nbytes)
        self.changes.append((t_s, name, nbytes))

    def let_go(self, t_s: float, number: int) -> float:
        name, nbytes = self._holds.pop(number, ("", 0.0))
        self.changes.append((t_s, name, -nbytes))
        return nbytes


def check_storage(audit: Audit, capacity_bytes: float) -> None:
    """Storage is what was taken in or promised room, less what was let go; never over."""
    stores = _Stores()
    orbiting = set(audit.telemetry["satellite"].unique())
    for t_s, one in audit.log:
        match one:
            case {"type": "Captured", "job": job}:
                name = audit.nodes[job["origin"]]
                stores.take(t_s, job["job_id"], name, job["raw_bytes"])
            case {"type": "Move", "product": "raw", "job_id": number, "target": node} as move:
                if audit.nodes[node] in orbiting:
                    stores.keep_room(t_s, number, audit.nodes[node], move["legs"][0]["nbytes"])
            case {"type": "Moved", "product": "raw", "job_id": number}:
                stores.arrive(t_s, number)
            case {"type": "MoveFailed", "job_id": number, "node": node}:
                stores.fail(t_s, number, audit.nodes[node])
            case {"type": "Close", "job_id": number} | {
                "type": "Computed",
                "stage": "classify",
                "job_id": number,
            }:
                stores.let_go(t_s, number)
    _compare_storage(audit, stores.changes, capacity_bytes)


def _compare_storage(
    audit: Audit, changes: list[tuple[float, str, float]], capacity_bytes: float
) -> None:
    for name in audit.telemetry["satellite"].unique():
        held, mine, next_one = 0.0, [c for c in changes if c[1] == name], 0
        rows = audit.telemetry.filter(pl.col("satellite") == name)
        for t_s, stored in rows.select("t_s", "storage_bytes").iter_rows():
            while next_one < len(mine) and mine[next_one][0] < t_s:
                held += mine[next_one][2]
                audit.expect(-1.0 <= held <= capacity_bytes + 1.0, f"{name}: storage at {t_s} s")
                next_one += 1
            audit.expect(abs(held - stored) < 1.0, f"{name}: {stored} B stored, {held} B counted")


def check_link_power(audit: Audit, power_w: dict[str, float], acquisition_s: float) -> None:
    """Terminals draw while they hold a link, radios while they send: the energy of the day."""
    used = {leg["kind"] for _, move in audit.of("Move") for leg in move["legs"]}
    for name in audit.telemetry["satellite"].unique():
        drawn_j = sum(
            (leg["t_end_s"] - leg["t_start_s"]) * power_w["downlink"]
            for _, move in audit.of("Move")
            for leg in move["legs"]
            if leg["kind"] == "downlink" and audit.nodes[leg["source"]] == name
        )
        last_s: dict[str, float] = defaultdict(float)
        for window in audit.contacts:
            kind = window["kind"]
            if window["source"] != name or kind == "downlink" or kind not in used:
                continue
            line = kind + (window["target"] if kind == "crosslink" else "")
            on_s = max(window["t_start_s"] - acquisition_s, last_s[line])
            drawn_j += (window["t_end_s"] - on_s) * power_w[kind]
            last_s[line] = window["t_end_s"]
        rows = audit.telemetry.filter(pl.col("satellite") == name).sort("t_s")
        step_s = rows["t_s"].diff().fill_null(rows["t_s"][0])
        told_j = float((rows["link_w"] * step_s).sum())
        same = math.isclose(told_j, drawn_j, rel_tol=1e-6, abs_tol=1.0)
        audit.expect(same, f"{name}: links drew {told_j} J in telemetry, {drawn_j} J counted")


def check_known(audit: Audit) -> int:
    """Satellites are chosen by reports that were heard where that was decided; how many are."""
    reports = [t_s for t_s, _ in audit.of("StateReported")]
    orbiting, count = set(audit.telemetry["satellite"].unique()), 0
    for t_s, move in audit.of("Move"):
        source, target = (audit.nodes[move[end]] for end in ("source", "target"))
        if target not in orbiting or move["why"] not in {"taken_up", "chosen"}:
            continue
        count += 1
        last_s = max(one for one in reports if one <= t_s)
        told_s = last_s if math.isnan(move["age_s"]) else t_s - move["age_s"]
        heard = [one for one in reports if one <= last_s and _joined(audit, one, target, "")]
        if told_s == last_s and _joined(audit, last_s, target, source):
            continue
        known_s = max(heard, default=reports[0])
        at = f"job {move['job_id']} at {t_s:.3f} s"
        audit.expect(told_s <= known_s + SLACK_S, f"{at}: knows what was not heard there")
    return count


def _joined(audit: Audit, t_s: float, one: str, other: str) -> bool:
    """Whether open windows lead from a satellite to another, or, without a name, to the ground."""
    seen, ways = {one}, [one]
    while ways:
        node = ways.pop()
        for window in audit.contacts:
            ends = [window["source"], window["target"] if window["kind"] == "crosslink" else ""]
            if node in ends and window["t_start_s"] <= t_s < window["t_end_s"]:
                (far,) = [end for end in ends if end != node]
                if far == other:
                    return True
                if far and far not in seen:
                    seen.add(far)
                    ways.append(far)
    return False
