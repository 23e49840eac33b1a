"""Reading records, checking the chain on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perigrid.base.errors import Problem, RunFolderError
from perigrid.ledger.leaf import FILE_NAME, GENESIS, PREVIOUS, Line, holds_record, parse_line
from perigrid.ledger.regular import open_regular, read_regular


@dataclass(frozen=True, slots=True)
class RecordMark:
    """How far a record had come: its records, its bytes and the head of the chain there."""

    length: int
    nbytes: int
    head: str


def last_mark(folder: Path) -> RecordMark:
    """Find how far a record that was broken off is whole; a last line that was cut is dropped.

    Parameters
    ----------
    folder : Path
        The run's ``ledger`` folder.

    Returns
    -------
    RecordMark
        For a :class:`RecordWriter` to go on from.

    Raises
    ------
    RunFolderError
        If the record is missing, or altered anywhere but in a last line that was cut.
    """
    content = content_of(folder / FILE_NAME)
    nbytes = content.rfind(b"\n") + 1
    head, length = GENESIS, 0
    for line in chained(folder / FILE_NAME, content[:nbytes].split(b"\n")[:-1]):
        head, length = line.stated, length + 1
    if holds_record(content[nbytes:]):
        message = "the end of this line is damaged"
        raise RunFolderError([problem_at(folder / FILE_NAME, length + 1, message)])
    return RecordMark(length, nbytes, head)


def read_record(folder: Path) -> Iterator[dict[str, Any]]:
    """Read a record, checking the chain on the way.

    Parameters
    ----------
    folder : Path
        The run's ``ledger`` folder.

    Yields
    ------
    dict
        Each record's body, with ``previous`` and ``hash``.

    Raises
    ------
    RunFolderError
        If the file is missing, a line is not a record, or the chain breaks.
    """
    path = folder / FILE_NAME
    with open_regular(folder, FILE_NAME) as stream:
        for line in chained(path, (raw.removesuffix(b"\n") for raw in stream)):
            yield line.entry


def chained(path: Path, lines: Iterable[bytes]) -> Iterator[Line]:
    """Parse lines that follow each other.

    Parameters
    ----------
    path : Path
        Where they stand, for messages.
    lines : iterable of bytes
        From the first on, without their ends.

    Yields
    ------
    Line
        Whole, and chained to the one before.

    Raises
    ------
    RunFolderError
        If a line is not a record, or the chain breaks.
    """
    previous = GENESIS
    for number, raw in enumerate(lines, start=1):
        line = parse_line(raw)
        if line is None:
            raise RunFolderError([problem_at(path, number, "this line is not a record")])
        if not line.whole or line.entry[PREVIOUS] != previous:
            message = f"the hash chain breaks at record {number - 1}"
            raise RunFolderError([problem_at(path, number, message)])
        previous = line.stated
        yield line


def content_of(path: Path) -> bytes:
    """Read a record's file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes
        All of it.
    """
    return read_regular(path.parent, path.name)


def problem_at(path: Path, number: int, message: str) -> Problem:
    """Say what is wrong with a line.

    Parameters
    ----------
    path : Path
        The file.
    number : int
        Of the line, from 1.
    message : str
        What is wrong.

    Returns
    -------
    Problem
        With its place and a remedy.
    """
    remedy = "the record was altered or cut; run again"
    return Problem(message, remedy, path=str(path), line=number)
