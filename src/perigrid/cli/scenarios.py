"""``perigrid scenarios``: the library."""

from __future__ import annotations

from typing import Any

import click

from perigrid.cli.options import json_option
from perigrid.cli.output import columns, print_json


@click.command()
@json_option
def scenarios(as_json: bool) -> None:
    """List the library: name, one line, how much is assumed."""
    from perigrid.scenario import library
    from perigrid.scenario.load import load_scenario

    loaded = [load_scenario(name) for name in library.names()]
    rows: list[dict[str, Any]] = [
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
        (one.name, one.title, f"{assumed} of {len(one.provenance)} numbers")
        for one, assumed in zip(loaded, (len(row["assumed"]) for row in rows), strict=True)
    ]
    click.echo(columns(lines))
