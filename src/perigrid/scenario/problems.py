"""Places in input files, and the problems found there, told as a compiler would."""

from __future__ import annotations

import difflib
import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perigrid.base.errors import Problem

OVERRIDE_PATH = "--set"
_LONGEST_WORD = 80
_MOST_CHOICES = 2000


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
        The whole line; a problem shows the part of it round the place.
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
    starts : tuple of int
        Offset of the first character of each line in the whole text.
    """

    path: str
    lines: tuple[str, ...]
    starts: tuple[int, ...]

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
        lines = tuple(text.split("\n"))
        starts = itertools.accumulate((len(line) + 1 for line in lines[:-1]), initial=0)
        return cls(path, lines, tuple(starts))

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
            With the line's text, which all places in it share.
        """
        text = self.lines[line - 1] if 1 <= line <= len(self.lines) else ""
        room = max(1, len(text) - column + 1)
        return Place(self.path, line, column, text, max(1, min(width, room)))

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
        number = bisect_right(self.starts, offset)
        column = offset - self.starts[number - 1] + 1
        if column > len(self.lines[number - 1]) + 1:
            column = 1
        return self.place(number, column, width)


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
    near = difflib.get_close_matches(name[:_LONGEST_WORD], names[:_MOST_CHOICES], n=3)
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
        None if nothing is near. Only words of a sensible length are looked at, and so many of them.
    """
    if len(word) > _LONGEST_WORD:
        return None
    words = (choice for choice in choices if len(choice) <= _LONGEST_WORD)
    options = {choice.casefold(): choice for choice in itertools.islice(words, _MOST_CHOICES)}
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
