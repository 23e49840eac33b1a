"""Decisions of a large fleet, found in the tables that its record holds part by part."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from perigrid.base.jobs import Cause
from perigrid.base.messages import Action, Alternative, Close, Compute, Verdict, Wait
from perigrid.control.dispatch.codes import NAMES, WAITS_FOR
from perigrid.ledger.decisions import Book, Located
from perigrid.ledger.record import PART
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import Schema, read_file
from perigrid.ledger.tables import FLEET_ACTIONS, WEIGHED
from perigrid.report.words import WHY, count
from perigrid.sim.staging import MANIFEST

_TABLE: Final = "actions/"
_CAUSES: Final = tuple(Cause)


class TabledBook(Book):
    """The record of a flight of compute jobs: decision ``SEQ.K`` is row K of part SEQ.

    Parameters
    ----------
    run : Source
        Folder or bundle of one flight.

    Raises
    ------
    RunFolderError
        If the record was altered or cut, or is empty.
    """

    _schema: Schema = FLEET_ACTIONS

    def __init__(self, run: Source) -> None:
        super().__init__(run)
        self.demand_sealed(MANIFEST)
        nodes = run.json(MANIFEST).get("nodes", ())
        self._rows = {str(name): row for row, name in enumerate(nodes)}
        self._parts = [
            entry
            for entry in self.entries
            if entry["kind"] == PART and str(entry["part"]).startswith(_TABLE)
        ]

    def decisions(self) -> Iterator[Located]:
        """Go through all decisions.

        Yields
        ------
        Located
            In the order in which they were made; a part at a time is in memory.
        """
        for entry in self._parts:
            yield from self._in_part(entry)

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

    def _in_part(
        self, entry: Mapping[str, Any], places: tuple[int, ...] | None = None
    ) -> Iterator[Located]:
        """Go through a part, or some rows of it."""
        frame = self._read(entry)
        kept = range(frame.height) if places is None else places
        rows = frame if places is None else frame[list(places)]
        where = entry["log"], int(entry["index"])
        self._prepare(rows)
        for place, row in zip(kept, rows.iter_rows(named=True), strict=True):
            yield Located(
                int(entry["sequence"]), place, frame.height, row["t_s"], *where,
                self._action(row), self._verdict(row), "",
            )  # fmt: skip

    def _read(self, entry: Mapping[str, Any], columns: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
        self.demand_sealed(str(entry["part"]))
        return read_file(self._run, str(entry["part"]), self._schema, columns)

    def _prepare(self, rows: Any) -> None:  # noqa: ANN401  a frame
        """Read what else belongs to some decisions."""

    def _action(self, row: Mapping[str, Any]) -> Action:
        """Say what a row decides as a run's record would."""
        job_id, others = row["job_id"], tuple(self._others(row))
        weighed = f"{count(row['candidates'])} satellites weighed"
        if row["kind"] == "compute":
            target, stage = self._rows[row["target"]], row["stage"]
            why = f"the earliest safe answer of {weighed}, expected at {row['t_until_s']:.3f} s"
            return Compute(job_id, target, stage, why, others)
        cause = _CAUSES[WAITS_FOR[NAMES.index(row["reason"])]]
        why = f"none of {weighed} can take it, most: {WHY[row['reason']]}"
        if row["kind"] == "wait":
            return Wait(job_id, row["t_until_s"], cause, why, others)
        return Close(job_id, delivered=False, reason=cause, detail=why, alternatives=others)

    def _verdict(self, row: Mapping[str, Any]) -> Verdict:
        inside = row["kind"] != "compute"
        reason = "it touches nothing" if inside else "asked before, for its kind of satellite"
        return Verdict(row["verdict"], row["rule"], reason)

    def _others(self, row: Mapping[str, Any]) -> Iterator[Alternative]:
        for k in range(1, WEIGHED + 1):
            label = f"other{k}"
            if row[label]:
                t_s = row[f"{label}_t_answer_s"]
                when = t_s if math.isfinite(t_s) else None
                yield Alternative(self._rows[row[label]], when, WHY[row[f"{label}_why"]])
