"""``perigrid bench``: speed as a ratio to a reference."""

from __future__ import annotations

import click

from perigrid.cli.options import output_options
from perigrid.cli.output import print_json, progress


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@output_options
def bench(names: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Time Perigrid against libraries in one process, and the main job by stage (`compare`)."""
    from perigrid.benchmark.catalogue import run
    from perigrid.benchmark.measure import render

    with progress(quiet=quiet) as tell:
        rows = run(names, tell)
    if as_json:
        print_json([row.to_dict() for row in rows])
    else:
        click.echo(render(rows))
