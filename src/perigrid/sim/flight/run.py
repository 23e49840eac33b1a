"""Fly a scenario's jobs: leg by leg, with parts and checkpoints, to a run folder."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.progress import Progress
from perigrid.base.version import VERSION
from perigrid.ledger.pins import flight_pins
from perigrid.ledger.seal import UNIX_EPOCH, Signers, seal_record
from perigrid.scenario.model import Scenario
from perigrid.sim.flight.build import Flight, build_flight
from perigrid.sim.flight.checkpoint import CHECKPOINT, Head, read_head, restore, save
from perigrid.sim.flight.legs import LEGS_PER_BLOCK, Leg, Sky, ahead
from perigrid.sim.flight.parts import PartWriter, rewind
from perigrid.sim.flight.stepper import fly_leg
from perigrid.sim.flight.summary import summarise
from perigrid.sim.flight.tables import decisions_frame, jobs_frame, telemetry_frame
from perigrid.sim.flight.world import Count, World
from perigrid.sim.run import MANIFEST, provenance_rows, write_json
from perigrid.sim.staging import is_replaceable

Watch = Callable[[World, float], None]

ARCHITECTURE: Final = "fly"
PARTIAL: Final = ".partial"
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


@dataclass(slots=True)
class FlightResult:
    """What a flight gives back besides its folder.

    Parameters
    ----------
    summary : dict
        As in ``summary.json``.
    stages_s : dict of str to float
        Wall time by stage [s].
    """

    summary: dict[str, Any]
    stages_s: dict[str, float] = field(default_factory=dict)


def fly(
    scenario: Scenario,
    target: Path,
    *,
    resume: bool = False,
    options: Options | None = None,
    command: str = "",
    progress: Progress | None = None,
    watch: Watch | None = None,
) -> FlightResult:
    """Fly a scenario and write its run folder.

    Parameters
    ----------
    scenario : Scenario
        With a section ``jobs``.
    target : Path
        Run folder; until the end the flight stands beside it under a name with ``.partial``.
    resume : bool
        Go on with the flight that stands there.
    options : Options, optional
        How it is recorded; a resumed flight keeps what it was begun with.
    command : str
        How to reproduce it, for the manifest.
    progress : callable, optional
        Told a label and a share from 0 to 1.
    watch : callable, optional
        Given the world and the time after every step: to look, not to change.

    Returns
    -------
    FlightResult
        Summary, and where the time went.

    Raises
    ------
    RunFolderError
        If something else stands at the target, a flight stands there unfinished and is not to be
        resumed, or there is none to resume.
    """
    started_s = time.perf_counter()
    place = target.resolve()
    partial = place.with_name(place.name + PARTIAL)
    _look(target, place, partial, resume=resume)
    if progress is not None:
        progress("lay out the fleet and its jobs", 0.0)
    flight = build_flight(scenario)
    stages = {"jobs and fleet": time.perf_counter() - started_s}
    head = _begin(flight, partial, options or Options(), resume=resume)
    with closing(_Flown(flight, partial, head, stages, progress, watch)) as flown:
        flown.fly()
        summary = flown.finish(command)
    if place.exists():
        shutil.rmtree(place)
    (partial / CHECKPOINT).unlink(missing_ok=True)
    os.replace(partial, place)  # noqa: PTH105  Path.replace of folders is the same call
    return FlightResult(summary, stages)


def _look(named: Path, place: Path, partial: Path, *, resume: bool) -> None:
    """Refuse what would destroy something, before any work."""
    if place.exists() and not is_replaceable(place):
        message = "something that is not a run folder stands here"
        remedy = "choose another folder with -o, or remove it"
        raise RunFolderError([Problem(message, remedy, path=str(named))])
    begun = (partial / CHECKPOINT).is_file()
    if begun and not resume:
        message = "a flight stands here unfinished"
        remedy = "add --resume to go on with it, or remove the folder"
        raise RunFolderError([Problem(message, remedy, path=f"{named}{PARTIAL}")])
    if resume and not begun:
        message = "no unfinished flight with a checkpoint stands here"
        remedy = "leave --resume out to fly from the start"
        raise RunFolderError([Problem(message, remedy, path=f"{named}{PARTIAL}")])


def _begin(flight: Flight, partial: Path, options: Options, *, resume: bool) -> Head:
    """Start a folder, or go back to its last checkpoint."""
    scenario = flight.scenario
    if not resume:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        telemetry_s = options.telemetry_s or _telemetry_s(flight)
        return Head(scenario.digest, VERSION, telemetry_s, options.checkpoint_s, 0, 0)
    head = read_head(partial)
    if (head.digest, head.version) != (scenario.digest, VERSION):
        message = "the unfinished flight is of another scenario or version"
        remedy = "give the same scenario, seed and --set as before, or remove the folder"
        raise RunFolderError([Problem(message, remedy, path=str(partial / CHECKPOINT))])
    restore(partial, flight.world)
    return head


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
        stages: dict[str, float],
        progress: Progress | None,
        watch: Watch | None,
    ) -> None:
        self._flight, self._folder, self._head = flight, folder, head
        self._stages, self._progress, self._watch = stages, progress, watch
        resumed = head.leg > 0  # a checkpoint stands behind the first leg at the earliest
        pins = flight_pins(flight.scenario, flight.fleet, ARCHITECTURE, len(flight.world.jobs))
        self._parts = PartWriter(folder, pins, rewind(folder, head.parts) if resumed else None)
        self._t_s = 0.0  # up to where what is written goes
        self._telemetry: list[pl.DataFrame] = []
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
        self._t_s = float(leg.t_s[0])
        steps_s, events_s = fly_leg(
            self._flight.world, leg, self._write_decisions, self._after_step
        )
        self._stages["steps"] += steps_s
        self._stages["events"] += events_s

    def _after_step(self, t_s: float, t_end_s: float) -> None:
        """Show the world to whoever watches, and take telemetry."""
        self._t_s = t_end_s
        if self._watch is not None:
            self._watch(self._flight.world, t_end_s)
        self._note(t_s, t_end_s)

    def _note(self, t_s: float, t_end_s: float) -> None:
        """Take telemetry down when it is due."""
        every_s = self._head.telemetry_s
        if int(t_end_s / every_s + 1e-9) == int(t_s / every_s + 1e-9):
            return
        begun_s = time.perf_counter()
        self._telemetry.append(telemetry_frame(self._flight.world, t_end_s))
        if len(self._telemetry) * self._telemetry[0].height >= _MOST_ROWS_HELD:
            self._write_telemetry()
        self._stages["parts and checkpoints"] += time.perf_counter() - begun_s

    def _write_telemetry(self) -> None:
        if self._telemetry:
            self._parts.write("telemetry", pl.concat(self._telemetry), self._t_s)
            self._telemetry.clear()

    def _write_decisions(self) -> None:
        world = self._flight.world
        self._parts.write("decisions", decisions_frame(world), self._t_s)
        world.counts[Count.LOGGED] = 0

    def _checkpoint(self, leg: int) -> None:
        """Write what is held, then the state."""
        begun_s = time.perf_counter()
        self._write_telemetry()
        self._write_decisions()
        self._head = Head(
            self._head.digest, self._head.version, self._head.telemetry_s,
            self._head.checkpoint_s, leg, len(self._parts.parts),
        )  # fmt: skip
        save(self._folder, self._head, self._flight.world)
        self._stages["parts and checkpoints"] += time.perf_counter() - begun_s

    def finish(self, command: str) -> dict[str, Any]:
        """Write the rest of the folder and seal it.

        Parameters
        ----------
        command : str
            For the manifest.

        Returns
        -------
        dict
            The summary.
        """
        begun_s = time.perf_counter()
        world = self._flight.world
        self._write_telemetry()
        self._write_decisions()
        for first in range(0, len(world.jobs), _JOBS_PER_PART):
            stop = min(first + _JOBS_PER_PART, len(world.jobs))
            self._parts.write("jobs", jobs_frame(world, slice(first, stop)), self._t_s)
        self._stages["parts and checkpoints"] += time.perf_counter() - begun_s
        begun_s = time.perf_counter()
        summary = summarise(self._flight)
        write_json(self._folder / "summary.json", summary)
        write_json(self._folder / MANIFEST, self._manifest(command))
        self._stages["bound and summary"] = time.perf_counter() - begun_s
        begun_s = time.perf_counter()
        self._seal()
        self._stages["parts and checkpoints"] += time.perf_counter() - begun_s
        return summary

    def close(self) -> None:
        """Close the record, sealed or not."""
        self._parts.record.close()

    def _seal(self) -> None:
        """Sign the end of the ledger, over every file of the folder."""
        scenario = self._flight.scenario
        t_unix_s = round(scenario.start.plus(self._t_s).seconds_since(UNIX_EPOCH))
        signers = Signers.simulated(scenario.seed)
        seal_record(self._parts.record, self._folder, signers, self._t_s, t_unix_s)

    def _manifest(self, command: str) -> dict[str, Any]:
        """Everything needed to reproduce and to judge the flight."""
        scenario, fleet = self._flight.scenario, self._flight.fleet
        stations = list(fleet.stations)
        return {
            "format": 1,
            "perigrid": VERSION,
            "scenario": scenario.name,
            "title": scenario.title,
            "summary": scenario.summary,
            "digest": scenario.digest,
            "architecture": ARCHITECTURE,
            "command": command,
            "start": scenario.start.iso(),
            "hours": scenario.duration_s / 3600.0,
            "step_s": scenario.step_s,
            "routes_s": self._flight.asked.routes_s,
            "telemetry_s": self._head.telemetry_s,
            "seed": scenario.seed,
            "satellites": list(fleet.names[: fleet.n_satellites]),
            "ground": [fleet.names[row] for row in stations],
            "warnings": [*scenario.warnings, *scenario.flight_warnings],
            "assumed": provenance_rows(scenario),
        }
