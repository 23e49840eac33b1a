"""The keys of real people: one private file each, and one list of roles and public keys."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from perigrid.base.errors import InputError, Problem
from perigrid.base.signing import KEY_BYTES, SIMULATED, SigningKey, VerifyKey
from perigrid.control.policy.approval.roster import Person, Roster
from perigrid.ledger.keys import key_lines, key_text, load_signing_key, save_signing_key
from perigrid.ledger.outputs import write_output

PEOPLE: Final = "people.txt"
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One line of the list: a role and a key that carries its owner's name."""

    role: str
    key: VerifyKey

    @property
    def name(self) -> str:
        """Whose key it is."""
        return self.key.name


def new_person(folder: Path, name: str, role: str) -> PublicKey:
    """Make a person's key.

    Parameters
    ----------
    folder : Path
        Where keys are kept; created if missing, for the owner only.
    name, role : str
        Letters, digits, dots, hyphens and underscores.

    Returns
    -------
    PublicKey
        As it stands in the list.

    Raises
    ------
    InputError
        If the name or role will not do, or the person has a key; none is ever overwritten.
    """
    problems = [
        Problem(f"{value!r} is no {what}", "use letters, digits, dots, hyphens and underscores")
        for what, value in (("name", name), ("role", role))
        if _PLAIN.fullmatch(value) is None or value.startswith(SIMULATED)
    ]
    if problems:
        raise InputError(problems)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    listed = _text(folder) if (folder / PEOPLE).exists() else ""
    _people(listed, folder / PEOPLE)
    key = SigningKey(name, secrets.token_bytes(KEY_BYTES))
    save_signing_key(private_file(folder, name), key)
    person = PublicKey(role, key.verify_key)
    if listed and not listed.endswith("\n"):
        listed += "\n"
    write_output(folder / PEOPLE, f"{listed}{role} {person.key.encode()}\n")
    return person


def private_file(folder: Path, name: str) -> Path:
    """Say where a person's private key stands.

    Parameters
    ----------
    folder : Path
        Where keys are kept.
    name : str
        Whose.

    Returns
    -------
    Path
        The file.
    """
    return folder / f"{name}.key"


def private_key(folder: Path, name: str) -> tuple[SigningKey, str]:
    """Read a person's private key, and the role from the list.

    Parameters
    ----------
    folder : Path
        Where keys are kept.
    name : str
        Whose.

    Returns
    -------
    (SigningKey, str)
        Key and role.

    Raises
    ------
    InputError
        If there is no such key, or the list does not have it.
    """
    found = [one for one in read_people(folder) if one.name == name]
    place = private_file(folder, name)
    if not found or not place.is_file():
        remedy = f"perigrid keys new {name} --role ROLE --folder {folder}"
        raise InputError([Problem(f"{name!r} has no key here", remedy, path=str(folder))])
    key = load_signing_key(place)
    if key.verify_key != found[0].key:
        message = "the private key is not the one in the list"
        raise InputError([Problem(message, "restore either of the two", path=str(place))])
    return key, found[0].role


def read_people(folder: Path) -> tuple[PublicKey, ...]:
    """Read the list of roles and public keys.

    Parameters
    ----------
    folder : Path
        Where keys are kept.

    Returns
    -------
    tuple of PublicKey
        In the order in which they were made.

    Raises
    ------
    InputError
        If the list is missing, or a line is no role with a key.
    """
    return _people(_text(folder), folder / PEOPLE)


def _text(folder: Path) -> str:
    """Read the list, saved with whatever editor."""
    path = folder / PEOPLE
    if not path.exists():
        problem = Problem("there are no keys here", "perigrid keys new NAME --role ROLE")
        raise InputError([replace(problem, path=str(path))])
    return key_text(path)


def _people(text: str, path: Path) -> tuple[PublicKey, ...]:
    people = []
    for number, line in key_lines(text):
        role, _, key = line.partition(" ")
        try:
            people.append(PublicKey(role, VerifyKey.parse(key.strip())))
        except InputError as error:
            placed = replace(error.problems[0], path=str(path), line=number)
            raise InputError([placed]) from error
    return tuple(people)


def roster_from(people: tuple[PublicKey, ...]) -> Roster:
    """Make the roster of everyone in a list.

    Parameters
    ----------
    people : tuple of PublicKey
        From :func:`read_people`.

    Returns
    -------
    Roster
        A name that is listed twice is one person with two keys.
    """
    names = dict.fromkeys(one.name for one in people)
    return Roster(
        Person(
            name,
            tuple(dict.fromkeys(one.role for one in people if one.name == name)),
            tuple(dict.fromkeys(one.key for one in people if one.name == name)),
        )
        for name in names
    )
