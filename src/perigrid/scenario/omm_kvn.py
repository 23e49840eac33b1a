"""Orbit mean-elements messages (CCSDS 502.0) in keyword = value notation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from perigrid.base.errors import Problem
from perigrid.scenario.omm import UNITS, read_messages
from perigrid.scenario.problems import Place, SourceText
from perigrid.scenario.raw_elements import Raw

VERSION: Final = "CCSDS_OMM_VERS"
VERSIONS: Final = ("1.0", "2.0", "3.0")
_UNIT: Final = re.compile(r"\[([^\[\]]*)\]$")


@dataclass(slots=True)
class Message:
    """One message: its values, and where they stand.

    Parameters
    ----------
    place : Place
        Its beginning.
    values : dict of str to str
        By keyword.
    places : dict of str to Place
        Of the keywords.
    """

    place: Place
    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def place_of(self, keyword: str) -> Place:
        """Find a keyword.

        Parameters
        ----------
        keyword : str
            Its name.

        Returns
        -------
        Place
            Of the message itself if it has no such keyword.
        """
        return self.places.get(keyword, self.place)

    def put(self, keyword: str, value: str, place: Place, unit: str = "") -> Problem | None:
        """Take a keyword in.

        Parameters
        ----------
        keyword, value : str
            As given.
        place : Place
            Of the keyword.
        unit : str
            As given; empty if none is.

        Returns
        -------
        Problem or None
            If the keyword was there before, or the unit is another one.
        """
        if keyword in self.values:
            first = self.places[keyword].line
            message = f"is given twice, first on line {first}"
            return place.problem(message, "keep one of the two", keyword)
        self.values[keyword], self.places[keyword] = value, place
        wanted = UNITS.get(keyword, "")
        if unit and unit.strip().lower() != wanted.lower():
            message = f"is in {unit.strip()!r}, not in {wanted}"
            return place.problem(message, "export it in the standard's unit", keyword)
        if keyword == VERSION and value not in VERSIONS:
            message = f"is version {value!r}; {', '.join(VERSIONS)} are read"
            return place.problem(message, "export it in one of these", keyword)
        return None


def parse_omm_kvn(text: str, path: str) -> tuple[Raw, ...]:
    """Read OMM of lines ``KEYWORD = value [unit]``, one message after another.

    Parameters
    ----------
    text, path : str
        Content and name of the file; every message begins with ``CCSDS_OMM_VERS``.

    Returns
    -------
    tuple of Raw
        In the order of the file.

    Raises
    ------
    ElementSetError
        With every wrong line and message.
    """
    source = SourceText.of(path, text)
    messages: list[Message] = []
    problems: list[Problem] = []
    for number, line in enumerate(source.lines, start=1):
        words = line.strip()
        if not words or words == "COMMENT" or words.startswith("COMMENT "):
            continue
        wrong = _line(source.place(number, _indent(line) + 1, len(words)), words, messages)
        if wrong is not None:
            problems.append(wrong)
    read = ((message.values, message.place_of) for message in messages)
    return read_messages(read, source, problems)


def _line(place: Place, words: str, messages: list[Message]) -> Problem | None:
    """Take in one line; return what is wrong with it."""
    keyword, equals, value = (part.strip() for part in words.partition("="))
    if not equals or not keyword:
        remedy = "write one keyword with its value on each line"
        return place.problem("is no line KEYWORD = value", remedy, f"line {place.line}")
    if keyword == VERSION:
        messages.append(Message(place))
    elif keyword.startswith("CCSDS_") and keyword.endswith("_VERS"):
        message = f"begins a message of another kind, {keyword!r}"
        return place.problem(message, "keep OMM only", keyword)
    if not messages:
        return place.problem(f"stands before {VERSION}", f"begin with {VERSION} = 3.0", keyword)
    unit = _UNIT.search(value) if keyword in UNITS else None
    if unit is not None:
        value = value[: unit.start()].strip()
    return messages[-1].put(keyword, value, place, unit[1] if unit else "")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
