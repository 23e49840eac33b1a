"""``perigrid run``: one architecture."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perigrid.base.errors import InputError, Problem
from perigrid.base.units import S_PER_HOUR
from perigrid.cli.options import (
    command_line,
    output_folder,
    resume_option,
    scenario_options,
)
from perigrid.cli.output import found_there, hint, print_json, progress, warn

if TYPE_CHECKING:
    from perigrid.api import Run, Study


@click.command()
@scenario_options
@click.option(
    "--arch",
    "architecture",
    metavar="NAME",
    default="orbital",
    show_default=True,
    help="Where the jobs are done: bent-pipe, relay, onboard, orbital, onboard-relay, hosted, "
    "ground-anywhere or one of the scenario's own.",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Run folder to write.")
@resume_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Number of compute jobs instead of the scenario's.",
)
def run(
    scenario: str,
    overrides: tuple[str, ...],
    architecture: str,
    out: Path | None,
    resume: bool,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Fly one architecture and write a run folder.

    Observations are served, or the compute jobs of a scenario with a section `jobs`; of the
    library, mega-constellation has one. Its 10,000 satellites take minutes for a day; a hundred
    of them take seconds:

    \b
      perigrid run mega-constellation --hours 1 --jobs 10000 \\
        --set groups.shell.orbit.walker.planes=10 \\
        --set groups.shell.orbit.walker.satellites_per_plane=10

    A run that was stopped goes on with --resume.
    """  # noqa: D301  click wants the character itself
    from perigrid.api import Comparison, Study

    study = _asking_for(Study.open(scenario, overrides=overrides), jobs)
    folder = output_folder(out, study.scenario.name, architecture)
    warn(study.scenario.every_warning, quiet=quiet)
    command = command_line("run", scenario, study.overrides, architecture)
    tell_user = functools.partial(hint, quiet=quiet)
    with progress(quiet=quiet) as tell:
        done = study.run(architecture, folder, tell, command, resume=resume, notice=tell_user)
    if as_json:
        print_json(done.summary, study.scenario.every_warning)
    else:
        with found_there(folder, resume=resume):
            table = Comparison(_alone(study, architecture, done), None).table()
        click.echo(table)
    hint(f"run folder: {folder}", quiet=quiet)


fly = click.Command("fly", params=run.params, callback=run.callback, help=run.help)
"""Another name for it."""


def _asking_for(study: Study, jobs: int | None) -> Study:
    """Set the number of compute jobs, of a scenario that asks for some."""
    if jobs is None:
        return study
    if study.scenario.jobs is None:
        message = "--jobs is for compute jobs, and the scenario asks for none"
        remedy = f"leave it out, or add a section such as 'jobs: {{count: {jobs}}}'"
        raise InputError([Problem(message, remedy, path="--jobs")])
    return type(study).open(study.opened, overrides=(*study.overrides, f"jobs.count={jobs}"))


def _alone(study: Study, architecture: str, done: Run) -> dict[str, Any]:
    """Show a run as a comparison of one."""
    from perigrid.ledger.pins import workload_said

    return {
        "scenario": study.scenario.name,
        **workload_said(study.scenario),
        "hours": study.scenario.duration_s / S_PER_HOUR,
        "seed": study.scenario.seed,
        "observations": done.jobs.height,
        "architectures": {architecture: done.summary},
    }
