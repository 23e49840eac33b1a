"""The same observations through several architectures, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from perigrid.base.architecture import Architecture
from perigrid.base.progress import Progress
from perigrid.base.units import S_PER_HOUR
from perigrid.ledger.comparison import Compared, seal_comparison
from perigrid.ledger.pins import workload_said
from perigrid.sim.kept_run import Keep
from perigrid.sim.run import detector_summary, manifest, provenance_rows, simulate, write_json
from perigrid.sim.staging import MANIFEST
from perigrid.sim.world import World

COMPARISON: Final = "comparison.json"
Dress = Callable[[Path], object]
"""Writes what else belongs into a comparison's folder, before that is signed as a whole."""


def compare(
    world: World,
    architectures: Sequence[Architecture],
    folder: Path,
    *,
    command: str = "",
    progress: Progress | None = None,
    keep: Keep | None = None,
    dress: Dress | None = None,
) -> dict[str, Any]:
    """Fly every architecture over the same world, and sign what comes out as a whole.

    Parameters
    ----------
    world : World
        Fleet, outlook, observations and executed scenes.
    architectures : sequence of Architecture
        In the order in which they are shown.
    folder : Path
        Existing; empty, or with what was finished before.
    command : str
        How to reproduce the comparison.
    progress : callable, optional
        Told a label and a share from 0 to 1.
    keep : Keep, optional
        Where checkpoints and finished architectures are kept and found; none if left out.
    dress : callable, optional
        Given the folder before it is signed.

    Returns
    -------
    dict
        The comparison as ``compare --json`` prints it.
    """
    part = identified(world, architectures)
    options: dict[str, Any] = {"command": command, "progress": progress, "keep": keep}
    comparison = fly_all(world, architectures, folder, part, **options)
    if dress is not None:
        dress(folder)
    seal_comparison(folder, world, part, comparison["architectures"])
    return comparison


def identified(
    world: World, architectures: Sequence[Architecture], *, both: bool = False
) -> Compared:
    """Say which comparison it is, for the pins of all its parts.

    Parameters
    ----------
    world : World
        With the rules.
    architectures : sequence of Architecture
        In the order in which they are shown.
    both : bool
        Whether all are flown without the rules too.

    Returns
    -------
    Compared
        As a whole.
    """
    scenario = world.scenario
    names = tuple(architecture.name for architecture in architectures)
    hours = scenario.duration_s / S_PER_HOUR
    return Compared(scenario.digest, scenario.seed, hours, names, both)


def fly_all(
    world: World,
    architectures: Sequence[Architecture],
    folder: Path,
    part: Compared,
    *,
    command: str = "",
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> dict[str, Any]:
    """Fly every architecture over the same world and write one folder for each; nothing is signed.

    Parameters
    ----------
    world, architectures, folder, command, progress, keep
        As for :func:`compare`.
    part : Compared
        Of which comparison the folder is.

    Returns
    -------
    dict
        The comparison.
    """
    summaries = {}
    for architecture in architectures:
        inner = folder / architecture.name
        inner.mkdir(exist_ok=True)
        result = simulate(
            *(world, architecture, inner, part.inside(architecture.name)),
            command=command,
            progress=progress,
            keep=keep,
        )
        summaries[architecture.name] = result.summary
    scenario = world.scenario
    comparison = {
        "scenario": scenario.name,
        **workload_said(scenario),
        "hours": scenario.duration_s / S_PER_HOUR,
        "seed": scenario.seed,
        "observations": len(world.jobs),
        "architectures": summaries,
        "detector": None if scenario.jobs is not None else detector_summary(world),
        "assumed": [row for row in provenance_rows(scenario) if row["confidence"] == "assumed"],
    }
    write_json(folder / COMPARISON, comparison)
    write_json(folder / MANIFEST, manifest(world, "compare", command))
    return comparison
