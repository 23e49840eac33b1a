"""Every error Perigrid raises on purpose.

Our exception hierarchy::

    PerigridError
    ├── InputError            what the user gave is wrong            (exit 2)
    │   ├── ScenarioError     a scenario file or an override of it
    │   ├── ElementSetError   a TLE or OMM element set
    │   ├── GeometryError     a GeoJSON geometry or request list
    │   ├── SceneError        pixels that a model cannot read; also a ValueError
    │   ├── ContactPlanError  a contact plan in ION's format
    │   ├── DataCacheError    a fetched data file: missing, truncated, wrong checksum
    │   ├── RunFolderError    a run folder: missing, unreadable, altered
    │   └── OutputError       a place to write to: a folder, a socket, not writable
    ├── WorkError             the work ran and failed or fell short   (exit 1)
    │   └── InvariantError    a conservation law did not hold: a bug, never the user's fault
    └── PolicyDenied          a rule refused the whole request        (exit 3)
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Self

from perigrid.base.shown import printable

MAX_OF_A_KIND: Final = 20
"""Problems of one kind that are told: what is wrong on every line is told often enough by then."""
MAX_KINDS: Final = 10
"""Kinds of problems that are told apart in one error."""
EXCERPT_CHARACTERS: Final = 120
"""Of a longer line the part round the caret is shown."""

_LONGEST_WORDS: Final = 500
_BEFORE_CARET: Final = 40
_CUT: Final = "..."
_OTHER_KINDS: Final = ("", "")
_VARYING: Final = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9]+(?:[.,eE+-]*[0-9]+)*")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input, and where, and what to do about it.

    Parameters
    ----------
    message : str
        What is wrong, in the field's words.
    remedy : str
        What to change.
    key : str
        Dotted path of the key, or the name of the field; empty when the whole file is meant.
    path : str
        The file, or ``--set`` for an override.
    line, column : int
        Place in the file, counted from 1; 0 when there is none.
    source_line : str
        The offending line, shown under the place. What is no printable character becomes a blank,
        and of a long line only the part round the caret is kept.
    width : int
        How many characters the caret underlines.
    caret : int
        Column of the caret in ``source_line``; 0 if that is ``column``.
    more : int
        Further problems of this kind, which are not told.
    """

    message: str
    remedy: str = ""
    key: str = ""
    path: str = ""
    line: int = 0
    column: int = 0
    source_line: str = ""
    width: int = 1
    caret: int = 0
    more: int = 0

    def __post_init__(self) -> None:
        """Shorten what is too long to be read."""
        for name in ("message", "remedy", "key"):
            if len(words := getattr(self, name)) > _LONGEST_WORDS:
                object.__setattr__(self, name, words[: _LONGEST_WORDS - len(_CUT)] + _CUT)
        line, column = self.source_line, max(self.column, 1)
        if len(line) > EXCERPT_CHARACTERS:
            kept = EXCERPT_CHARACTERS - 2 * len(_CUT)  # so that a copy is not shortened again
            first = max(0, min(column - 1 - _BEFORE_CARET, len(line) - kept))
            last = first + kept
            object.__setattr__(self, "width", max(1, min(self.width, last - column + 1)))
            object.__setattr__(self, "caret", column - first + (len(_CUT) if first else 0))
            line = (_CUT if first else "") + line[first:last] + (_CUT if last < len(line) else "")
        if not line.isprintable():
            line = "".join(one if one.isprintable() else " " for one in line)
        object.__setattr__(self, "source_line", line)

    @property
    def kind(self) -> tuple[str, str]:
        """What problems have in common that differ in words quoted and in numbers only."""
        return self.path, _VARYING.sub("?", self.message)

    def render(self) -> str:
        """Show the problem as a compiler would: place, line, caret, remedy.

        Returns
        -------
        str
            Several lines without a trailing newline.
        """
        head = f"error: {self.key}: {self.message}" if self.key else f"error: {self.message}"
        lines = [head]
        if self.path:
            place = self.path
            if self.line:
                place += f":{self.line}:{max(self.column, 1)}"
            lines.append(f"  --> {place}")
        if self.source_line:
            number = str(self.line)
            caret = " " * (max(self.caret or self.column, 1) - 1) + "^" * max(self.width, 1)
            pad = " " * len(number)
            lines += [f" {pad} |", f" {number} | {self.source_line}", f" {pad} | {caret}"]
        if self.remedy:
            lines.append(f"  help: {self.remedy}")
        if self.more:
            lines.append(f"  and {self.more:,} more of this kind")
        return "\n".join(printable(line) for line in lines)


class ProblemList:
    """Problems of one input: of each kind so many are kept, the others are counted.

    When there are many kinds too, those that come late are one more.
    """

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self._last: dict[tuple[str, str], int] = {}

    def append(self, problem: Problem) -> None:
        """Take a problem in.

        Parameters
        ----------
        problem : Problem
            Kept, or counted only.
        """
        kind = problem.kind
        if kind not in self._counts and len(self._counts) >= MAX_KINDS:
            kind = _OTHER_KINDS
        self._counts[kind] += 1 + problem.more
        if self._counts[kind] - problem.more <= MAX_OF_A_KIND:
            self._last[kind] = len(self._kept)
            self._kept.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take problems in.

        Parameters
        ----------
        problems : iterable of Problem
            One after another.
        """
        for problem in problems:
            self.append(problem)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._kept)

    def __iter__(self) -> Iterator[Problem]:
        """Go through those that are told."""
        return iter(self.told())

    def told(self) -> tuple[Problem, ...]:
        """List those that are kept.

        Returns
        -------
        tuple of Problem
            In the order they came; the last of each kind says how many more there were.
        """
        kept = list(self._kept)
        for kind, place in self._last.items():
            more = self._counts[kind] - MAX_OF_A_KIND
            if more > 0:
                kept[place] = dataclasses.replace(kept[place], more=more)
        return tuple(kept)


class PerigridError(Exception):
    """Root of the tree; ``exit_code`` is what the command line returns for it."""

    exit_code = 1


class InputError(PerigridError):
    """What the user gave is wrong; nothing was changed.

    Parameters
    ----------
    problems : iterable of Problem
        Everything found wrong, not only the first; of each kind the first
        :data:`MAX_OF_A_KIND` are kept, the last of which says how many more there were.
    """

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        kept = ProblemList()
        kept.extend(problems)
        self.problems = kept.told()
        super().__init__("\n\n".join(problem.render() for problem in self.problems))

    @classmethod
    def at(
        cls,
        path: str,
        message: str,
        *,
        remedy: str = "",
        key: str = "",
        line: int = 0,
        column: int = 0,
        source_line: str = "",
        width: int = 1,
    ) -> Self:
        """Build the error for a single problem.

        Parameters
        ----------
        path, message, remedy, key, line, column, source_line, width
            As in :class:`Problem`.

        Returns
        -------
        InputError
            Of the class it is called on.
        """
        return cls([Problem(message, remedy, key, path, line, column, source_line, width)])


class ScenarioError(InputError):
    """A scenario file, or an override of one of its keys, is wrong."""


class ElementSetError(InputError):
    """A TLE or OMM element set is wrong."""


class GeometryError(InputError):
    """A GeoJSON geometry or a request list is wrong."""


class SceneError(InputError, ValueError):
    """Pixels that a model cannot read: missing, unscaled, of another shape."""


class ContactPlanError(InputError):
    """A contact plan in ION's format is wrong."""


class DataCacheError(InputError):
    """A fetched data file is missing, truncated or does not match its checksum."""


class RunFolderError(InputError):
    """A run folder is missing, unreadable or altered."""


class OutputError(InputError):
    """What the user named as the place to write to will not do."""


class WorkError(PerigridError):
    """The work ran and failed, or fell short of what was asked."""


class InvariantError(WorkError):
    """A conservation law did not hold; this is a bug in Perigrid."""


class PolicyDenied(PerigridError):  # noqa: N818  the contract's own word
    """A rule refused the whole request."""

    exit_code = 3
