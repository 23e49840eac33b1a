"""``perigrid plan``: what a mission offers before any job runs."""

from __future__ import annotations

import click

from perigrid.cli.options import scenario_options
from perigrid.cli.output import print_json, progress


@click.command()
@scenario_options
def plan(scenario: str, overrides: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Orbits, light, contacts, power and heat margins, what binds; runs no job."""
    from perigrid.api import Study

    study = Study.open(scenario, overrides=overrides)
    with progress(quiet=quiet) as tell:
        planned = study.plan(tell)
    if as_json:
        print_json(planned)
        return
    from perigrid.report.plan_view import plan_text

    click.echo(plan_text(planned))
