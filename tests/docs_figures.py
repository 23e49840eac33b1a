"""Numbers as README and docs print them, held against what a run gives."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

UNITS = {
    "": 1.0, "%": 0.01, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0,
    "J": 1.0, "kJ": 1e3, "MJ": 1e6, "B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
}  # fmt: skip
_NUMBER = re.compile(r"^(\d[\d,]*(?:\.\d+)?) ?([A-Za-z%]*)$")

Figure = Callable[[Mapping[str, Any]], float | str | None]


def agrees(printed: str, value: float | str | None) -> bool:
    """Say whether a cell is its value, rounded to the digits that it prints."""
    if isinstance(value, str) or value is None:
        return printed == ("–" if value is None else value)
    found = _NUMBER.match(printed)
    if found is None:
        return False
    digits, unit = found[1].replace(",", ""), UNITS[found[2]]
    decimals = len(digits.partition(".")[2])
    half = 0.5 * 10.0**-decimals * unit
    return math.isclose(float(digits) * unit, value, abs_tol=half * (1.0 + 1e-9), rel_tol=1e-12)


def table(text: str, corner: str) -> dict[str, dict[str, str]]:
    """Read a table of a page: first cell of a row, then column, to cell."""
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(corner))
    split = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[first:]]
    columns = split[0][1:]
    rows: dict[str, dict[str, str]] = {}
    for line, cells in zip(lines[first + 2 :], split[2:], strict=True):
        if not line.startswith("|"):
            break
        rows[cells[0]] = dict(zip(columns, cells[1:], strict=True))
    return rows


def wrong_cells(
    rows: Mapping[str, Mapping[str, str]],
    figures: Mapping[str, Figure],
    records: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """List the cells that do not say what the records say; every row must have a figure."""
    wrong = [f"no figure for the row {label!r}" for label in rows if label not in figures]
    for label, figure in figures.items():
        for name, cell in rows.get(label, {}).items():
            value = figure(records[name])
            if not agrees(cell, value):
                wrong.append(f"{label}, {name}: printed {cell}, is {value}")
    return wrong + [f"no row {label!r}" for label in figures if label not in rows]
