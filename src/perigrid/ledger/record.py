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
from pathlib import Path
from typing import Any, Final

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


class RecordWriter:
    """Appends records to a file and knows the head of the chain.

    Parameters
    ----------
    folder : Path
        The run's ``ledger`` folder, created if missing.
    flush_each : bool
        Hand every record to the operating system at once, so that it outlives this process; not
        needed where the run can be repeated.
    """

    def __init__(self, folder: Path, *, flush_each: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._flush_each = flush_each
        self._file = (folder / FILE_NAME).open("x", encoding="utf-8", newline="\n")
        self.head = GENESIS
        self.length = 0

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

    def close(self) -> None:
        """Flush to the disk and close."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


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
