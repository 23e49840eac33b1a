"""``perigrid fly``, and what ``perigrid run`` does with a scenario that asks for compute jobs."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from perigrid.base.errors import InputError, Problem
from perigrid.cli.options import (
    Command,
    PositiveNumber,
    command_line,
    output_folder,
    resume_option,
    scenario_options,
)
from perigrid.cli.output import found_there, hint, print_json, progress, warn

if TYPE_CHECKING:
    from perigrid.api import Study

_S_PER_MINUTE: Final = 60.0
_CHECKPOINT_MIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many compute jobs are served, and how that is recorded, where it was said.

    Parameters
    ----------
    jobs : int or None
        How many.
    telemetry_s : float or None
        Between two rows of a satellite [s].
    checkpoint_min : float or None
        Simulated time between two checkpoints [min].
    """

    jobs: int | None
    telemetry_s: float | None
    checkpoint_min: float | None


def recorded_options(command: Command) -> Command:
    """Add the flags of compute jobs.

    Parameters
    ----------
    command : callable
        Takes ``recorded`` besides its own parameters.

    Returns
    -------
    callable
        The command with three more flags.
    """

    @functools.wraps(command)
    def with_recorded(
        *,
        jobs: int | None,
        telemetry_s: float | None,
        checkpoint_min: float | None,
        **rest: Any,  # noqa: ANN401  the command's own flags pass through
    ) -> None:
        command(recorded=Recorded(jobs, telemetry_s, checkpoint_min), **rest)

    for add in (
        click.option(
            "--checkpoint", "checkpoint_min", type=PositiveNumber(), metavar="MIN",
            help="Of compute jobs: simulated time between two checkpoints [min]; 60 if left out.",
        ),
        click.option(
            "--telemetry", "telemetry_s", type=PositiveNumber(), metavar="S",
            help="Of compute jobs: between two rows of a satellite [s]; else as often as two "
            "million rows allow.",
        ),
        click.option(
            "--jobs", type=click.IntRange(min=1),
            help="Number of compute jobs instead of the scenario's.",
        ),
    ):  # fmt: skip
        with_recorded = add(with_recorded)
    return with_recorded


@click.command()
@scenario_options
@resume_option
@recorded_options
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Run folder to write.")
def fly(
    scenario: str,
    overrides: tuple[str, ...],
    resume: bool,
    recorded: Recorded,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Serve compute jobs with a fleet of any size: decisions, physics and routes, compiled.

    SCENARIO needs a section `jobs`; of the library, mega-constellation has one. Its 10,000
    satellites take minutes for a day; a hundred of them take seconds:

    \b
      perigrid fly mega-constellation --hours 1 --jobs 10000 \\
        --set groups.shell.orbit.walker.planes=10 \\
        --set groups.shell.orbit.walker.satellites_per_plane=10

    The same as `perigrid run` of such a scenario. A flight that was stopped goes on with --resume.
    """  # noqa: D301  click wants the character itself
    from perigrid.api import Study

    study = reopened(Study.open(scenario, overrides=overrides), recorded)
    folder = output_folder(out, study.scenario.name, "fly")
    command = command_line("fly", scenario, study.overrides, "")
    serve_jobs(study, folder, command, recorded, resume=resume, as_json=as_json, quiet=quiet)


def reopened(study: Study, recorded: Recorded) -> Study:
    """Set the number of jobs, and refuse what does nothing without any.

    Parameters
    ----------
    study : Study
        As it was opened.
    recorded : Recorded
        What was said.

    Returns
    -------
    Study
        With that many jobs.

    Raises
    ------
    InputError
        If anything was said and the scenario asks for no jobs.
    """
    said = {
        "--jobs": recorded.jobs,
        "--telemetry": recorded.telemetry_s,
        "--checkpoint": recorded.checkpoint_min,
    }
    given = [flag for flag, value in said.items() if value is not None]
    if given and study.scenario.jobs is None:
        message = f"{given[0]} is for compute jobs, and the scenario asks for none"
        remedy = (
            f"leave it out, or add a section such as 'jobs: {{count: {recorded.jobs or 10000}}}'"
        )
        raise InputError([Problem(message, remedy, path=given[0])])
    if recorded.jobs is None:
        return study
    overrides = (*study.overrides, f"jobs.count={recorded.jobs}")
    return type(study).open(study.opened, overrides=overrides)


def serve_jobs(
    study: Study,
    folder: Path,
    command: str,
    recorded: Recorded,
    *,
    resume: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Serve a scenario's jobs, and print what came of them.

    Parameters
    ----------
    study : Study
        With jobs.
    folder : Path
        Run folder to write.
    command : str
        For the manifest.
    recorded : Recorded
        How it is recorded.
    resume, as_json, quiet : bool
        Flags of the command.
    """
    from perigrid.api import Comparison

    warn(study.scenario.every_warning, quiet=quiet)
    with progress(quiet=quiet) as tell:
        flown = study.fly(
            folder,
            resume=resume,
            telemetry_s=recorded.telemetry_s or 0.0,
            checkpoint_s=(recorded.checkpoint_min or _CHECKPOINT_MIN) * _S_PER_MINUTE,
            progress=tell,
            command=command,
            notice=functools.partial(hint, quiet=quiet),
        )
    if as_json:
        told = {**flown.summary, "folder": str(folder), "stages_s": flown.stages_s}
        print_json(told, flown.warnings)
        return
    with found_there(folder, resume=resume):
        text = Comparison(flown.comparison, None).table()
    click.echo(text)
    spent = ", ".join(f"{name} {value_s:.1f} s" for name, value_s in flown.stages_s.items())
    hint(f"time: {spent}", quiet=quiet or not spent)
    hint(f"run folder: {folder}; try: perigrid explain {folder} 0", quiet=quiet)
