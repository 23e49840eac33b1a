"""Decisions of a run of observations whose record holds tables, part by part."""

from __future__ import annotations

import itertools
import math
from bisect import bisect
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from typing import Any, Final

import polars as pl

from perigrid.base.codec import decode, encode
from perigrid.base.jobs import Cause, Product
from perigrid.base.messages import (
    Action,
    Alternative,
    ApprovalAnswered,
    AskApproval,
    Close,
    Compute,
    Computed,
    Event,
    JobEvent,
    Leg,
    Move,
    MoveFailed,
    TaskLost,
    Verdict,
    Wait,
    jobs_of,
)
from perigrid.control.alternatives import several
from perigrid.ledger.decisions import Book, Located
from perigrid.ledger.leaf import RECORD, parse_line
from perigrid.ledger.pins import RECORDS, TABLES
from perigrid.ledger.record import ACTIONS, EVENTS, PART
from perigrid.ledger.run_rows import ASK, NOTED, joined, read_rows
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import Schema, read_file
from perigrid.ledger.tables import RUN_ACTIONS, RUN_EVENTS, RUN_LEGS, RUN_OTHERS
from perigrid.report.tabled_book import TabledBook

_NONE: Final = (0, None)


class RunBook(TabledBook):
    """The record of a run by tables: decision ``SEQ.K`` is row K of part SEQ.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.

    Raises
    ------
    RunFolderError
        If the record was altered or cut, or is empty.
    """

    _schema: Schema = RUN_ACTIONS

    def __init__(self, run: Source) -> None:
        super().__init__(run)
        self._legs: dict[int, list[dict[str, Any]]] = {}
        self._weighed: dict[int, list[dict[str, Any]]] = {}

    def find(self, number: str) -> Located:
        """Find a decision by its number.

        Parameters
        ----------
        number : str
            ``SEQ.K``: record of the part, and row in it; of a request to people or a note of what
            they said, the number of its message in the record is one too.

        Returns
        -------
        Located
            The decision.

        Raises
        ------
        InputError
            If there is no such decision.
        """
        sequence, _, place = self._parted(number)
        if int(sequence) < len(self.entries) and self.entries[int(sequence)]["kind"] == ACTIONS:
            wanted = int(sequence), int(place or 0)
            found = (row for row, one in self._messages.items() if wanted == _at(one))
            row = next(found, None)
            if row is not None:
                part, first = max(one for one in self._first.items() if one[1] <= row)
                return super().find(f"{part}.{row - first}")
        return super().find(number)

    def number_of(self, found: Located) -> int:
        """Count the decisions that were made before one.

        Parameters
        ----------
        found : Located
            The decision.

        Returns
        -------
        int
            0 for the first of the run.
        """
        return self._first[found.sequence] + found.place

    def messages_of(self, job_id: int) -> Iterator[tuple[float, dict[str, Any], dict[str, Any]]]:
        """Write what the tables hold of a job as a record of messages has it.

        Parameters
        ----------
        job_id : int
            Which.

        Yields
        ------
        t_s : float
            When [s].
        message, verdict : dict
            JSON values, in the order in which things were heard and decided. Of events those that
            decisions do not tell of; they have no verdict.
        """
        mine = pl.col("job_id") == job_id
        heard = [row["heard"] for row in self._rows_of("actions", RUN_ACTIONS, mine)]
        events = self._events_of(job_id)
        number, event = next(events, _NONE)
        for before, one in zip(heard, self.of_job(job_id), strict=True):
            while event is not None and number < before:
                yield event.t_s, encode(event), {}
                number, event = next(events, _NONE)
            yield one.t_s, encode(one.action), encode(one.verdict)
        while event is not None:
            yield event.t_s, encode(event), {}
            number, event = next(events, _NONE)

    def _events_of(self, job_id: int) -> Iterator[tuple[int, JobEvent]]:
        """Stages that ended or were lost, moves that failed and people's answers, by number."""
        answers = (
            one for _, one in self._heard()
            if isinstance(one, ApprovalAnswered) and job_id in (one.jobs or (one.job_id,))
        )  # fmt: skip
        for number, row in self._numbered("events", RUN_EVENTS, job_id):
            t_s, node = row["t_s"], self._row(row["node"])
            match row["kind"]:
                case Computed.__name__:
                    outcome = None if math.isnan(row["outcome"]) else row["outcome"]
                    seen = (node, row["stage"], outcome, row["suspect"])
                    yield number, Computed(t_s, job_id, *seen)
                case MoveFailed.__name__:
                    yield number, MoveFailed(t_s, job_id, node, row["leg"], row["cause"])
                case TaskLost.__name__:
                    yield number, TaskLost(t_s, job_id, node, row["stage"], row["kept_s"])
                case ApprovalAnswered.__name__:
                    for answer in itertools.islice(answers, 1):
                        yield number, answer

    def _numbered(
        self, table: str, schema: Schema, job_id: int
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Go through the rows of a table about a job, each with its number over all parts."""
        first = 0
        for part in self._parts_of(table):
            jobs = read_file(self._run, part, schema, ("job_id",))["job_id"]
            rows = read_file(self._run, part, schema, (), pl.col("job_id") == job_id)
            places = (jobs == job_id).arg_true().to_list()
            yield from zip((first + one for one in places), rows.iter_rows(named=True), strict=True)
            first += len(jobs)

    def message_of(self, found: Located) -> Located:
        """Find the message in which the record holds a request or a note.

        Parameters
        ----------
        found : Located
            Which.

        Returns
        -------
        Located
            Of the record of that message.
        """
        return self._messages[self.number_of(found)]

    def before(self, found: Located) -> Iterator[dict[str, Any]]:
        """Go through what was recorded before a decision.

        Parameters
        ----------
        found : Located
            The decision.

        Yields
        ------
        dict
            Records with messages up to its time; of a request or a note, up to its own message.
        """
        number = self.number_of(found)
        own = self._messages[number].sequence if number in self._messages else len(self.entries)
        yield from (one for one in self.entries[:own] if one["t_s"] <= found.t_s)

    @cached_property
    def _messages(self) -> dict[int, Located]:
        """Requests to people and notes of what they said, as the record holds them, by number."""
        if all(entry["kind"] != ACTIONS for entry in self.entries):
            return {}
        kinds = pl.col("kind").is_in([ASK, *NOTED])
        told: dict[int, deque[Located]] = {}
        for one in Book.decisions(self):
            for job in jobs_of(one.action):
                told.setdefault(job, deque()).append(one)
        rows = self._rows_of("actions", RUN_ACTIONS, kinds)
        return {row["decision"]: told[row["job_id"]].popleft() for row in rows}

    def _heard(self) -> Iterator[tuple[float, Event]]:
        """Events that the record holds as messages."""
        for entry in self.entries:
            for message in entry["events"] if entry["kind"] == EVENTS else ():
                yield entry["t_s"], decode(message)

    def _prepare(self, rows: pl.DataFrame) -> None:
        wanted = pl.col("decision").is_in(rows["decision"].implode())
        self._legs, self._weighed = {}, {}
        for table, schema, held in (
            ("legs", RUN_LEGS, self._legs),
            ("others", RUN_OTHERS, self._weighed),
        ):
            for row in self._rows_of(table, schema, wanted, rows["sequence"].unique().to_list()):
                held.setdefault(row.pop("decision"), []).append(row)

    def _rows_of(
        self, table: str, schema: Schema, where: pl.Expr, beside: Sequence[int] = ()
    ) -> Iterator[dict[str, Any]]:
        """Go through some rows of a table that may have no part."""
        for part in self._parts_of(table, beside):
            yield from read_file(self._run, part, schema, (), where).iter_rows(named=True)

    def _parts_of(self, table: str, beside: Sequence[int] = ()) -> Iterator[str]:
        """Parts of a table, each as it was sealed; only those beside parts of decisions."""
        decided = sorted(self._first)
        for entry in self.entries:
            part, place = str(entry.get("part")), bisect(decided, entry["sequence"]) - 1
            near = not beside or (place >= 0 and decided[place] in beside)
            if near and entry["kind"] == PART and part.startswith(f"{table}/"):
                self.demand_sealed(part)
                yield part

    def _leaves(self, part: Mapping[str, Any], first: int, stop: int) -> list[bytes]:  # noqa: ARG002  the numbers say which
        parts = [str(one["part"]) for one in self.entries if one["kind"] == PART]
        for name in parts:
            if name.startswith(("actions/", "legs/", "others/")):
                self.demand_sealed(name)
        pins = joined(self.pins, self.entries)
        return read_rows(self._run, parts, first, stop).leaves(pins, self._nodes)

    def _action(self, row: Mapping[str, Any], number: int) -> Action:  # noqa: ARG002  see there
        job_id, reason, others = row["job_id"], row["reason"], tuple(self._others(row))
        match row["kind"]:
            case "move":
                legs = tuple(self._leg(one) for one in self._legs.get(row["decision"], ()))
                ends = self._row(row["source"]), self._row(row["target"])
                return Move(job_id, Product(row["product"]), *ends, legs, reason, others)
            case "compute":
                return Compute(job_id, self._row(row["source"]), row["stage"], reason, others)
            case "wait":
                return Wait(job_id, row["t_until_s"], Cause(row["cause"]), reason, others)
            case "close":
                missed_for = row["cause"]
                detail = reason.removeprefix(f"{missed_for}: ") if missed_for else reason
                return Close(job_id, not missed_for, missed_for, detail, others)
        said = self._messages[row["decision"]].action
        return replace(said, job_id=job_id) if isinstance(said, AskApproval) else said

    def _explained(self, number: int) -> str:
        return self._messages[number].explained if number in self._messages else ""

    def _verdict(self, row: Mapping[str, Any]) -> Verdict:
        return Verdict(row["verdict"], row["rule"], row["verdict_reason"])

    def _others(self, row: Mapping[str, Any]) -> Iterator[Alternative]:
        rows = self._weighed.get(row["decision"], ())
        for together, group in groupby(rows, key=lambda one: not one["node"]):
            if together:
                yield Alternative(-1, None, counted(group))
                continue
            for one in group:
                t_s = None if math.isnan(one["t_answer_s"]) else one["t_answer_s"]
                yield Alternative(self._row(one["node"]), t_s, one["why"])

    def _leg(self, row: dict[str, Any]) -> Leg:
        ends = {end: self._row(row[end]) for end in ("source", "target")}
        return Leg(**{**row, **ends})

    def _row(self, name: str) -> int:
        return self._rows[name] if name else -1


def _at(message: Located) -> tuple[int, int]:
    return message.sequence, message.place


def counted(rows: Iterable[Mapping[str, Any]]) -> str:
    """Say of how many alternatives not told by name what is said of them.

    Parameters
    ----------
    rows : iterable of mapping
        Of one decision: ``why`` and ``count``.

    Returns
    -------
    str
        In the order of the words.
    """
    counts: Counter[str] = Counter()
    for one in rows:
        counts[one["why"]] += one["count"]
    return "; ".join(several(number, why) for why, number in sorted(counts.items()))


def is_by_tables(run: Source) -> bool:
    """Say whether a run is recorded by tables, from its first record.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.

    Returns
    -------
    bool
        False for one that records messages.
    """
    line = parse_line(run.read(RECORD).partition(b"\n")[0]) if run.has(RECORD) else None
    pins = {} if line is None else line.entry.get("pins")
    return isinstance(pins, dict) and pins.get(RECORDS) == TABLES


def open_book(run: Source) -> Book:
    """Open the record of a run of any workload.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.

    Returns
    -------
    Book
        Its decisions.

    Raises
    ------
    RunFolderError
        If the record was altered or cut, or is empty.
    """
    book = Book(run)
    return RunBook(run) if book.pins.get(RECORDS) == TABLES else book
