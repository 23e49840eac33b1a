"""``perigrid compare``: the same observations through several architectures."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import click

from perigrid.cli.options import (
    ArchitectureList,
    command_line,
    output_folder,
    resume_option,
    scenario_options,
)
from perigrid.cli.output import found_there, hint, print_json, progress, warn


@click.command()
@scenario_options
@click.option(
    "--arch",
    "architectures",
    type=ArchitectureList(),
    help="Which architectures: built-in ones (bent-pipe, relay, onboard, orbital; besides them "
    "onboard-relay, hosted, ground-anywhere) and the scenario's own. Left out, those under its "
    "`architectures`, or of the first four all that it can.",
)
@click.option(
    "--rules",
    type=click.Choice(["with", "without", "both"]),
    default="with",
    help="Fly with the scenario's rules, without them, or both ways to see what they cost.",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Folder to write.")
@resume_option
def compare(
    scenario: str,
    overrides: tuple[str, ...],
    architectures: tuple[str, ...] | None,
    rules: str,
    out: Path | None,
    resume: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compare architectures: a table, one HTML report and the data."""
    from perigrid.api import Study

    study = Study.open(scenario, overrides=overrides)
    warn(study.scenario.warnings, quiet=quiet)
    if rules == "without":
        study = study.without_rules()
    folder = output_folder(out, study.scenario.name, "compare")
    command = command_line("compare", scenario, overrides, ",".join(architectures or ()))
    command += f" --rules {rules}" if rules != "with" else ""
    tell_user = functools.partial(hint, quiet=quiet)
    with progress(quiet=quiet) as tell:
        options: dict[str, Any] = {"resume": resume, "notice": tell_user, "both": rules == "both"}
        options["report"] = True
        done = study.compare(architectures, folder, tell, command, **options)
    if as_json:
        print_json(done.result, study.scenario.warnings)
    else:
        with found_there(folder, resume=resume):
            table = done.table()
        click.echo(table)
    hint(f"report: {folder / 'report.html'}\ndata:   {folder}", quiet=quiet)
