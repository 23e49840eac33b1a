"""States by their ISO 3166 code, the parts that have a code of their own, and regions of states."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

FOR_USERS: Final = frozenset(
    {"AA", "ZZ", *(f"Q{one}" for one in "MNOPQRSTUVWXYZ"), *(f"X{chr(n)}" for n in range(65, 91))}
)
"""Codes that ISO 3166 leaves to users: made-up states."""


def states() -> frozenset[str]:
    """List the states.

    Returns
    -------
    frozenset of str
        ISO 3166-1 alpha-2, parts with a code of their own included.
    """
    return _states()


def regions() -> tuple[str, ...]:
    """Name the regions that policies know.

    Returns
    -------
    tuple of str
        Such as ``EU``.
    """
    return tuple(_table()["regions"])


@cache
def regions_of(state: str) -> tuple[str, ...]:
    """Name a state, every region it belongs to, and the state that it is a part of.

    Parameters
    ----------
    state : str
        ISO 3166 alpha-2; empty if unknown.

    Returns
    -------
    tuple of str
        Sorted; empty for an unknown state.
    """
    if not state:
        return ()
    held = (name for name, members in _table()["regions"].items() if state in members)
    return tuple(sorted({*with_whole(state), *held}))


@cache
def with_whole(state: str) -> tuple[str, ...]:
    """Name a state, and the state that it is a part of.

    Parameters
    ----------
    state : str
        ISO 3166 alpha-2.

    Returns
    -------
    tuple of str
        Réunion is ``("FR", "RE")``; most are alone.
    """
    wholes = (whole for whole, parts in _table()["parts"].items() if state in parts)
    return tuple(sorted({state, *wholes}))


def meant(word: str) -> str:
    """Say which code a word that is none stands for.

    Parameters
    ----------
    word : str
        Such as ``UK`` or ``Germany``.

    Returns
    -------
    str
        Empty if nothing is known.
    """
    return _names().get(word.casefold(), "")


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): code for name, code in _table()["names"].items()}


@cache
def _states() -> frozenset[str]:
    return frozenset(_table()["states"].split())


@cache
def _table() -> dict[str, Any]:
    content = (files("perigrid.base") / "states.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(content)
    return table
