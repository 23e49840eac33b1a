"""Places in input files, and the problems found there, told as a compiler would."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perigrid.base.errors import Problem

OVERRIDE_PATH = "--set"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in an input.

    Parameters
    ----------
    path : str
        The file as the user named it, or ``--set``.
    line, column : int
        Counted from 1; 0 when there is none.
    source_line : str
        The whole line.
    width : int
        Characters to underline.
    """

    path: str
    line: int = 0
    column: int = 0
    source_line: str = ""
    width: int = 1

    def problem(self, message: str, remedy: str = "", key: str = "") -> Problem:
        """Say what is wrong at this place.

        Parameters
        ----------
        message, remedy, key : str
            As in :class:`perigrid.base.errors.Problem`.

        Returns
        -------
        Problem
            With this place's line and caret.
        """
        return Problem(
            message, remedy, key, self.path, self.line, self.column, self.source_line, self.width
        )


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one input file, to find places in.

    Parameters
    ----------
    path : str
        As shown in errors.
    lines : tuple of str
        Without line ends.
    """

    path: str
    lines: tuple[str, ...]

    @classmethod
    def of(cls, path: str, text: str) -> SourceText:
        """Split a text into its lines.

        Parameters
        ----------
        path, text : str
            Name and content of the file.

        Returns
        -------
        SourceText
            Ready to be pointed into.
        """
        return cls(path, tuple(text.split("\n")))

    def place(self, line: int, column: int = 1, width: int = 1) -> Place:
        """Point at a line.

        Parameters
        ----------
        line, column : int
            Counted from 1.
        width : int
            Characters to underline, cut at the end of the line.

        Returns
        -------
        Place
            With the line's text; tabs and carriage returns become blanks so the caret fits.
        """
        known = 1 <= line <= len(self.lines)
        shown = (
            "".join(c if c.isprintable() else " " for c in self.lines[line - 1]) if known else ""
        )
        room = max(1, len(shown) - column + 1)
        return Place(self.path, line, column, shown, max(1, min(width, room)))

    def place_of_offset(self, offset: int, width: int = 1) -> Place:
        """Point at a character offset of the whole text.

        Parameters
        ----------
        offset : int
            Counted from 0.
        width : int
            Characters to underline.

        Returns
        -------
        Place
            The line and column of that character.
        """
        left = offset
        for number, line in enumerate(self.lines, start=1):
            if left <= len(line):
                return self.place(number, left + 1, width)
            left -= len(line) + 1
        return self.place(len(self.lines), 1, width)


def no_such_node(name: str, names: Sequence[str], where: str) -> Problem:
    """Say that a node was misspelt.

    Parameters
    ----------
    name : str
        What was given.
    names : sequence of str
        Of the nodes there are, at least one.
    where : str
        Option, file or folder.

    Returns
    -------
    Problem
        With the names nearest to it.
    """
    near = difflib.get_close_matches(name, names, n=3)
    ends = f"such as {names[0]!r} or {names[-1]!r}"
    remedy = f"did you mean {' or '.join(map(repr, near))}?" if near else ends
    return Problem(f"no node is called {name!r}", remedy, where)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Find the choice a mistyped word was probably meant to be.

    Parameters
    ----------
    word : str
        What was written.
    choices : iterable of str
        What is allowed.

    Returns
    -------
    str or None
        None if nothing is near.
    """
    options = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), list(options), n=1, cutoff=0.6)
    return options[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Write the tail of a message for a mistyped word.

    Parameters
    ----------
    word : str
        What was written.
    choices : iterable of str
        What is allowed.

    Returns
    -------
    str
        `` - did you mean 'x'?``, or nothing.
    """
    match = nearest(word, choices)
    return f" - did you mean '{match}'?" if match else ""


def listed(choices: Iterable[str], limit: int = 12) -> str:
    """Write choices as a short list for a remedy.

    Parameters
    ----------
    choices : iterable of str
        What is allowed.
    limit : int
        How many to name before an ellipsis.

    Returns
    -------
    str
        ``a, b, c``.
    """
    names = list(choices)
    return ", ".join(names[:limit]) + (", ..." if len(names) > limit else "")
