"""``perigrid init``: a scenario to start from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from perigrid.cli.options import output_options
from perigrid.cli.output import hint, print_json


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--template",
    default="three-body",
    show_default=True,
    metavar="NAME",
    help="Scenario of the library to start from.",
)
@output_options
def init(folder: Path, template: str, as_json: bool, quiet: bool) -> None:
    """Write a commented scenario into DIR, its JSON Schema beside it."""
    from perigrid.scenario import template as templates

    scenario, schema = templates.init(str(folder), template)
    if as_json:
        print_json({"scenario": str(scenario), "schema": str(schema)})
    else:
        click.echo(f"{scenario}\n{schema}")
    hint(f"next: perigrid check {shlex.quote(str(scenario))}", quiet=quiet)
