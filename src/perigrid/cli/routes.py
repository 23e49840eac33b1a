"""``perigrid routes``: how two nodes of the relay network reach each other over time."""

from __future__ import annotations

import click

from perigrid.cli.options import scenario_options
from perigrid.cli.output import print_json, progress, warn


@click.command()
@click.option("--from", "start", required=True, metavar="NAME", help="Gateway or relay satellite.")
@click.option("--to", "end", required=True, metavar="NAME", help="Gateway or relay satellite.")
@click.option(
    "--disjoint",
    type=click.IntRange(min=0),
    default=0,
    metavar="K",
    help="Also look for K paths without a satellite in common, at the start.",
)
@scenario_options
def routes(
    scenario: str,
    overrides: tuple[str, ...],
    start: str,
    end: str,
    disjoint: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Follow the quickest path between two nodes: round trip, handovers, outages."""
    from perigrid.api import Study

    study = Study.open(scenario, overrides=overrides)
    warn(study.scenario.warnings, quiet=quiet)
    with progress(quiet=quiet) as tell:
        found = study.routes(start, end, disjoint, tell)
    if as_json:
        print_json(found, study.scenario.warnings)
        return
    from perigrid.report.routes_view import routes_text

    click.echo(routes_text(found))
