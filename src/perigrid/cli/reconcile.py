"""``perigrid audit reconcile``: do two operators' logs of what they lent say the same."""

from __future__ import annotations

from pathlib import Path

import click

from perigrid.cli.options import json_option
from perigrid.cli.output import print_json

log_file = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("first", metavar="A", type=log_file)
@click.argument("second", metavar="B", type=log_file)
@click.option(
    "--keys",
    "keys_file",
    required=True,
    type=log_file,
    help="Public keys of the operators, one on each line.",
)
@json_option
@click.pass_context
def reconcile(
    ctx: click.Context, first: Path, second: Path, keys_file: Path, as_json: bool
) -> None:
    """Compare the logs A and B of two operators; exit 1 if they do not agree."""
    from perigrid.base.errors import InputError
    from perigrid.ledger.keys import load_keys
    from perigrid.ledger.receipts import read_log
    from perigrid.ledger.reconcile import reconcile as compare_logs

    keys = load_keys(keys_file)
    logs = read_log(first), read_log(second)
    if first.samefile(second):
        remedy = "give one log from each operator"
        raise InputError.at(str(second), f"this is the same file as {first}", remedy=remedy)
    report = compare_logs(*logs, keys)
    if as_json:
        print_json(report.to_dict())
    else:
        click.echo(report.text())
    if report.differences:
        ctx.exit(1)
