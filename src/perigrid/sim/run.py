"""One architecture, simulated and written to a run folder that appears whole or not at all."""

from __future__ import annotations

import gc
import json
import math
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from perigrid.base.architecture import Architecture
from perigrid.base.progress import Progress
from perigrid.base.version import VERSION
from perigrid.control.policy.build import build_policies
from perigrid.fleet.model import Fleet
from perigrid.ledger.comparison import Compared
from perigrid.ledger.pins import workload_said
from perigrid.ledger.seal import RunLedger
from perigrid.scenario.model import Scenario
from perigrid.scenario.stored import FILE_NAME as SCENARIO
from perigrid.scenario.stored import scenario_text
from perigrid.sim.batch_bound import batch_bound
from perigrid.sim.bound import run_bound
from perigrid.sim.checkpoint import source_digest
from perigrid.sim.compiled import fly_compiled
from perigrid.sim.job_classes import crossed_warnings
from perigrid.sim.kept_run import Keep
from perigrid.sim.staging import MANIFEST
from perigrid.sim.summary import reached, summarise
from perigrid.sim.tables import contacts_frame
from perigrid.sim.trace import Trace
from perigrid.sim.upper_bound import RunBound
from perigrid.sim.world import World
from perigrid.workload.stored_bank import FILE_NAME as SCENES
from perigrid.workload.stored_bank import scenes_text

Flight = AbstractContextManager[tuple[Trace, RunLedger]]


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run gives back besides its folder."""

    summary: dict[str, Any]
    jobs: pl.DataFrame


def identity(
    scenario: Scenario, architectures: Sequence[Architecture], what: str, command: str
) -> dict[str, Any]:
    """Say which run this is, for those who would go on with it.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    architectures : sequence of Architecture
        In order.
    what : str
        As in the manifest: an architecture, or ``compare``.
    command : str
        The command that repeats it.

    Returns
    -------
    dict
        JSON values.
    """
    return {
        "digest": scenario.digest,
        "command": command,
        "architecture": what,
        "architectures": [architecture.name for architecture in architectures],
        "seed": scenario.seed,
        "perigrid": VERSION,
        "versions": versions(),
        "python": ".".join(map(str, sys.version_info[:2])),
        "program": source_digest(),
    }


def simulate(
    world: World,
    architecture: Architecture,
    folder: Path,
    part: Compared | None = None,
    *,
    command: str = "",
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> RunResult:
    """Fly one architecture and write its run folder.

    Parameters
    ----------
    world : World
        Shared by all architectures.
    architecture : Architecture
        Which.
    folder : Path
        Existing and empty; the caller renames it into place.
    part : Compared, optional
        Of which comparison the run is, if of any.
    command : str
        How to reproduce the run, for the manifest.
    progress : callable, optional
        Told a label and a share from 0 to 1.
    keep : Keep, optional
        Where checkpoints are written, and one may be found to go on from; none if left out.

    Returns
    -------
    RunResult
        Summary and jobs.
    """
    if keep is not None and keep.is_finished(architecture, folder):
        return read_result(folder)
    world = world.under(architecture)
    flight = fly_compiled(world, architecture, folder, keep=keep, progress=progress, part=part)
    result = write_run(flight, world, architecture, folder, command)
    del flight
    gc.collect()  # who decides and whom they ask hold each other, and the arrays of the flight
    if keep is not None:
        keep.finish(architecture, folder)
    return result


def write_run(
    flight: Flight, world: World, architecture: Architecture, folder: Path, command: str = ""
) -> RunResult:
    """Fly, write what the folder holds beside the tables that grow with a run, and seal it.

    Parameters
    ----------
    flight : context manager
        Gives what is left of the flight, and its open ledger.
    world : World
        Under the architecture.
    architecture, folder, command
        As for :func:`simulate`.

    Returns
    -------
    RunResult
        Summary and jobs.
    """
    with flight as (trace, ledger):
        jobs = trace.jobs
        summary = summarise(world, jobs, trace)
        summary |= _bound(world, architecture, trace).beside(reached(world, jobs))
        for name, frame in (("jobs", jobs), ("contacts", contacts_frame(world, trace))):
            frame.write_parquet(folder / f"{name}.parquet", compression="zstd", statistics=False)
        (folder / SCENARIO).write_text(scenario_text(world.scenario), encoding="utf-8")
        if world.scenario.jobs is None:
            (folder / SCENES).write_text(scenes_text(world.bank), encoding="utf-8")
        write_json(folder / "summary.json", summary)
        write_json(folder / MANIFEST, manifest(world, architecture.name, command))
        ledger.seal(world.scenario.duration_s)
    return RunResult(summary, jobs)


def _bound(world: World, architecture: Architecture, trace: Trace) -> RunBound:
    """Bound what any scheduler could deliver of a run's work."""
    if world.scenario.jobs is None:
        return run_bound(world, architecture)
    return batch_bound(world, architecture, trace.state.flows_j["surplus_j"])


def read_result(folder: Path) -> RunResult:
    """Read what a finished run gave back.

    Parameters
    ----------
    folder : Path
        Its folder.

    Returns
    -------
    RunResult
        Summary and jobs.
    """
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return RunResult(summary, pl.read_parquet(folder / "jobs.parquet"))


def manifest(world: World, architecture: str, command: str) -> dict[str, Any]:
    """Everything needed to reproduce and to judge a run; no time of day, no machine.

    Parameters
    ----------
    world : World
        What was simulated.
    architecture : str
        Which, or ``compare``.
    command : str
        The command that repeats it.

    Returns
    -------
    dict
        JSON values.
    """
    shared = mission_manifest(world.scenario, world.fleet, architecture, command)
    if world.scenario.jobs is not None:
        return {**shared, "warnings": [*shared["warnings"], *crossed_warnings(world)]}
    models = {"detector": detector_summary(world), "provenance": dict(world.bank.provenance)}
    return {**shared, "models": models}


def mission_manifest(
    scenario: Scenario, fleet: Fleet, architecture: str, command: str
) -> dict[str, Any]:
    """Say what the manifest of a run of any workload says.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    fleet : Fleet
        Its nodes.
    architecture, command : str
        As for :func:`manifest`.

    Returns
    -------
    dict
        JSON values.
    """
    return {
        "format": 1,
        "perigrid": VERSION,
        "scenario": scenario.name,
        "title": scenario.title,
        "summary": scenario.summary,
        "digest": scenario.digest,
        "architecture": architecture,
        "policy": build_policies(scenario, fleet).digests(),
        "command": command,
        "start": scenario.start.iso(),
        "hours": scenario.duration_s / 3600.0,
        "step_s": scenario.step_s,
        "seed": scenario.seed,
        "scheduler": scenario.scheduler,
        **workload_said(scenario),
        "versions": versions(),
        "warnings": list(scenario.every_warning),
        "element_age_s": dict(
            zip(fleet.names[: fleet.n_satellites], fleet.element_age_s.tolist(), strict=True)
        ),
        "nodes": list(fleet.names),
        "places": _places(fleet),
        "assumed": provenance_rows(scenario),
    }


def provenance_rows(scenario: Scenario) -> list[dict[str, Any]]:
    """Every number of a scenario with its origin.

    Parameters
    ----------
    scenario : Scenario
        The mission.

    Returns
    -------
    list of dict
        ``key, value, unit, source, date, confidence``.
    """
    return [
        {
            "key": row.key,
            "value": row.value,
            "unit": row.unit,
            "source": row.source,
            "date": row.date,
            "confidence": row.confidence,
        }
        for row in scenario.provenance
    ]


def detector_summary(world: World) -> dict[str, Any]:
    """Say what the executed detector was worth.

    Parameters
    ----------
    world : World
        With the bank of executed scenes.

    Returns
    -------
    dict
        Scenes executed, precision and recall of dropping cloudy ones, and of the mask.
    """
    bank = world.bank
    return {
        "scenes": len(bank),
        "real_scenes": len(bank) - bank.n_generated,
        "precision": finite(bank.precision),
        "recall": finite(bank.recall),
        "pixel_precision": finite(bank.pixels.precision),
        "pixel_recall": finite(bank.pixels.recall),
        "classified_patches": bank.classified_patches,
    }


def finite(value: float) -> float | None:
    """Write a missing figure as JSON can.

    Parameters
    ----------
    value : float
        NaN where there is none.

    Returns
    -------
    float or None
        None for NaN.
    """
    return None if math.isnan(value) else value


def write_json(path: Path, value: object) -> None:
    """Write JSON the same way every time.

    Parameters
    ----------
    path : Path
        New file.
    value : object
        JSON values; NaN is refused.
    """
    path.write_text(json.dumps(value, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def versions() -> dict[str, str]:
    """Name what computes.

    Returns
    -------
    dict of str to str
        Versions of this program and of what its results depend on.
    """
    return {"perigrid": VERSION, "numpy": np.__version__, "polars": pl.__version__}


def _places(fleet: Fleet) -> list[dict[str, Any]]:
    """Ground nodes for the map."""
    rows = [*fleet.stations, *fleet.data_centres]
    return [
        {
            "name": fleet.names[row],
            "role": fleet.stations[row].role if row in fleet.stations else "data-centre",
            "country": fleet.countries[row],
            "latitude_deg": math.degrees(float(fleet.latitude_rad[row])),
            "longitude_deg": math.degrees(float(fleet.longitude_rad[row])),
        }
        for row in rows
    ]
