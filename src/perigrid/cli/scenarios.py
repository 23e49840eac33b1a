"""``perigrid scenarios``: the library."""

from __future__ import annotations

import click

from perigrid.cli.options import output_options
from perigrid.cli.output import columns, print_json


@click.command()
@output_options
def scenarios(as_json: bool, quiet: bool) -> None:
    """List the library: name, one line, how much is assumed."""
    from perigrid.scenario import library
    from perigrid.scenario.load import load_scenario

    loaded = [load_scenario(name) for name in library.names()]
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "numbers": len(one.provenance),
            "assumed": [n.key for n in one.provenance if n.confidence == "assumed"],
        }
        for one in loaded
    ]
    if as_json:
        print_json(rows)
        return
    lines: list[tuple[str, ...]] = [("name", "what it is", "assumed")]
    lines += [
        (one.name, one.title, f"{_assumed(one)} of {len(one.provenance)} numbers") for one in loaded
    ]
    click.echo(columns(lines))
