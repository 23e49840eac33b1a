"""Cedar text cut into its policies, so that each can be checked and pointed at by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Strings and comments are stepped over whole: a semicolon in them ends nothing.
_TOKEN: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|;')
_BLANK: Final = re.compile(r"(?:\s|//[^\n]*(?:\n|$))*")


@dataclass(frozen=True, slots=True)
class Statement:
    """One policy with its annotations, and the line it starts on."""

    text: str
    line: int


def statements(text: str) -> tuple[Statement, ...]:
    """Cut Cedar text at the semicolons that end policies.

    Parameters
    ----------
    text : str
        Any number of policies; it need not be valid.

    Returns
    -------
    tuple of Statement
        In order, without the comments between them; a rest without a semicolon counts as one.
    """
    found = []
    start = 0
    for token in _TOKEN.finditer(text):
        if token.group() == ";":
            found.append((start, token.end()))
            start = token.end()
    found.append((start, len(text)))
    cut = (_statement(text, begin, end) for begin, end in found)
    return tuple(one for one in cut if one.text)


def _statement(text: str, begin: int, end: int) -> Statement:
    blank = _BLANK.match(text, begin, end)
    first = blank.end() if blank else begin
    return Statement(text[first:end].strip(), text.count("\n", 0, first) + 1)
