"""``perigrid report``: one offline file."""

from __future__ import annotations

from pathlib import Path

import click

from perigrid.cli.options import OutputFile, json_option
from perigrid.cli.output import print_json


@click.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=OutputFile(),
    help="File to write; RUN/report.html if left out.",
)
@json_option
def report(run_folder: Path, out: Path | None, as_json: bool) -> None:
    """Write the HTML report of a run or comparison folder."""
    from perigrid.report.html import write_report

    written = write_report(run_folder, out if out is not None else run_folder / "report.html")
    if as_json:
        print_json({"report": str(written), "bytes": written.stat().st_size})
    else:
        click.echo(str(written))
