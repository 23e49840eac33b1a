"""The same controller as in the simulator, in real time, on answers of the real models."""

import math
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flights import world_of
from perigrid.base.architecture import BENT_PIPE, ONBOARD, ORBITAL, RELAY, Architecture
from perigrid.base.codec import encode
from perigrid.base.errors import WorkError
from perigrid.base.jobs import Outcome
from perigrid.base.messages import Compute
from perigrid.control.controller import Controller
from perigrid.ledger.record import RecordMark, RecordWriter, read_record
from perigrid.ledger.source import Source
from perigrid.live.agent import Agent, Finding, Inbox, Models, Order
from perigrid.live.clock import WallClock
from perigrid.live.result import LiveResult
from perigrid.live.runner import GROUP, fly_live
from perigrid.report.run_book import open_book
from perigrid.scenario.model import Approver, Rule
from perigrid.sim.replay import first_difference
from perigrid.sim.run import simulate
from perigrid.sim.world import World
from perigrid.workload.classifier import Classifier
from perigrid.workload.cloud_detector import CloudDetector

pytestmark = pytest.mark.live


class PatientClock:
    """Mission time that jumps to the next event, but only while no agent is at work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.t_s, self._working, self._lock = 0.0, 0, threading.Lock()
        submit, put = Agent.submit, Inbox.put

        def counted_submit(agent: Agent, order: Any) -> None:
            self._count(1)
            submit(agent, order)

        def counted_put(inbox: Inbox, answer: Any) -> None:
            put(inbox, answer)
            self._count(-1)

        monkeypatch.setattr(Agent, "submit", counted_submit)
        monkeypatch.setattr(Inbox, "put", counted_put)

    def _count(self, change: int) -> None:
        with self._lock:
            self._working += change

    def now_s(self) -> float:
        return self.t_s

    def wait_until(self, t_s: float, wake: threading.Event | None = None) -> float:
        assert wake is not None
        while self._working and not wake.wait(0.001):
            pass
        if not wake.is_set():
            self.t_s = max(self.t_s, t_s)
        return self.t_s


def entries(folder: Path, kind: str) -> list[dict]:
    return [entry for entry in read_record(folder / "ledger") if entry["kind"] == kind]


def ends(entry: dict[str, Any]) -> bool:
    """Tell what is recorded once the flight is over."""
    return entry["kind"] == "seal" or entry.get("at") == "end"


def check(world: World, result: LiveResult, folder: Path, until_s: float) -> None:
    """What holds after every live flight."""
    captured = [job for job in world.jobs if job.t_capture_s < until_s]
    assert {live.job for live in result.jobs} == set(captured)
    closes = [
        decision["action"]["job_id"]
        for entry in entries(folder, "actions")
        for decision in entry["decisions"]
        if decision["action"]["type"] == "Close"
    ]
    ended = {one.job.job_id for one in result.jobs if one.outcome is not Outcome.IN_FLIGHT}
    assert sorted(closes) == sorted(ended)
    for one in result.jobs:
        assert math.isnan(one.cloud_seen) or one.cloud_seen == world.bank.cloud_seen[one.job.scene]
        assert (one.job.job_id in ended) == (one.t_end_s >= one.job.t_capture_s)
    times = [entry["t_s"] for entry in read_record(folder / "ledger")]
    assert times == sorted(times)
    assert len(times) == result.records


@pytest.mark.parametrize("architecture", [BENT_PIPE, ORBITAL])
def test_a_flight_in_real_time_ends_well_and_replays(
    live_world: World, tmp_path: Path, architecture: Architecture
) -> None:
    until_s, start_s = 4500.0, time.monotonic()
    result = fly_live(live_world, architecture, tmp_path, speed=3000.0, until_s=until_s)
    assert time.monotonic() - start_s >= until_s / 3000.0
    check(live_world, result, tmp_path, until_s)
    # how many answers came in time is this machine's affair; that they are answers is ours
    classified = {one.land_cover for one in result.jobs if one.land_cover}
    assert classified <= set(Classifier().classes)
    world = live_world
    ledger = tmp_path / "ledger"
    assert (
        first_difference(ledger, world.scenario, world.fleet, world.outlook, architecture) is None
    )


def same(live: Any, simulated: Any) -> bool:
    """Equal, but for the rounding of sums that the simulator makes step by step."""
    if isinstance(live, dict):
        return live.keys() == simulated.keys() and all(same(live[k], simulated[k]) for k in live)
    if isinstance(live, list):
        return len(live) == len(simulated) and all(map(same, live, simulated))
    if isinstance(live, float):
        return math.isclose(live, simulated, rel_tol=1e-9, abs_tol=1e-6)
    return live == simulated


def decided(folder: Path) -> list[list[Any]]:
    """All decisions of a run, in order, however it was recorded."""
    made = open_book(Source(str(folder), folder)).decisions()
    return [[one.t_s, encode(one.action), encode(one.verdict)] for one in made]


ASK = Rule("ask-home", "ask", "move", "answer", "CN", "any", "a person looks at answers")
VARIANTS = {
    "bent-pipe": (BENT_PIPE, {}),
    "relay": (RELAY, {}),
    "orbital": (ORBITAL, {"scheduler": "lookahead"}),
    "asking": (ONBOARD, {"rules": (ASK,), "approver": Approver(600.0, True)}),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_where_agents_are_quick_enough_live_does_what_the_simulator_does(
    live_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variant: str
) -> None:
    architecture, changes = VARIANTS[variant]
    world = replace(live_world, scenario=replace(live_world.scenario, **changes))
    if variant != "orbital":  # one with the real models is enough
        seen = live_world.bank.cloud_seen.tolist()
        monkeypatch.setattr(Models, "run", lambda _self, _stage, scene: Finding(seen[scene], "?"))
    clock, until_s = PatientClock(monkeypatch), world.scenario.duration_s
    result = fly_live(
        world, architecture, tmp_path / "live", speed=1.0, until_s=until_s, clock=clock
    )
    check(world, result, tmp_path / "live", until_s)
    assert result.answer_late_s == result.loop_late_s == 0.0
    (tmp_path / "sim").mkdir()
    simulate(world, architecture, tmp_path / "sim")
    live, simulated = (decided(tmp_path / name) for name in ("live", "sim"))
    assert len(live) == len(simulated) > 20
    for ours, theirs in zip(live, simulated, strict=True):
        assert same(ours, theirs)


class StalledClock(PatientClock):
    """A clock behind which the runner falls, as if the disk had stalled at every wait for it."""

    def wait_until(self, t_s: float, wake: threading.Event | None = None) -> float:
        return super().wait_until(t_s + 200.0 if t_s > self.t_s else t_s, wake)


def test_a_runner_that_fell_behind_waits_once_for_the_disk_and_acts_after_it(
    live_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ledger"
    waits: list[set[int]] = []
    wait, submit = RecordWriter.sync, Agent.submit
    seen = live_world.bank.cloud_seen.tolist()
    monkeypatch.setattr(Models, "run", lambda _self, _stage, scene: Finding(seen[scene], "?"))

    def on_disk() -> set[int]:
        return {
            decision["action"]["job_id"]
            for entry in read_record(folder)
            if entry["kind"] == "actions"
            for decision in entry["decisions"]
            if decision["action"]["type"] == "Compute"
        }

    def counted_wait(record: RecordWriter) -> RecordMark:
        mark = wait(record)
        waits.append(on_disk())
        return mark

    def checked_submit(agent: Agent, order: Any) -> None:
        assert order.job.job_id in waits[-1]
        submit(agent, order)

    monkeypatch.setattr(RecordWriter, "sync", counted_wait)
    monkeypatch.setattr(Agent, "submit", checked_submit)
    clock = StalledClock(monkeypatch)
    result = fly_live(live_world, ONBOARD, tmp_path, speed=1.0, until_s=7200.0, clock=clock)
    check(live_world, result, tmp_path, 7200.0)
    assert result.loop_late_s >= 100.0
    decided = entries(tmp_path, "actions")
    assert 1 < len(waits) < len(decided)
    assert len(decided) <= GROUP * len(waits)


@pytest.mark.parametrize("left_s", [0.0, 1.0], ids=["when ordered", "when its turn comes"])
def test_a_stage_whose_authority_ends_before_it_begins_is_not_begun(
    live_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_s: float
) -> None:
    handle, look, short = Controller.handle, Agent._look, set[int]()
    seen = live_world.bank.cloud_seen.tolist()

    def hurried(self: Controller, events: Any) -> list[Any]:
        """Let the first authority for a job's stage end soon."""
        made = handle(self, events)
        for place, one in enumerate(made):
            if isinstance(one.action, Compute) and one.action.job_id not in short:
                short.add(one.action.job_id)
                made[place] = replace(one, expires_s=self.belief.t_s + left_s)
        return made

    def late(self: Agent, order: Order) -> Any:
        if order.expires_s < math.inf:
            monkeypatch.setattr(self, "_now_s", lambda: order.expires_s)
        return look(self, order)

    monkeypatch.setattr(Controller, "handle", hurried)
    monkeypatch.setattr(Agent, "_look", late)
    monkeypatch.setattr(Models, "run", lambda _self, _stage, scene: Finding(seen[scene], "?"))
    clock = PatientClock(monkeypatch)
    result = fly_live(live_world, ONBOARD, tmp_path, speed=1.0, until_s=7200.0, clock=clock)
    check(live_world, result, tmp_path, 7200.0)
    events = [event for entry in entries(tmp_path, "events") for event in entry["events"]]
    expired = [one["job_id"] for one in events if one["type"] == "AuthorityExpired"]
    assert expired
    assert sorted(expired) == sorted(short)  # each stage was begun at the second time
    assert {one["job_id"] for one in events if one["type"] == "Computed"} <= short


def test_a_full_storage_refuses_at_the_shutter(
    live_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = live_world.fleet.groups[0]
    small = replace(group, storage_bytes=1.5 * live_world.jobs[0].raw_bytes)
    world = replace(live_world, fleet=replace(live_world.fleet, groups=(small,)))
    monkeypatch.setattr(Models, "run", lambda *_: Finding(0.0, "Forest"))
    clock = PatientClock(monkeypatch)
    result = fly_live(world, BENT_PIPE, tmp_path, speed=1.0, until_s=7200.0, clock=clock)
    refused = [one for one in result.jobs if one.reason == "storage"]
    assert refused
    assert all(one.t_end_s == one.job.t_capture_s for one in refused)


def test_a_slow_model_is_late_on_the_mission_clock(
    live_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_s = live_world.jobs[0].t_capture_s

    def slow(self: Models, *_: object) -> Finding:
        time.sleep(0.2)
        return Finding(cloud_seen=1.0)

    monkeypatch.setattr(Models, "run", slow)
    result = fly_live(live_world, ONBOARD, tmp_path, speed=1000.0, until_s=first_s + 400.0)
    events = [event for entry in entries(tmp_path, "events") for event in entry["events"]]
    computed = [event for event in events if event["type"] == "Computed"]
    assert computed[0]["job_id"] == 0
    assert computed[0]["t_s"] >= first_s + 200.0
    assert result.answer_late_s > 150.0


def test_the_flight_ends_with_orders_in_hand(
    live_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_s = live_world.jobs[0].t_capture_s
    started = threading.Event()

    def slow(self: Models, *_: object) -> Finding:
        started.set()
        time.sleep(0.3)
        return Finding(cloud_seen=1.0)

    monkeypatch.setattr(Models, "run", slow)
    until_s = first_s + 100.0
    result = fly_live(live_world, ONBOARD, tmp_path, speed=1000.0, until_s=until_s)
    assert started.is_set()
    assert result.jobs[0].outcome is Outcome.IN_FLIGHT
    check(live_world, result, tmp_path, until_s)


def test_a_broken_detector_is_a_work_error_that_names_the_node(
    live_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: CloudDetector, reflectance: object) -> float:
        raise RuntimeError("a tree is missing")

    monkeypatch.setattr(CloudDetector, "cloud_fraction", broken)
    job = live_world.jobs[0]
    name = live_world.fleet.names[job.origin]
    with pytest.raises(WorkError, match=f"{name}.*observation 0: a tree is missing") as caught:
        fly_live(live_world, ONBOARD, tmp_path, speed=3000.0, until_s=7200.0)
    assert isinstance(caught.value.__cause__, RuntimeError)
    happened = [event["type"] for entry in entries(tmp_path, "events") for event in entry["events"]]
    assert "Captured" in happened
    assert "Computed" not in happened


def test_an_interrupt_stops_the_agents_and_closes_the_record(
    live_world: World, tmp_path: Path
) -> None:
    class Interrupted(WallClock):
        def wait_until(self, t_s: float, wake: threading.Event | None = None) -> float:
            if t_s > 1000.0:
                raise KeyboardInterrupt
            return super().wait_until(t_s, wake)

    clock = Interrupted(5000.0)
    with pytest.raises(KeyboardInterrupt):
        fly_live(live_world, ONBOARD, tmp_path, speed=1.0, until_s=7200.0, clock=clock)
    assert list(read_record(tmp_path / "ledger"))


def test_the_record_can_be_read_while_the_flight_goes_on(live_world: World, tmp_path: Path) -> None:
    seen = []

    class Watched(WallClock):
        def wait_until(self, t_s: float, wake: threading.Event | None = None) -> float:
            seen.append(len(list(read_record(tmp_path / "ledger"))))
            return super().wait_until(t_s, wake)

    clock = Watched(5000.0)
    fly_live(live_world, ONBOARD, tmp_path, speed=1.0, until_s=900.0, clock=clock)
    assert seen[0] == 1  # what the run is pinned to
    flown = [entry for entry in read_record(tmp_path / "ledger") if not ends(entry)]
    assert seen[-1] == len(flown) > 3


def test_a_flight_cannot_be_written_over_another(live_world: World, tmp_path: Path) -> None:
    flight = {"speed": 1.0e6, "until_s": 60.0}
    fly_live(live_world, RELAY, tmp_path, **flight)
    with pytest.raises(FileExistsError):
        fly_live(live_world, RELAY, tmp_path, **flight)


def test_a_mission_is_flown_to_its_end_at_most(live_world: World, tmp_path: Path) -> None:
    short = world_of(replace(live_world.scenario, duration_s=600.0), live_world.bank)
    result = fly_live(short, RELAY, tmp_path, speed=1.0e5, until_s=1.0e9)
    check(short, result, tmp_path, 600.0)
