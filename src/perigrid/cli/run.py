"""``perigrid run``: one architecture."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

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
def run(
    scenario: str,
    overrides: tuple[str, ...],
    architecture: str,
    out: Path | None,
    resume: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Fly one architecture and write a run folder."""
    from perigrid.api import Comparison, Study

    study = Study.open(scenario, overrides=overrides)
    warn(study.scenario.warnings, quiet=quiet)
    folder = output_folder(out, study.scenario.name, architecture)
    command = command_line("run", scenario, overrides, architecture)
    tell_user = functools.partial(hint, quiet=quiet)
    with progress(quiet=quiet) as tell:
        done = study.run(architecture, folder, tell, command, resume=resume, notice=tell_user)
    if as_json:
        print_json(done.summary, study.scenario.warnings)
    else:
        with found_there(folder, resume=resume):
            table = Comparison(_alone(study, architecture, done), None).table()
        click.echo(table)
    hint(f"run folder: {folder}", quiet=quiet)


def _alone(study: Study, architecture: str, done: Run) -> dict[str, Any]:
    """Show a run as a comparison of one."""
    return {
        "scenario": study.scenario.name,
        "hours": study.scenario.duration_s / S_PER_HOUR,
        "seed": study.scenario.seed,
        "observations": done.jobs.height,
        "architectures": {architecture: done.summary},
    }
