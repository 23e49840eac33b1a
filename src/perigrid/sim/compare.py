"""The same observations through several architectures, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from perigrid.base.jobs import Architecture
from perigrid.base.progress import Progress
from perigrid.sim.kept_run import Keep
from perigrid.sim.run import (
    MANIFEST,
    detector_summary,
    manifest,
    provenance_rows,
    simulate,
    write_json,
)
from perigrid.sim.world import World

COMPARISON: Final = "comparison.json"


def compare(
    world: World,
    architectures: Sequence[Architecture],
    folder: Path,
    *,
    command: str = "",
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> dict[str, Any]:
    """Fly every architecture over the same world and write one folder for each.

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

    Returns
    -------
    dict
        The comparison as ``compare --json`` prints it.
    """
    summaries = {}
    for architecture in architectures:
        inner = folder / architecture.value
        inner.mkdir(exist_ok=True)
        result = simulate(world, architecture, inner, command=command, progress=progress, keep=keep)
        summaries[architecture.value] = result.summary
    scenario = world.scenario
    comparison = {
        "scenario": scenario.name,
        "hours": scenario.duration_s / 3600.0,
        "seed": scenario.seed,
        "observations": len(world.jobs),
        "architectures": summaries,
        "detector": detector_summary(world),
        "assumed": [row for row in provenance_rows(scenario) if row["confidence"] == "assumed"],
    }
    write_json(folder / COMPARISON, comparison)
    write_json(folder / MANIFEST, manifest(world, "compare", command))
    return comparison
