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

    rows = []
    with progress(quiet=quiet) as tell:
        for timed in run(names, tell):
            rows += timed.rows
            if timed.missing:
                click.echo(f"{timed.name}: not run, {timed.missing}", err=True)
            elif not as_json:
                click.echo(f"{render(timed.rows)}\n")
    if as_json:
        print_json([row.to_dict() for row in rows])
