"""``perigrid scenarios``: the library."""

from __future__ import annotations

import click

from perigrid.cli.options import json_option
from perigrid.cli.output import columns, print_json


@click.command()
@json_option
def scenarios(as_json: bool) -> None:
    """List the library: name, one line, how much is assumed."""
    from perigrid.scenario import library

    rows = library.listing()
    if as_json:
        print_json(rows)
        return
    lines: list[tuple[str, ...]] = [("name", "what it is", "assumed")]
    lines += [
        (row["name"], row["title"], f"{len(row['assumed'])} of {row['numbers']} numbers")
        for row in rows
    ]
    click.echo(columns(lines))
