"""The comparison table: one architecture a column, for the terminal, plain text and the report."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from perigrid.report.answer import answer_sentence, findings
from perigrid.report.facts import ArchitectureFacts, Comparison
from perigrid.report.words import (
    BOUNDS,
    NONE,
    count,
    duration,
    energy,
    power,
    share,
    size,
    temperature,
)

__all__ = ["ComparisonTable", "Row", "answer_sentence", "comparison_table", "render"]

_LACKING: Final = "energy lacking"  # shown only where there is some
_OUTSIDE: Final = "too hot or cold"  # likewise, in satellite-hours
_FAULTS: Final = ("undone by faults", "begun again", "wrong answers", "work lost")  # likewise
_GROUPS: Final = ("quick group, all wanted", "quick group within", "later ones, median")  # likewise
_POSSIBLE: Final = "of what was possible"  # shown where a bound was worked out
_POSSIBLE_BY: Final = "  bounded by"
Cell = Callable[[ArchitectureFacts], str]

_ROWS: Final[tuple[tuple[str, str, Cell], ...]] = (
    ("Outcome", "insights delivered", lambda facts: count(facts.delivered)),
    ("", "screened out", lambda facts: count(facts.screened)),
    ("", "missed", lambda facts: count(facts.missed)),
    ("", "still in flight", lambda facts: count(facts.in_flight)),
    ("", _POSSIBLE, lambda facts: share(facts.possible_share)),
    ("", _POSSIBLE_BY, lambda facts: BOUNDS.get(facts.possible_kind, facts.possible_kind) or NONE),
    ("Time to insight", "median, all wanted", lambda facts: _median(facts)),
    ("", _GROUPS[0], lambda facts: share(facts.quick_share)),
    ("", _GROUPS[1], lambda facts: duration(facts.quick_s)),
    ("", _GROUPS[2], lambda facts: duration(facts.rest_s)),
    ("", "median delivered", lambda facts: duration(facts.p50_s)),
    ("", "95 % delivered in", lambda facts: duration(facts.p95_s)),
    ("", "mean delivered", lambda facts: duration(facts.mean_s)),
    ("Bytes sent", "downlink", lambda facts: size(facts.link_bytes["downlink"])),
    ("", "relay", lambda facts: size(facts.link_bytes["relay"])),
    ("", "crosslink", lambda facts: size(facts.link_bytes["crosslink"])),
    ("", "terrestrial", lambda facts: size(facts.link_bytes["terrestrial"])),
    ("Energy per insight", "total", lambda facts: _energy(facts, "total")),
    ("", "in space", lambda facts: _energy(facts, "space")),
    ("", "of it, lasers held", lambda facts: energy(facts.held_laser_j)),
    ("", "on the ground", lambda facts: _energy(facts, "ground")),
    ("Satellites", "mean compute", lambda facts: power(facts.compute_w_mean)),
    ("", "mean link terminals", lambda facts: power(facts.link_w_mean)),
    ("", "sustained compute", lambda facts: power(facts.sustained_compute_w)),
    ("", "deepest battery", lambda facts: share(facts.battery_soc_min)),
    ("", _LACKING, lambda facts: energy(facts.unserved_j)),
    ("", _OUTSIDE, lambda facts: duration(facts.outside_temperature_s)),
    ("", "hottest radiator", lambda facts: temperature(facts.radiator_k_max)),
    ("Faults", _FAULTS[0], lambda facts: _faults(facts, "failed_moves", "lost_tasks")),
    ("", _FAULTS[1], lambda facts: _faults(facts, "retries", "recomputations")),
    ("", _FAULTS[2], lambda facts: _faults(facts, "wrong_answers")),
    ("", _FAULTS[3], lambda facts: duration(facts.faults.get("work_lost_s", math.nan))),
    ("Bound by", "most waiting on", lambda facts: facts.bound_by()[0] or NONE),
    ("", "share of waiting", lambda facts: share(facts.bound_by()[1])),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One measure over all architectures.

    Parameters
    ----------
    group : str
        Heading of a group of rows; empty where the group goes on.
    measure : str
        What is measured.
    cells : tuple of str
        In the order of the columns, with units.
    """

    group: str
    measure: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """The table, ready to be shown.

    Parameters
    ----------
    caption : str
        What was compared.
    columns : tuple of str
        Architectures.
    rows : tuple of Row
        Measures.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def rich(self) -> Table:
        """Lay the table out for a terminal.

        Returns
        -------
        rich.table.Table
            As wide as it takes; see :meth:`parts`.
        """
        table = Table(title=Text(self.caption), title_justify="left", box=None, pad_edge=False)
        table.add_column("", no_wrap=True)
        for name in self.columns:
            table.add_column(Text(name), justify="right", no_wrap=True)
        for row in self.rows:
            if row.group:
                table.add_row(Text(row.group, style="bold"))
            table.add_row(f"  {row.measure}", *(Text(cell) for cell in row.cells))
        return table

    def parts(self, width: int) -> list[ComparisonTable]:
        """Divide a table that is too wide.

        Parameters
        ----------
        width : int
            Columns of the terminal.

        Returns
        -------
        list of ComparisonTable
            Of all rows each, one below the other; the table itself where it fits.
        """
        label = max((len(row.measure) for row in self.rows), default=0) + 2
        parts: list[list[int]] = [[]]
        used = label
        for place, name in enumerate(self.columns):
            wide = 2 + max(len(name), *(len(row.cells[place]) for row in self.rows))
            if parts[-1] and used + wide > width:
                parts.append([])
                used = label
            parts[-1].append(place)
            used += wide
        return [self._some(places, "" if number else self.caption)
                for number, places in enumerate(parts)]  # fmt: skip

    def _some(self, places: list[int], caption: str) -> ComparisonTable:
        rows = (replace(row, cells=tuple(row.cells[k] for k in places)) for row in self.rows)
        return ComparisonTable(caption, tuple(self.columns[k] for k in places), tuple(rows))

    def text(self, width: int = 80) -> str:
        """Write the table without colour or control characters.

        Parameters
        ----------
        width : int
            Columns of the terminal.

        Returns
        -------
        str
            Lines without trailing blanks.
        """
        console = Console(file=StringIO(), width=width, color_system=None, record=False)
        with console.capture() as capture:
            for number, part in enumerate(self.parts(width)):
                console.print(*([""] * bool(number)), part.rich(), sep="\n")
        return "\n".join(line.rstrip() for line in capture.get().rstrip().splitlines())


def comparison_table(comparison: Comparison | Mapping[str, Any]) -> ComparisonTable:
    """Build the comparison table.

    Parameters
    ----------
    comparison : Comparison or mapping
        The figures, or the record in ``comparison.json``.

    Returns
    -------
    ComparisonTable
        With human units in every cell.
    """
    figures = Comparison.of(comparison)
    caption = (
        f"{figures.scenario}: {count(figures.observations)} observations in "
        f"{figures.hours:g} h, seed {figures.seed}"
    )
    rows = tuple(
        Row(group, measure, tuple(cell(facts) for facts in figures.architectures))
        for group, measure, cell in _ROWS
        if any(_is_shown(measure, facts) for facts in figures.architectures)
    )
    return ComparisonTable(caption, tuple(facts.name for facts in figures.architectures), rows)


def _is_shown(measure: str, facts: ArchitectureFacts) -> bool:
    """Leave out what is only worth a row where it went wrong."""
    if measure == _LACKING:
        return facts.ran_short
    if measure in _FAULTS:
        return bool(facts.faults)
    if measure in _GROUPS:
        return facts.in_two_groups
    if measure in {_POSSIBLE, _POSSIBLE_BY}:
        return math.isfinite(facts.possible)
    return measure != _OUTSIDE or facts.outside_temperature_s > 0.0


def render(comparison: Comparison | Mapping[str, Any], width: int = 80) -> str:
    """Write answer and table as plain text.

    Parameters
    ----------
    comparison : Comparison or mapping
        The figures, or the record in ``comparison.json``.
    width : int
        Columns of the terminal.

    Returns
    -------
    str
        The answer, a blank line, the table.
    """
    figures = Comparison.of(comparison)
    said = "\n".join(textwrap.fill(finding, width) for finding in findings(figures))
    return f"{said}\n\n{comparison_table(figures).text(width)}"


def _median(facts: ArchitectureFacts) -> str:
    return "never" if facts.median_s == math.inf else duration(facts.median_s)


def _faults(facts: ArchitectureFacts, *names: str) -> str:
    if not facts.faults:
        return NONE
    return count(round(sum(facts.faults.get(name, 0.0) for name in names)))


def _energy(facts: ArchitectureFacts, part: str) -> str:
    used_j = facts.energy_j.get(part)
    return NONE if used_j is None else energy(used_j)
