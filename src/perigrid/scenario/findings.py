"""A relation between keys that does not hold."""

from __future__ import annotations

from dataclasses import dataclass

from perigrid.scenario.tree import Loc


@dataclass(frozen=True, slots=True)
class Finding:
    """A relation that does not hold, at the key to change."""

    loc: Loc
    message: str
    remedy: str
