"""Going through a record line by line: every record whole, in its place, in its log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from perigrid.ledger.leaf import GENESIS, PREVIOUS, RECORD, Line, parse_line
from perigrid.ledger.logs import GROUND
from perigrid.ledger.merkle import CompactRange
from perigrid.ledger.personal import orders_in
from perigrid.ledger.record import (
    ACTIONS,
    ANCHOR,
    BATCH,
    EVENTS,
    PART,
    PINS,
    RUN,
    SEAL,
    WORDS,
)
from perigrid.ledger.run_rows import WORDS as PINNED_WORDS
from perigrid.ledger.side_store import commitments_in

KINDS: Final = frozenset({PINS, EVENTS, ACTIONS, PART, BATCH, ANCHOR, RUN, SEAL, WORDS})

_BY_TABLES: Final = frozenset({BATCH, WORDS, EVENTS, ACTIONS})


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason not to believe a ledger.

    Parameters
    ----------
    where : str
        File, and line if it has lines.
    what : str
        What is wrong, naming the record.
    """

    where: str
    what: str


@dataclass(slots=True)
class Records:
    """What a record says, once gone through.

    Parameters
    ----------
    doubts : list of Doubt
        Empty if every record is whole and in its place.
    logs : dict of str to list of bytes
        Leaf hashes of every log, computed.
    in_contact, at_end : dict of str to int
        Leaves of each satellite's log that were last entered on the ground in a contact, and at the
        end of the run.
    pins, seal : dict
        What the first and the last record say; empty if they are missing.
    commitments : list of str
        Salted hashes that stand for personal data.
    orders : list of (int, mapping)
        People's orders, each with the number of its record.
    parts : list of (int, str, object)
        Parts of tables, each with the number of its record, its path and its digest.
    batches : list of mapping
        Records about many decisions at once, and those of messages, of a run by tables.
    runs : dict of str to mapping
        Of a comparison, by folder: origin, size and root of the logs of its runs.
    first : str
        Hash of the first record.
    length : int
        Lines.
    last_t_s : float
        Time of the last record [s].
    """

    doubts: list[Doubt] = field(default_factory=list)
    logs: dict[str, list[bytes]] = field(default_factory=dict)
    in_contact: dict[str, int] = field(default_factory=dict)
    at_end: dict[str, int] = field(default_factory=dict)
    pins: dict[str, Any] = field(default_factory=dict)
    seal: dict[str, Any] = field(default_factory=dict)
    commitments: list[str] = field(default_factory=list)
    orders: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    parts: list[tuple[int, str, object]] = field(default_factory=list)
    batches: list[Mapping[str, Any]] = field(default_factory=list)
    runs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    first: str = ""
    length: int = 0
    last_t_s: float = 0.0


def read_records(content: bytes) -> Records:
    """Go through a record.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    Records
        With a doubt for everything that is not as it was written.
    """
    *lines, rest = content.split(b"\n")
    parsed = [parse_line(raw) for raw in lines]
    walk = _Walk(parsed)
    for number, line in enumerate(parsed, start=1):
        walk.step(number, line)
    if rest:
        walk.doubt(len(lines) + 1, f"the last line is cut after record {walk.last}")
    if not walk.found.seal:
        walk.doubt(len(lines), f"the record ends after record {walk.last} without its seal")
    walk.found.length = len(lines)
    return walk.found


class _Walk:
    """The state between two lines."""

    def __init__(self, parsed: list[Line | None]) -> None:
        self.found = Records()
        self._present = {line.entry["sequence"] for line in parsed if line is not None}
        self._hashes: dict[int, str] = {-1: GENESIS}
        self._trees: dict[str, CompactRange] = {}
        self._expected = 0

    @property
    def last(self) -> int:
        """Sequence number of the last record in its place."""
        return self._expected - 1

    def doubt(self, number: int, what: str) -> None:
        """Note what is wrong in a line."""
        self.found.doubts.append(Doubt(f"{RECORD}:{number}", what))

    def step(self, number: int, line: Line | None) -> None:
        """Take in a line."""
        if line is None:
            self.doubt(number, f"the line of record {self._expected} is no record: cut or altered")
            self._expected += 1
            return
        # What an altered line says of its number is worth nothing: it counts where it stands.
        sequence = line.entry["sequence"] if line.whole else self._expected
        if not line.whole:
            self.doubt(
                number, f"record {sequence} was altered: its hash is not that of its content"
            )
        elif not line.canonical:
            self.doubt(number, f"record {sequence} is not written in canonical form")
        twice = sequence in self._hashes
        self._place(number, sequence, twice=twice)
        self._chain(number, sequence, line)
        if not twice:
            self._hashes[sequence] = line.stated
            self._enter(number, line)
            self._content(number, line)

    def _place(self, number: int, sequence: int, *, twice: bool) -> None:
        """Check that a record stands where its number says."""
        expected = self._expected
        self._expected = max(expected, sequence + 1)
        if twice:
            self.doubt(number, f"record {sequence} stands twice")
        elif sequence < expected:
            self.doubt(number, f"record {sequence} is out of order: it stands after {expected - 1}")
        elif sequence > expected:
            self._skipped(number, range(expected, sequence))

    def _skipped(self, number: int, skipped: range) -> None:
        """Say of records that are not in their place whether they are missing or elsewhere."""
        elsewhere = sorted(one for one in self._present if one in skipped)
        for first, last in _between([skipped.start - 1, *elsewhere, skipped.stop]):
            which = f"record {first} is" if first == last else f"records {first} to {last} are"
            self.doubt(number, f"{which} missing: record {skipped.stop} stands in the place")
        if elsewhere:
            what = f"record {skipped.stop} is out of order: it stands before {elsewhere[0]}"
            self.doubt(number, what)

    def _chain(self, number: int, sequence: int, line: Line) -> None:
        """Check the link to the record before, if that one is known."""
        before = self._hashes.get(sequence - 1)
        if before is not None and line.entry[PREVIOUS] != before:
            what = f"the chain breaks at record {sequence}: it does not continue {sequence - 1}"
            self.doubt(number, what)

    def _enter(self, number: int, line: Line) -> None:
        """Put a leaf into its log."""
        log, index = line.entry["log"], line.entry["index"]
        tree = self._trees.setdefault(log, CompactRange())
        if index != tree.size and not self.found.doubts:
            what = f"record {line.entry['sequence']} is leaf {index} of {log}, {tree.size} were due"
            self.doubt(number, what)
        tree.append(line.hashed)
        self.found.logs.setdefault(log, []).append(line.hashed)

    def _content(self, number: int, line: Line) -> None:
        """Take in what pins, anchors and the seal say."""
        entry, found = line.entry, self.found
        if self._misplaced(entry):
            self.doubt(number, f"record {entry['sequence']} ({entry['kind']}) has no business here")
        found.last_t_s = max(found.last_t_s, entry["t_s"])
        found.commitments += commitments_in(entry)
        by_tables = PINNED_WORDS in found.pins and entry["kind"] in _BY_TABLES
        found.batches += [entry] if by_tables else []
        if entry["kind"] == PINS:
            found.pins, found.first = _table(entry.get("pins")), line.stated
        elif entry["kind"] == EVENTS:
            found.orders += orders_in(entry)
        elif entry["kind"] == PART:
            found.parts.append((entry["sequence"], str(entry.get("part")), entry.get("sha256")))
        elif entry["kind"] == RUN:
            found.runs[str(entry.get("folder"))] = entry
        elif entry["kind"] == SEAL:
            found.seal = entry
        elif entry["kind"] == ANCHOR:
            self._anchor(number, entry)

    def _misplaced(self, entry: dict[str, Any]) -> bool:
        """Pins come first and only there; nothing follows the seal; time does not go back."""
        return (
            (entry["kind"] == PINS) != (entry["sequence"] == 0)
            or entry["kind"] not in KINDS
            or bool(self.found.seal)
            or (not self.found.doubts and entry["t_s"] < self.found.last_t_s)
        )

    def _anchor(self, number: int, entry: dict[str, Any]) -> None:
        """Compare the stated states of logs with what stands in them."""
        for log, state in sorted(_table(entry.get("logs")).items()):
            tree = self._trees.get(log, CompactRange())
            stated = (_table(state).get("size"), _table(state).get("root"))
            if stated != (tree.size, tree.root().hex()) and not self.found.doubts:
                what = f"record {entry['sequence']} anchors a state of {log} that it never had"
                self.doubt(number, what)
            into = self.found.in_contact if entry.get("at") == "contact" else self.found.at_end
            into[log] = tree.size


def _between(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Find the first and last of the numbers left out between neighbours."""
    for before, after in pairwise(numbers):
        if after > before + 1:
            yield before + 1, after - 1


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def unanchored(found: Records) -> dict[str, tuple[int, int]]:
    """Find the leaves that no contact brought down before the run ended.

    Parameters
    ----------
    found : Records
        A record gone through.

    Returns
    -------
    dict of str to (int, int)
        First and last leaf by satellite.
    """
    return {
        log: (found.in_contact.get(log, 0), len(leaves) - 1)
        for log, leaves in sorted(found.logs.items())
        if log != GROUND and found.in_contact.get(log, 0) < len(leaves)
    }
