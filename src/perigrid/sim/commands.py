"""A run or a comparison from scenario to folder: begun, gone on with, or found done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from perigrid.base.architecture import Architecture
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.progress import Progress
from perigrid.ledger.audit_folder import verify
from perigrid.ledger.source import Source, open_source
from perigrid.ledger.table_file import understood
from perigrid.ledger.verdict import worst_first
from perigrid.scenario.model import Scenario
from perigrid.scenario.without_rules import without_rules
from perigrid.sim import compare as comparing
from perigrid.sim.impact import GOVERNANCE, compare_both
from perigrid.sim.job_classes import crossed_warnings
from perigrid.sim.kept_run import Keep
from perigrid.sim.run import RunResult, identity, read_result, simulate
from perigrid.sim.staging import drop_left_over, is_complete, new_folder
from perigrid.sim.world import World, build_world

Notice = Callable[[str], None]
BOTH = "both"
DONE = "this run is complete already: nothing to do"


def run(
    scenario: Scenario,
    architecture: Architecture,
    target: Path,
    command: str = "",
    progress: Progress | None = None,
    *,
    keep: bool = True,
    resume: bool = False,
    notice: Notice | None = None,
) -> RunResult:
    """Fly one architecture into a folder.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    architecture : Architecture
        Where the jobs are done.
    target : Path
        Run folder.
    command : str
        How to reproduce it, for the manifest.
    progress : callable, optional
        Told a label and a share from 0 to 1.
    keep : bool
        Write checkpoints, so that the run can be gone on with.
    resume : bool
        Go on with an interrupted run, if there is one.
    notice : callable, optional
        Told about interrupted runs.

    Returns
    -------
    RunResult
        Summary and jobs.
    """
    who = identity(scenario, (architecture,), architecture.name, command)
    if resume and is_complete(target, who):
        demand_whole(target)
        drop_left_over(target, who)
        _tell(notice, DONE)
        with understood(str(target)):
            return read_result(target)
    # The folder first, so that a wrong place costs no work.
    with new_folder(target, who, resume=resume, notice=notice) as staging:
        world = _built(scenario, progress, notice)
        kept = Keep.of(staging, world, notice) if keep else None
        return simulate(
            world, architecture, staging.folder, command=command, progress=progress, keep=kept
        )


def demand_whole(target: Path) -> Source:
    """Demand that a folder which says that it is complete is what was sealed.

    Parameters
    ----------
    target : Path
        Folder of a run, a flight or a comparison.

    Returns
    -------
    Source
        To read from it.

    Raises
    ------
    RunFolderError
        That tells the first doubt about it.
    """
    source = open_source(target)
    doubts = [doubt for one in worst_first(verify(source)) for doubt in one.doubts]
    if doubts:
        message = f"this run is complete and does not verify: {doubts[0].where}: {doubts[0].what}"
        remedy = "see perigrid audit verify, or run again without --resume"
        raise RunFolderError([Problem(message, remedy, path=str(target))])
    return source


def compare(
    scenario: Scenario,
    architectures: Sequence[Architecture],
    target: Path,
    command: str = "",
    progress: Progress | None = None,
    *,
    keep: bool = True,
    resume: bool = False,
    notice: Notice | None = None,
    both: bool = False,
    dress: comparing.Dress | None = None,
) -> dict[str, Any]:
    """Fly several architectures over the same observations into a folder.

    Parameters
    ----------
    scenario : Scenario
        The mission.
    architectures : sequence of Architecture
        In the order in which they are shown.
    target, command, progress, keep, resume, notice
        As in :func:`run`.
    both : bool
        Fly each a second time without the scenario's rules, and say what they cost.
    dress : callable, optional
        Given the folder before it is signed as a whole, to write what else belongs there.

    Returns
    -------
    dict
        The comparison as ``compare --json`` prints it.
    """
    who = identity(scenario, architectures, "compare", command)
    if both:
        without_rules(scenario)  # a scenario without any costs no work
        who |= {"rules": BOTH}
    if resume and is_complete(target, who):
        found = demand_whole(target).json(comparing.COMPARISON)
        if list(found["architectures"]) == who["architectures"] and both == (GOVERNANCE in found):
            drop_left_over(target, who)
            _tell(notice, DONE)
            return found
    with new_folder(target, who, resume=resume, notice=notice) as staging:
        world = _built(scenario, progress, notice)
        kept = Keep.of(staging, world, notice) if keep else None
        options: dict[str, Any] = {"command": command, "progress": progress, "keep": kept}
        options["dress"] = dress
        if both:
            return compare_both(world, architectures, staging, **options)
        return comparing.compare(world, architectures, staging.folder, **options)


def _built(scenario: Scenario, progress: Progress | None, notice: Notice | None) -> World:
    """Build a world, and tell what rules will not be asked about in it."""
    world = build_world(scenario, progress)
    for line in crossed_warnings(world):
        _tell(notice, f"warning: {line}")
    return world


def _tell(notice: Notice | None, text: str) -> None:
    if notice is not None:
        notice(text)
