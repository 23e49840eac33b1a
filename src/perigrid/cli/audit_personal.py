"""``perigrid audit erase``, and what a bundle tells of persons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perigrid.cli.options import json_option
from perigrid.cli.output import print_json

if TYPE_CHECKING:
    from perigrid.ledger.personal import Said, Someone
    from perigrid.ledger.source import Source


@click.command()
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path, file_okay=False))
@click.argument("named", metavar="KEY_OR_COMMITMENT")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def erase(run: Path, named: str, yes: bool, as_json: bool) -> None:
    """Erase from RUN the person behind a key with all that person said, or one value, for good."""
    from perigrid.ledger.erasing import erase as erase_found
    from perigrid.ledger.erasing import find_personal

    found = find_personal(run, named)
    told = [(one.folder.parent, one) for one in found]
    for folder, one in told:
        click.echo(f"{folder}: {one.says}", err=as_json)
    if not yes:
        click.confirm("Erase this for good?", abort=True, err=as_json)
    erase_found(found)
    if as_json:
        rows = [{"run": str(folder), "commitment": one.commitment} for folder, one in told]
        print_json({"erased": rows})
    else:
        click.echo(f"erased: {len(found)}")


def personal_lines(people: list[Someone], said: list[Said]) -> list[str]:
    """Say who may sign and why people gave orders.

    Parameters
    ----------
    people : list of Someone
        Of one run.
    said : list of Said
        Of the same.

    Returns
    -------
    list of str
        A line each.
    """
    from perigrid.ledger.personal import person_line, said_line

    return [*map(person_line, people), *map(said_line, said)]


def personal_of(source: Source) -> list[str]:
    """Say what a run or comparison tells of persons.

    Parameters
    ----------
    source : Source
        Of one run or a comparison.

    Returns
    -------
    list of str
        A line each; the same person in several runs once.
    """
    from perigrid.ledger.leaf import RECORD
    from perigrid.ledger.personal import read_personal

    names = [name for name in source.names() if name == RECORD or name.endswith(f"/{RECORD}")]
    lines: list[str] = []
    for name in names:
        inner = name.removesuffix(RECORD).strip("/")
        lines += personal_lines(*read_personal(source.inside(inner) if inner else source))
    return list(dict.fromkeys(lines))
