"""Earth orientation data, IERS ``finals2000A``: fixed columns, read strictly.

References
----------
.. [1] IERS Rapid Service/Prediction Centre, "Description of the finals2000A format" (readme).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.earth_orientation import EarthOrientation
from perigrid.base.errors import Problem, ScenarioError
from perigrid.base.time import Epoch
from perigrid.scenario.forms import wrong_form
from perigrid.scenario.problems import Place, SourceText

_MJD_ZERO_JD: Final = 2_400_000.5
_RAD_PER_ARC_SECOND: Final = math.pi / 648_000.0
_AGAIN: Final = "fetch finals2000A from the IERS again; every line has 187 or 188 characters"


@dataclass(frozen=True, slots=True)
class _Column:
    """A number: columns counted from 1, both included, and the largest magnitude it can have."""

    name: str
    first: int
    last: int
    limit: float


_MJD: Final = _Column("modified Julian date", 8, 15, 99_999.0)
_VALUES: Final = (
    _Column("UT1 - UTC", 59, 68, 1.0),
    _Column("x of the pole", 19, 27, 1.0),
    _Column("y of the pole", 38, 46, 1.0),
)


def parse_finals(text: str, path: str) -> EarthOrientation:
    """Read a ``finals2000A`` file.

    Parameters
    ----------
    text : str
        One line a day; the lines at the end that have a date but no values yet are skipped.
    path : str
        The file's name in errors.

    Returns
    -------
    EarthOrientation
        All days that have values, observed or predicted.

    Raises
    ------
    ScenarioError
        With every wrong line: a field that is no number or out of range, a day left out.
    """
    where = SourceText.of(path, text)
    problems: list[Problem] = []
    rows: list[tuple[float, ...]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line[_VALUES[0].first - 1 : _VALUES[0].last].strip() and _is_day(line):
            continue
        if line.strip():
            rows.append(
                tuple(_read(line, number, one, where, problems) for one in (_MJD, *_VALUES))
            )
            if len(rows) > 1 and rows[-1][0] != rows[-2][0] + 1.0 and not problems:
                message = f"MJD {rows[-1][0]:g} does not follow {rows[-2][0]:g} by a day"
                problems.append(where.place(number, 8, 8).problem(message, _AGAIN))
    if not problems and len(rows) < 2:
        message = "holds fewer than two days of values"
        problems.append(Place(path).problem(message, "give an IERS finals2000A file"))
    if problems and (message := wrong_form(text, "IERS finals2000A")):
        problems = [where.place(1).problem(message, _AGAIN)]
    if problems:
        raise ScenarioError(problems)
    mjd, ut1, x_pole, y_pole = zip(*rows, strict=True)
    return EarthOrientation(
        mjd_utc=mjd,
        ut1_minus_utc_s=ut1,
        x_pole_rad=tuple(value * _RAD_PER_ARC_SECOND for value in x_pole),
        y_pole_rad=tuple(value * _RAD_PER_ARC_SECOND for value in y_pole),
    )


def days_of_run(
    table: EarthOrientation, start: Epoch, duration_s: float, place: Place
) -> EarthOrientation:
    """Cut a table to the days that a run needs, a day more at either end.

    Parameters
    ----------
    table : EarthOrientation
        As read.
    start : Epoch
        First instant of the run.
    duration_s : float
        Its length [s].
    place : Place
        Of the key that names the file.

    Returns
    -------
    EarthOrientation
        The same numbers for fewer days, so that a later edition of the file does not change the
        scenario's digest through days it does not use.

    Raises
    ------
    ScenarioError
        If the table does not cover the run.
    """
    first = start.jd_midnight - _MJD_ZERO_JD
    last = first + (start.day_s + duration_s) / SECONDS_PER_DAY
    if first < table.mjd_utc[0] or last > table.mjd_utc[-1]:
        message = (
            f"covers MJD {table.mjd_utc[0]:g} to {table.mjd_utc[-1]:g}; "
            f"the run needs {first:g} to {math.ceil(last):g}"
        )
        remedy = "give a newer file, or leave the key out: UTC then stands for UT1"
        raise ScenarioError([place.problem(message, remedy, "earth_orientation.file")])
    kept = [i for i, mjd in enumerate(table.mjd_utc) if first - 1.0 <= mjd <= math.ceil(last) + 1.0]
    rows = slice(kept[0], kept[-1] + 1)
    return EarthOrientation(
        mjd_utc=table.mjd_utc[rows],
        ut1_minus_utc_s=table.ut1_minus_utc_s[rows],
        x_pole_rad=table.x_pole_rad[rows],
        y_pole_rad=table.y_pole_rad[rows],
    )


def _is_day(line: str) -> bool:
    """Whether a line is blank or has a date in its place."""
    return not line.strip() or line[6:15].strip().replace(".", "", 1).isdecimal()


def _read(
    line: str, number: int, column: _Column, where: SourceText, problems: list[Problem]
) -> float:
    """Read one field; a wrong one is kept as a problem."""
    part = line[column.first - 1 : column.last]
    try:
        # A number cut at the end of a cut line would read as another number.
        value = float(part) if len(line) >= column.last else math.nan
    except ValueError:
        value = math.nan
    if not abs(value) <= column.limit:
        place = where.place(number, column.first, column.last - column.first + 1)
        message = f"{column.name} '{part.strip()}' is not a number of at most {column.limit:g}"
        problems.append(place.problem(message, _AGAIN, f"line {number}"))
    return value
