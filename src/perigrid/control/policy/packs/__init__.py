"""Jurisdiction packs: Cedar policies with their sources, the schema, and the states of regions."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Final

JURISDICTIONS: Final = ("eu", "china", "us", "open")
BASE: Final = "base"


@cache
def pack_text(name: str) -> str:
    """Read the policies of a pack.

    Parameters
    ----------
    name : str
        One of :data:`JURISDICTIONS`, or ``base``, which is in every gate.

    Returns
    -------
    str
        Cedar text.
    """
    return _read(f"{name}.cedar")


@cache
def schema_text() -> str:
    """Read the schema that policies, entities and requests have to fit.

    Returns
    -------
    str
        Cedar schema.
    """
    return _read("perigrid.cedarschema")


@cache
def regions_of(state: str) -> tuple[str, ...]:
    """Name a state and every region it belongs to.

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
    held = (name for name, states in _regions().items() if state in states)
    return tuple(sorted({state, *held}))


def regions() -> tuple[str, ...]:
    """Name the regions that policies know.

    Returns
    -------
    tuple of str
        Such as ``EU``.
    """
    return tuple(_regions())


@cache
def _regions() -> dict[str, frozenset[str]]:
    content = json.loads(_read("regions.json"))
    return {name: frozenset(states) for name, states in content.items() if name != "about"}


def _read(name: str) -> str:
    return (files("perigrid.control.policy.packs") / name).read_text(encoding="utf-8")
