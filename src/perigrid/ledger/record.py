"""The append-only, hash-chained record of a run: one JSON object a line.

Each line carries the hash of the line before it, so that a changed, dropped or swapped line breaks
the chain at that place. Events are appended before the controller sees them, actions before they
are carried out.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from perigrid.base.codec import canonical_json, encode
from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.messages import Action, Event, Verdict

FILE_NAME: Final = "record.jsonl"
GENESIS: Final = hashlib.sha256(b"perigrid record v1").hexdigest()
EVENTS: Final = "events"
ACTIONS: Final = "actions"


def chain_hash(previous: str, body: dict[str, Any]) -> str:
    """Hash of a record: over the previous hash and the canonical body.

    Parameters
    ----------
    previous : str
        Hash of the record before, or :data:`GENESIS`.
    body : dict
        The record without ``previous`` and ``hash``.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    return _chain_hash(previous, canonical_json(body))


def _chain_hash(previous: str, body_json: str) -> str:
    """Hash of a record whose canonical body is already written."""
    return hashlib.sha256(f"{previous}\n{body_json}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RecordMark:
    """How far a record had come: its records, its bytes and the head of the chain there."""

    length: int
    nbytes: int
    head: str


class RecordWriter:
    """Appends records to a file and knows the head of the chain.

    Parameters
    ----------
    folder : Path
        The run's ``ledger`` folder, created if missing.
    flush_each : bool
        Hand every record to the operating system at once, so that it outlives this process; not
        needed where the run can be repeated.
    after : RecordMark, optional
        Go on after this mark, and drop what stands behind it; a new record if left out.

    Raises
    ------
    RunFolderError
        If the record up to the mark is not the one that was marked.
    """

    def __init__(
        self, folder: Path, *, flush_each: bool = False, after: RecordMark | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._flush_each = flush_each
        self.head, self.length = GENESIS, 0
        if after is not None:
            cut_record(folder, after)
            self.head, self.length = after.head, after.length
        mode = "x" if after is None else "a"
        self._file = (folder / FILE_NAME).open(mode, encoding="utf-8", newline="\n")

    def events(self, t_s: float, events: Sequence[Event]) -> int:
        """Append what happened, before anyone decides on it.

        Parameters
        ----------
        t_s : float
            Time of the batch [s].
        events : sequence of Event
            In order.

        Returns
        -------
        int
            Sequence number of the record.
        """
        return self._append(t_s, EVENTS, {"events": [encode(event) for event in events]})

    def actions(self, t_s: float, decisions: Sequence[tuple[Action, Verdict]]) -> int:
        """Append what was decided, before it is carried out.

        Parameters
        ----------
        t_s : float
            Time of the decision [s].
        decisions : sequence of (Action, Verdict)
            In order.

        Returns
        -------
        int
            Sequence number of the record.
        """
        rows = [
            {"action": encode(action), "verdict": encode(verdict)} for action, verdict in decisions
        ]
        return self._append(t_s, ACTIONS, {"decisions": rows})

    def _append(self, t_s: float, kind: str, content: dict[str, Any]) -> int:
        body = {"sequence": self.length, "t_s": t_s, "kind": kind, **content}
        body_json = canonical_json(body)
        previous, self.head = self.head, _chain_hash(self.head, body_json)
        # The body is written once and the links put behind it: half the time of a record.
        self._file.write(f'{body_json[:-1]},"previous":"{previous}","hash":"{self.head}"}}\n')
        if self._flush_each:
            self._file.flush()
        self.length += 1
        return self.length - 1

    def sync(self) -> RecordMark:
        """Bring everything appended so far to the disk.

        Returns
        -------
        RecordMark
            To go on from.
        """
        self._file.flush()
        os.fsync(self._file.fileno())
        return RecordMark(self.length, os.fstat(self._file.fileno()).st_size, self.head)

    def close(self) -> None:
        """Flush to the disk and close."""
        self.sync()
        self._file.close()


def cut_record(folder: Path, mark: RecordMark) -> None:
    """Drop the records behind a mark, if the chain up to it is the one that was marked.

    Parameters
    ----------
    folder : Path
        The run's ``ledger`` folder.
    mark : RecordMark
        From :meth:`RecordWriter.sync`.

    Raises
    ------
    RunFolderError
        If the record is missing, too short, or its chain does not lead to the mark's head.
    """
    path = folder / FILE_NAME
    try:
        with path.open("r+b") as stream:
            if _head_of(stream, mark.nbytes) != (mark.head, mark.length):
                problem = _broken(path, mark.length, "the record does not lead to its checkpoint")
                raise RunFolderError([problem])
            stream.truncate(mark.nbytes)
    except OSError as error:
        message = f"the record cannot be read: {error.strerror}"
        raise RunFolderError([Problem(message, "run again", path=str(path))]) from error


def _head_of(stream: BinaryIO, nbytes: int) -> tuple[str, int]:
    """Follow the chain through the first bytes of a record, as they were written."""
    head, length = GENESIS, 0
    while stream.tell() < nbytes:
        body, found, links = stream.readline().rpartition(b',"previous":"')
        head_next = hashlib.sha256(head.encode() + b"\n" + body + b"}").hexdigest()
        if not found or links != f'{head}","hash":"{head_next}"}}\n'.encode():
            return "", length
        head, length = head_next, length + 1
    return (head, length) if stream.tell() == nbytes else ("", length)


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
    try:
        stream = path.open(encoding="utf-8")
    except OSError as error:
        message = f"the record cannot be read: {error.strerror}"
        raise RunFolderError([Problem(message, "run again", path=str(path))]) from error
    previous = GENESIS
    with stream:
        for number, line in enumerate(stream, start=1):
            entry = _parse(path, number, line)
            stated = entry.get("hash")
            body = {key: item for key, item in entry.items() if key not in {"previous", "hash"}}
            if entry.get("previous") != previous or chain_hash(previous, body) != stated:
                problem = _broken(path, number, f"the hash chain breaks at record {number - 1}")
                raise RunFolderError([problem])
            previous = str(stated)
            yield entry


def _parse(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise RunFolderError([_broken(path, number, "this line is not a record")]) from error
    if not isinstance(entry, dict):
        raise RunFolderError([_broken(path, number, "this line is not a record")])
    return entry


def _broken(path: Path, number: int, message: str) -> Problem:
    remedy = "the record was altered or cut; run again"
    return Problem(message, remedy, path=str(path), line=number)
