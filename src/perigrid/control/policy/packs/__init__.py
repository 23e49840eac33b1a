"""Jurisdiction packs: Cedar policies with their sources, and the schema."""

from __future__ import annotations

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


def _read(name: str) -> str:
    return (files("perigrid.control.policy.packs") / name).read_text(encoding="utf-8")
