"""Who may sign: people by key id, their roles, and keys that count no more."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from perigrid.base.errors import InputError, Problem
from perigrid.base.signing import VerifyKey


@dataclass(frozen=True, slots=True)
class Person:
    """One person with roles and keys.

    Parameters
    ----------
    name : str
        Known here only; the record carries role and key id.
    roles : tuple of str
        In which the person may sign.
    keys : tuple of VerifyKey
        A person with two keys is still one person.
    revoked_s : float
        Mission time from which none of the keys counts [s].
    """

    name: str
    roles: tuple[str, ...]
    keys: tuple[VerifyKey, ...]
    revoked_s: float = math.inf


class Roster:
    """People by key id.

    Parameters
    ----------
    people : iterable of Person
        Everyone who may sign.

    Raises
    ------
    InputError
        If two people share a name or a key, or two keys an id.
    """

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self.people = tuple(people)
        self._by_key: dict[str, tuple[Person, VerifyKey]] = {}
        names = [person.name for person in self.people]
        twice = sorted({name for name in names if names.count(name) > 1})
        problems = [Problem(f"two people are called {name!r}", "rename one") for name in twice]
        of_key: dict[bytes, str] = {}
        for person in self.people:
            for key in person.keys:
                if of_key.setdefault(key.public, person.name) != person.name:
                    others = f"{of_key[key.public]!r} and {person.name!r} have the same key"
                    problems.append(Problem(others, "make a key for each: two kinds are one key"))
                key_id = key.signer_id
                if key_id in self._by_key:
                    problems.append(
                        Problem(f"two keys have the id {key_id}", "leave one out or make a new key")
                    )
                self._by_key[key_id] = (person, key)
        if problems:
            raise InputError(problems)

    def cards(self) -> list[dict[str, Any]]:
        """Give everyone as JSON values, for a place that can be erased.

        Returns
        -------
        list of dict
            ``name``, ``roles`` and ``keys``, the ids of their keys.
        """
        return [
            {
                "name": person.name,
                "roles": list(person.roles),
                "keys": [key.signer_id for key in person.keys],
            }
            for person in self.people
        ]

    def find(self, key_id: str) -> tuple[Person, VerifyKey] | None:
        """Look a signer up.

        Parameters
        ----------
        key_id : str
            Hexadecimal.

        Returns
        -------
        (Person, VerifyKey) or None
            None if nobody here has such a key.
        """
        return self._by_key.get(key_id)

    def in_force(self, key_id: str, t_s: float) -> bool:
        """Say whether a key is known and not revoked.

        Parameters
        ----------
        key_id : str
            Hexadecimal.
        t_s : float
            Mission time [s].

        Returns
        -------
        bool
            False for unknown keys.
        """
        found = self._by_key.get(key_id)
        return found is not None and t_s < found[0].revoked_s
