"""What may be a name: of a satellite, a station, a place, a person; in scenarios and in files."""

from __future__ import annotations

import re
from typing import Final

MAX_NAME: Final = 200
NAME: Final = rf"^[^\s.](.{{0,{MAX_NAME - 2}}}\S)?$"
"""On one line, neither beginning with a blank or a dot nor ending with a blank. Characters that do
not print are looked for apart: no two dialects of regular expressions agree on them."""

_NAME: Final = re.compile(NAME)


def unprintable(text: str, *, lines: bool = False) -> str:
    """Name the first character of a text that does not print.

    Parameters
    ----------
    text : str
        From a scenario or a file.
    lines : bool
        Line ends and tabs are allowed.

    Returns
    -------
    str
        As ``U+001B``; empty if all of them print.
    """
    if text.isprintable():
        return ""
    allowed = "\n\t" if lines else ""
    return next((f"U+{ord(c):04X}" for c in text if not c.isprintable() and c not in allowed), "")


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
    if found := unprintable(name):
        return f"holds {found}, a character that does not print"
    if not _NAME.fullmatch(name):
        return (
            f"{name!r} is no name: give 1 to {MAX_NAME} characters on one line, the first of them "
            "no dot, the first and last no blank"
        )
    return ""
