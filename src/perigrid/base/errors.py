"""Every error Perigrid raises on purpose.

Our exception hierarchy::

    PerigridError
    ├── InputError            what the user gave is wrong            (exit 2)
    │   ├── ScenarioError     a scenario file or an override of it
    │   ├── ElementSetError   a TLE or OMM element set
    │   ├── GeometryError     a GeoJSON geometry or request list
    │   ├── ContactPlanError  a contact plan in ION's format
    │   ├── DataCacheError    a fetched data file: missing, truncated, wrong checksum
    │   ├── RunFolderError    a run folder: missing, unreadable, altered
    │   └── OutputError       a place to write to: a folder, a socket, not writable
    ├── WorkError             the work ran and failed or fell short   (exit 1)
    │   └── InvariantError    a conservation law did not hold: a bug, never the user's fault
    └── PolicyDenied          a rule refused the whole request        (exit 3)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


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
        The offending line, shown under the place.
    width : int
        How many characters the caret underlines.
    """

    message: str
    remedy: str = ""
    key: str = ""
    path: str = ""
    line: int = 0
    column: int = 0
    source_line: str = ""
    width: int = 1

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
            caret = " " * (max(self.column, 1) - 1) + "^" * max(self.width, 1)
            pad = " " * len(number)
            lines += [f" {pad} |", f" {number} | {self.source_line}", f" {pad} | {caret}"]
        if self.remedy:
            lines.append(f"  help: {self.remedy}")
        return "\n".join(lines)


class PerigridError(Exception):
    """Root of the tree; ``exit_code`` is what the command line returns for it."""

    exit_code = 1


class InputError(PerigridError):
    """What the user gave is wrong; nothing was changed.

    Parameters
    ----------
    problems : list of Problem
        Everything found wrong, not only the first.
    """

    exit_code = 2

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n\n".join(problem.render() for problem in problems))

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
