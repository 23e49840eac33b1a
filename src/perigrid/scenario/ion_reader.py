"""Reads contact plans in ION's text format strictly: every line is right or named.

References
----------
.. [1] Jet Propulsion Laboratory, "ionrc - ION node management commands file", ION 4 manual pages,
   https://github.com/nasa-jpl/ION-DTN.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from pathlib import Path
from typing import Final, TypeVar

from perigrid.base.errors import ContactPlanError, ProblemList
from perigrid.base.time import Epoch
from perigrid.base.units import BITS_PER_BYTE
from perigrid.scenario.files import read_text
from perigrid.scenario.forms import wrong_form
from perigrid.scenario.ion_contact_plan import IonContact, IonPlan, IonRange
from perigrid.scenario.problems import Place, SourceText

Timed = TypeVar("Timed", IonContact, IonRange)
MAX_PLAN_BYTES: Final = 200_000_000
"""A contact and its range take about 80 bytes; two million contacts are read."""

_SECTION = re.compile(r"##\s*(begin|end)\s+(\S+)")
_RELATIVE = re.compile(r"\+(\d+(?:\.\d+)?)")
_ABSOLUTE = re.compile(r"(\d{4})/(\d{2})/(\d{2})-(\d{2}:\d{2}:\d{2}(?:\.\d+)?)")
_NODE = re.compile(r"[1-9]\d{0,17}")
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_OTHER_COMMANDS: Final = frozenset("1?evhilbmrsxq^!")
_REGISTRATION: Final = "-1"
_HYPOTHETICAL: Final = "0"
_TIME_HELP: Final = "write +seconds or yyyy/mm/dd-hh:mm:ss"
_MOST_WORDS: Final = 9
"""The longest command has eight; no more are taken apart."""
_CONTACT_FORM: Final = "a contact START STOP FROM TO BYTES_PER_SECOND [CONFIDENCE]"
_RANGE_FORM: Final = "a range START STOP ONE OTHER LIGHT_SECONDS"


def read_ion(path: Path) -> IonPlan:
    """Read a contact plan from a file.

    Parameters
    ----------
    path : Path
        An ``.ionrc`` file, or a whole ``.rc`` file of which the ``ionadmin`` section is read.

    Returns
    -------
    IonPlan
        With every contact and range.
    """
    shown = str(path)
    return parse_ion(read_text(path, shown, MAX_PLAN_BYTES, ContactPlanError), shown)


def parse_ion(text: str, shown: str, reference: Epoch | None = None) -> IonPlan:
    """Read a contact plan.

    Parameters
    ----------
    text : str
        Lines of commands.
    shown : str
        The file's name in errors.
    reference : Epoch, optional
        What relative times count from before the first ``@`` command.

    Returns
    -------
    IonPlan
        Registration and hypothetical contacts, which carry nothing, are left out, and so are
        commands about anything but the plan. Regions are read as one plan. Fractions of a second
        are accepted.

    Raises
    ------
    ContactPlanError
        With every wrong line: form, numbers, times, overlaps, no contact at all.
    """
    reader = _Reader(shown, reference)
    for number, line in enumerate(text.split("\n"), start=1):
        reader.read(number, line)
    if reader.problems and (message := wrong_form(text, "a contact plan of ION")):
        remedy = f"give lines such as: {_CONTACT_FORM}"
        raise ContactPlanError([SourceText.of(shown, text).place(1).problem(message, remedy)])
    if not reader.problems:
        reader.check_overlaps()
    if not reader.problems and not reader.contacts:
        remedy = f"give lines such as: {_CONTACT_FORM}"
        reader.problems.append(Place(shown).problem("holds no scheduled contact", remedy))
    if reader.problems:
        raise ContactPlanError(reader.problems)
    return reader.plan()


class _Wrong(Exception):  # noqa: N818  never leaves this module
    """A word of a line is wrong."""

    def __init__(self, word: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.word, self.message, self.remedy = word, message, remedy


class _Reader:
    """Goes through the lines once, keeping every problem."""

    def __init__(self, shown: str, reference: Epoch | None) -> None:
        self.shown = shown
        self.problems = ProblemList()
        self.contacts: list[IonContact] = []
        self.ranges: list[IonRange] = []
        self._lines: list[tuple[int, str]] = []  # of the contacts
        self._section = "ionadmin"
        self._epoch = reference
        self._floating = reference is None  # relative times count from an unknown moment
        self._reference_s = 0.0
        self._relative_used = False

    def read(self, number: int, line: str) -> None:
        """Take one line in."""
        stripped = line.strip()
        if stripped.startswith("#"):
            if mark := _SECTION.match(stripped):
                self._section = mark[2] if mark[1] == "begin" else "ionadmin"
            return
        if not stripped or self._section != "ionadmin":
            return
        words = stripped.split(maxsplit=_MOST_WORDS)
        try:
            self._command(number, line, words)
        except _Wrong as wrong:
            column, width = _place_of(line, wrong.word)
            place = Place(self.shown, number, column, line, width)
            self.problems.append(place.problem(wrong.message, wrong.remedy, f"line {number}"))

    def _command(self, number: int, line: str, words: list[str]) -> None:
        match words:
            case ["a", "contact", *values]:
                contact = self._contact(values)
                if contact is not None:
                    self.contacts.append(contact)
                    self._lines.append((number, line))
            case ["a", "range", *values]:
                self.ranges.append(self._range(values))
            case ["@", "0"]:  # whenever it is read
                self._reference_s, self._floating = 0.0, True
            case ["@", stamp]:
                self._reference_s = self._time_s(stamp, 1)
                self._floating = self._floating and self._epoch is None
            case ["c" | "d", *_]:
                remedy = "write the plan as it is to be, with `a contact` and `a range` only"
                raise _Wrong(0, "changes and deletions are not followed", remedy)
            case [first, *_] if first in _OTHER_COMMANDS:
                return
            case _:
                remedy = f"contacts read: {_CONTACT_FORM}; ranges read: {_RANGE_FORM}"
                raise _Wrong(0, "is no command of a contact plan", remedy)

    def _contact(self, values: list[str]) -> IonContact | None:
        """Read the words after ``a contact``; None if it carries nothing."""
        if len(values) not in {5, 6}:
            raise _Wrong(0, f"a contact has 5 or 6 values, not {len(values)}", _CONTACT_FORM)
        if values[0] == _REGISTRATION or _HYPOTHETICAL in values[:2]:
            return None
        start_s, end_s = self._interval(values)
        source, target = _node(values[2], 4), _node(values[3], 5)
        rate = _number(values[4], 6, "data rate", "bytes a second, above 0")
        if rate <= 0.0:
            raise _Wrong(6, "the data rate is 0", "give bytes a second, above 0")
        confidence = 1.0
        if len(values) == 6:
            confidence = _number(values[5], 7, "confidence", "above 0, at most 1")
            if not 0.0 < confidence <= 1.0:
                raise _Wrong(7, f"confidence {values[5]} is no probability", "above 0, at most 1")
        return IonContact(start_s, end_s, source, target, rate * BITS_PER_BYTE, confidence)

    def _range(self, values: list[str]) -> IonRange:
        """Read the words after ``a range``."""
        if len(values) != 5:
            raise _Wrong(0, f"a range has 5 values, not {len(values)}", _RANGE_FORM)
        start_s, end_s = self._interval(values)
        one, other = _node(values[2], 4), _node(values[3], 5)
        light_s = _number(values[4], 6, "range", "light seconds, 0 or more")
        return IonRange(start_s, end_s, one, other, light_s)

    def _interval(self, values: list[str]) -> tuple[float, float]:
        start_s, end_s = self._time_s(values[0], 2), self._time_s(values[1], 3)
        if end_s <= start_s:
            raise _Wrong(3, f"ends at {values[1]}, not after its start", "exchange the two times")
        return start_s, end_s

    def _time_s(self, word: str, place: int) -> float:
        """Read a time as seconds after the epoch."""
        if match := _RELATIVE.fullmatch(word):
            if self._floating and self._epoch is not None:
                raise _mixed(place)
            self._relative_used = True
            return self._reference_s + float(match[1])
        if match := _ABSOLUTE.fullmatch(word):
            return self._seconds_at(f"{match[1]}-{match[2]}-{match[3]}T{match[4]}Z", place)
        raise _Wrong(place, f"{word!r} is no time", _TIME_HELP)

    def _seconds_at(self, iso: str, place: int) -> float:
        try:
            epoch = Epoch.from_iso(iso)
        except ValueError as error:
            raise _Wrong(place, str(error), _TIME_HELP) from error
        if self._epoch is None:
            if self._relative_used:
                raise _mixed(place)
            self._epoch = epoch
        return epoch.seconds_since(self._epoch)

    def check_overlaps(self) -> None:
        """Name contacts that begin before the one before them, of the same pair, is over."""
        order = sorted(
            range(len(self.contacts)),
            key=lambda k: (
                self.contacts[k].source,
                self.contacts[k].target,
                self.contacts[k].t_start_s,
            ),
        )
        for k, following in itertools.pairwise(order):
            one, two = self.contacts[k], self.contacts[following]
            same = (one.source, one.target) == (two.source, two.target)
            if same and two.t_start_s < one.t_end_s:
                number, line = self._lines[following]
                message = f"overlaps the contact of the same nodes in line {self._lines[k][0]}"
                place = Place(self.shown, number, 1, line, len(line))
                remedy = "contacts from one node to another must not overlap: join or shorten them"
                self.problems.append(place.problem(message, remedy, f"line {number}"))

    def plan(self) -> IonPlan:
        """Everything read, with an epoch that no time precedes."""
        times_s = [one.t_start_s for one in self.contacts]
        times_s += [one.t_start_s for one in self.ranges]
        early_s = min(times_s, default=0.0)
        if self._epoch is None or early_s >= 0.0:
            return IonPlan(tuple(self.contacts), tuple(self.ranges), self._epoch)
        whole_s = math.floor(early_s)
        return IonPlan(
            tuple(_later(one, -whole_s) for one in self.contacts),
            tuple(_later(one, -whole_s) for one in self.ranges),
            self._epoch.plus(whole_s),
        )


def _later(one: Timed, seconds_s: float) -> Timed:
    """Move a contact or a range in time."""
    return dataclasses.replace(
        one, t_start_s=one.t_start_s + seconds_s, t_end_s=one.t_end_s + seconds_s
    )


def _mixed(place: int) -> _Wrong:
    """Build the error for relative times without a reference among absolute ones."""
    remedy = "put the reference time before it: @ yyyy/mm/dd-hh:mm:ss"
    return _Wrong(place, "mixes relative with absolute times without a reference time", remedy)


def _node(word: str, place: int) -> int:
    """Read a node number."""
    if not _NODE.fullmatch(word):
        raise _Wrong(place, f"{word!r} is no node number", "give a whole number from 1")
    return int(word)


def _number(word: str, place: int, what: str, remedy: str) -> float:
    """Read a number that is not negative."""
    if not _NUMBER.fullmatch(word) or not math.isfinite(float(word)):
        raise _Wrong(place, f"{what} {word!r} is no number", f"give {remedy}")
    return float(word)


def _place_of(line: str, word: int) -> tuple[int, int]:
    """Column, from 1, and width of a word of a line; the first if there are not so many."""
    spots = list(itertools.islice(re.finditer(r"\S+", line), _MOST_WORDS))
    spot = spots[word] if word < len(spots) else spots[0]
    return spot.start() + 1, len(spot[0])
