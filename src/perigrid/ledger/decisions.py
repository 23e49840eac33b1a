"""Finding one decision in a record, with who signed for it and the proof that it stands there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn

from perigrid.base.approvals import ORDER_KINDS
from perigrid.base.codec import decode
from perigrid.base.decision_words import EXPLAINED
from perigrid.base.digest import action_hash
from perigrid.base.errors import InputError, Problem, RunFolderError
from perigrid.base.messages import (
    Acknowledge,
    Action,
    ApprovalAnswered,
    Compute,
    EnvelopeAnswered,
    Move,
    Verdict,
)
from perigrid.ledger.audit_records import Records, read_records
from perigrid.ledger.leaf import RECORD, parse_line
from perigrid.ledger.logs import GROUND
from perigrid.ledger.merkle import inclusion_proof, root, verify_inclusion
from perigrid.ledger.personal import Personal, orders_in
from perigrid.ledger.proof import Proof, Signature, signature_of
from perigrid.ledger.record import ACTIONS, ANCHOR, EVENTS
from perigrid.ledger.seal import LEDGER
from perigrid.ledger.side_store import FILE_NAME as SIDE
from perigrid.ledger.source import Source

SIDE_FILE: Final = f"{LEDGER}/{SIDE}"
NEAR: Final = 3
"""How many neighbours are named where a number is no decision's."""


@dataclass(frozen=True, slots=True)
class Located:
    """A decision in its record.

    Parameters
    ----------
    sequence, place : int
        Number of the record, and which of the decisions in it, from 0.
    beside : int
        How many decisions the record holds.
    t_s : float
        When it was made [s].
    log, index
        In which log the record stands, and as which leaf.
    action : Action
        What was wanted.
    verdict : Verdict
        What the gate said.
    explained : str
        Digest of its words, stored at the time; empty in records of versions that kept none.
    """

    sequence: int
    place: int
    beside: int
    t_s: float
    log: str
    index: int
    action: Action
    verdict: Verdict
    explained: str

    @property
    def number(self) -> str:
        """How a user names it."""
        return str(self.sequence) if self.beside == 1 else f"{self.sequence}.{self.place}"


class Book:
    """The record of one run, parsed.

    Parameters
    ----------
    run : Source
        Folder or bundle of one run.

    Raises
    ------
    RunFolderError
        If the record was altered or cut, or is empty.
    """

    def __init__(self, run: Source) -> None:
        self._run, self.label = run, run.label
        content = run.read(RECORD)
        self._records: Records = read_records(content)
        altered = [one for one in self._records.doubts if "without its seal" not in one.what]
        if altered:
            self._distrust(altered[0].where, altered[0].what)
        if not content:
            self._distrust(RECORD, "the record is empty")
        lines = content.split(b"\n")[:-1]
        self.entries = [line.entry for raw in lines if (line := parse_line(raw)) is not None]
        side = run.read(SIDE_FILE) if run.has(SIDE_FILE) else b""
        self._personal = Personal.parse(side, self.pins)

    @property
    def pins(self) -> dict[str, Any]:
        """What the run was pinned to."""
        return self._records.pins

    def who(self, key: str) -> str:
        """Say who is behind a key.

        Parameters
        ----------
        key : str
            Key id.

        Returns
        -------
        str
            As :meth:`perigrid.ledger.personal.Personal.who`.
        """
        return self._personal.who(key)

    def demand_sealed(self, *names: str) -> None:
        """Refuse files that are not what the seal covers, before anything is read from them.

        Parameters
        ----------
        *names : str
            Paths in the run folder; what is not there is passed over.

        Raises
        ------
        RunFolderError
            If a file was altered, or neither seal nor record names it.
        """
        sealed = dict(self._records.seal.get("files", {}))
        sealed |= {name: digest for _, name, digest in self._records.parts}
        for name in filter(self._run.has, names):
            if name not in sealed:
                self._distrust(name, "the file is not covered by the seal")
            if self._run.digest(name) != sealed[name]:
                self._distrust(name, "the file was altered: its digest is not the sealed one")

    def decisions(self) -> Iterator[Located]:
        """Go through all decisions.

        Yields
        ------
        Located
            In the order in which they were made.
        """
        for entry in self.entries:
            if entry["kind"] == ACTIONS:
                yield from _in(entry)

    def find(self, number: str) -> Located:
        """Find a decision by its number.

        Parameters
        ----------
        number : str
            ``SEQ``, or ``SEQ.K`` for one of several in a record.

        Returns
        -------
        Located
            The decision.

        Raises
        ------
        InputError
            If there is no such decision, or the record holds several and none was chosen.
        """
        sequence, dot, place = self._parted(number)
        found: list[Located] = []
        if int(sequence) < len(self.entries):
            entry = self.entries[int(sequence)]
            found = list(_in(entry)) if entry["kind"] == ACTIONS else []
        if not found:
            near = sorted(self._numbers(), key=lambda one: abs(one - int(sequence)))[:NEAR]
            said = ", ".join(map(str, sorted(near))) or "none"
            self._refuse(f"record {sequence} is no decision", f"decisions near it: {said}")
        several = not dot and len(found) > 1
        if several or (dot and int(place) >= len(found)):
            last = found[-1].number
            self._refuse(
                f"record {sequence} holds {len(found)} decisions",
                f"name one of {found[0].number} to {last}",
            )
        return found[int(place)] if dot else found[0]

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
        found = [one for one in self.decisions() if one.action.job_id == job_id]
        if not found:
            self._refuse(f"nothing was decided about a job {job_id}", "jobs count from 0")
        return found

    def signatures(self, found: Located) -> list[Signature]:
        """List what people signed that bears on a decision.

        Answers on this very act, envelopes, and, where an order decided, all orders of its kind
        that had been given and had not ended by themselves.

        Parameters
        ----------
        found : Located
            The decision.

        Returns
        -------
        list of Signature
            Of earlier records, in order; whether they counted is the verdict's matter.
        """
        context = {"scenario": self.pins.get("scenario", {}).get("digest", "")}
        # Real people sign for one live run, which its nonce tells from others.
        bound = {**context, "run": self.pins.get("nonce", "")}
        subjects = {action_hash(found.action, context), action_hash(found.action, bound)}
        signed: list[Signature] = []
        for entry in self.before(found):
            if entry["kind"] == ACTIONS:
                subjects.update(_asked_about(entry, found.action))
            if entry["kind"] != EVENTS:
                continue
            for message in entry["events"]:
                if message["type"] in _ANSWERS:
                    signed += _signed(decode(message), subjects)
        signed += self._orders(found)
        return [replace(one, who=self._personal.who(one.key)) for one in signed]

    def before(self, found: Located) -> Iterator[dict[str, Any]]:
        """Go through what was recorded before a decision.

        Parameters
        ----------
        found : Located
            The decision.

        Yields
        ------
        dict
            Records, in order.
        """
        yield from self.entries[: found.sequence]

    def _orders(self, found: Located) -> Iterator[Signature]:
        """Find the orders that a decision takes note of or gives way to."""
        noted = isinstance(found.action, Acknowledge)
        kind = found.action.what if isinstance(found.action, Acknowledge) else found.verdict.rule
        if kind not in ORDER_KINDS:
            return
        before = list(self.before(found))
        for entry in before[-1:] if noted else before:
            for sequence, row in orders_in(entry):
                if row["kind"] == kind and (noted or found.t_s < row["expires_s"]):
                    (said,) = self._personal.said([(sequence, row)])
                    span = row["issued_s"], row["expires_s"]
                    yield Signature(kind, said.role, said.key, *span, why=said.words)

    def proof(self, found: Located) -> Proof:
        """Prove that a decision stands in its log.

        Parameters
        ----------
        found : Located
            The decision.

        Returns
        -------
        Proof
            To the root of the log as the record leaves it.
        """
        leaves = self._records.logs[found.log]
        path, top = inclusion_proof(leaves, found.index), root(leaves)
        holds = verify_inclusion(found.index, len(leaves), leaves[found.index], path, top)
        size = len(leaves)
        anchor = None if found.log == GROUND else self._anchor(found)
        return Proof(found.log, found.index, size, len(path), holds, top.hex(), anchor)

    def _anchor(self, found: Located) -> int | None:
        for entry in self.entries[found.sequence :]:
            state = entry["logs"].get(found.log) if entry["kind"] == ANCHOR else None
            if state is not None and state["size"] > found.index:
                return int(entry["sequence"])
        return None

    def _numbers(self) -> list[int]:
        return [entry["sequence"] for entry in self.entries if entry["kind"] == ACTIONS]

    def _distrust(self, where: str, message: str) -> None:
        place = f"{self.label}/{where}"
        raise RunFolderError([Problem(message, "see perigrid audit verify", path=place)])

    def _parted(self, number: str) -> tuple[str, str, str]:
        """Part a decision's number into record, dot and place in it."""
        sequence, dot, place = number.partition(".")
        if not sequence.isdecimal() or (dot and not place.isdecimal()):
            self._refuse(f"{number!r} is no number of a decision", "write 57, or 57.1")
        return sequence, dot, place

    def _refuse(self, message: str, remedy: str) -> NoReturn:
        raise InputError([Problem(message, remedy, path=self.label)])


_ANSWERS: Final = frozenset({ApprovalAnswered.__name__, EnvelopeAnswered.__name__})


def _in(entry: dict[str, Any]) -> Iterator[Located]:
    """Decode the decisions of a record."""
    rows = entry["decisions"]
    for place, row in enumerate(rows):
        yield Located(
            int(entry["sequence"]),
            place,
            len(rows),
            float(entry["t_s"]),
            str(entry["log"]),
            int(entry["index"]),
            decode(row["action"]),
            decode(row["verdict"]),
            str(row.get(EXPLAINED, "")),
        )


def _asked_about(entry: dict[str, Any], action: Action) -> Iterator[str]:
    """Give what people sign where they were asked about an act among others like it."""
    if not isinstance(action, Move | Compute):
        return
    where = (action.source, action.target) if isinstance(action, Move) else (action.node, -1)
    for row in entry["decisions"]:
        if [action.job_id, *where] in row["action"].get("acts", ()):
            yield row["action"]["subject_hash"]


def _signed(event: ApprovalAnswered | EnvelopeAnswered, subjects: set[str]) -> Iterator[Signature]:
    envelope = event.envelope if isinstance(event, EnvelopeAnswered) else ""
    for one in event.approvals:
        if envelope or one.subject in subjects:
            yield signature_of(one, envelope)
