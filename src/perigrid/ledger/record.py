"""The append-only record of a run: one JSON object a line, a chain over all, a Merkle log per node.

Events are appended before the controller sees them, actions before they are carried out. No record,
no act: if a record cannot be written the call raises, and every later one too.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from perigrid.base.decision_words import decisions_text
from perigrid.base.errors import RunFolderError, WorkError
from perigrid.base.message_text import messages_text
from perigrid.base.messages import Action, Event, Verdict
from perigrid.ledger.disk import Disk
from perigrid.ledger.leaf import (
    FILE_NAME,
    GENESIS,
    Line,
    write_line,
    write_messages,
)
from perigrid.ledger.logs import GROUND, NodeLogs
from perigrid.ledger.reading import RecordMark as RecordMark
from perigrid.ledger.reading import chained, content_of, problem_at
from perigrid.ledger.reading import last_mark as last_mark
from perigrid.ledger.reading import read_record as read_record
from perigrid.ledger.side_store import COMMITMENT_KEY, SideStore, commitments_in

PINS: Final = "pins"
EVENTS: Final = "events"
ACTIONS: Final = "actions"
ANCHOR: Final = "anchor"
PART: Final = "part"
BATCH: Final = "batch"
WORDS: Final = "words"
RUN: Final = "run"
SEAL: Final = "seal"
BUFFER_BYTES: Final = 1 << 20
"""Records that need not outlive the process are written out in pieces of this size. [B]"""


class RecordWriter:
    """Appends records to a file and knows the head of the chain and the state of every log.

    Parameters
    ----------
    folder : Path
        The run's ``ledger`` folder, created if missing.
    flush_each : bool
        Every record outlives this process, and every decision is on the disk before the call
        returns, with one wait for the events it answers and itself. Not needed where the run can be
        repeated.
    nodes : sequence of str
        Satellites in order of their fleet rows; each has a log of its own.
    names : sequence of str
        Of all nodes, for the words of decisions; those of ``nodes`` if left out.
    passes : sequence of (float, str)
        When [s] which satellite can next reach the ground, in order of time: there the state of its
        log is entered into the ground's.
    after : RecordMark, optional
        Go on after this mark, and drop what stands behind it; a new record if left out.
    disk : Disk, optional
        Where to write.

    Raises
    ------
    RunFolderError
        If the record up to the mark is not the one that was marked.
    """

    def __init__(
        self,
        folder: Path,
        *,
        flush_each: bool = False,
        nodes: Sequence[str] = (),
        names: Sequence[str] = (),
        passes: Sequence[tuple[float, str]] = (),
        after: RecordMark | None = None,
        disk: Disk | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE_NAME
        self.side = SideStore(folder)
        self._flush_each = flush_each
        self._logs = NodeLogs(nodes)
        self._names = tuple(names or nodes)
        self._passes = passes
        self._passed = 0
        self._waiting: list[bytes] = []  # lines not handed to the disk yet
        self._waiting_bytes = self._kept_bytes = 0
        self._broken = self._closed = False
        self.head = self.first = GENESIS
        self.length = 0
        self.pinned: dict[str, Any] = {}
        self.commitments: set[str] = set()
        """What stands for personal data in a record that is gone on with."""
        if after is not None:
            self._go_on(path, after)
        self._file = (disk or Disk()).append_to(path, new=after is None)
        self._file.truncate(self._kept_bytes)

    def _go_on(self, path: Path, mark: RecordMark) -> None:
        """Come into the state in which the writer was at a mark."""
        content = content_of(path)[: mark.nbytes]
        lines = content.split(b"\n")[:-1] if content.endswith(b"\n") else []
        for line in chained(path, lines):
            self._take(line)
        if RecordMark(self.length, sum(len(line) + 1 for line in lines), self.head) != mark:
            problem = problem_at(path, mark.length, "the record does not lead to its checkpoint")
            raise RunFolderError([problem])
        self._kept_bytes = mark.nbytes

    def _take(self, line: Line) -> None:
        """Count a record that is in the file already."""
        entry = line.entry
        while self._passed < len(self._passes) and self._passes[self._passed][0] <= entry["t_s"]:
            self._passed += 1
        if entry["kind"] == ANCHOR:
            self._logs.anchor(entry["logs"])
        elif entry["kind"] == PINS:
            self.pinned = entry["pins"]
        if COMMITMENT_KEY.encode() in line.leaf:
            self.commitments.update(commitments_in(entry))
        self._count(entry["log"], line.hashed)

    # ------------------------------------------------------------------ what is recorded

    def pins(self, content: Mapping[str, Any]) -> int:
        """Begin with what decides: digests of scenario, fleet, models, policy.

        Parameters
        ----------
        content : dict
            JSON values.

        Returns
        -------
        int
            Sequence number of the record.
        """
        self.pinned = dict(content)
        sequence = self._append(0.0, PINS, GROUND, {"pins": self.pinned})
        self._settle()
        return sequence

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
        self._anchor_passes(t_s)
        text = messages_text(events)
        sequence = self._append(t_s, EVENTS, self._logs.owner(events), ("events", text))
        if self._flush_each:
            self._write_out()
        return sequence

    def actions(
        self, t_s: float, decisions: Sequence[tuple[Action, Verdict]], *, settled: bool = True
    ) -> int:
        """Append what was decided, before it is carried out.

        Parameters
        ----------
        t_s : float
            Time of the decision [s].
        decisions : sequence of (Action, Verdict)
            In order.
        settled : bool
            Whether to wait for the disk, where every record is flushed. False if the caller waits
            with :meth:`sync`, once for several decisions, and does none of them before.

        Returns
        -------
        int
            Sequence number of the record.
        """
        text = decisions_text(t_s, decisions, self._names)
        owner = self._logs.owner(action for action, _ in decisions)
        sequence = self._append(t_s, ACTIONS, owner, ("decisions", text))
        if self._flush_each and settled:
            self._settle()
        return sequence

    def part(self, t_s: float, name: str, rows: int, sha256: str) -> int:
        """Append that a part of a table is written; on the disk when the call returns.

        Parameters
        ----------
        t_s : float
            Time up to which it goes [s].
        name : str
            Its path in the run folder.
        rows : int
            How many rows it has.
        sha256 : str
            Of the file, hexadecimal.

        Returns
        -------
        int
            Sequence number of the record.
        """
        sequence = self._append(t_s, PART, GROUND, {"part": name, "rows": rows, "sha256": sha256})
        self._settle()
        return sequence

    def enter(self, t_s: float, kind: str, content: Mapping[str, Any]) -> int:
        """Append what :mod:`perigrid.ledger.batches` says of many decisions at once.

        Parameters
        ----------
        t_s : float
            Time up to which it goes [s].
        kind : str
            :data:`BATCH` or :data:`WORDS`.
        content : mapping
            JSON values.

        Returns
        -------
        int
            Sequence number of the record.
        """
        return self._append(t_s, kind, GROUND, dict(content))

    def run(self, t_s: float, folder: str, origin: str, size: int, root: bytes) -> int:
        """Append the state of another ledger, that of a run of a comparison.

        Parameters
        ----------
        t_s : float
            Time of the end [s].
        folder : str
            Where the run stands.
        origin : str
            Which log its ground keeps.
        size : int
            Leaves of it.
        root : bytes
            Its Merkle tree head.

        Returns
        -------
        int
            Sequence number of the record.
        """
        content = {"folder": folder, "origin": origin, "size": size, "root": root.hex()}
        return self._append(t_s, RUN, GROUND, content)

    def seal(self, t_s: float, files: Mapping[str, str]) -> int:
        """End with the state of every log and the digests of the files that came out.

        Parameters
        ----------
        t_s : float
            Time of the end [s].
        files : dict of str to str
            Hexadecimal SHA-256 by path in the run folder.

        Returns
        -------
        int
            Sequence number of the record, the last one.
        """
        self._anchor(t_s, self._logs.names(), "end")
        sequence = self._append(t_s, SEAL, GROUND, {"files": dict(files)})
        self._settle()
        return sequence

    def ground(self) -> tuple[int, bytes]:
        """Give the state of the ground's log, under which all others stand.

        Returns
        -------
        size : int
            Leaves.
        root : bytes
            Merkle tree head.
        """
        return self._logs.size(GROUND), self._logs.root(GROUND)

    # ------------------------------------------------------------------ how

    def _anchor_passes(self, t_s: float) -> None:
        """Enter the logs of the satellites that could reach the ground by now."""
        reached = self._passed
        while reached < len(self._passes) and self._passes[reached][0] <= t_s:
            reached += 1
        if reached > self._passed:
            names = [name for _, name in self._passes[self._passed : reached]]
            self._passed = reached
            self._anchor(t_s, names, "contact")

    def _anchor(self, t_s: float, names: Sequence[str], at: str) -> None:
        """Enter the states of those logs that have grown into the ground's log."""
        states = self._logs.grown(names)
        if states:
            self._append(t_s, ANCHOR, GROUND, {"at": at, "logs": states})
            self._logs.anchor(states)

    def _append(
        self, t_s: float, kind: str, log: str, content: dict[str, Any] | tuple[str, str]
    ) -> int:
        """Write a record of JSON values, or of messages: their key and their text."""
        if self._broken:
            message = "a record could not be written, so nothing more is recorded or done"
            raise WorkError(message)
        body = {
            "sequence": self.length,
            "log": log,
            "index": self._logs.size(log),
            "t_s": t_s,
            "kind": kind,
        }
        if isinstance(content, tuple):
            line, hashed = write_messages(body, *content, self.head)
        else:
            line, hashed = write_line(body | content, self.head)
        self._waiting.append(line)
        self._waiting_bytes += len(line)
        if self._waiting_bytes >= BUFFER_BYTES:
            self._write_out()
        self._count(log, hashed)
        return self.length - 1

    def _count(self, log: str, hashed: bytes) -> None:
        self._logs.append(log, hashed)
        self.head = hashed.hex()
        if self.length == 0:
            self.first = self.head
        self.length += 1

    def _write_out(self) -> None:
        """Hand what waits to the operating system; on failure leave no part of it and no way on."""
        content = b"".join(self._waiting)
        try:
            self._file.write(content)
        except BaseException:
            self._break()
            raise
        self._kept_bytes += len(content)
        self._waiting.clear()
        self._waiting_bytes = 0

    def _settle(self) -> None:
        """Return once everything so far is on the disk."""
        before = self._kept_bytes
        self._write_out()
        try:
            self._file.sync()
        except BaseException:
            self._kept_bytes = before
            self._break()
            raise

    def _break(self) -> None:
        """Refuse everything from now on, and cut what nobody was told is recorded."""
        self._broken = True
        with contextlib.suppress(OSError):  # a cut line is dropped when the record is reopened
            self._file.truncate(self._kept_bytes)

    def sync(self) -> RecordMark:
        """Bring everything appended so far to the disk.

        Returns
        -------
        RecordMark
            To go on from.
        """
        self._settle()
        return RecordMark(self.length, self._kept_bytes, self.head)

    def close(self) -> None:
        """Flush to the disk and close; closing again does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            if not self._broken:
                self._settle()
        finally:
            self._file.close()
