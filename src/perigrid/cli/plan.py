"""``perigrid plan``: what a mission offers before any job runs."""

from __future__ import annotations

from pathlib import Path

import click

from perigrid.cli.options import OutputFile, scenario_options
from perigrid.cli.output import print_json, progress, warn


@click.command()
@click.option(
    "-o",
    "--out",
    type=OutputFile(),
    help="Draw the margins and a busy day into this SVG file.",
)
@scenario_options
def plan(
    scenario: str, overrides: tuple[str, ...], out: Path | None, as_json: bool, quiet: bool
) -> None:
    """Say what binds: orbits, light, contacts and every margin; runs no job."""
    from perigrid.api import Study

    study = Study.open(scenario, overrides=overrides)
    warn(study.scenario.warnings, quiet=quiet)
    with progress(quiet=quiet) as tell:
        planned = study.plan(tell)
    if out is not None:
        from perigrid.ledger.outputs import write_output
        from perigrid.report.figures.margins import plan_picture

        write_output(out, plan_picture(planned))
    if as_json:
        print_json(planned, study.scenario.warnings)
        return
    from perigrid.report.plan_view import plan_text

    click.echo(plan_text(planned))
