"""Decisions of a run, found in the tables that its record holds part by part."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from perigrid.base.jobs import Cause
from perigrid.base.messages import Acknowledge, Action, Verdict
from perigrid.ledger.decisions import Book, Located
from perigrid.ledger.merkle import inclusion_proof, verify_inclusion
from perigrid.ledger.proof import Proof, RowProof
from perigrid.ledger.record import BATCH, PART
from perigrid.ledger.run_rows import NOTED
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import Schema, read_file
from perigrid.report.words import count
from perigrid.sim.staging import MANIFEST

_TABLE: Final = "actions/"
_CAUSES: Final = tuple(Cause)


class TabledBook(Book):
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

    _schema: Schema

    def __init__(self, run: Source) -> None:
        super().__init__(run)
        self.demand_sealed(MANIFEST)
        nodes = run.json(MANIFEST).get("nodes", ())
        self._rows = {str(name): row for row, name in enumerate(nodes)}
        self._nodes = tuple(map(str, nodes))
        self._parts: list[Mapping[str, Any]] = []
        self._first: dict[int, int] = {}  # decisions before each part, by its record
        rows = 0
        for entry in self.entries:
            if entry["kind"] == PART and str(entry["part"]).startswith(_TABLE):
                self._parts.append(entry)
                self._first[int(entry["sequence"])] = rows
                rows += int(entry["rows"])

    def decisions(self, skip: int = 0) -> Iterator[Located]:
        """Go through all decisions.

        Parameters
        ----------
        skip : int
            So many parts at the beginning are left out.

        Yields
        ------
        Located
            In the order in which they were made; a part at a time is in memory.
        """
        for entry in self._parts[skip:]:
            yield from self._in_part(entry)

    def digests(self) -> list[tuple[str, ...]]:
        """Give the digests of what each part of decisions consists of, legs included."""
        return [
            tuple(
                str(one["sha256"])
                for one in self.entries[part["sequence"] : part["sequence"] + 2]
                if one["kind"] == PART
            )
            for part in self._parts
        ]

    def tally(self) -> Counter[str]:
        """Count decisions by kind and verdict."""
        counts: Counter[str] = Counter()
        for part in self._parts:
            told = self._read(part, ("kind", "verdict")).group_by("kind", "verdict").len()
            for kind, verdict, number in told.iter_rows():
                name = Acknowledge.__name__.lower() if kind in NOTED else kind
                counts[f"{name} {verdict}"] += number
        return counts

    def about(self, jobs: Collection[int]) -> Iterator[Located]:
        """Go through the decisions about some jobs.

        Parameters
        ----------
        jobs : collection of int
            Which.

        Yields
        ------
        Located
            In order.
        """
        for part in self._parts:
            mine = self._read(part, ("job_id",))["job_id"].is_in(list(jobs))
            places = tuple(mine.arg_true().to_list())
            yield from self._in_part(part, places) if places else ()

    def find(self, number: str) -> Located:
        """Find a decision by its number.

        Parameters
        ----------
        number : str
            ``SEQ.K``: record of the part, and row in it.

        Returns
        -------
        Located
            The decision.

        Raises
        ------
        InputError
            If there is no such decision.
        """
        sequence, dot, place = self._parted(number)
        entry = next((one for one in self._parts if one["sequence"] == int(sequence)), None)
        if entry is None:
            said = f"{self._parts[0]['sequence']}.0" if self._parts else "none"
            self._refuse(f"record {sequence} holds no decisions", f"the first is {said}")
        rows = int(entry["rows"])
        if (not dot and rows > 1) or int(place or 0) >= rows:
            message = f"record {sequence} holds {count(rows)} decisions"
            self._refuse(message, f"name one of {sequence}.0 to {sequence}.{rows - 1}")
        (found,) = self._in_part(entry, (int(place or 0),))
        return found

    def of_job(self, job_id: int) -> list[Located]:
        """List what was decided about a job.

        Parameters
        ----------
        job_id : int
            Which.

        Returns
        -------
        list of Located
            In order.

        Raises
        ------
        InputError
            If nothing was.
        """
        found: list[Located] = []
        for entry in self._parts:
            jobs = self._read(entry, ("job_id",))["job_id"]
            places = tuple((jobs == job_id).arg_true().to_list())
            found += self._in_part(entry, places) if places else ()
        if not found:
            self._refuse(f"nothing was decided about a job {job_id}", "jobs count from 0")
        return found

    def proof(self, found: Located) -> Proof:
        """Prove that a decision is a leaf of its batch, and that the batch stands in the log.

        Parameters
        ----------
        found : Located
            The decision.

        Returns
        -------
        Proof
            Of the record of the batch, with the way from the decision there.
        """
        part = next(one for one in self._parts if one["sequence"] == found.sequence)
        row = self._first[found.sequence] + found.place
        batch = next(
            one for one in self.entries
            if one["kind"] == BATCH and one["first"] <= row < one["first"] + one["rows"]
        )  # fmt: skip
        first, size = int(batch["first"]), int(batch["rows"])
        leaves = self._leaves(part, first, first + size)
        index, root = row - first, bytes.fromhex(batch["root"])
        path = inclusion_proof(leaves, index)
        holds = verify_inclusion(index, size, leaves[index], path, root)
        of_row = RowProof(
            int(batch["sequence"]), index, size, tuple(one.hex() for one in path),
            leaves[index].hex(), root.hex(), holds,
        )  # fmt: skip
        proof = super().proof(dataclasses.replace(found, index=int(batch["index"])))
        return dataclasses.replace(proof, holds=proof.holds and holds, row=of_row)

    def _in_part(
        self, entry: Mapping[str, Any], places: tuple[int, ...] | None = None
    ) -> Iterator[Located]:
        """Go through a part, or some rows of it."""
        frame = self._read(entry)
        kept = range(frame.height) if places is None else places
        rows = frame if places is None else frame[list(places)]
        where, before = (entry["log"], int(entry["index"])), self._first[int(entry["sequence"])]
        self._prepare(rows)
        for place, row in zip(kept, rows.iter_rows(named=True), strict=True):
            yield Located(
                int(entry["sequence"]), place, frame.height, row["t_s"], *where,
                self._action(row, before + place), self._verdict(row),
                self._explained(before + place),
            )  # fmt: skip

    def _read(self, entry: Mapping[str, Any], columns: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
        self.demand_sealed(str(entry["part"]))
        return read_file(self._run, str(entry["part"]), self._schema, columns)

    def _explained(self, number: int) -> str:  # noqa: ARG002  few records tell
        """Digest of a decision's words, if the record kept one."""
        return ""

    def _prepare(self, rows: Any) -> None:  # noqa: ANN401  a frame
        """Read what else belongs to some decisions."""

    @abstractmethod
    def _leaves(self, part: Mapping[str, Any], first: int, stop: int) -> list[bytes]:
        """Work out the leaf hashes of some decisions of a part, by their numbers in the run."""

    @abstractmethod
    def _action(self, row: Mapping[str, Any], number: int) -> Action:
        """Say what a row decides; ``number`` counts the decisions of the run before it."""

    @abstractmethod
    def _verdict(self, row: Mapping[str, Any]) -> Verdict:
        """Say what was said about it."""
