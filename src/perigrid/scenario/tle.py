"""Two- and three-line element sets, read strictly: every line is right or named.

References
----------
.. [1] T. S. Kelso, "Frequently Asked Questions: Two-Line Element Set Format", CelesTrak (2004).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from perigrid.base.errors import ElementSetError, Problem
from perigrid.base.time import Epoch
from perigrid.scenario.problems import Place, SourceText
from perigrid.scenario.raw_elements import Raw, check_unique, out_of_range, wrong_type

TLE_LENGTH = 69
_ALPHA5 = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_EXPONENT = r"[-+ ]\d{5}[-+ ]\d"
_PIVOT_YEAR = 57
_AGAIN = "fetch the element set again"


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

    def place(self, index: int, column: int = 1, width: int = TLE_LENGTH) -> Place:
        return self.source.place(self.first_line + index, self.indent + column, width)

    def wrong(self, place: Place, message: str, remedy: str = _AGAIN) -> None:
        self.problems.append(place.problem(message, remedy, f"line {place.line}"))

    def read(self, lines: list[str]) -> None:
        named_at = -1  # index of a name that waits for its two lines
        index = 0
        while index < len(lines):
            line = lines[index]
            if not (_looks_like(line, "1") or _looks_like(line, "2")):
                if line.strip():
                    self.unused_name(named_at)
                    named_at = index
                index += 1
                continue
            name = lines[named_at].strip().removeprefix("0 ").strip() if named_at >= 0 else ""
            index += self.element_set(index, lines, name)
            named_at = -1
        self.unused_name(named_at)

    def unused_name(self, index: int) -> None:
        """Report a line that turned out to be no name, for no element set follows it."""
        if index >= 0:
            self.wrong(
                self.place(index),
                "is neither a name followed by its element set nor a line of one",
                "a line 1 starts with '1 ', a line 2 with '2 '",
            )

    def element_set(self, index: int, lines: list[str], name: str) -> int:
        """Read the element set at ``index``; return how many lines it took."""
        if _looks_like(lines[index], "2"):
            message = "line 2 of an element set has no line 1 before it"
            self.wrong(self.place(index), message, "add the missing line, or remove this one")
            return 1
        if index + 1 == len(lines) or not _looks_like(lines[index + 1], "2"):
            message = "line 1 of an element set has no line 2 after it"
            self.wrong(self.place(index), message, "add the missing line, or remove this one")
            return 1
        before = len(self.problems)
        self.check_line(index, lines[index], _LINE_1)
        self.check_line(index + 1, lines[index + 1], _LINE_2)
        if len(self.problems) == before:
            self.decode(index, lines[index], lines[index + 1], name)
        return 2

    def decode(self, index: int, one: str, two: str, name: str) -> None:
        """Turn two lines that are right on their own into elements."""
        if one[2:7] != two[2:7]:
            message = f"catalogue number {two[2:7]} does not match {one[2:7]} of line 1"
            self.wrong(self.place(index + 1, 3, 5), message, "pair the lines of one object")
            return
        try:
            raw = _decode(one, two, name)
        except ValueError as failure:
            self.wrong(self.place(index, 19, 14), str(failure))
            return
        if message := wrong_type(one[62].strip()):
            self.wrong(self.place(index, 63, 1), message, "ask for element sets of SGP4 (type 0)")
        for key, message in out_of_range(raw):
            self.wrong(self.place(index + 1), f"{key}: {message}")
        self.found.append((raw, self.place(index)))

    def check_line(self, index: int, line: str, columns: tuple[Column, ...]) -> None:
        if len(line) != TLE_LENGTH:
            message = f"has {len(line)} characters, must have {TLE_LENGTH}: it is cut or padded"
            self.wrong(self.place(index, 1, len(line)), message)
            return
        if not line.isascii():
            at = next(at for at, one in enumerate(line) if not one.isascii())
            message = f"holds U+{ord(line[at]):04X}, a character other than ASCII"
            self.wrong(self.place(index, at + 1, 1), message)
            return
        wanted = checksum(line)
        if line[-1] != str(wanted):
            message = f"checksum is {line[-1]}, the line sums to {wanted}: a character was changed"
            self.wrong(self.place(index, TLE_LENGTH, 1), message)
        for column in columns:
            part = line[column.first - 1 : column.last]
            if not re.fullmatch(column.form, part):
                message = f"{column.name} '{part}' is not {column.expected}"
                self.wrong(self.place(index, column.first, len(part)), message)


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
