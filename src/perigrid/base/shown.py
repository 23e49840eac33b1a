"""Text from outside, made fit to be shown in a terminal, on a page or in a file."""

from __future__ import annotations

import unicodedata
from typing import Final

_BREAKS: Final = frozenset({"Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")
"""Persian and Indic scripts are written with them, and some pictures."""


def printable(text: str, *, lines: bool = False) -> str:
    r"""Write out every character that is not to be seen but to be obeyed.

    Parameters
    ----------
    text : str
        From anywhere: a name out of a file, a path, a message with either in it.
    lines : bool
        Line ends and tabs stay.

    Returns
    -------
    str
        With control characters, line ends, the marks that turn the direction of writing, and
        whatever else prints as nothing, as the escapes of JSON: ``\u001b``, ``\u000a``,
        ``\u202e``. Nothing in it moves a cursor, ends a line or begins a command; of a JSON
        document it is the same document.
    """
    if text.isprintable():
        return text
    if lines:
        return "\n".join(
            "\t".join(printable(part) for part in line.split("\t")) for line in text.split("\n")
        )
    return "".join(one if shows(one) else _escape(one) for one in text)


def shows(character: str) -> bool:
    """Say whether a character is to be seen, or is room between such.

    Parameters
    ----------
    character : str
        One.

    Returns
    -------
    bool
        False for control characters, line ends, and marks of direction.
    """
    if character.isprintable() or character in _JOINERS:
        return True
    kind = unicodedata.category(character)
    return kind[0] != "C" and kind not in _BREAKS


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
