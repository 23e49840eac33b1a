"""Decisions of a large fleet: rows of tables, leaves of the batches of their steps."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from perigrid.base.approvals import BY_APPROVAL, BY_ENVELOPE
from perigrid.base.codec import decode
from perigrid.base.jobs import Cause
from perigrid.base.messages import (
    Action,
    Alternative,
    AskApproval,
    Close,
    Compute,
    EnvelopeAnswered,
    Verdict,
    Wait,
)
from perigrid.control.dispatch.codes import NAMES, WAITS_FOR
from perigrid.ledger.decisions import Located
from perigrid.ledger.proof import Signature, signature_of
from perigrid.ledger.record import ANSWER, EVENTS, REQUEST
from perigrid.ledger.rows import ASKED, KINDS, Kind, leaves_of
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import Schema
from perigrid.ledger.tables import FLEET_ACTIONS, WEIGHED
from perigrid.report.tabled_book import TabledBook
from perigrid.report.words import WHY, count

_CAUSES: Final = tuple(Cause)


class FlightBook(TabledBook):
    """The record of a flight of compute jobs.

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
        self._requests: dict[int, Mapping[str, Any]] = {
            row: entry
            for entry in self.entries
            if entry["kind"] == REQUEST
            for row in entry["rows"]
        }

    def signatures(self, found: Located) -> list[Signature]:
        """List what people signed that bears on a decision.

        Parameters
        ----------
        found : Located
            The decision.

        Returns
        -------
        list of Signature
            Under the envelope or the request that it was allowed by, or that it leads to.
        """
        rule = found.verdict.rule
        if rule.startswith(BY_ENVELOPE):
            signed = self._of_envelope(rule.removeprefix(BY_ENVELOPE))
        elif rule == BY_APPROVAL or isinstance(found.action, AskApproval):
            signed = self._of_requests(found)
        else:
            signed = []
        return [dataclasses.replace(one, who=self.who(one.key)) for one in signed]

    def _of_envelope(self, name: str) -> list[Signature]:
        events = [
            one for entry in self.entries if entry["kind"] == EVENTS for one in entry["events"]
        ]
        return [
            signature_of(one, name)
            for event in map(decode, events)
            if isinstance(event, EnvelopeAnswered) and event.envelope == name
            for one in event.approvals
        ]

    def _of_requests(self, found: Located) -> list[Signature]:
        """Answers to the requests about a job: to the one that is meant, or given until then."""
        job, asks = found.action.job_id, isinstance(found.action, AskApproval)
        row = self._first[found.sequence] + found.place
        asked = {
            entry["subject"]
            for of_row, entry in self._requests.items()
            if (of_row == row if asks else job in entry["jobs"])
        }
        return [
            signature_of(decode(one))
            for entry in self.entries
            if entry["kind"] == ANSWER and entry["subject"] in asked
            and (asks or entry["t_s"] <= found.t_s)
            for one in entry["approvals"]
        ]  # fmt: skip

    def _leaves(self, part: Mapping[str, Any], first: int, stop: int) -> list[bytes]:
        before = self._first[int(part["sequence"])]
        frame = self._read(part)[first - before : stop - before]
        return [bytes(one) for one in leaves_of(frame, self.pins, self._nodes)]

    def _action(self, row: Mapping[str, Any], number: int) -> Action:
        """Say what a row decides as a run's record would."""
        job_id, others = row["job_id"], tuple(self._others(row))
        weighed = f"{count(row['candidates'])} satellites weighed"
        if row["kind"] == "compute":
            target, stage = self._rows[row["target"]], row["stage"]
            why = f"the earliest safe answer of {weighed}, expected at {row['t_until_s']:.3f} s"
            return Compute(job_id, target, stage, why, others)
        if row["kind"] == KINDS[Kind.ASK]:
            return self._request(row, self._requests[number], others)
        cause = _CAUSES[WAITS_FOR[NAMES.index(row["reason"])]]
        why = f"none of {weighed} can take it, most: {WHY[row['reason']]}"
        if row["kind"] == "wait":
            return Wait(job_id, row["t_until_s"], cause, why, others)
        return Close(job_id, delivered=False, reason=cause, detail=why, alternatives=others)

    def _request(
        self, row: Mapping[str, Any], asked: Mapping[str, Any], others: tuple[Alternative, ...]
    ) -> AskApproval:
        """Say what people were asked about a row, among others of its class."""
        why = f"the earliest safe answer of {count(row['candidates'])} satellites weighed"
        subject = Compute(row["job_id"], self._rows[row["target"]], row["stage"], why, others)
        return AskApproval(
            row["job_id"], row["rule"], subject, asked["subject"], asked["root"],
            asked["asked_s"], asked["expires_s"], asked["people"], tuple(asked["roles"]),
        )  # fmt: skip

    def _verdict(self, row: Mapping[str, Any]) -> Verdict:
        rule = str(row["rule"])
        if row["verdict"] == ASKED:
            reason = f"rule {rule} reserves it to people"
        elif row["kind"] != KINDS[Kind.COMPUTE]:
            reason = "it touches nothing"
        elif rule == BY_APPROVAL:
            reason = "people were asked, and allowed it"
        elif rule.startswith(BY_ENVELOPE):
            reason = "it lies in an envelope that people signed"
        else:
            reason = "asked before, for its class of jobs and of satellites"
        return Verdict(row["verdict"], rule, reason)

    def _others(self, row: Mapping[str, Any]) -> Iterator[Alternative]:
        for k in range(1, WEIGHED + 1):
            label = f"other{k}"
            if row[label]:
                t_s = row[f"{label}_t_answer_s"]
                when = t_s if math.isfinite(t_s) else None
                yield Alternative(self._rows[row[label]], when, WHY[row[f"{label}_why"]])
