"""What may be a name: of a satellite, a station, a place, a person; in scenarios and in files."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from perigrid.base.shown import shows

MAX_NAME: Final = 200
NAME: Final = rf"^[^\s.]([\S ]{{0,{MAX_NAME - 2}}}\S)?$"
"""On one line, without room other than blanks, neither beginning with a blank or a dot nor ending
with a blank. Characters that do not print are looked for apart: no two dialects of regular
expressions agree on them."""

_LINES: Final = frozenset("\n\t")
_NAME: Final = re.compile(NAME)


def unprintable(text: str) -> str:
    """Name the first character of a text that is not to be seen, line ends and tabs left out.

    Parameters
    ----------
    text : str
        Of a scenario. Names are held to more: see :func:`name_fault`.

    Returns
    -------
    str
        As ``U+001B``; empty if there is none.
    """
    if text.isprintable():
        return ""
    return _first(text, lambda one: one in _LINES or shows(one))


def _first(text: str, allowed: Callable[[str], bool]) -> str:
    return next((f"U+{ord(one):04X}" for one in text if not allowed(one)), "")


def name_fault(name: str) -> str:
    """Say what is wrong with a name.

    Parameters
    ----------
    name : str
        As read.

    Returns
    -------
    str
        To stand after the place of the name; empty if nothing is wrong.
    """
    if found := _first(name, shows):
        return f"holds {found}, a character that does not print"
    if not _NAME.fullmatch(name):
        return (
            f"{name!r} is no name: give 1 to {MAX_NAME} characters on one line, without room other "
            "than blanks, the first no dot, the first and the last no blank"
        )
    return ""
