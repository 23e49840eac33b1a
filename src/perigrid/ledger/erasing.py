"""Erasing what a person said or is called, from every ledger of a run folder or comparison."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from perigrid.base.errors import InputError, Problem, RunFolderError
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.personal import person_line, read_personal, said_line
from perigrid.ledger.side_store import SideStore
from perigrid.ledger.source import Source

MIN_DIGITS: Final = 8
"""A key id or commitment may be cut to so many digits, if only one thing begins so."""
_HEX: Final = re.compile(rf"[0-9a-f]{{{MIN_DIGITS},64}}")


@dataclass(frozen=True, slots=True)
class Held:
    """One value of one side store.

    Parameters
    ----------
    folder : Path
        The run's ``ledger`` folder.
    commitment : str
        What stands for it in the record.
    says : str
        What it is, in words.
    keys : tuple of str
        Of the person it concerns.
    """

    folder: Path
    commitment: str
    says: str
    keys: tuple[str, ...]


def find_personal(run: Path, named: str) -> list[Held]:
    """Find what is to be erased.

    Parameters
    ----------
    run : Path
        Run or comparison folder.
    named : str
        A key id: the person behind it, and all that this person said; or one commitment. Both may
        be cut.

    Returns
    -------
    list of Held
        In every ledger of the folder that knows it, erased already or not.

    Raises
    ------
    InputError
        If it is neither, or more than one thing begins so.
    RunFolderError
        If there is no ledger.
    """
    folders = sorted(path.parent for path in run.rglob(RECORD) if path.is_file())
    if not folders:
        message, remedy = f"there is no {RECORD} in it", "name a run or comparison folder"
        raise RunFolderError([Problem(message, remedy, path=str(run))])
    held = [one for folder in folders for one in _held(folder)]
    meant = named if _HEX.fullmatch(named) else "nothing"
    keys = {key for one in held for key in one.keys if key.startswith(meant)}
    commitments = {one.commitment for one in held if one.commitment.startswith(meant)}
    if len(keys) + len(commitments) != 1:
        many = len(keys) + len(commitments) > 1
        message = f"{'several things begin' if many else 'nothing personal is called'} {named!r}"
        remedy = "take the key id or the commitment from perigrid audit verify"
        raise InputError([Problem(message, remedy, path=str(run))])
    return [one for one in held if keys & set(one.keys) or one.commitment in commitments]


def erase(found: Sequence[Held]) -> None:
    """Erase values and their salts for good.

    Parameters
    ----------
    found : sequence of Held
        From :func:`find_personal`.
    """
    for one in found:
        SideStore(one.folder).erase(one.commitment)


def _held(folder: Path) -> list[Held]:
    """List what the side store of one run holds."""
    people, said = read_personal(Source(str(folder.parent), folder.parent))
    stored = [entry.commitment for entry in SideStore(folder).entries()]
    of_key = {key: one.keys for one in people for key in one.keys}
    found = [Held(folder, one.commitment, person_line(one), one.keys) for one in people] + [
        Held(folder, one.commitment, said_line(one), of_key.get(one.key, (one.key,)))
        for one in said
    ]
    named = {one.commitment for one in found}
    found += [Held(folder, one, f"commitment {one[:16]}", ()) for one in stored if one not in named]
    return [one for one in found if one.commitment in stored]
