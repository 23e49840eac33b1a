"""``perigrid keys``: a person's key, and the list of all public ones."""

from __future__ import annotations

from pathlib import Path

import click

from perigrid.cli.options import json_option
from perigrid.cli.output import print_json

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def keys() -> None:
    """Make and list the keys of people who approve."""


@keys.command()
@click.argument("name")
@click.option("--role", required=True, help="In which the person signs.")
@click.option(
    "--folder", type=FOLDER, default=Path("keys"), show_default=True, help="Where keys are kept."
)
@json_option
def new(name: str, role: str, folder: Path, as_json: bool) -> None:
    """Make a key for NAME: a private file that only you may read, and a public line."""
    from perigrid.live.people import new_person

    person = new_person(folder, name, role)
    if as_json:
        print_json({"name": name, "role": role, "public": person.key.encode()})
    else:
        click.echo(f"{role} {person.key.encode()}")


@keys.command("list")
@click.option(
    "--folder", type=FOLDER, default=Path("keys"), show_default=True, help="Where keys are kept."
)
@json_option
def list_keys(folder: Path, as_json: bool) -> None:
    """List name, role and key id of everyone."""
    from perigrid.live.people import read_people

    people = read_people(folder)
    if as_json:
        print_json(
            [
                {
                    "name": one.name,
                    "role": one.role,
                    "key": one.key.signer_id,
                    "public": one.key.encode(),
                }
                for one in people
            ]
        )
        return
    for one in people:
        click.echo(f"{one.key.signer_id}  {one.role}  {one.name}")
