"""Element sets in: TLE by this module's strict reader, OMM by :mod:`perigrid.scenario.omm`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.elements import MeanElements
from perigrid.base.errors import ElementSetError, Problem
from perigrid.base.time import Epoch
from perigrid.base.units import RAD_PER_DEG
from perigrid.scenario.problems import Place, SourceText

TLE_LENGTH = 69
TWO_PI_OVER_DAY = 360.0 * RAD_PER_DEG / SECONDS_PER_DAY
_ALPHA5 = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_EXPONENT = r"[-+ ]\d{5}[-+ ]\d"
_PIVOT_YEAR = 57


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a TLE line: columns counted from 1, both included."""

    name: str
    first: int
    last: int
    form: str
    expected: str


_LINE_1 = (
    Column("catalogue number", 3, 7, r"[A-HJ-NP-Z0-9 ][0-9 ]{3}[0-9]", "digits or Alpha-5"),
    Column("epoch", 19, 32, r"\d{2}[0-9 ]{2}\d\.\d{8}", "YYDDD.DDDDDDDD"),
    Column("drag term B*", 54, 61, _EXPONENT, "such as  71936-3"),
)
_LINE_2 = (
    Column("catalogue number", 3, 7, r"[A-HJ-NP-Z0-9 ][0-9 ]{3}[0-9]", "digits or Alpha-5"),
    Column("inclination", 9, 16, r"[ \d]{3}\.\d{4}", "DDD.DDDD degrees"),
    Column("right ascension of the node", 18, 25, r"[ \d]{3}\.\d{4}", "DDD.DDDD degrees"),
    Column("eccentricity", 27, 33, r"\d{7}", "seven digits without the point"),
    Column("argument of perigee", 35, 42, r"[ \d]{3}\.\d{4}", "DDD.DDDD degrees"),
    Column("mean anomaly", 44, 51, r"[ \d]{3}\.\d{4}", "DDD.DDDD degrees"),
    Column("mean motion", 53, 63, r"[ \d]{2}\.\d{8}", "DD.DDDDDDDD revolutions per day"),
)


@dataclass(frozen=True, slots=True)
class Raw:
    """Elements in the units of TLE and OMM, before they become :class:`MeanElements`."""

    name: str
    norad_id: int
    epoch: Epoch
    mean_motion_rev_per_day: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    argument_of_perigee_deg: float
    mean_anomaly_deg: float
    bstar: float

    def to_si(self) -> MeanElements:
        """Convert to radians and seconds.

        Returns
        -------
        MeanElements
            The same elements.
        """
        return MeanElements(
            name=self.name,
            norad_id=self.norad_id,
            epoch=self.epoch,
            mean_motion_rad_s=self.mean_motion_rev_per_day * TWO_PI_OVER_DAY,
            eccentricity=self.eccentricity,
            inclination_rad=self.inclination_deg * RAD_PER_DEG,
            raan_rad=self.raan_deg * RAD_PER_DEG,
            argument_of_perigee_rad=self.argument_of_perigee_deg * RAD_PER_DEG,
            mean_anomaly_rad=self.mean_anomaly_deg * RAD_PER_DEG,
            bstar=self.bstar,
        )


LIMITS: tuple[tuple[str, float, float, str], ...] = (
    ("mean_motion_rev_per_day", 0.01, 18.0, "rev/day"),
    ("eccentricity", 0.0, 0.9999999, ""),
    ("inclination_deg", 0.0, 180.0, "deg"),
    ("raan_deg", -360.0, 360.0, "deg"),
    ("argument_of_perigee_deg", -360.0, 360.0, "deg"),
    ("mean_anomaly_deg", -360.0, 360.0, "deg"),
    ("bstar", -1.0, 1.0, "1/Earth radii"),
)


def out_of_range(raw: Raw) -> Iterator[tuple[str, str]]:
    """Find elements no satellite can have.

    Parameters
    ----------
    raw : Raw
        As read.

    Yields
    ------
    str, str
        Name of the element, and what is wrong with it.
    """
    for name, low, high, unit in LIMITS:
        value = getattr(raw, name)
        if not low <= value <= high:
            yield name, f"{value:g} is outside {low:g} to {high:g} {unit}".rstrip()


def check_unique(elements: list[tuple[Raw, Place]]) -> list[Problem]:
    """Find objects that are given twice.

    Parameters
    ----------
    elements : list of (Raw, Place)
        As read, with their places.

    Returns
    -------
    list of Problem
        One per repetition of a catalogue number.
    """
    problems = []
    first: dict[int, Place] = {}
    for raw, place in elements:
        if raw.norad_id in first:
            problems.append(
                place.problem(
                    f"object {raw.norad_id} is given twice, first on line "
                    f"{first[raw.norad_id].line}",
                    "keep the element set with the newer epoch",
                    raw.name,
                )
            )
        elif raw.norad_id:
            first[raw.norad_id] = place
    return problems


def checksum(line: str) -> int:
    """Compute a TLE line's checksum.

    Parameters
    ----------
    line : str
        At least 68 characters.

    Returns
    -------
    int
        Sum of the digits in the first 68 columns, a minus sign counting 1, modulo 10.
    """
    body = line[: TLE_LENGTH - 1]
    return sum(int(c) if c in "0123456789" else c == "-" for c in body) % 10


def catalogue_number(text: str) -> int:
    """Read a five-character catalogue number, plain or Alpha-5.

    Parameters
    ----------
    text : str
        Such as ``25544`` or ``T0001``.

    Returns
    -------
    int
        ``T0001`` is 270001.

    References
    ----------
    .. [1] Space-Track documentation, "Alpha-5 format": letters without I and O stand for 10 to 33.
    """
    if text[0] in _ALPHA5:
        return (10 + _ALPHA5.index(text[0])) * 10_000 + int(text[1:])
    return int(text)


def parse_tle(text: str, path: str, *, where: SourceText | None = None, first_line: int = 1,
              indent: int = 0) -> tuple[Raw, ...]:  # fmt: skip
    """Read two- or three-line element sets strictly.

    Parameters
    ----------
    text : str
        The lines; blank lines are skipped.
    path : str
        The file's name in errors.
    where : SourceText, optional
        The file that contains the text, if it is a block of a scenario.
    first_line, indent : int
        Line of that file at which the text starts, and its indentation.

    Returns
    -------
    tuple of Raw
        In the order of the text.

    Raises
    ------
    ElementSetError
        With every wrong line: length, checksum, field, pairing, range, repetition.
    """
    reader = _TleReader(where or SourceText.of(path, text), first_line, indent)
    lines = [line.rstrip() for line in text.split("\n")]
    reader.read(lines)
    problems = reader.problems + (check_unique(reader.found) if not reader.problems else [])
    if not problems and not reader.found:
        problems = [Place(path).problem("holds no element set", "give lines starting with 1 and 2")]
    if problems:
        raise ElementSetError(problems)
    return tuple(raw for raw, _ in reader.found)


class _TleReader:
    """Goes through the lines once, keeping every problem."""

    def __init__(self, source: SourceText, first_line: int, indent: int) -> None:
        self.source, self.first_line, self.indent = source, first_line, indent
        self.problems: list[Problem] = []
        self.found: list[tuple[Raw, Place]] = []

    def place(self, index: int, column: int = 1, width: int = 1) -> Place:
        return self.source.place(self.first_line + index, self.indent + column, width)

    def wrong(self, index: int, message: str, remedy: str, column: int = 1, width: int = 1) -> None:
        key = f"line {self.first_line + index}"
        self.problems.append(self.place(index, column, width).problem(message, remedy, key))

    def read(self, lines: list[str]) -> None:
        name, index = "", 0
        while index < len(lines):
            line = lines[index]
            if _looks_like(line, "1"):
                if index + 1 < len(lines) and _looks_like(lines[index + 1], "2"):
                    self.pair(index, line, lines[index + 1], name)
                    index += 1
                else:
                    self.wrong(index, "line 1 of an element set has no line 2 after it",
                               "add the missing line, or remove this one", width=len(line))  # fmt: skip
                name = ""
            elif _looks_like(line, "2"):
                self.wrong(index, "line 2 of an element set has no line 1 before it",
                           "add the missing line, or remove this one", width=len(line))  # fmt: skip
                name = ""
            elif line.strip():
                if name:
                    self.wrong(index - 1, "is neither a name followed by lines 1 and 2 nor "
                               "such a line", "a line 1 starts with '1 ', a line 2 with '2 '")  # fmt: skip
                name = line.strip().removeprefix("0 ").strip()
            index += 1
        if name:
            self.wrong(len(lines) - 1, "the last name has no element set", "add its two lines")

    def pair(self, index: int, one: str, two: str, name: str) -> None:
        before = len(self.problems)
        self.line(index, one, _LINE_1)
        self.line(index + 1, two, _LINE_2)
        if len(self.problems) > before:
            return
        if one[2:7] != two[2:7]:
            self.wrong(index + 1, f"catalogue number {two[2:7]} does not match {one[2:7]} of line 1",
                       "pair the lines of one object", 3, 5)  # fmt: skip
            return
        try:
            raw = _decode(one, two, name)
        except ValueError as failure:
            self.wrong(index, str(failure), "correct the field", 19, 14)
            return
        for key, message in out_of_range(raw):
            self.wrong(index + 1, f"{key}: {message}", "check the source of the element set")
        self.found.append((raw, self.place(index)))

    def line(self, index: int, line: str, columns: tuple[Column, ...]) -> None:
        if len(line) != TLE_LENGTH:
            self.wrong(index, f"has {len(line)} characters, must have {TLE_LENGTH}",
                       "fetch the element set again: the line is cut or padded", width=len(line))  # fmt: skip
            return
        if not line.isascii():
            self.wrong(index, "holds characters other than ASCII", "fetch the element set again")
            return
        wanted = checksum(line)
        if line[-1] != str(wanted):
            self.wrong(index, f"checksum is {line[-1]}, the line sums to {wanted}",
                       "fetch the element set again: a character was changed", TLE_LENGTH)  # fmt: skip
        for column in columns:
            part = line[column.first - 1 : column.last]
            if not re.fullmatch(column.form, part):
                self.wrong(index, f"{column.name} '{part}' is not {column.expected}",
                           "fetch the element set again", column.first, len(part))  # fmt: skip


def _looks_like(line: str, number: str) -> bool:
    return line.startswith(f"{number} ") and (len(line) > 24 or len(line.split()) >= 6)


def _decode(one: str, two: str, name: str) -> Raw:
    number = catalogue_number(one[2:7].replace(" ", "0"))
    short = int(one[18:20])
    day = float(one[20:32].replace(" ", "0"))
    if not 1.0 <= day < 367.0:
        raise ValueError(f"epoch day {day:g} is outside 1 to 366")
    year = short + (1900 if short >= _PIVOT_YEAR else 2000)
    return Raw(
        name=name or f"NORAD {number}",
        norad_id=number,
        epoch=Epoch.from_year_and_day(year, day),
        mean_motion_rev_per_day=float(two[52:63]),
        eccentricity=float(f"0.{two[26:33]}"),
        inclination_deg=_number(two[8:16]),
        raan_deg=_number(two[17:25]),
        argument_of_perigee_deg=_number(two[34:42]),
        mean_anomaly_deg=_number(two[43:51]),
        bstar=_exponent(one[53:61]),
    )


def _number(text: str) -> float:
    return float(text.replace(" ", "0"))


def _exponent(text: str) -> float:
    sign = "-" if text[0] == "-" else ""
    power = text[6:].strip().replace(" ", "") or "0"
    return float(f"{sign}0.{text[1:6]}e{power}")
