"""Relations between keys: what does not hold, and what holds and is not to be believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from perigrid.scenario.schema.fields import Section
from perigrid.scenario.tree import Loc


@dataclass(frozen=True, slots=True)
class Finding:
    """A relation that does not hold, at the key to change."""

    loc: Loc
    message: str
    remedy: str


Value = Callable[[Any], float | None]


@dataclass(frozen=True, slots=True)
class Relation:
    """What one or several keys come to, and between which limits it usually lies.

    Parameters
    ----------
    key : str
        Key to look at, below the section.
    what : str
        What they come to, with ``{}`` for the value.
    value : callable
        Works it out from the section; None where there is nothing to compare.
    unit : str
        Of value and limits.
    low, high : float
        Beyond these it is told.
    source : str
        Where the limits come from.
    """

    key: str
    what: str
    value: Value
    unit: str
    low: float
    high: float
    source: str

    def doubt(self, section: Section, path: str) -> Iterator[str]:
        """Tell of a value beyond the limits.

        Parameters
        ----------
        section : Section
            Holds the keys.
        path : str
            Dotted path of the section.

        Yields
        ------
        str
            Key, what it comes to, what is usual and the source.
        """
        value = self.value(section)
        if value is None or self.low <= value <= self.high:
            return
        limit, word = (self.low, "at least") if value < self.low else (self.high, "at most")
        comes_to = self.what.format(self._spell(value))
        yield (
            f"{path}.{self.key}: implausible: {comes_to}; usual is {word} {self._spell(limit)} "
            f"({self.source})"
        )

    def _spell(self, value: float) -> str:
        digits = f"{value:,.0f}" if value >= 1000.0 else f"{value:.3g}"
        return f"{digits} {self.unit}".strip()
