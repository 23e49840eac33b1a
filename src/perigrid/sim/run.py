"""One architecture, simulated and written to a run folder that appears whole or not at all."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.jobs import Architecture
from perigrid.base.version import VERSION
from perigrid.control.policy.build import build_policies
from perigrid.fleet.model import Fleet
from perigrid.ledger.receipts import FOLDER as RECEIPTS
from perigrid.ledger.receipts import write_logs
from perigrid.ledger.seal import RunLedger
from perigrid.scenario.model import Scenario
from perigrid.sim.engine import Engine
from perigrid.sim.summary import summarise
from perigrid.sim.tables import actions_frame, contacts_frame, jobs_frame
from perigrid.sim.trace import Trace
from perigrid.sim.world import World, build_controller

Progress = Callable[[str, float], None]
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run gives back besides its folder."""

    summary: dict[str, Any]
    jobs: pl.DataFrame


def simulate(
    world: World,
    architecture: Architecture,
    folder: Path,
    *,
    command: str = "",
    progress: Progress | None = None,
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
    command : str
        How to reproduce the run, for the manifest.
    progress : callable, optional
        Told a label and a share from 0 to 1.

    Returns
    -------
    RunResult
        Summary and jobs.
    """
    scenario = world.scenario
    controller = build_controller(scenario, world.fleet, world.outlook, architecture)
    with closing(RunLedger(world, architecture.value, folder)) as ledger:
        trace = Engine(world, controller, architecture, ledger.record).run(progress)
        result = _write_tables(world, trace, folder)
        if (lender := controller.lender) is not None:
            write_logs(folder / RECEIPTS, lender.grants, lender.receipts, lender.keys())
        write_json(folder / MANIFEST, manifest(world, architecture.value, command))
        ledger.seal(scenario.duration_s)
    return result


def _write_tables(world: World, trace: Trace, folder: Path) -> RunResult:
    """Write what came out of a run."""
    jobs = jobs_frame(world, trace)
    summary = summarise(world, jobs, trace)
    frames = {
        "jobs": jobs,
        "actions": actions_frame(world, trace),
        "telemetry": trace.telemetry.frame(),
        "contacts": contacts_frame(world, trace),
    }
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet", compression="zstd", statistics=False)
    write_json(folder / "summary.json", summary)
    return RunResult(summary, jobs)


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
    scenario, fleet = world.scenario, world.fleet
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
        "versions": _versions(),
        "warnings": list(scenario.warnings),
        "element_age_s": dict(
            zip(fleet.names[: fleet.n_satellites], fleet.element_age_s.tolist(), strict=True)
        ),
        "nodes": list(fleet.names),
        "places": _places(fleet),
        "assumed": provenance_rows(scenario),
        "models": {"detector": detector_summary(world), "provenance": dict(world.bank.provenance)},
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


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a folder to write into that becomes ``target`` only if all goes well.

    Parameters
    ----------
    target : Path
        Final place; an earlier run folder there is replaced, anything else is left alone.

    Yields
    ------
    Path
        Empty folder beside the target.

    Raises
    ------
    RunFolderError
        If something that is no run folder stands there, or the place cannot be written.
    """
    # A link keeps pointing where it does; "." gets a name and a folder beside it.
    named, target = target, target.resolve()
    if target.exists() and not is_replaceable(target):
        message = "something that is not a run folder stands here"
        remedy = "choose another folder with -o, or remove it"
        raise RunFolderError([Problem(message, remedy, path=str(named))])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        message, remedy = f"cannot be written: {error.strerror}", "choose a writable folder with -o"
        raise RunFolderError([Problem(message, remedy, path=str(named))]) from error
    try:
        yield staging
        staging.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        os.replace(staging, target)  # noqa: PTH105  Path.replace of folders is the same call
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def is_replaceable(target: Path) -> bool:
    """Say whether a folder is one of our run folders, or empty.

    Parameters
    ----------
    target : Path
        Existing path.

    Returns
    -------
    bool
        False for files and for folders of something else.
    """
    if not target.is_dir():
        return False
    return not any(target.iterdir()) or _is_ours(target / MANIFEST)


def _is_ours(place: Path) -> bool:
    """Tell a run's manifest from those that other programs keep under the same name."""
    try:
        record = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(record, dict) and "perigrid" in record and "scenario" in record


def _versions() -> dict[str, str]:
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
