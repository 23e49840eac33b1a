"""Fly a scenario's jobs: leg by leg, with parts and checkpoints, to a run folder."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from perigrid.base.architecture import ORBITAL
from perigrid.base.codec import digest
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.progress import Progress
from perigrid.control.dispatch.rules import unasked
from perigrid.engine.parts import Kept, rewind
from perigrid.ledger.comparison import Compared
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.pins import EARLIEST_ANSWER
from perigrid.ledger.seal import UNIX_EPOCH, Signers, seal_record
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import read_table
from perigrid.scenario.jobs import BATCH
from perigrid.scenario.model import Scenario
from perigrid.scenario.stored import FILE_NAME as SCENARIO
from perigrid.scenario.stored import scenario_text
from perigrid.sim.checkpoint import SHARE, Checkpoint, Checkpoints, Notice
from perigrid.sim.commands import DONE, demand_whole
from perigrid.sim.flight.build import Flight, build_flight
from perigrid.sim.flight.checkpoint import Head, restore, save
from perigrid.sim.flight.legs import LEGS_PER_BLOCK, Leg, Sky, ahead
from perigrid.sim.flight.recorder import Recorder
from perigrid.sim.flight.result import ARCHITECTURE, FlightResult
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.summary import summarise
from perigrid.sim.flight.tables import COMPUTE_JOBS, jobs_frame
from perigrid.sim.flight.telemetry import TelemetryLog
from perigrid.sim.flight.world import World
from perigrid.sim.run import RunResult, identity, mission_manifest, write_json
from perigrid.sim.staging import MANIFEST, Staging, drop_left_over, is_complete, new_folder

Watch = Callable[[World, float], None]

SUMMARY: Final = "summary.json"
_MOST_TELEMETRY: Final = 2_000_000
_JOBS_PER_PART: Final = 250_000
_MOST_ROWS_HELD: Final = 500_000


@dataclass(frozen=True, slots=True)
class Options:
    """How a flight is recorded; it does not change what happens.

    Parameters
    ----------
    telemetry_s : float
        Between two rows of a satellite; 0 for as often as two million rows allow [s].
    checkpoint_s : float
        Between two checkpoints; rounded up to whole blocks of legs [s].
    """

    telemetry_s: float = 0.0
    checkpoint_s: float = 3600.0


def fly(
    scenario: Scenario,
    target: Path,
    *,
    resume: bool = False,
    options: Options | None = None,
    command: str = "",
    progress: Progress | None = None,
    watch: Watch | None = None,
    notice: Notice | None = None,
    part: Compared | None = None,
) -> FlightResult:
    """Fly a scenario and write its run folder.

    Parameters
    ----------
    scenario : Scenario
        With a section ``jobs``.
    target : Path
        Run folder; made as :func:`perigrid.sim.staging.new_folder` makes all of them.
    resume : bool
        Go on with an interrupted flight, if there is one.
    options : Options, optional
        How it is recorded; a resumed flight keeps what it was begun with.
    command : str
        How to reproduce it, for the manifest.
    progress : callable, optional
        Told a label and a share from 0 to 1.
    watch : callable, optional
        Given the world and the time after every step: to look, not to change.
    notice : callable, optional
        Told about interrupted flights, and what rules are not asked about.
    part : Compared, optional
        Of which comparison the flight is, if of any.

    Returns
    -------
    FlightResult
        Summary, and where the time went.
    """
    who = identity(scenario, (ORBITAL,), ARCHITECTURE, command)
    if resume and is_complete(target, who):
        whole = demand_whole(target)
        drop_left_over(target, who)
        if notice is not None:
            notice(DONE)
        return FlightResult(scenario, whole.json(SUMMARY), whole.json(MANIFEST))
    with new_folder(target, who, resume=resume, notice=notice) as staging:
        return fly_into(
            scenario, staging.folder, staging, part, options=options, command=command,
            progress=progress, watch=watch, notice=notice,
        )  # fmt: skip


def serve(
    scenario: Scenario,
    target: Path,
    *,
    resume: bool = False,
    command: str = "",
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> RunResult:
    """Fly a scenario, and read its table of jobs.

    Parameters
    ----------
    scenario, target, resume, command, progress, notice
        As for :func:`fly`.

    Returns
    -------
    RunResult
        Summary and jobs.
    """
    kept: dict[str, Any] = {"command": command, "progress": progress, "notice": notice}
    flown = fly(scenario, target, resume=resume, **kept)
    jobs = read_table(Source(str(target), target), "jobs", COMPUTE_JOBS)
    return RunResult(flown.summary, jobs)


def fly_into(
    scenario: Scenario,
    folder: Path,
    staging: Staging,
    part: Compared | None = None,
    *,
    options: Options | None = None,
    command: str = "",
    progress: Progress | None = None,
    watch: Watch | None = None,
    notice: Notice | None = None,
) -> FlightResult:
    """Fly a scenario into a folder that is being made.

    Parameters
    ----------
    scenario, part, options, command, progress, watch, notice
        As for :func:`fly`.
    folder : Path
        The run folder, in the one that is being made or this itself.
    staging : Staging
        Where checkpoints are kept and found.

    Returns
    -------
    FlightResult
        Summary, and where the time went.
    """
    started_s = time.perf_counter()
    folder.mkdir(exist_ok=True)
    if progress is not None:
        progress("lay out the fleet and its jobs", 0.0)
    flight = build_flight(scenario)
    open_questions = unasked(flight.rules, flight.fleet)
    if notice is not None:
        for line in open_questions:
            notice(f"warning: {line}")
    warnings = (*scenario.every_warning, *open_questions)
    stages = {"jobs and fleet": time.perf_counter() - started_s}
    kept = _checkpoints(staging, notice)
    found = kept.newest()
    head = _head(flight, found, options or Options())
    flown = _Flown(flight, folder, head, found, kept, stages, progress, watch, part)
    with closing(flown):
        flown.fly()
        summary, manifest = flown.finish(command, warnings)
    return FlightResult(scenario, summary, manifest, stages)


def _checkpoints(staging: Staging, notice: Notice | None) -> Checkpoints:
    """Keep checkpoints beside the folder, of this flight and no other."""
    place = staging.work / ARCHITECTURE
    place.mkdir(exist_ok=True)
    return Checkpoints(place, digest(dict(staging.identity)), notice)


def _head(flight: Flight, found: Checkpoint | None, options: Options) -> Head:
    """Begin, or go back to the last checkpoint."""
    if found is not None:
        return restore(found, flight.world)
    return Head(options.telemetry_s or _telemetry_s(flight), options.checkpoint_s, 0, 0)


def _telemetry_s(flight: Flight) -> float:
    """Between two rows: routes' time, or as much as two million rows ask for."""
    routes_s = flight.asked.routes_s
    rows = len(flight.world.sats) * flight.scenario.duration_s / routes_s
    return routes_s * max(1.0, float(-(-rows // _MOST_TELEMETRY)))


class _Flown:
    """A flight under way."""

    def __init__(
        self,
        flight: Flight,
        folder: Path,
        head: Head,
        found: Checkpoint | None,
        kept: Checkpoints,
        stages: dict[str, float],
        progress: Progress | None,
        watch: Watch | None,
        part: Compared | None,
    ) -> None:
        self._flight, self._folder, self._head = flight, folder, head
        self._stages, self._progress, self._watch = stages, progress, watch
        self._kept = kept
        self._not_before_s = 0.0  # of the machine's clock
        self._recorder = Recorder(flight, folder, part, _rewound(folder, head, found))
        self._parts = self._recorder.parts
        self._telemetry = TelemetryLog(flight)
        block_s = flight.asked.routes_s * LEGS_PER_BLOCK
        self._legs_apart = LEGS_PER_BLOCK * max(1, round(head.checkpoint_s / block_s))
        for name in ("waiting for light and routes", "steps", "events", "parts and checkpoints"):
            stages[name] = 0.0

    def fly(self) -> None:
        """Fly leg by leg to the end."""
        flight = self._flight
        sky = Sky(flight.scenario, flight.fleet, flight.mesh, flight.faults)
        since_s = time.perf_counter()
        with ahead(sky.legs(self._head.leg)) as legs:
            for leg in legs:
                self._stages["waiting for light and routes"] += time.perf_counter() - since_s
                if leg.number % self._legs_apart == 0 and leg.number != self._head.leg:
                    self._checkpoint(leg.number)
                self._fly_leg(leg)
                if self._progress is not None:
                    self._progress("fly", (leg.number + 1) / sky.n_legs)
                since_s = time.perf_counter()

    def _fly_leg(self, leg: Leg) -> None:
        """Fly one leg with its routes."""
        recorder = self._recorder
        recorder.t_s = float(leg.t_s[0])
        steps_s, events_s = fly_leg(
            self._flight.world, leg, recorder.write_decisions, self._after_step, recorder
        )
        self._stages["steps"] += steps_s
        self._stages["events"] += events_s

    def _after_step(self, t_s: float, t_end_s: float) -> None:
        """Enter what was decided, show the world to whoever watches, and take telemetry."""
        self._recorder.end_step(t_end_s)
        if self._watch is not None:
            self._watch(self._flight.world, t_end_s)
        self._note(t_s, t_end_s)

    def _note(self, t_s: float, t_end_s: float) -> None:
        """Take telemetry down when it is due."""
        every_s = self._head.telemetry_s
        if int(t_end_s / every_s + 1e-9) == int(t_s / every_s + 1e-9):
            return
        begun_s = time.perf_counter()
        self._telemetry.take(t_end_s)
        if self._telemetry.rows >= _MOST_ROWS_HELD:
            self._write_telemetry()
        self._stages["parts and checkpoints"] += time.perf_counter() - begun_s

    def _write_telemetry(self) -> None:
        self._parts.write("telemetry", self._telemetry.frame(), self._recorder.t_s)

    def _checkpoint(self, leg: int) -> None:
        """Write what is held, then the state."""
        begun_s = time.perf_counter()
        self._write_telemetry()
        self._recorder.write_decisions()
        # Parts are cut here in any case; the state is not written where that takes too long.
        if begun_s >= self._not_before_s:
            mark = self._parts.record.sync()
            head = replace(self._head, leg=leg, records=self._parts.record.length)
            saved = save(self._kept, self._recorder.t_s, mark, head, self._flight.world)
            ended_s = time.perf_counter()
            pause_s = (ended_s - begun_s) / SHARE if saved else math.inf
            self._not_before_s = ended_s + pause_s
        self._stages["parts and checkpoints"] += time.perf_counter() - begun_s

    def finish(
        self, command: str, warnings: tuple[str, ...]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Write the rest of the folder and seal it.

        Parameters
        ----------
        command, warnings : str, tuple of str
            For the manifest.

        Returns
        -------
        summary, manifest : dict
            As written.
        """
        begun_s = time.perf_counter()
        world = self._flight.world
        self._write_telemetry()
        self._recorder.write_decisions()
        for first in range(0, len(world.jobs), _JOBS_PER_PART):
            stop = min(first + _JOBS_PER_PART, len(world.jobs))
            self._parts.write(
                "jobs", jobs_frame(self._flight, slice(first, stop)), self._recorder.t_s
            )
        self._stages["parts and checkpoints"] += time.perf_counter() - begun_s
        begun_s = time.perf_counter()
        summary = summarise(self._flight)
        write_json(self._folder / SUMMARY, summary)
        manifest = self._manifest(command, warnings)
        write_json(self._folder / MANIFEST, manifest)
        stored = scenario_text(self._flight.scenario)
        (self._folder / SCENARIO).write_text(stored, encoding="utf-8")
        self._stages["bound and summary"] = time.perf_counter() - begun_s
        begun_s = time.perf_counter()
        self._seal()
        self._stages["parts and checkpoints"] += time.perf_counter() - begun_s
        return summary, manifest

    def close(self) -> None:
        """Close the record, sealed or not."""
        self._parts.record.close()

    def _seal(self) -> None:
        """Sign the end of the ledger, over every file of the folder."""
        scenario = self._flight.scenario
        t_unix_s = round(scenario.start.plus(self._recorder.t_s).seconds_since(UNIX_EPOCH))
        signers = Signers.simulated(scenario.seed)
        seal_record(self._parts.record, self._folder, signers, self._recorder.t_s, t_unix_s)

    def _manifest(self, command: str, warnings: tuple[str, ...]) -> dict[str, Any]:
        """Everything needed to reproduce and to judge the flight."""
        flight = self._flight
        shared = mission_manifest(flight.scenario, flight.fleet, ARCHITECTURE, command)
        return {
            **shared,
            "workload": BATCH,
            "scheduler": EARLIEST_ANSWER,
            "routes_s": flight.asked.routes_s,
            "telemetry_s": self._head.telemetry_s,
            "checkpoint_s": self._head.checkpoint_s,
            "warnings": list(warnings),
        }


def _rewound(folder: Path, head: Head, found: Checkpoint | None) -> Kept | None:
    """Take the folder back to where the checkpoint was written; None for a new flight."""
    if found is None:
        return None
    kept = rewind(folder, head.records)
    if kept.mark != found.mark:
        message = "the record of the flight is not the one of its checkpoint"
        remedy = "fly it without --resume"
        raise RunFolderError([Problem(message, remedy, path=str(folder / RECORD))])
    return kept
