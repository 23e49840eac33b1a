"""A comparison of what serves compute jobs: a folder as of all comparisons, with one flight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from perigrid.base.architecture import ORBITAL
from perigrid.base.progress import Progress
from perigrid.base.units import S_PER_HOUR
from perigrid.fleet.build import build_fleet
from perigrid.ledger.comparison import COMPARED, Compared, seal_folder
from perigrid.ledger.pins import flight_pins
from perigrid.ledger.seal import UNIX_EPOCH, Signers
from perigrid.scenario.model import Scenario
from perigrid.sim.checkpoint import Notice
from perigrid.sim.commands import DONE, demand_whole
from perigrid.sim.compare import COMPARISON, Dress
from perigrid.sim.flight.result import ARCHITECTURE
from perigrid.sim.flight.run import fly_into
from perigrid.sim.run import identity, provenance_rows, write_json
from perigrid.sim.staging import MANIFEST, drop_left_over, is_complete, new_folder


def compare(
    scenario: Scenario,
    target: Path,
    command: str = "",
    progress: Progress | None = None,
    *,
    resume: bool = False,
    notice: Notice | None = None,
    dress: Dress | None = None,
) -> dict[str, Any]:
    """Fly a scenario's jobs by all that serves them into the folder of a comparison.

    Parameters
    ----------
    scenario : Scenario
        With a section ``jobs``.
    target : Path
        Folder.
    command : str
        How to reproduce it, for the manifest.
    progress : callable, optional
        Told a label and a share from 0 to 1.
    resume : bool
        Go on with an interrupted comparison, if there is one.
    notice : callable, optional
        Told about interrupted comparisons, and what rules are not asked about.
    dress : callable, optional
        Given the folder before it is signed as a whole, to write what else belongs there.

    Returns
    -------
    dict
        The comparison as ``compare --json`` prints it.
    """
    who = identity(scenario, (ORBITAL,), COMPARED, command)
    if resume and is_complete(target, who):
        found = demand_whole(target).json(COMPARISON)
        drop_left_over(target, who)
        if notice is not None:
            notice(DONE)
        return found
    hours = scenario.duration_s / S_PER_HOUR
    part = Compared(scenario.digest, scenario.seed, hours, (ARCHITECTURE,))
    with new_folder(target, who, resume=resume, notice=notice) as staging:
        folder = staging.folder
        options: dict[str, Any] = {"command": command, "progress": progress, "notice": notice}
        flown = fly_into(
            scenario, folder / ARCHITECTURE, staging, part.inside(ARCHITECTURE), **options
        )
        assumed = [row for row in provenance_rows(scenario) if row["confidence"] == "assumed"]
        comparison = {**flown.comparison, "detector": None, "assumed": assumed}
        write_json(folder / COMPARISON, comparison)
        write_json(folder / MANIFEST, {**flown.manifest, "architecture": COMPARED})
        if dress is not None:
            dress(folder)
        _seal(folder, scenario, part, flown.summary["jobs"])
    return comparison


def _seal(folder: Path, scenario: Scenario, part: Compared, jobs: int) -> None:
    """Sign the comparison as a whole."""
    pins = {**flight_pins(scenario, build_fleet(scenario), COMPARED, jobs), **part.pins()}
    t_unix_s = round(scenario.start.plus(scenario.duration_s).seconds_since(UNIX_EPOCH))
    signers = Signers.simulated(scenario.seed)
    seal_folder(folder, pins, (ARCHITECTURE,), signers, scenario.duration_s, t_unix_s)
