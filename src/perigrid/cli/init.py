"""``perigrid init``: a scenario to start from."""

from __future__ import annotations

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
    from perigrid.scenario.template import write_template

    written = write_template(folder, template)
    if as_json:
        print_json({"scenario": str(written), "template": template})
    else:
        click.echo(str(written))
    hint(f"next: perigrid check {written}", quiet=quiet)
