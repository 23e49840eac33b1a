"""Where the numbers of a scenario come from, by section: the least certain first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from perigrid.base.provenance import CONFIDENCES, Provenance

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class OriginSection:
    """Numbers of one part of a scenario that are equally certain.

    Parameters
    ----------
    name : str
        Path that their keys share.
    confidence : str
        One of the four.
    rows : tuple of Provenance
        By key.
    """

    name: str
    confidence: str
    rows: tuple[Provenance, ...]


def by_section(provenance: Sequence[Provenance], most: int) -> list[OriginSection]:
    """Group numbers by confidence and section.

    Parameters
    ----------
    provenance : sequence of Provenance
        In any order.
    most : int
        Numbers to keep.

    Returns
    -------
    list of OriginSection
        The least certain first, since that is what a reader should look at; among these the
        section with most numbers; keys in natural order, so that 2 comes before 10.
    """
    rank = {str(confidence): -place for place, confidence in enumerate(CONFIDENCES)}
    rows = sorted(
        provenance,
        key=lambda row: (rank[row.confidence], natural(section_of(row.key)), natural(row.key)),
    )
    sections = [
        OriginSection(name, confidence, tuple(members))
        for (confidence, name), members in groupby(
            rows, key=lambda row: (row.confidence, section_of(row.key))
        )
    ]
    sections.sort(key=lambda one: (rank[one.confidence], -len(one.rows)))
    kept: list[OriginSection] = []
    for section in sections:
        room = most - sum(len(one.rows) for one in kept)
        if room > 0:
            kept.append(OriginSection(section.name, section.confidence, section.rows[:room]))
    return kept


def section_of(key: str) -> str:
    """Name the part of a scenario that a key belongs to.

    Parameters
    ----------
    key : str
        Dotted path.

    Returns
    -------
    str
        All but its last step; of a key at the top, ``scenario``.
    """
    return key.rpartition(".")[0] or "scenario"


def natural(key: str) -> list[tuple[str, int]]:
    """Order texts so that the numbers in them count as numbers.

    Parameters
    ----------
    key : str
        Any text.

    Returns
    -------
    list of tuple of str and int
        To sort by.
    """
    return [("", int(part)) if part.isdigit() else (part, 0) for part in _DIGITS.split(key)]
